"""The screener: a table of every token, by any figure."""

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from launchpad.errors import LaunchpadError
from launchpad.screener import service, views
from launchpad.screener.presets import PRESETS
from web import screens
from web.rendering import page
from web.screens import Screen

PATH = "/screener"


async def show(request: Request) -> Response:
    """`/screener?tab=&filter=&sort=&order=&window=&columns=`; `view` leads to what is kept under that id."""
    state = request.app.state
    if view := request.query_params.get("view"):
        async with state.database.read() as session:
            kept = await views.read_view(session, view)
        return RedirectResponse(f"{screens.of_view(kept).href(PATH)}#{kept.name}", 303)
    screen = screens.read(request.query_params)
    found, problem = None, None
    try:
        async with state.database.look() as look:
            found = await service.screen(look, state.settings, screen.ask())
    except LaunchpadError as error:
        problem = error
    context = _context(screen, found)
    return page(request, "screener.html", 200 if problem is None else problem.status, problem=problem, **context)


def _context(screen: Screen, found: service.Screened | None) -> dict[str, Any]:
    after = found.meta.next if found else None
    return {
        **screens.page_of(screen, PATH),
        "tabs": [(each, screen.href(PATH, preset=each.name, sort="", order="desc")) for each in PRESETS.values()],
        "rows": screens.rows(found.objects(), screen) if found else [],
        "total": found.meta.total if found else 0,
        "next_url": screen.href(PATH, cursor=after) if after else None,
        "facts": screens.facts() | {"head": found.head if found else None},
    }
