"""Everything that a wallet can claim, on one page."""

from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from launchpad.claims.offers import OFFERS, Kind
from launchpad.claims.waiting import Waiting, waiting_for
from web.rendering import page
from web.views.portfolio import signed_in


class Words(NamedTuple):
    """How a kind of claim is told to people."""

    title: str
    explains: str


WORDS: dict[Kind, Words] = {
    "creator_fees": Words("Creator fees", "Of its curve and its pool."),
    "referrer": Words("Referrer fees", "For trades that you brought."),
    "router": Words("Share of a fee router", "Your part of what creators earned."),
    "deposit": Words("Bought by batch", "With what is left of your deposit."),
    "returned_deposit": Words("Deposit of a batch that failed", "All of it comes back."),
    "vesting": Words("Released by a lock", "What has vested so far."),
    "refund": Words("Refund", "These tokens go back for their part of what was raised."),
    "position": Words("Deposit of an opening", "The rent of your place, as its rules are over."),
}


async def show(request: Request) -> Response:
    """`/claims`: what waits for the signed-in wallet as far as it is indexed, or how to connect one."""
    who = await signed_in(request)
    if who is None:
        return page(request, "portfolio_guest.html")
    state = request.app.state
    async with state.database.read() as session, state.database.look() as look:
        found = await waiting_for(session, look, who.address)
    sol = sum(item.amount or 0 for item in found if item.unit == "SOL")
    rows = [_row(item, who.address) for item in found]
    words = {kind: each._asdict() for kind, each in WORDS.items()}
    response = page(request, "claims.html", wallet=who.address, rows=rows, sol=sol, words=words)
    response.headers["Cache-Control"] = "no-store"
    return response


def _row(item: Waiting, wallet: str) -> dict[str, Any]:
    path, body = OFFERS[item.kind].asked(item.subject, wallet)
    return {"item": item, "words": WORDS[item.kind], "path": path, "body": body}
