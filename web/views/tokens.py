"""A token's page: market, chart, trades, holders, vesting, and its room beside them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from launchpad.chain.keys import is_address
from launchpad.config import Settings
from launchpad.db import Look
from launchpad.markets import charts
from launchpad.outbox import queries as outbox
from launchpad.paging import Listing
from launchpad.rooms import service as rooms
from launchpad.rooms.schemas import HistoryPage, HistoryRequest, MessageView
from launchpad.tokens import catalog
from launchpad.tokens.promises import graduation_promise
from launchpad.tokens.schemas import TokenDetails
from launchpad.trades import history
from launchpad.verification import reading as verification
from web import facts, promises, unlocks
from web.rendering import page

TRADES = 50
MESSAGES = 50
FALLBACK_CANDLES = 120
TRADES_IN_A_ROW = 4


@dataclass(frozen=True)
class RoomLine:
    """One line of the room: a message, or a trade told quietly."""

    message: MessageView | None = None
    trade: dict[str, Any] | None = None


async def show(request: Request) -> Response:
    """`/token/{mint}`; with `part=holders`, `trades`, `figures` or `verification` only that part, for scripts."""
    mint = request.path_params["mint"]
    if not is_address(mint):
        raise HTTPException(404)
    part = request.query_params.get("part")
    state = request.app.state
    async with state.database.read() as session, state.database.look() as look:
        # Read first: what happens in between comes twice to the page rather than not at all.
        head = await outbox.head(session, f"token:{mint}")
        if part == "trades":
            return await _more_trades(request, look, mint)
        if part == "verification":
            return page(request, "parts/verification.html", verification=await verification.status(session, mint))
        token = await catalog.token_details(look, state.settings, mint)
        if part in ("holders", "figures"):
            return page(request, f"parts/{part}.html", token=token)
        context = await _context(session, look, state.settings, token)
    return page(request, "token.html", head=head, **context)


async def _more_trades(request: Request, look: Look, mint: str) -> Response:
    trades = await history.token_trades(look, mint, TRADES, request.query_params.get("cursor"))
    decimals = int(request.query_params.get("decimals", "9")) if request.query_params.get("decimals") else 9
    response = page(request, "parts/trade_rows.html", trades=trades.data, decimals=decimals)
    response.headers["X-Next"] = trades_url(mint, decimals, trades) or ""
    return response


async def _context(session: AsyncSession, look: Look, settings: Settings, token: TokenDetails) -> dict[str, Any]:
    mint, now = token.mint, datetime.now(UTC)
    trades = await history.token_trades(look, mint, TRADES)
    candles = await charts.chart(look, mint, charts.chart_range("5m", None, None, limit=FALLBACK_CANDLES))
    room = await rooms.history(session, HistoryRequest(mint=mint, limit=MESSAGES))
    return {
        "token": token,
        "trades": trades.data,
        "trades_next": trades_url(mint, token.decimals, trades),
        "candles": candles.data,
        "room": room,
        "lines": _lines(room, trades.data),
        "marks": facts.marks(token),
        "locked": facts.locked(token),
        "calendar": unlocks.calendar(token, now),
        "opening": promises.opening(token, now),
        "promised": promises.graduation(await graduation_promise(look, mint), int(token.raise_target)),
        "verification": await verification.status(session, mint),
        "links": catalog.explorer_links(settings, mint=mint),
    }


def trades_url(mint: str, decimals: int, trades: Listing) -> str | None:
    """Where the next older trades are, or None at the end."""
    after = trades.meta.next
    return f"/token/{mint}?part=trades&decimals={decimals}&cursor={after}" if after else None


def _lines(room: HistoryPage, trades: list[dict[str, Any]]) -> list[RoomLine]:
    """Messages and the trades since the oldest of them, in order of time; of many trades in a row the last few."""
    said = [(datetime.fromisoformat(message.created_at), RoomLine(message=message)) for message in room.messages]
    since = said[0][0] if said and room.more else None
    recent = [trade for trade in trades if since is None or trade["traded_at"] >= since]
    done = [(trade["traded_at"], RoomLine(trade=trade)) for trade in recent]
    lines = [line for _, line in sorted([*said, *done], key=lambda pair: pair[0])]
    return [line for place, line in enumerate(lines) if not _is_drowning(lines[place : place + TRADES_IN_A_ROW + 1])]


def _is_drowning(run: list[RoomLine]) -> bool:
    """Whether the first line is a trade with enough trades right after it."""
    return len(run) > TRADES_IN_A_ROW and all(line.trade for line in run)
