"""Projects as cards, by state."""

from typing import get_args
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from launchpad.tokens import catalog
from launchpad.tokens.queries import TokenFilter
from launchpad.tokens.schemas import ProjectState
from web.rendering import page

CARDS = 24
STATES = {"active": "Active", "ended": "Ended", "upcoming": "Upcoming"}


async def show(request: Request) -> Response:
    """`/projects?state=&cursor=`."""
    query = request.query_params
    chosen = query.get("state")
    state: ProjectState | None = next((s for s in get_args(ProjectState) if s == chosen), None)
    which = TokenFilter(sort="market_cap", state=state)
    app = request.app.state
    async with app.database.look() as look:
        found = await catalog.list_projects(look, app.settings, which, CARDS, query.get("cursor"))
    here = {"state": state} if state else {}
    more = f"/projects?{urlencode(here | {'cursor': found.meta.next})}" if found.meta.next else None
    return page(request, "projects.html", projects=found.data, state=state, states=STATES, next_url=more)
