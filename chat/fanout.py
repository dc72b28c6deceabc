"""One encoded frame to many sockets.

python-socketio makes a task, a log record and a timer per recipient of a room.
Live channels carry nearly all traffic and need none of that: a channel's envelope
becomes one Engine.IO packet, encoded once, that is put into each socket's queue.
A socket that does not keep up is told where it stands and closed: it reads the
rest by its sequence number when it comes back, and slows nobody.
"""

import asyncio
from collections import defaultdict

import structlog
from engineio import AsyncServer as EngineServer
from engineio.async_socket import AsyncSocket
from engineio.packet import MESSAGE, Packet

from launchpad.feed import LiveFeed, Sink

# About a minute of a busy room; a socket this far behind is not reading.
QUEUE_LIMIT = 1024

log = structlog.get_logger()


class QueuedSocket(AsyncSocket):  # type: ignore[misc]  # engineio is untyped
    """An Engine.IO socket whose WebSocket writer waits without a timer per packet.

    The reader's own time-out already ends a dead WebSocket and wakes the writer,
    so the writer needs none. Long polling keeps the original behaviour.
    """

    async def poll(self) -> list[Packet]:
        """Wait for packets, then take all that are there; [] when the socket is closing."""
        if not self.upgraded:
            polled: list[Packet] = await super().poll()
            return polled
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


def frame(envelope: bytes) -> Packet:
    """The packet `42["live",<envelope>]`, encoded once for everybody."""
    packet = Packet(MESSAGE, f'2["live",{envelope.decode()}]')
    packet.encode()
    return packet


class FanOut:
    """Which sockets hear which channel, in this process."""

    def __init__(self, feed: LiveFeed, engine: EngineServer) -> None:
        self._feed = feed
        self._engine = engine
        self._sockets: dict[str, dict[str, AsyncSocket]] = {}
        self._channels_of: defaultdict[str, set[str]] = defaultdict(set)
        self._sinks: dict[str, Sink] = {}
        self._closing: set[asyncio.Task[None]] = set()

    def adopt(self, engine_sid: str) -> None:
        """Give a new connection the quick writer."""
        self._engine.sockets[engine_sid].__class__ = QueuedSocket

    def audience(self, channel: str) -> int:
        """How many sockets of this process hear `channel`."""
        return len(self._sockets.get(channel, ()))

    def channels(self, engine_sid: str) -> frozenset[str]:
        """The channels that a socket hears."""
        return frozenset(self._channels_of.get(engine_sid, ()))

    async def join(self, engine_sid: str, channel: str) -> None:
        """Let a socket hear `channel` from now on; raises TimeoutError where Redis stays away."""
        socket = self._engine.sockets.get(engine_sid)
        if socket is None:
            return
        first = channel not in self._sockets
        self._sockets.setdefault(channel, {})[engine_sid] = socket
        self._channels_of[engine_sid].add(channel)
        if first:
            self._sinks[channel] = lambda _seq, envelope: self.broadcast(channel, envelope)
        await self._feed.subscribe(channel, self._sinks[channel])

    async def leave(self, engine_sid: str, channel: str) -> None:
        """Stop a socket hearing `channel`."""
        self._channels_of[engine_sid].discard(channel)
        sockets = self._sockets.get(channel)
        if sockets is None or sockets.pop(engine_sid, None) is None or sockets:
            return
        del self._sockets[channel]
        await self._feed.unsubscribe(channel, self._sinks.pop(channel))

    async def leave_all(self, engine_sid: str) -> None:
        """Forget a socket that is gone."""
        for channel in self.channels(engine_sid):
            await self.leave(engine_sid, channel)
        self._channels_of.pop(engine_sid, None)

    def broadcast(self, channel: str, envelope: bytes) -> None:
        """Queue one envelope to every socket of a channel; never waits for any of them."""
        packet = frame(envelope)
        for engine_sid, socket in self._sockets.get(channel, {}).items():
            if socket.queue.qsize() < QUEUE_LIMIT:
                socket.queue.put_nowait(packet)
            elif not socket.closing:
                self._overflow(engine_sid, socket)

    def _overflow(self, engine_sid: str, socket: AsyncSocket) -> None:
        """Close a socket that does not read; its client comes back and catches up by number."""
        log.warning("socket does not keep up, closing it", sid=engine_sid, queued=socket.queue.qsize())
        task = asyncio.create_task(socket.close(wait=False, abort=True))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)
