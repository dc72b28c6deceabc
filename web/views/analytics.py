"""A token's analytics: who holds it, how it trades, how far buys move it, who made what, what is risky."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar, cast

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from launchpad.analytics import activity, depth, holders, leaderboard
from launchpad.analytics.schemas import Activity, ActivityPoint, Depth, Span, TraderOrder
from launchpad.chain.keys import is_address
from launchpad.db import Look
from launchpad.tokens import catalog
from web import formats
from web.plots import Column
from web.rendering import page

T = TypeVar("T")
SPANS: dict[Span, str] = {"1h": "1 h", "24h": "24 h", "7d": "7 d", "30d": "30 d", "1y": "1 y"}
ORDERS: dict[TraderOrder, str] = {
    "profit": "Most made",
    "loss": "Most lost",
    "bought": "Bought most",
    "sold": "Sold most",
    "held": "Holds most",
}
ROLES = {
    "creator": "Creator",
    "curve": "Curve",
    "pool": "Pool",
    "locked": "Locked",
    "bundler": "Bundler",
    "sniper": "Sniper",
    "fresh": "Fresh wallet",
    "other": "Other",
}
TRADERS = 25
# What is counted over many rows may be so many seconds old.
_COUNTED = 5.0


async def show(request: Request) -> Response:
    """`/token/{mint}/analytics?span=&order=`; with `part=moving` only what trades move, for scripts."""
    mint = request.path_params["mint"]
    if not is_address(mint):
        raise HTTPException(404)
    query = request.query_params
    span = cast("Span", query.get("span") if query.get("span") in SPANS else "24h")
    order = cast("TraderOrder", query.get("order") if query.get("order") in ORDERS else "profit")
    async with request.app.state.database.look() as look:
        token = await catalog.token_details(look, request.app.state.settings, mint)
    found = await _counted(request, ("activity", mint, span), lambda look: activity.activity(look, mint, span))
    ahead = await _counted(request, ("depth", mint), lambda look: depth.depth(look, mint), 1.0)
    context: dict[str, Any] = {
        "token": token,
        "span": span,
        "spans": SPANS,
        "order": order,
        "orders": ORDERS,
        "activity": found,
        "plots": _plots(found),
        "depth": ahead,
        "road": _road(ahead),
        "traders": await _counted(
            request, ("traders", mint, order), lambda look: leaderboard.traders(look, mint, order, TRADERS)
        ),
    }
    if query.get("part") == "moving":
        return page(request, "parts/analytics_moving.html", **context)
    held = await _counted(request, ("holders", mint), lambda look: holders.distribution(look, mint))
    lorenz = [(point.wallets_bps, point.held_bps) for point in held.lorenz]
    return page(request, "analytics.html", held=held, lorenz=lorenz, roles=ROLES, **context)


async def _counted(
    request: Request, key: tuple[str, ...], read: Callable[[Look], Awaitable[T]], seconds: float = _COUNTED
) -> T:
    async def work() -> T:
        async with request.app.state.database.look(behind=True) as look:
            return await read(look)

    found: T = await request.app.state.memo.get(key, seconds, work)
    return found


def _plots(found: Activity) -> dict[str, Any]:
    """The columns of people and of volume, and the line of liquidity in lamports."""
    people = [
        Column(point.buyers or 0, point.sellers or 0, f"{_moment(point)}: {_people(point)}") for point in found.data
    ]
    volume = [
        Column(
            int(point.buy_volume or 0),
            int(point.sell_volume or 0),
            f"{_moment(point)}: {formats.sol(point.volume)} SOL in {point.trades} trades",
            0 if point.buy_volume is not None else int(point.volume),
        )
        for point in found.data
    ]
    liquidity = [int(point.liquidity) if point.liquidity is not None else None for point in found.data]
    return {
        "people": people,
        "volume": volume,
        "liquidity": liquidity,
        "volume_total": sum(int(point.volume) for point in found.data),
        "trades_total": sum(point.trades for point in found.data),
        "busy": [(datetime.fromtimestamp(point.time, UTC), point) for point in found.data if point.trades][::-1],
        "ends": [datetime.fromtimestamp(point.time, UTC) for point in (found.data[0], found.data[-1])],
    }


def _people(point: ActivityPoint) -> str:
    if point.buyers is None:
        return "not counted by wallet"
    return f"{point.buyers} bought, {point.sellers} sold"


def _moment(point: ActivityPoint) -> str:
    return f"{datetime.fromtimestamp(point.time, UTC):%d %b %H:%M} UTC"


def _road(ahead: Depth) -> dict[str, Any]:
    """Points and marks of the drawing: lamports, and SOL per token."""
    points = [(int(point.lamports), Decimal(point.price_sol)) for point in ahead.points]
    return {"points": points, "marks": [int(step.lamports) for step in ahead.steps if not step.completes]}
