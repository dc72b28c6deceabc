"""What a page shows when it cannot show what was asked for."""

from typing import Any, cast

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from launchpad.errors import LaunchpadError
from web.rendering import page

log = structlog.get_logger()

NOT_FOUND = 404
_MINE = 500
_WORDS: dict[int, tuple[str, str]] = {
    404: ("There is nothing at this address", "The link may be old, or the token may not be confirmed yet."),
    422: ("This address cannot be read", "Something in it is not as it should be. Nothing was changed."),
    503: (
        "A part that this page needs does not answer",
        "Nothing was lost, and what is on chain stays on chain. Try again in a moment.",
    ),
    500: (
        "Something went wrong on our side",
        "Nothing that you did was lost, and what is on chain stays on chain. Try again; if it happens again, tell us.",
    ),
}


async def expected(request: Request, error: Exception) -> Response:
    """An error of the domain, in the words of whoever raised it."""
    known = cast("LaunchpadError", error)
    if known.status >= _MINE:
        log.error("page failed", path=request.url.path, code=known.code, error=known.message)
    return _page(request, known.status, known.message)


async def of_http(request: Request, error: Exception) -> Response:
    """No such route, or no such method."""
    return _page(request, cast("HTTPException", error).status_code)


async def unavailable(request: Request, error: Exception) -> Response:
    """A store that does not answer."""
    log.error("page failed: a store is away", path=request.url.path, error=str(error))
    return _page(request, 503)


async def unexpected(request: Request, error: Exception) -> Response:
    """Anything else; the trace goes to the log, never to the page."""
    log.error("page failed", path=request.url.path, exc_info=error)
    return _page(request, 500)


def _page(request: Request, status: int, message: str = "") -> Response:
    title, text = _WORDS.get(status) or _WORDS[404 if status < _MINE else 500]
    response = page(request, "error.html", status, status_code=status, title=title, text=message or text)
    if status >= _MINE:
        response.headers["Retry-After"] = "5"
    return response


HANDLERS: dict[Any, Any] = {
    LaunchpadError: expected,
    HTTPException: of_http,
    SQLAlchemyError: unavailable,
    OSError: unavailable,
    Exception: unexpected,
}
