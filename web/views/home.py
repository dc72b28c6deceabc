"""The market: every launched token, in the order one asks for, and search."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from launchpad.metrics import kings
from launchpad.metrics.kings import KingView
from launchpad.outbox import queries as outbox
from launchpad.tokens import catalog
from launchpad.tokens.queries import TokenFilter
from launchpad.tokens.schemas import ProjectState, TokenPage, TokenSort
from web.rendering import page

ROWS = 50
FOUND = 6
MAX_QUERY = 64


@dataclass(frozen=True)
class Tab:
    """One view of the market."""

    key: str
    title: str
    explains: str
    sort: TokenSort
    state: ProjectState | None
    empty: str

    @property
    def href(self) -> str:
        """Its address; the first tab is the page itself."""
        return "/" if self is TABS[0] else f"/?tab={self.key}"


TABS = (
    Tab("new", "New", "Tokens, newest first", "launched_at", None, "Nobody has launched a token yet. Be the first."),
    Tab("rising", "Rising", "Tokens that gained most within the hour", "change_1h", "active", "Nothing is rising yet."),
    Tab(
        "graduating",
        "About to graduate",
        "Tokens nearest to a sold-out curve",
        "progress",
        "active",
        "No curve is open at the moment.",
    ),
    Tab("graduated", "Graduated", "Tokens whose curve sold out", "market_cap", "ended", "No curve has sold out yet."),
)


@dataclass(frozen=True)
class Column:
    """One column after the name; with a sort key its head is a link that sorts."""

    key: TokenSort | None
    title: str
    css: str = ""
    href: str = ""


COLUMNS = (
    Column("price", "Price, SOL"),
    Column("change_1h", "1 h"),
    Column("market_cap", "Market cap, SOL"),
    Column("volume_24h", "Volume 24 h, SOL", "wide-only"),
    Column("progress", "Progress", "progress-column"),
    Column("holders", "Holders", "wide-only"),
)


async def show(request: Request) -> Response:
    """`/?tab=&sort=&cursor=`; with `part=rows` only the rows and with `part=king` only the king, for scripts."""
    query = request.query_params
    if query.get("part") == "king":
        return page(request, "parts/king.html", king=await _king(request))
    tab = next((tab for tab in TABS if tab.key == query.get("tab")), TABS[0])
    sort = next((column.key for column in COLUMNS if column.key and column.key == query.get("sort")), tab.sort)
    which = TokenFilter(sort=sort, state=tab.state)
    head, found = await _read(request, which, ROWS, query.get("cursor"))
    here = {"tab": tab.key} | ({"sort": sort} if sort != tab.sort else {})
    more = f"/?{urlencode(here | {'cursor': found.meta.next})}" if found.meta.next else None
    context: dict[str, Any] = {
        "head": head,
        "tokens": found.data,
        "tab": tab,
        "tabs": TABS,
        "sort": sort,
        "columns": [Column(c.key, c.title, c.css, f"/?{urlencode({'tab': tab.key, 'sort': c.key})}") for c in COLUMNS],
        "next_url": more,
        "part_url": f"/?{urlencode(here | {'part': 'rows'})}",
    }
    if query.get("part") == "rows":
        response = page(request, "parts/token_rows.html", **context)
        response.headers["X-Next"] = more or ""
        return response
    return page(request, "home.html", king=await _king(request), **context)


async def search(request: Request) -> Response:
    """`/search?q=`; with `part=found` a few answers for the list under the search field."""
    term = request.query_params.get("q", "").strip()[:MAX_QUERY]
    part = request.query_params.get("part") == "found"
    cursor = request.query_params.get("cursor")
    which = TokenFilter(sort="market_cap", search=term)
    found = (await _read(request, which, FOUND if part else ROWS, cursor))[1] if term else None
    tokens = found.data if found else []
    if part:
        return page(request, "parts/found.html", tokens=tokens)
    after = found.meta.next if found else None
    more = f"/search?{urlencode({'q': term, 'cursor': after})}" if after else None
    return page(request, "search.html", tokens=tokens, query=term, next_url=more)


async def _king(request: Request) -> KingView:
    """Who is king of the hill."""
    state = request.app.state
    async with state.database.look() as look:
        return await kings.king(look, state.settings)


async def _read(request: Request, which: TokenFilter, limit: int, cursor: str | None) -> tuple[int, TokenPage]:
    """The market channel's head, and the tokens as they were at it or later."""
    state = request.app.state
    async with state.database.read() as session, state.database.look() as look:
        # Read first: what happens in between comes twice to the page rather than not at all.
        head = await outbox.head(session, "market")
        return head, await catalog.list_tokens(look, state.settings, which, limit, cursor)
