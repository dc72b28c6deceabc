"""What a wallet holds and made: one's own at /portfolio, anyone's at /wallet/{address}."""

from typing import Any, cast

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from launchpad.accounts import service as accounts
from launchpad.accounts.credentials import SESSION_COOKIES
from launchpad.accounts.schemas import SignedIn
from launchpad.analytics import wallets
from launchpad.analytics.queries_wallets import MOST_COUNTED
from launchpad.chain.keys import is_address
from launchpad.config import Settings
from launchpad.db import Look
from launchpad.portfolio import service
from launchpad.portfolio.history import Span, portfolio_history
from launchpad.tokens import catalog
from launchpad.tokens.queries import TokenFilter
from launchpad.trades import history
from web import facts
from web.rendering import page

POSITIONS = 100
TRADES = 50
LAUNCHES = 12
SPANS: dict[Span, str] = {"1h": "1 h", "24h": "24 h", "7d": "7 d", "30d": "30 d"}


async def mine(request: Request) -> Response:
    """`/portfolio`: the signed-in wallet's, or how to get one."""
    who = await signed_in(request)
    if who is None:
        return page(request, "portfolio_guest.html")
    response = await _wallet(request, who.address, own=True)
    response.headers["Cache-Control"] = "no-store"
    return response


async def find(request: Request) -> Response:
    """`/wallet?address=`: where the form without a script leads."""
    address = request.query_params.get("address", "").strip()
    if not is_address(address):
        return page(request, "portfolio_guest.html", 422, typed=address, problem="This is no Solana address.")
    return RedirectResponse(f"/wallet/{address}", 303)


async def show(request: Request) -> Response:
    """`/wallet/{address}`; with `part=trades` only older trades, for scripts."""
    address = request.path_params["address"]
    if not is_address(address):
        raise HTTPException(404)
    if request.query_params.get("part") == "trades":
        return await _more_trades(request, address)
    who = await signed_in(request)
    return await _wallet(request, address, own=who is not None and who.address == address)


async def signed_in(request: Request) -> SignedIn | None:
    """Who looks at the page, by the cookie of the session."""
    secret = next((request.cookies[name] for name in SESSION_COOKIES if request.cookies.get(name)), None)
    return await accounts.session_of(request.app.state.database, secret) if secret else None


async def _wallet(request: Request, address: str, *, own: bool) -> Response:
    state = request.app.state
    span = cast("Span", request.query_params.get("span", "24h"))
    async with state.database.read() as session, state.database.look() as look:
        context = await _context(session, look, state.settings, address, span if span in SPANS else "24h")
    return page(request, "portfolio.html", own=own, spans=SPANS, **context)


async def _context(session: AsyncSession, look: Look, settings: Settings, address: str, span: Span) -> dict[str, Any]:
    found = await service.portfolio(session, settings, address, POSITIONS)
    values = await portfolio_history(session, address, span)
    trades = await history.wallet_trades(look, settings, address, TRADES)
    launched = await catalog.list_tokens(look, settings, TokenFilter(sort="launched_at", creator=address), LAUNCHES)
    return {
        "portfolio": found,
        "about": await wallets.facts(look, address),
        "most_counted": MOST_COUNTED,
        "values": [point.value for point in values.data],
        "span": span,
        "trades": trades.data,
        "trades_next": _next_trades(address, trades.meta.next),
        "launched": launched.data,
        "next_release": facts.next_release,
        "links": catalog.explorer_links(settings, mint=address),
    }


async def _more_trades(request: Request, address: str) -> Response:
    state = request.app.state
    async with state.database.look() as look:
        trades = await history.wallet_trades(look, state.settings, address, TRADES, request.query_params.get("cursor"))
    response = page(request, "parts/wallet_trade_rows.html", trades=trades.data)
    response.headers["X-Next"] = _next_trades(address, trades.meta.next) or ""
    return response


def _next_trades(address: str, cursor: str | None) -> str | None:
    return f"/wallet/{address}?part=trades&cursor={cursor}" if cursor else None
