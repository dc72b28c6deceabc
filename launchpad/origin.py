"""One origin for the three doors: pages, API and chat behind one address.

The doors are named, not imported: the domain knows none of them. Paths reach a door
unchanged, so that each behaves the same when it runs alone behind a proxy.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from importlib import import_module
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

DOORS = {"api": "api.app:create_app", "chat": "chat.app:create_app", "web": "web.app:create_app"}
_PREFIXES = {"/api": "api", "/ipfs": "api", "/health": "api", "/metrics": "api", "/sync": "api", "/socket.io": "chat"}


def door_of(path: str) -> str:
    """The name of the door that serves `path`; the pages have what no one else claims."""
    for prefix, door in _PREFIXES.items():
        if path == prefix or path.startswith(prefix + "/"):
            return door
    return "web"


def create_app() -> Asgi:
    """The ASGI app of the whole product."""
    return Origin({name: _load(target)() for name, target in DOORS.items()})


def _load(target: str) -> Callable[[], Asgi]:
    module, _, name = target.partition(":")
    factory: Callable[[], Asgi] = getattr(import_module(module), name)
    return factory


class Origin:
    """Hands each request to the door that serves its path, and all of them their lifespan."""

    def __init__(self, doors: dict[str, Asgi]) -> None:
        self._doors = {name: _Door(app) for name, app in doors.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI scope."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        else:
            await self._doors[door_of(scope["path"])].serve(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await asyncio.gather(*(door.startup() for door in self._doors.values()))
        except Exception as error:  # noqa: BLE001 - whatever a door fails with, the server has to hear of it
            await self._shutdown()
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._shutdown()
        await send({"type": "lifespan.shutdown.complete"})

    async def _shutdown(self) -> None:
        await asyncio.gather(*(door.shutdown() for door in self._doors.values()), return_exceptions=True)


class _Door:
    """One app, its lifespan running in a task of its own, and the state it keeps there."""

    def __init__(self, app: Asgi) -> None:
        self._app = app
        self._state: dict[str, Any] = {}
        self._to_app: asyncio.Queue[Message] = asyncio.Queue()
        self._from_app: asyncio.Queue[Message] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"] = self._state.copy()
        await self._app(scope, receive, send)

    async def startup(self) -> None:
        """Run the app's start-up; RuntimeError with its message when it fails."""
        scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": self._state}
        self._task = asyncio.create_task(self._run(scope))
        answer = await self._ask("lifespan.startup")
        if answer["type"] == "lifespan.startup.failed":
            raise RuntimeError(answer.get("message") or "A door could not start; its log says why.")

    async def shutdown(self) -> None:
        """Run the app's shutdown, where its start-up got that far."""
        if self._task is not None and not self._task.done():
            await self._ask("lifespan.shutdown")
            await self._task

    async def _ask(self, what: str) -> Message:
        await self._to_app.put({"type": what})
        return await self._from_app.get()

    async def _run(self, scope: Scope) -> None:
        try:
            await self._app(scope, self._to_app.get, self._from_app.put)
        except Exception as error:  # noqa: BLE001 - the message goes to whoever waits in `_ask`
            await self._from_app.put({"type": "lifespan.startup.failed", "message": repr(error)})
        else:
            # An app that returns without an answer has no lifespan, which is fine.
            await self._from_app.put({"type": "lifespan.startup.complete"})
