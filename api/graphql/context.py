"""What resolvers work with: the services, the loaders and the name of the request."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

import strawberry
from starlette.websockets import WebSocket, WebSocketDisconnect

from api.graphql.loaders import Loaders, look
from api.services import Services
from launchpad.db import Look
from launchpad.wire import wire_of

TOO_SLOW = 4508
# How long a slow reader may take to read what was sent before, and the closing frame behind it.
_GRACE_SECONDS = 5.0

T = TypeVar("T")


@dataclass
class Context:
    """Of one request, or of one socket for as long as it is open."""

    services: Services
    request_id: str = field(default_factory=lambda: secrets.token_hex(8))
    socket: WebSocket | None = None
    loaders: Loaders = field(kw_only=True)
    _dropping: "asyncio.Task[None] | None" = None

    async def look(self, read: Callable[[Look], Awaitable[T]]) -> T:
        """What one look into the database tells; raises DatabaseAwayError."""
        return await look(self.services, read)

    def drop_slow_reader(self) -> None:
        """Close the socket of a reader that does not keep up, with 4508."""
        if self.socket is not None and self._dropping is None:
            self._dropping = asyncio.create_task(_drop(self.socket), name="graphql-drop")


async def _drop(socket: WebSocket) -> None:
    deadline = asyncio.get_running_loop().time() + _GRACE_SECONDS
    # The socket may be closing, or be closed, for another reason already.
    with suppress(RuntimeError, WebSocketDisconnect, TimeoutError):
        async with asyncio.timeout_at(deadline):
            await socket.close(TOO_SLOW, "You read too slowly: subscribe again, and ask for less.")
    wire = wire_of(socket.scope)
    if wire is None:
        return
    await asyncio.sleep(max(0, deadline - asyncio.get_running_loop().time()))
    # Who reads nothing at all takes no closing frame either: what waits for him is dropped with him.
    if wire.waiting:
        wire.abort()


Info: TypeAlias = strawberry.Info[Context, Any]
