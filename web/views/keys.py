"""Keys for programs."""

from starlette.requests import Request
from starlette.responses import Response

from launchpad.api_keys import service
from web.rendering import page
from web.views.portfolio import signed_in


async def show(request: Request) -> Response:
    """`/api-keys`: the keys of the signed-in wallet, or how to connect one."""
    who = await signed_in(request)
    if who is None:
        why = "Connect a wallet and sign in to make keys for your programs."
        return page(request, "portfolio_guest.html", title="API keys", why=why)
    state = request.app.state
    keys = await service.list_keys(state.database, state.settings, who.address)
    response = page(request, "api_keys.html", keys=keys, tiers=state.settings.tiers, most=service.MAX_KEYS)
    response.headers["Cache-Control"] = "no-store"
    return response
