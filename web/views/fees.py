"""Where every lamport of fees went, and the routers that divide what creators earn."""

from typing import get_args
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from launchpad.chain.keys import is_address
from launchpad.fees.revenue import revenue
from launchpad.fees.schemas import RevenueKind
from launchpad.fees.viewing import of_wallet
from web.rendering import page

ROWS = 50
KINDS: dict[str, str] = {
    "protocol": "Protocol",
    "creator": "Creators",
    "referrer": "Referrers",
    "router": "Routers",
    "lp": "Liquidity",
    "launch": "Launch fees",
    "keeper": "Keepers",
    "venue": "Other venues",
}
SOURCES = {
    "trade": "of a trade",
    "claim": "claimed",
    "creation": "for a launch",
    "graduation": "for a graduation",
    "collected": "collected",
    "received": "sent by somebody",
    "share": "a share",
}


async def show_revenue(request: Request) -> Response:
    """`/revenue?mint=&kind=&after=`."""
    query = request.query_params
    mint, typed = query.get("mint", "").strip(), query.get("kind")
    kind: RevenueKind | None = next((each for each in get_args(RevenueKind) if each == typed), None)
    problem = "This is no token's address: copy it again." if mint and not is_address(mint) else ""
    known = mint if mint and not problem else None
    async with request.app.state.database.look(behind=True) as look:
        found = await revenue(look, ROWS, known, kind, query.get("after"))
    here = {name: value for name, value in (("mint", known), ("kind", kind)) if value}
    more = f"/revenue?{urlencode(here | {'after': found.meta.next})}" if found.meta.next else None
    context = {"found": found, "kinds": KINDS, "sources": SOURCES, "kind": kind, "mint": mint}
    return page(request, "revenue.html", 422 if problem else 200, next_url=more, problem=problem, **context)


async def list_routers(request: Request) -> Response:
    """`/routers?wallet=`: how to make one, and those of a wallet."""
    wallet = request.query_params.get("wallet", "").strip()
    problem = "This is no Solana address: copy it again." if wallet and not is_address(wallet) else ""
    asked = wallet if wallet and not problem else ""
    routers = (await of_wallet(request.app.state.database, asked)).data if asked else []
    status = 422 if problem else 200
    return page(request, "routers.html", status, wallet=wallet, asked=asked, routers=routers, problem=problem)


async def show_router(request: Request) -> Response:
    """`/router/{address}`: read from the chain by the page's script, and what is indexed of it without one."""
    address = request.path_params["address"]
    if not is_address(address):
        raise HTTPException(404)
    return page(request, "router.html", address=address)
