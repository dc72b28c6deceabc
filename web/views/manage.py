"""What a token's creator may still change, and locking tokens for somebody."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from launchpad.chain.keys import is_address
from launchpad.tokens import catalog
from web.rendering import page


async def show(request: Request) -> Response:
    """`/manage/{mint}`."""
    mint = request.path_params["mint"]
    if not is_address(mint):
        raise HTTPException(404)
    state = request.app.state
    async with state.database.look() as look:
        token = await catalog.token_details(look, state.settings, mint)
    # The team's schedule is the one that the launch itself granted and may take back.
    team = [one for one in token.vesting if one.grantor == token.launch_record and one.revocable and not one.revoked_at]
    return page(request, "manage.html", token=token, team=team)
