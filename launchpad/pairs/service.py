"""Pairs of tokens, put together from the same rows and figures as every list."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson

from launchpad.amounts import SOL_DECIMALS
from launchpad.chain.addresses import WRAPPED_SOL
from launchpad.chain.keys import is_address
from launchpad.config import Settings
from launchpad.db import Look
from launchpad.errors import InvalidInputError
from launchpad.media.links import display_url
from launchpad.metrics import reading
from launchpad.metrics.schemas import WindowMetrics
from launchpad.pairs import queries
from launchpad.pairs.schemas import Info, Liquidity, Pair, PairToken, Social, Transactions, Website
from launchpad.prices.service import fresh_usd
from launchpad.schemas import search_text
from launchpad.tokens import catalog
from launchpad.tokens.queries import TokenFilter
from launchpad.tokens.schemas import ProjectRow

CHAIN = "solana"
MAX_ADDRESSES = 30
_FOUND = 30
# The format's name of a window to ours.
WINDOWS = {"m5": "5m", "h1": "1h", "h6": "6h", "h24": "24h"}
_DEXES = {"curve": ("launchpad", "curve"), "amm": ("launchpad", "amm"), "raydium": ("raydium", "CPMM")}
_QUOTE = PairToken(address=WRAPPED_SOL, name="Wrapped SOL", symbol="SOL")


def addresses_of(text: str) -> list[str]:
    """Addresses out of a comma-separated list, each once; raises InvalidInputError."""
    found = list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    if not 1 <= len(found) <= MAX_ADDRESSES:
        message = f"Ask for 1 to {MAX_ADDRESSES} addresses, separated by commas."
        raise InvalidInputError(message, field="addresses")
    for address in found:
        if not is_address(address):
            raise InvalidInputError(f"{address[:64]} is no Solana address: copy it again.", field="addresses")
    return found


async def of_tokens(look: Look, settings: Settings, mints: Sequence[str]) -> list[Pair]:
    """The pairs of tokens in the order asked; unknown ones are left out."""
    rows = await catalog.projects_of(look, settings, mints)
    return await _pairs(look, settings, [rows[mint] for mint in mints if mint in rows])


async def at_addresses(look: Look, settings: Settings, addresses: Sequence[str]) -> list[Pair]:
    """The pairs at addresses of curves and pools; where nothing trades now is left out."""
    return await of_tokens(look, settings, await queries.mints_of(look, addresses))


async def search(look: Look, settings: Settings, text: str) -> list[Pair]:
    """Pairs whose token's name or symbol holds a text, or whose mint it is, most traded first."""
    wanted = search_text(text)
    if wanted is None:
        return []
    found = await catalog.list_projects(look, settings, TokenFilter(search=wanted), _FOUND)
    return await _pairs(look, settings, found.data)


async def _pairs(look: Look, settings: Settings, rows: Sequence[ProjectRow]) -> list[Pair]:
    if not rows:
        return []
    mints = [row.mint for row in rows]
    places, windows = await queries.places(look, mints), await reading.windows_of(look, mints)
    rate = await fresh_usd(look)
    return [_pair(row, places[row.mint], windows.get(row.mint, {}), rate, settings) for row in rows]


def _pair(
    row: ProjectRow,
    place: Mapping[str, Any],
    windows: Mapping[str, WindowMetrics],
    rate: Decimal | None,
    settings: Settings,
) -> Pair:
    dex, label = _DEXES[row.venue]
    found = {name: windows[ours] for name, ours in WINDOWS.items() if ours in windows}
    opened: datetime = place["opened_at"] if row.venue == "curve" else place["graduated_at"]
    return Pair(
        chain_id=CHAIN,
        dex_id=dex,
        url=f"{settings.origin}/token/{row.mint}",
        pair_address=place["curve"] if row.venue == "curve" else place["pool"],
        labels=[label],
        base_token=PairToken(address=row.mint, name=row.name, symbol=row.symbol),
        quote_token=_QUOTE,
        price_native=row.price_sol,
        price_usd=row.price_usd,
        txns={name: _transactions(found.get(name)) for name in WINDOWS},
        volume=None if rate is None else {name: _volume(found.get(name), rate) for name in WINDOWS},
        price_change={name: _change(found.get(name)) for name in WINDOWS},
        liquidity=_liquidity(row, place),
        fdv=_number(row.fdv_usd),
        market_cap=_number(row.market_cap_usd),
        pair_created_at=int(opened.timestamp() * 1000),
        info=_info(row, place, settings),
    )


def _transactions(window: WindowMetrics | None) -> Transactions:
    return Transactions(buys=window.buys if window else 0, sells=window.sells if window else 0)


def _volume(window: WindowMetrics | None, rate: Decimal) -> float:
    return float(_whole(window.volume, SOL_DECIMALS) * rate) if window else 0.0


def _change(window: WindowMetrics | None) -> float:
    return (window.price_change_bps or 0) / 100 if window else 0.0


def _liquidity(row: ProjectRow, place: Mapping[str, Any]) -> Liquidity | None:
    if row.liquidity_usd is None:
        return None
    if row.venue == "curve":
        base, quote = Decimal(row.sale_supply) - Decimal(row.sold), Decimal(row.quote_reserve)
    else:
        base, quote = place["base_reserve"], Decimal(place["quote_reserve"])
    return Liquidity(
        usd=float(row.liquidity_usd), base=float(_whole(base, row.decimals)), quote=float(_whole(quote, SOL_DECIMALS))
    )


def _info(row: ProjectRow, place: Mapping[str, Any], settings: Settings) -> Info | None:
    links = place["links"]
    links = orjson.loads(links) if isinstance(links, str) else links or {}
    websites = [Website(label="Website", url=links["website"])] if links.get("website") else []
    socials = [Social(type=name, url=links[name]) for name in ("twitter", "telegram", "discord") if links.get(name)]
    header = display_url(place["banner_uri"], settings.origin)
    if not (row.image or header or websites or socials):
        return None
    return Info(image_url=row.image, header=header, websites=websites, socials=socials)


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)


def _whole(amount: Decimal | str, decimals: int) -> Decimal:
    return Decimal(amount).scaleb(-decimals)
