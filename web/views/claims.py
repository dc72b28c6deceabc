"""Everything that a wallet can claim, on one page."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from launchpad.claims.waiting import Kind, Waiting, waiting_for
from web.rendering import page
from web.views.portfolio import signed_in


@dataclass(frozen=True)
class Offer:
    """How a kind of claim is told and asked for: `names` is the body's field of its subject, `owner` of the wallet."""

    title: str
    explains: str
    path: str
    names: str
    owner: str


OFFERS: dict[Kind, Offer] = {
    "creator_fees": Offer("Creator fees", "Of its curve and its pool.", "/api/claims/creator-fees", "mint", "creator"),
    "deposit": Offer("Bought by batch", "With what is left of your deposit.", "/api/batches/claim", "mint", "wallet"),
    "returned_deposit": Offer(
        "Deposit of a batch that failed", "All of it comes back.", "/api/batches/withdraw", "mint", "wallet"
    ),
    "vesting": Offer("Released by a lock", "What has vested so far.", "/api/claims/vesting", "schedule", "beneficiary"),
    "refund": Offer(
        "Refund", "These tokens go back for their part of what was raised.", "/api/claims/refund", "mint", "holder"
    ),
    "position": Offer(
        "Deposit of an opening",
        "Rent and pledge, as its rules are over.",
        "/api/claims/position",
        "mint",
        "wallet",
    ),
}


async def show(request: Request) -> Response:
    """`/claims`: what waits for the signed-in wallet, or how to connect one."""
    who = await signed_in(request)
    if who is None:
        return page(request, "portfolio_guest.html")
    state = request.app.state
    async with state.database.read() as session, state.database.look() as look:
        found = await waiting_for(session, look, who.address)
    sol = sum(item.amount or 0 for item in found if item.unit == "SOL")
    rows = [{"item": item, "offer": OFFERS[item.kind], "body": _body(item, who.address)} for item in found]
    response = page(request, "claims.html", wallet=who.address, rows=rows, sol=sol)
    response.headers["Cache-Control"] = "no-store"
    return response


def _body(item: Waiting, wallet: str) -> dict[str, Any]:
    offer = OFFERS[item.kind]
    return {offer.names: item.subject, offer.owner: wallet}
