"""`/alerts`: rules, what fired, webhooks, and the switch of the browser."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from launchpad.alerts import service, webhooks
from launchpad.alerts.delivery_schemas import DeliveryView
from web.rendering import page
from web.views.portfolio import signed_in

ALERTS = 50
_PARTS = {"rules": "parts/alert_rules.html", "triggered": "parts/alert_list.html", "webhooks": "parts/webhooks.html"}


async def show(request: Request) -> Response:
    """The page of whoever is signed in, or how to sign in; with `part` one of its lists, for scripts."""
    who = await signed_in(request)
    name = request.query_params.get("part", "")
    if who is None:
        return page(request, "alerts.html", 401 if name in _PARTS else 200, wallet=None)
    cursor = request.query_params.get("cursor")
    async with request.app.state.database.read() as session:
        fired = await service.list_alerts(session, who.address, ALERTS, cursor)
        hooks = await webhooks.list_webhooks(session, who.address)
        context: dict[str, Any] = {
            "wallet": who.address,
            "rules": (await service.list_rules(session, who.address)).data,
            "fired": fired,
            "hooks": hooks.data,
            "dead": {hook.id: await _dead(session, who.address, hook.id) for hook in hooks.data},
            "older": f"/alerts?part=triggered&cursor={fired.meta.next}" if fired.meta.next else None,
        }
    response = page(request, _PARTS.get(name, "alerts.html"), **context)
    response.headers["Cache-Control"] = "no-store"
    if name == "triggered":
        response.headers["X-Next"] = str(context["older"] or "")
    return response


async def _dead(session: AsyncSession, owner: str, hook: str) -> list[DeliveryView]:
    """What a webhook did not take, newest first, as much as is looked at."""
    found = await webhooks.list_deliveries(session, owner, UUID(hook))
    return [row for row in found.data if row.status == "dead"][:5]
