"""The ASGI application of the chat door."""

import asyncio
import gc
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import AsyncExitStack, suppress
from typing import Any

import orjson
import socketio
from redis.asyncio import Redis

from chat import alerts, markets, rooms
from chat.connections import Connections
from chat.fanout import FanOut
from chat.openings import Openings
from chat.presence import Presence
from chat.server import Chat, register
from launchpad.config import Settings, get_settings
from launchpad.db import Database
from launchpad.feed import LiveFeed
from launchpad.limits import Limiter
from launchpad.outbox.envelope import live_key

# The largest frame that a client may send.
FRAME_LIMIT = 64 * 1024

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class OrJson:
    """orjson under the names that python-socketio calls."""

    @staticmethod
    def dumps(value: object, **_: object) -> str:
        """JSON text of `value`."""
        return orjson.dumps(value).decode()

    loads = staticmethod(orjson.loads)


class ChatApp:
    """Serves /socket.io; everything behind it lives from ASGI start-up to shutdown."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stack = AsyncExitStack()
        self._server: socketio.ASGIApp | None = None
        self.chat: Chat | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one ASGI scope."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif self._server is None:
            raise RuntimeError("The chat application was not started: its server must run the ASGI lifespan.")
        elif scope["type"] == "http" and scope["path"] == "/health":
            await _healthy(send)
        else:
            await self._server(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        await self.start()
        # What exists by now stays: to look through it again, the collector would hold every room up for 0.1 s.
        gc.collect()
        gc.freeze()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def start(self) -> None:
        """Connect to the stores and begin to listen."""
        settings = self._settings
        database = Database.from_settings(settings)
        self._stack.push_async_callback(database.close)
        redis = Redis.from_url(settings.require_redis())
        self._stack.push_async_callback(redis.aclose)
        sio = _socketio_server(settings, redis)
        self._stack.push_async_callback(sio.shutdown)
        feed = await self._stack.enter_async_context(LiveFeed(redis, database))
        self.chat = chat = _assemble(settings, sio, database, redis, feed)
        register(chat, [*rooms.EVENTS, *markets.EVENTS, *alerts.EVENTS])
        self._stack.push_async_callback(_cancelled, asyncio.create_task(chat.presence.run(), name="presence"))
        self._server = socketio.ASGIApp(sio, socketio_path="socket.io")

    async def stop(self) -> None:
        """Close every socket and every store."""
        await self._stack.aclose()


def _socketio_server(settings: Settings, redis: "Redis") -> socketio.AsyncServer:
    """Several of these share rooms through Redis: one process emits, all deliver."""
    origins = [settings.origin, *settings.cors_origin_list] if settings.public_url or settings.cors_origins else None
    return socketio.AsyncServer(
        async_mode="asgi",
        client_manager=socketio.AsyncRedisManager(settings.require_redis(), channel=live_key(redis, "socketio")),
        cors_allowed_origins=origins,
        json=OrJson,
        ping_interval=25,
        ping_timeout=20,
        max_http_buffer_size=FRAME_LIMIT,
    )


def _assemble(
    settings: Settings, sio: socketio.AsyncServer, database: Database, redis: "Redis", feed: LiveFeed
) -> Chat:
    fanout = FanOut(feed, sio.eio)

    async def announce(mint: str, count: int) -> None:
        # Every process tells its own sockets, so this stays off the bus.
        fanout.tell(rooms.channel_of(mint), "presence", {"mint": mint, "count": count})

    return Chat(
        settings=settings,
        sio=sio,
        database=database,
        redis=redis,
        limiter=Limiter(redis),
        fanout=fanout,
        openings=Openings(settings, database, feed, sio.eio),
        presence=Presence(redis, announce),
        connections=Connections(settings.sockets_per_address),
    )


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def _healthy(send: Send) -> None:
    headers = [(b"content-type", b"text/plain")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"ok"})


def create_app() -> ChatApp:
    """The chat door, with settings from the environment."""
    return ChatApp(get_settings())
