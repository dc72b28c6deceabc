"""What one watches: the screener's table over one's own lists."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from launchpad.errors import LaunchpadError
from launchpad.screener import service as screener
from launchpad.watchlists import service
from launchpad.watchlists.schemas import WatchlistView
from web import screens
from web.rendering import page
from web.views.portfolio import signed_in

PATH = "/watchlist"


async def show(request: Request) -> Response:
    """`/watchlist?list=&filter=&sort=&order=&window=&columns=`: one of the lists of who is signed in.

    Guests' lists are in their browser, so their rows come by script alone.
    """
    who = await signed_in(request)
    lists: list[WatchlistView] = []
    if who is not None:
        async with request.app.state.database.read() as session:
            lists = (await service.list_watchlists(session, who.address)).data
    wanted = request.query_params.get("list", "")
    chosen = next((each for each in lists if each.id == wanted), lists[0] if lists else None)
    context = await _context(request, tuple(chosen.mints) if chosen else ())
    status = 200 if context["problem"] is None else context["problem"].status
    response = page(request, "watchlist.html", status, lists=lists, chosen=chosen, is_guest=who is None, **context)
    response.headers["Cache-Control"] = "no-store"
    return response


async def _context(request: Request, mints: tuple[str, ...]) -> dict[str, Any]:
    """Everything of the table. Tokens stand as on the list until another order is asked for."""
    state, screen = request.app.state, screens.read(request.query_params)
    found, problem = None, None
    try:
        async with state.database.look() as look:
            found = await screener.screen(look, state.settings, screen.ask(mints))
    except LaunchpadError as error:
        problem = error
    objects = found.objects() if found else []
    if not screen.sort:
        objects.sort(key=lambda row: mints.index(str(row["mint"])))
    return {
        **screens.page_of(screen, PATH),
        "sorted_by": screen.sorted_by if screen.sort else "",
        "problem": problem,
        "rows": screens.rows(objects, screen),
        "total": len(objects),
        "next_url": None,
        "facts": screens.facts() | {"head": found.head if found else None},
    }
