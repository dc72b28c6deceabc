"""WebSocket connections that also take ready-made frames.

ASGI carries one message at a time: each passes a coroutine, a frame writer and a
copy before it reaches the socket, and where thousands hear the same event that is
all the time there is. `WireProtocol` is uvicorn's own connection with one addition:
the scope's extension `launchpad.wire` holds a `Wire`, which writes bytes that are
already WebSocket frames. Handshake, reading, closing and plain `send` stay
uvicorn's. An application must do without where another server runs it.
"""

import struct
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame
from websockets.http11 import Request

EXTENSION = "launchpad.wire"

_TEXT, _BINARY = 0x81, 0x82
_SHORT, _MIDDLE = 126, 1 << 16


def frame(message: str | bytes) -> bytes:
    """One unfragmented, unmasked WebSocket frame (RFC 6455, 5.2): text of a str, binary of bytes."""
    first, body = (_TEXT, message.encode()) if isinstance(message, str) else (_BINARY, message)
    return head(first, len(body)) + body


def text_head(length: int) -> bytes:
    """What stands before the `length` bytes of a text frame."""
    return head(_TEXT, length)


def head(first: int, length: int) -> bytes:
    """The header of an unmasked frame: its first byte and the length in 1, 3 or 9 bytes."""
    if length < _SHORT:
        return bytes((first, length))
    if length < _MIDDLE:
        return struct.pack("!BBH", first, 126, length)
    return struct.pack("!BBQ", first, 127, length)


class Listener(Protocol):
    """Who is told how a wire does. Called from within writes: must not block or write."""

    def wire_paused(self) -> None:
        """More is waiting than the high-water mark allows: the peer does not read."""

    def wire_resumed(self) -> None:
        """What waited is below the low-water mark."""

    def wire_closed(self) -> None:
        """No more data frames may be written."""


class Wire:
    """The sending side of one WebSocket.

    `write(frames)` takes one or more whole frames and never waits: what the system
    does not take is kept, by reference, and counted by `waiting`. Only an open wire
    may be written to.
    """

    def __init__(self, connection: "WireProtocol") -> None:
        self._connection = connection
        self._listener: Listener | None = None
        self.open = True
        self.write: Callable[[bytes], None] = connection.transport.write

    def attach(self, listener: Listener, *, high: int, low: int) -> None:
        """Tell `listener` when more than `high` bytes wait, and when it is `low` again.

        Whoever attaches beats its own heart: the server's pings end.
        """
        self._listener = listener
        if self.open:
            self._connection.stop_keepalive()
            self._connection.transport.set_write_buffer_limits(high=high, low=low)

    @property
    def waiting(self) -> int:
        """Bytes that the system has not taken yet."""
        return self._connection.transport.get_write_buffer_size()

    def abort(self) -> None:
        """Drop the connection at once, with whatever waits."""
        self._connection.transport.abort()

    def pause(self) -> None:
        """Called by the connection."""
        if self._listener is not None and self.open:
            self._listener.wire_paused()

    def resume(self) -> None:
        """Called by the connection."""
        if self._listener is not None and self.open:
            self._listener.wire_resumed()

    def close(self) -> None:
        """Called by the connection before its closing frame, or when it is lost."""
        if self.open:
            self.open = False
            if self._listener is not None:
                self._listener.wire_closed()


def wire_of(scope: Mapping[str, Any]) -> Wire | None:
    """The wire of an ASGI scope; None for HTTP, and under a server that has none."""
    wire: Wire | None = scope.get("extensions", {}).get(EXTENSION)
    return wire


class WireProtocol(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket connection with a `Wire` in its scope.

    Every way to a closing frame closes the wire first, as nothing may follow one.
    """

    wire: Wire | None = None

    def handle_connect(self, event: Request) -> None:
        """Begin the ASGI call; its scope is complete before the call runs."""
        super().handle_connect(event)
        if not self.close_sent:
            self.wire = Wire(self)
            extensions: dict[str, Any] = self.scope["extensions"]
            extensions[EXTENSION] = self.wire

    def pause_writing(self) -> None:
        """Called by the transport above its high-water mark."""
        super().pause_writing()
        if self.wire is not None:
            self.wire.pause()

    def resume_writing(self) -> None:
        """Called by the transport below its low-water mark."""
        super().resume_writing()
        if self.wire is not None:
            self.wire.resume()

    async def send(self, message: ASGISendEvent) -> None:
        """Take an ASGI message of the application."""
        if message["type"] == "websocket.close":
            self._close_wire()
        await super().send(message)

    def handle_close(self, event: Frame) -> None:
        """Answer the peer's closing frame."""
        self._close_wire()
        super().handle_close(event)

    def handle_parser_exception(self) -> None:
        """Close after a frame that breaks the protocol."""
        self._close_wire()
        super().handle_parser_exception()

    def keepalive_timeout(self) -> None:
        """Close after a ping without an answer."""
        self._close_wire()
        super().keepalive_timeout()

    def shutdown(self) -> None:
        """Close because the server ends."""
        self._close_wire()
        super().shutdown()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a connection that is gone."""
        self._close_wire()
        super().connection_lost(exc)

    def _close_wire(self) -> None:
        if self.wire is not None:
            self.wire.close()
