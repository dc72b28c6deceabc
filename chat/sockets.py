"""Engine.IO sockets that write straight to their WebSocket.

engineio gives every WebSocket a queue and a task that empties it: each packet
costs a wake-up, an ASGI message and an encoding. Here a packet becomes a frame when
it is queued and goes to the wire at once, so the order in which packets are queued,
by whomever, is the order on the wire. Long polling, and servers without
`launchpad.wire`, keep the queue.
"""

import asyncio
from typing import Any, Protocol

import structlog
from engineio import AsyncServer as EngineServer
from engineio.async_socket import AsyncSocket
from engineio.packet import Packet

from launchpad.wire import Wire, frame, wire_of

# Beyond what the system buffers. Broadcast frames are shared, so a thousand sockets
# that wait for the same frames hold them once.
HIGH_WATER = 1024 * 1024
LOW_WATER = 64 * 1024
# What one socket may make us keep for it alone: answers that it asked for and does not read.
ANSWERS_LIMIT = 4 * 1024 * 1024
# How long a socket may stay above the high-water mark, or take to say goodbye.
PATIENCE_SECONDS = 20.0

log = structlog.get_logger()


class Hub(Protocol):
    """Who has to know how its sockets do. No call may write."""

    def flush(self) -> None:
        """Send what was broadcast up to now."""

    def straightened(self, socket: "LiveSocket") -> None:
        """The socket writes straight from now on."""

    def fell_behind(self, socket: "LiveSocket") -> None:
        """The socket does not read what it is sent."""

    def caught_up(self, socket: "LiveSocket") -> None:
        """The socket has read what it was sent."""

    def gone(self, socket: "LiveSocket") -> None:
        """Nothing can be written to the socket any more."""


class LiveSocket(AsyncSocket):  # type: ignore[misc]  # engineio is untyped
    """An Engine.IO socket that knows its wire. Made from engineio's own by `adopt`."""

    wire: Wire | None
    hub: Hub
    straight: bool
    # Whether it reads too slowly just now.
    behind: bool
    _patience: asyncio.TimerHandle | None

    async def _upgrade_websocket(self, environ: dict[str, Any]) -> Any:
        """Engine.IO's switch from long polling: the wire is that of the new request."""
        if not self.upgraded:
            self.wire = wire_of(environ["asgi.scope"])
        return await super()._upgrade_websocket(environ)

    async def poll(self) -> list[Packet]:
        """Packets for the transport; [] when the socket is closing.

        On a straight socket there are none but the mark that it closes.
        """
        if not self.upgraded:
            polled: list[Packet] = await super().poll()
            return polled
        if self.wire is None:
            return await self._queued()
        if not self.straight:
            self._straighten(self.wire)
        while await self.queue.get() is not None:
            pass
        return []

    async def _queued(self) -> list[Packet]:
        # As engineio does it, without a timer per packet: the reader's own time-out
        # ends a dead WebSocket and wakes this.
        packets = [await self._next()]
        while packets[-1] is not None and not self.queue.empty():
            packets.append(await self._next())
        if packets == [None]:
            return []
        if packets[-1] is None:
            # The mark that ends the writer stays for the next call.
            self.queue.put_nowait(packets.pop())
        return packets

    async def _next(self) -> Packet | None:
        packet = await self.queue.get()
        self.queue.task_done()
        return packet

    def _straighten(self, wire: Wire) -> None:
        waiting = [self.queue.get_nowait() for _ in range(self.queue.qsize())]
        for _ in waiting:
            self.queue.task_done()
        self.straight = True
        wire.attach(self, high=HIGH_WATER, low=LOW_WATER)
        for packet in waiting:
            self.queue.put_nowait(packet)
        self.hub.straightened(self)

    def tell(self, packet: Packet) -> None:
        """Write one packet after everything that was broadcast before it."""
        wire = self.wire
        if wire is None or not wire.open:
            return
        self.hub.flush()
        wire.write(frame(packet.encode()))
        if wire.waiting > ANSWERS_LIMIT:
            log.warning("socket asks and does not read, dropping it", sid=self.sid, waiting=wire.waiting)
            wire.abort()

    def wire_paused(self) -> None:
        """Called by the wire above its high-water mark."""
        self.behind = True
        self._patience = asyncio.get_running_loop().call_later(PATIENCE_SECONDS, self._abandon)
        self.hub.fell_behind(self)

    def wire_resumed(self) -> None:
        """Called by the wire below its low-water mark."""
        self.behind = False
        if self._patience is not None:
            self._patience.cancel()
        self.hub.caught_up(self)

    def wire_closed(self) -> None:
        """Called by the wire when it closes; what still waits may take a while, not for ever."""
        self.hub.gone(self)
        if self.wire is not None and self.wire.waiting and not self.behind:
            asyncio.get_running_loop().call_later(PATIENCE_SECONDS, self.wire.abort)

    def _abandon(self) -> None:
        log.warning("socket does not read, dropping it", sid=self.sid)
        if self.wire is not None:
            self.wire.abort()


class StraightQueue(asyncio.Queue[Packet | None]):
    """A socket's queue, which a straight socket's packets pass without stopping."""

    def __init__(self, socket: LiveSocket) -> None:
        super().__init__()
        self._socket = socket

    def put_nowait(self, item: Packet | None) -> None:
        """Queue a packet, or write it; None, the mark of the end, is always queued."""
        if item is not None and self._socket.straight:
            self._socket.tell(item)
        else:
            super().put_nowait(item)


def adopt(engine: EngineServer, hub: Hub) -> None:
    """Make every new connection of `engine` a `LiveSocket`, before its first packet is sent."""
    opened = engine.handlers["connect"]

    async def connect(engine_sid: str, environ: dict[str, Any]) -> Any:
        _convert(engine.sockets[engine_sid], wire_of(environ["asgi.scope"]), hub)
        return await opened(engine_sid, environ)

    engine.on("connect", connect)


def _convert(socket: AsyncSocket, wire: Wire | None, hub: Hub) -> None:
    early, socket.__class__ = socket.queue, LiveSocket
    socket.wire, socket.hub = wire, hub
    socket.straight = socket.behind = False
    socket._patience = None  # noqa: SLF001 - the attributes of the class that it has just become
    socket.queue = StraightQueue(socket)
    while not early.empty():
        socket.queue.put_nowait(early.get_nowait())
