"""A batch launch's page: how full it is, what everybody would get now, and one's own deposit."""

from datetime import UTC, datetime
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from launchpad.chain.batches import NoBatchError
from launchpad.chain.keys import is_address
from launchpad.deposits import reading
from launchpad.outbox import queries as outbox
from launchpad.tokens import queries as tokens
from web.rendering import page

_BPS = 10_000


async def show(request: Request) -> Response:
    """`/batch/{mint}`; with `part=live` only what changes while one looks, for scripts."""
    mint = request.path_params["mint"]
    if not is_address(mint):
        raise HTTPException(404)
    state = request.app.state
    async with state.database.read() as session, state.database.look() as look:
        # Read first: what happens in between comes twice to the page rather than not at all.
        head = await outbox.head(session, f"token:{mint}")
        try:
            found = await reading.batch_details(look, state.settings, mint)
        except NoBatchError:
            if await tokens.is_known(look, mint):
                return RedirectResponse(f"/token/{mint}", 303)
            raise HTTPException(404) from None
    now = datetime.now(UTC)
    full = int(found.now.full_raise)
    context: dict[str, Any] = {
        "found": found,
        "batch": found.batch,
        "minimum_bps": min(int(found.batch.minimum) * _BPS // full, _BPS),
        "seconds_left": max(int((found.batch.closes_at - now).total_seconds()), 0),
        "withdrawable": found.batch.status == "open" and now < found.batch.withdraw_until,
    }
    if request.query_params.get("part") == "live":
        return page(request, "parts/batch_live.html", **context)
    return page(request, "batch.html", head=head, **context)
