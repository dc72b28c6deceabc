"""Answers that many ask for: ready bytes, served before routing when they are still good."""

from collections.abc import Awaitable, Callable

from fastapi import Request, Response
from pydantic import BaseModel
from sqlalchemy.exc import DBAPIError
from starlette.types import ASGIApp, Receive, Scope, Send

from api.services import Services
from launchpad.cache import Entry, Policy

_JSON = b"application/json"


def _key(scope: Scope) -> str:
    query = scope["query_string"].decode("latin-1")
    return f"{scope['path']}?{query}"


class HotReads:
    """Serves what the process's memory holds; everything else goes on to the routes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and scope["method"] == "GET":
            services: Services = scope["app"].state.services
            entry = services.cache.peek(_key(scope))
            if entry is not None:
                scope["hot_route"] = "hot"
                await _send(scope, send, entry)
                return
        await self._app(scope, receive, send)


async def _send(scope: Scope, send: Send, entry: Entry) -> None:
    status, body = (304, b"") if _is_known(scope, entry) else (200, entry.body)
    headers = [
        (b"content-type", _JSON),
        (b"content-length", str(len(body)).encode()),
        (b"etag", entry.etag.encode()),
        (b"cache-control", b"no-cache"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _is_known(scope: Scope, entry: Entry) -> bool:
    """Whether the client says that it has exactly this answer."""
    return any(name == b"if-none-match" and entry.etag.encode() in value for name, value in scope["headers"])


async def hot(
    request: Request, services: Services, policy: Policy, compute: Callable[[], Awaitable[BaseModel]]
) -> Response:
    """The answer to a GET, kept as bytes under its address for as long as `policy` allows."""

    async def encode() -> bytes:
        try:
            found = await compute()
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            # The database was restarted since the connection was last used: the next one is new.
            found = await compute()
        return found.model_dump_json(by_alias=True).encode()

    entry = await services.cache.get(_key(request.scope), policy, encode)
    return _Ready(entry)


class _Ready(Response):
    """An entry as a response."""

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self._entry = entry

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  ASGI's form
        await _send(scope, send, self._entry)
