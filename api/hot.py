"""Answers that many ask for: ready bytes, served before routing when they are still good."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from fastapi import Request, Response
from pydantic import BaseModel
from starlette.types import ASGIApp, Receive, Scope, Send

from api.public import is_known
from api.services import Services
from launchpad.cache import Entry, Policy
from launchpad.db import DatabaseAwayError, Look

_JSON = b"application/json"


class Ready(Protocol):
    """What was read in the form of the wire, and needs no checks."""

    def json(self) -> bytes:
        """The wire's bytes."""


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
    status, body = (304, b"") if is_known(scope, entry.etag) else (200, entry.body)
    headers = [
        (b"content-type", _JSON),
        (b"content-length", str(len(body)).encode()),
        (b"etag", entry.etag.encode()),
        (b"cache-control", b"no-cache"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def hot(
    request: Request, services: Services, policy: Policy, compute: Callable[[], Awaitable[BaseModel | Ready]]
) -> Response:
    """The answer to a GET, kept as bytes under its address for as long as `policy` allows."""

    async def encode() -> bytes:
        found = await compute()
        return found.model_dump_json(by_alias=True).encode() if isinstance(found, BaseModel) else found.json()

    return _Kept(await services.cache.get(_key(request.scope), policy, encode))


async def hot_look(
    request: Request, services: Services, policy: Policy, read: Callable[[Look], Awaitable[BaseModel | Ready]]
) -> Response:
    """The same for what one look into the database tells."""

    async def look() -> BaseModel | Ready:
        # What no event empties may be as old as it is kept: a replica will do.
        async with services.database.look(behind=policy.channel is None) as connection:
            return await read(connection)

    async def compute() -> BaseModel | Ready:
        try:
            return await look()
        except DatabaseAwayError:
            # It may have been restarted since the connection was last used: the next one is new.
            return await look()

    return await hot(request, services, policy, compute)


class _Kept(Response):
    """An entry as a response."""

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self._entry = entry

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  ASGI's form
        await _send(scope, send, self._entry)
