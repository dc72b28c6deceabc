"""The market as a whole: totals, a treemap, what moves most, fees, launches and graduations over time."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar, cast

from starlette.requests import Request
from starlette.responses import Response

from launchpad.analytics import market
from launchpad.analytics.market_schemas import Market, MarketHourView, MarketToken, MarketWindow, TileSize, Treemap
from launchpad.analytics.queries_market import HOURS
from launchpad.db import Look
from launchpad.outbox import queries as outbox
from web import formats
from web.plots import Column
from web.rendering import page
from web.views.fees import KINDS

T = TypeVar("T")
SIZES: dict[TileSize, str] = {"market_cap": "Market cap", "volume_24h": "Volume 24 h", "liquidity": "Liquidity"}
COLOURS = {"24h": "24 h", "1h": "1 h"}
WINDOWS: dict[MarketWindow, str] = {"1h": "1 h", "6h": "6 h", "24h": "24 h"}
LISTS = (
    ("gainers", "Top gainers", "Nothing gained within a day."),
    ("losers", "Top losers", "Nothing lost within a day."),
    ("newest", "New", "Nobody has launched a token yet."),
    ("graduating", "About to graduate", "No curve is being bought at the moment."),
)
_COUNTED = 5.0


async def show(request: Request) -> Response:
    """`/market?size=&colour=`; with `part=moving` only what trades move, for scripts."""
    state, query = request.app.state, request.query_params
    size = cast("TileSize", query.get("size") if query.get("size") in SIZES else "market_cap")
    colour = query.get("colour") if query.get("colour") in COLOURS else "24h"
    async with state.database.read() as session:
        # Read first: what happens in between is told twice rather than not at all.
        head = await outbox.head(session, "market")
    found = await _counted(request, "market", lambda look: market.market(look, state.settings))
    tiles = await _counted(request, size, lambda look: market.treemap(look, state.settings, size))
    context: dict[str, Any] = {
        "market": found,
        "king": found.king,
        "windows": WINDOWS,
        "lists": [(key, title, nothing, getattr(found, key)) for key, title, nothing in LISTS],
        "kinds": KINDS,
        "plots": _plots(found),
        "treemap": tiles,
        "tiles": [_tile(token, size, str(colour)) for token in tiles.data],
        "size": size,
        "sizes": SIZES,
        "colour": colour,
        "colours": COLOURS,
        "others": _others(tiles),
    }
    template = "parts/market_moving.html" if query.get("part") == "moving" else "market.html"
    return page(request, template, head=head, **context)


async def _counted(request: Request, key: str, read: Callable[[Look], Awaitable[T]]) -> T:
    async def work() -> T:
        async with request.app.state.database.look(behind=True) as look:
            return await read(look)

    found: T = await request.app.state.memo.get(("market", key), _COUNTED, work)
    return found


def _tile(token: MarketToken, size: TileSize, colour: str) -> dict[str, Any]:
    """What a script draws a box of: its size as it is written, and how the token moved."""
    lamports = getattr(token, size)
    return {
        "mint": token.mint,
        "symbol": token.symbol,
        "name": token.name,
        "size": lamports,
        "told": f"{formats.sol(lamports)} SOL",
        "bps": token.change_24h_bps if colour == "24h" else token.change_1h_bps,
    }


def _others(tiles: Treemap) -> str:
    if not tiles.others:
        return ""
    many = f"{tiles.others} smaller token" + ("s" if tiles.others > 1 else "")
    return f"{many} with {formats.sol(tiles.others_size)} SOL together are not drawn."


def _hour(hour: MarketHourView) -> str:
    return f"{hour.hour:%d %b %H:%M} UTC: {formats.sol(hour.volume)} SOL, {hour.trades} trades"


def _plots(found: Market) -> dict[str, Any]:
    days = [
        Column(day.launches, day.graduations, f"{day.day:%d %b}: {day.launches} launched, {day.graduations} graduated")
        for day in found.days
    ]
    told = {hour.hour: hour for hour in found.hours}
    now = found.as_of.replace(minute=0, second=0, microsecond=0)
    hours = [told.get(now - timedelta(hours=age)) for age in range(HOURS - 1, -1, -1)]
    earned = sum(int(fee.earned) for fee in found.fees) or 1
    return {
        "days": days,
        "volume": [
            Column(int(hour.volume), 0, _hour(hour)) if hour else Column(0, 0, "Nobody looked") for hour in hours
        ],
        "liquidity": [int(hour.liquidity) if hour else None for hour in hours],
        "fees": [
            (KINDS[fee.kind], fee.earned, int(fee.earned) * 10_000 // earned) for fee in found.fees if int(fee.earned)
        ],
    }
