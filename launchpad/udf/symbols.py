"""Tokens as the adapter's symbols."""

from decimal import Decimal

from launchpad.chain.keys import is_address
from launchpad.config import Settings
from launchpad.db import Look
from launchpad.markets.intervals import STEPS, Interval
from launchpad.schemas import search_text
from launchpad.tokens import catalog
from launchpad.tokens.errors import unknown_token
from launchpad.tokens.queries import TokenFilter
from launchpad.tokens.schemas import TokenRow
from launchpad.udf.schemas import Configuration, Exchange, FoundSymbol, Symbol, SymbolType

EXCHANGE = "Launchpad"
KIND = "crypto"
# A double holds fifteen digits; five of a price are worth showing.
_MOST_DIGITS, _SHOWN_DIGITS, _LEAST_DIGITS = 15, 4, 2

# The intervals in their order by the adapter's names: seconds and longer ones have letters, minutes have none.
_NAMES = ("1S", "5S", "15S", "30S", "1", "5", "15", "30", "60", "240", "720", "1D", "1W", "1M")
RESOLUTIONS: dict[str, Interval] = dict(zip(_NAMES, STEPS, strict=True))
# Older adapters leave the number out.
_SHORT = {"S": "1S", "D": "1D", "W": "1W", "M": "1M"}


def interval_of(resolution: str) -> Interval | None:
    """The interval of one of the adapter's resolutions, None for unknown ones."""
    return RESOLUTIONS.get(_SHORT.get(resolution, resolution))


def mint_of(symbol: str) -> str:
    """The mint that a symbol names, with or without the exchange; raises TokenNotFoundError."""
    mint = symbol.removeprefix(f"{EXCHANGE}:")
    if not is_address(mint):
        raise unknown_token(mint)
    return mint


def configuration() -> Configuration:
    """What this feed can do."""
    return Configuration(
        supported_resolutions=list(RESOLUTIONS),
        supports_search=True,
        supports_group_request=False,
        supports_marks=True,
        supports_timescale_marks=False,
        supports_time=True,
        exchanges=[Exchange(value="", name="All", desc="")],
        symbols_types=[SymbolType(name=KIND, value=KIND)],
    )


async def symbol(look: Look, settings: Settings, mint: str) -> Symbol:
    """One token; raises TokenNotFoundError."""
    found = (await catalog.list_tokens(look, settings, TokenFilter(mints=(mint,)), 1)).data
    if not found:
        raise unknown_token(mint)
    (token,) = found
    return Symbol(
        name=token.symbol,
        ticker=mint,
        description=_description(token),
        type=KIND,
        session="24x7",
        timezone="Etc/UTC",
        exchange=EXCHANGE,
        listed_exchange=EXCHANGE,
        format="price",
        minmov=1,
        pricescale=price_scale(Decimal(token.price_sol)),
        has_intraday=True,
        has_seconds=True,
        seconds_multipliers=[str(step.seconds) for step in STEPS.values() if step.seconds and step.seconds < 60],  # noqa: PLR2004 - a minute
        has_daily=True,
        supported_resolutions=list(RESOLUTIONS),
        volume_precision=2,
        data_status="streaming",
    )


def price_scale(price: Decimal) -> int:
    """The power of ten, 10^2 to 10^15, that shows five digits of a price in SOL."""
    digits = _SHOWN_DIGITS - price.adjusted() if price else _MOST_DIGITS
    return int(10 ** min(max(digits, _LEAST_DIGITS), _MOST_DIGITS))


async def search(look: Look, settings: Settings, query: str, limit: int) -> list[FoundSymbol]:
    """The tokens whose name, symbol or address fits, by volume."""
    which = TokenFilter(search=search_text(query.removeprefix(f"{EXCHANGE}:")))
    tokens = (await catalog.list_tokens(look, settings, which, limit)).data
    return [
        FoundSymbol(
            symbol=token.symbol,
            full_name=f"{EXCHANGE}:{token.mint}",
            description=_description(token),
            exchange=EXCHANGE,
            ticker=token.mint,
            type=KIND,
        )
        for token in tokens
    ]


def _description(token: TokenRow) -> str:
    return f"{token.name} / SOL"
