"""The Socket.IO server: connections come and go, events find their handler.

A handler takes the connection and its checked input and returns what is
acknowledged. Errors become `{"ok": false, "error": CODE, "message": ...}`; a
malformed or unknown event never closes the socket.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any, TypeVar

import socketio
import structlog
from pydantic import BaseModel, ValidationError
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from chat.connections import CHANNELS_PER_SOCKET, Connection, Connections
from chat.fanout import FanOut
from chat.openings import Openings
from chat.presence import Presence
from launchpad.accounts.credentials import SESSION_COOKIES
from launchpad.accounts.service import session_named, session_of
from launchpad.clients import client_address, limit_key, parse_networks
from launchpad.config import Settings
from launchpad.db import Database
from launchpad.errors import ForbiddenError, LaunchpadError, RateLimitedError, UnauthenticatedError, UnavailableError
from launchpad.limits import Limit, Limiter, Rule
from launchpad.outbox import ResyncRequiredError, head, read_after

CATCH_UP_PAGE = 200
# One message a second, five at once; counted over all processes.
TALK = Limit("chat", quota=5, seconds=5)

log = structlog.get_logger()

Ack = dict[str, Any]
Input = TypeVar("Input", bound=BaseModel)


@dataclass
class Chat:
    """What the handlers work with."""

    settings: Settings
    sio: socketio.AsyncServer
    database: Database
    redis: "Redis"
    limiter: Limiter
    fanout: FanOut
    openings: Openings
    presence: Presence
    connections: Connections

    async def require_author(self, connection: Connection) -> str:
        """The wallet behind a socket, or UnauthenticatedError: a session may end while its socket lives on."""
        if connection.session is None:
            raise UnauthenticatedError("Sign in with your wallet first.")
        who = await session_named(self.database, connection.session, self.redis)
        if who is None:
            connection.session = None
            raise UnauthenticatedError("Your session has ended: sign in with your wallet again.")
        return who.address

    async def require_pace(self, author: str) -> None:
        """RateLimitedError when the author talks faster than people read."""
        if not self.settings.rate_limits:
            return
        decision = await self.limiter.ask([Rule(TALK, author)])
        if not decision.allowed:
            raise RateLimitedError("You are writing too fast.", retry_after_ms=decision.retry_after_ms)

    async def listen(self, connection: Connection, channel: str, after: int | None) -> Ack:
        """Let a socket hear a channel; acknowledged with what it missed since `after`.

        The socket joins before the history is read, so an event may come twice but
        never not at all: clients drop numbers that they have had.
        """
        self._require_place(connection)
        await self.fanout.join(connection.engine_sid, channel)
        newest = self.fanout.position(channel)
        if newest is None:
            newest = await head(self.database, channel)
        missed: list[bytes] = []
        if after is not None and after != newest:
            missed = await read_after(self.database, channel, after, CATCH_UP_PAGE)
        return {"head": newest, "events": [event.decode() for event in missed], "more": len(missed) == CATCH_UP_PAGE}

    async def follow(self, connection: Connection, channel: str, after: int | None) -> Ack:
        """Like `listen`, for a channel that has a state: the state is sent first.

        With `after` only the missed events are acknowledged, unless they are no longer
        kept: then `resync` is true and the state is sent after all.
        """
        if after is not None:
            with suppress(ResyncRequiredError):
                return {**await self.listen(connection, channel, after), "resync": False}
        engine_sid = connection.engine_sid
        await self.fanout.leave(engine_sid, channel)
        self._require_place(connection)
        position = await self.openings.begin(engine_sid, channel, lambda: self.fanout.join(engine_sid, channel))
        return {"head": position, "events": [], "more": False, "resync": after is not None}

    def _require_place(self, connection: Connection) -> None:
        if len(self.fanout.channels(connection.engine_sid)) >= CHANNELS_PER_SOCKET:
            raise ForbiddenError(f"One connection can follow {CHANNELS_PER_SOCKET} channels: leave some first.")


Handler = Callable[[Chat, Connection, Any], Awaitable[Ack]]


@dataclass(frozen=True)
class Event:
    """One event that clients may send: its names, the shape of its input, its handler, and as how many it counts.

    A client that sends a bare text means the field `bare`.
    """

    names: tuple[str, ...]
    schema: type[BaseModel]
    handler: Handler
    cost: int = 1
    bare: str | None = None


def register(chat: Chat, events: list[Event]) -> None:
    """Attach connection handling and every event under each of its names."""
    chat.sio.on("connect", _connect_handler(chat))
    chat.sio.on("disconnect", _disconnect_handler(chat))
    for event in events:
        for name in event.names:
            chat.sio.on(name, _event_handler(chat, event))


def _connect_handler(chat: Chat) -> Callable[..., Awaitable[None]]:
    async def connect(sid: str, environ: dict[str, Any], _auth: object = None) -> None:
        ip = _address(environ, chat.settings)
        if not chat.connections.has_place(ip):
            raise socketio.exceptions.ConnectionRefusedError("Too many connections from your address.")
        session = await _session(chat, environ.get("HTTP_COOKIE", ""))
        engine_sid = chat.sio.manager.eio_sid_from_sid(sid, "/")
        chat.connections.add(Connection(sid, engine_sid, ip, session))

    return connect


def _address(environ: dict[str, Any], settings: Settings) -> str:
    peer = (environ["asgi.scope"].get("client") or ("unknown", 0))[0]
    trusted = parse_networks(settings.trusted_proxies)
    return limit_key(client_address(peer, environ.get("HTTP_X_FORWARDED_FOR", ""), trusted))


async def _session(chat: Chat, cookie_header: str) -> str | None:
    """The hash of the cookie's live session; readers need none, and a stale one makes a reader."""
    try:
        cookies = SimpleCookie(cookie_header)
    except CookieError:
        return None
    for name in SESSION_COOKIES:
        if name in cookies:
            who = await session_of(chat.database, cookies[name].value, chat.redis)
            return who.session_hash if who else None
    return None


def _disconnect_handler(chat: Chat) -> Callable[..., Awaitable[None]]:
    async def disconnect(sid: str, *_: object) -> None:
        connection = chat.connections.remove(sid)
        if connection is None:
            return
        await chat.fanout.leave_all(connection.engine_sid)
        for mint in tuple(connection.rooms):
            await chat.presence.leave(mint, sid)

    return disconnect


def _event_handler(chat: Chat, event: Event) -> Callable[..., Awaitable[Ack]]:
    async def handle(sid: str, data: object = None, *_: object) -> Ack:
        connection = chat.connections.get(sid)
        if connection is None:
            return refusal(UnavailableError("This connection is closing."))
        wait = connection.events.take(event.cost)
        if wait:
            return refusal(RateLimitedError("Slow down a little.", retry_after_ms=int(wait * 1000) + 1))
        try:
            given = {event.bare: data} if event.bare and isinstance(data, str) else data
            request = event.schema.model_validate(given if given is not None else {})
            return {"ok": True, **await event.handler(chat, connection, request)}
        except ValidationError as error:
            return _invalid(error)
        except LaunchpadError as error:
            return refusal(error)
        except (RedisError, SQLAlchemyError, OSError, TimeoutError) as error:
            log.warning("a store does not answer", event_name=event.names[0], error=str(error))
            return refusal(UnavailableError("The room cannot be reached just now. Nothing was lost: try again."))

    return handle


def refusal(error: LaunchpadError) -> Ack:
    """The acknowledgement of an event that was refused."""
    return {"ok": False, "error": error.code, "message": error.message, **error.details}


def _invalid(error: ValidationError) -> Ack:
    first = error.errors()[0]
    message = first["msg"].removeprefix("Value error, ")
    return {"ok": False, "error": "INVALID", "message": message, "field": ".".join(map(str, first["loc"]))}
