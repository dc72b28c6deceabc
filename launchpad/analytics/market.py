"""The market as a whole: totals by window, what moves most, fees, launches and graduations over time."""

from collections.abc import Mapping
from datetime import UTC
from decimal import Decimal
from typing import Any

from launchpad.amounts import decimal_text
from launchpad.analytics import queries_market
from launchpad.analytics.market_schemas import (
    FeeTotal,
    Market,
    MarketDay,
    MarketHourView,
    MarketToken,
    MarketTotals,
    MarketWindow,
    TileSize,
    Treemap,
)
from launchpad.config import Settings
from launchpad.db import Database, Look
from launchpad.fees import queries_totals
from launchpad.fees.revenue import KINDS
from launchpad.media.links import display_url
from launchpad.metrics import kings
from launchpad.metrics.queries import Range, Screen, count, select
from launchpad.prices.service import fresh_usd

LISTED = 6
TILES = 60
_SECONDS: dict[MarketWindow, int] = {"1h": 3_600, "6h": 21_600, "24h": 86_400}
# Whoever trades it once does not put a token on a list.
_TRADED = Range("trades_24h", least=Decimal(2))
_LISTS = {
    "gainers": Screen(sort="change_bps_24h", ranges=(_TRADED, Range("change_bps_24h", least=Decimal(1)))),
    "losers": Screen(
        sort="change_bps_24h", descending=False, ranges=(_TRADED, Range("change_bps_24h", most=Decimal(-1)))
    ),
    "newest": Screen(sort="launched_at"),
    "graduating": Screen(sort="progress_ppm", statuses=("trading",), ranges=(Range("progress_ppm", least=Decimal(1)),)),
}


async def market(look: Look, settings: Settings, most: int = queries_market.MOST_TRADES) -> Market:
    """The market now; wallets are counted among the newest `most` trades of a day."""
    sums = await queries_market.totals(look)
    rate = await fresh_usd(look)
    lists = {name: await _listed(look, settings, screen, LISTED) for name, screen in _LISTS.items()}
    return Market(
        windows=await _windows(look, sums, most),
        tokens=sums["tokens"],
        trading=sums["trading"],
        liquidity=_whole(sums["liquidity"]),
        market_cap=_whole(sums["market_cap"]),
        sol_usd=decimal_text(rate) if rate is not None else None,
        king=await kings.king(look, settings),
        fees=await _fees(look),
        days=[
            MarketDay(day=row["day"].replace(tzinfo=UTC), launches=row["launches"], graduations=row["graduations"])
            for row in await queries_market.days(look)
        ],
        hours=[MarketHourView(**row) for row in await queries_market.hours(look)],
        as_of=sums["as_of"],
        **lists,
    )


async def _windows(look: Look, sums: Mapping[str, Any], most: int) -> dict[MarketWindow, MarketTotals]:
    launched, graduated = await queries_market.launches(look), await queries_market.graduations(look)
    people = await queries_market.traders(look, most)
    return {
        name: MarketTotals(
            volume=_whole(sums[f"volume_{name}"]),
            trades=int(sums[f"trades_{name}"]),
            traders=people[name],
            traders_complete=people["trades"] < most or people["reach"] >= seconds,
            launches=launched[name],
            graduations=graduated[name],
        )
        for name, seconds in _SECONDS.items()
    }


async def _fees(look: Look) -> list[FeeTotal]:
    found = {row["kind"]: int(row["earned"]) + int(row["at_once"]) for row in await queries_totals.totals(look, None)}
    return [FeeTotal(kind=kind, earned=str(found.get(kind, 0))) for kind in KINDS]


async def treemap(look: Look, settings: Settings, size: TileSize, limit: int = TILES) -> Treemap:
    """The `limit` largest tokens by `size`, and what the others come to."""
    shown = Screen(sort=size, ranges=(Range(size, least=Decimal(1)),))
    tiles = await _listed(look, settings, shown, limit)
    whole = int((await queries_market.totals(look))[size])
    return Treemap(
        size=size,
        data=tiles,
        others=max(await count(look, shown) - len(tiles), 0),
        others_size=str(max(whole - sum(int(getattr(tile, size)) for tile in tiles), 0)),
    )


async def _listed(look: Look, settings: Settings, which: Screen, limit: int) -> list[MarketToken]:
    return [_token(row, settings) for row in await select(look, which, limit)]


def _token(row: Mapping[str, Any], settings: Settings) -> MarketToken:
    return MarketToken(
        mint=row["mint"],
        name=row["name"],
        symbol=row["symbol"],
        image=display_url(row["image_uri"], settings.origin),
        price_sol=decimal_text(row["price_sol"]),
        market_cap=_whole(row["market_cap"]),
        liquidity=_whole(row["liquidity"]),
        volume_24h=_whole(row["volume_24h"]),
        change_1h_bps=row["change_bps_1h"],
        change_24h_bps=row["change_bps_24h"],
        progress_bps=row["progress_ppm"] // 100,
        holders=row["holders"],
        status=row["status"],
        launched_at=row["launched_at"],
    )


def _whole(amount: Decimal | int) -> str:
    """Base units as text; a numeric of the database may come with an exponent."""
    return str(int(amount))


async def keep_hour(database: Database) -> None:
    """Write down what the market comes to as that of this hour; any number of processes may."""
    async with database.session() as session:
        await queries_market.keep_hour(session)
