"""One encoded frame to many sockets.

python-socketio makes a task, a log record and a timer per recipient of a room.
Live channels carry nearly all traffic and need none of that: what a channel is told
within one turn of the event loop becomes one piece of bytes, WebSocket headers
included, that is written to every socket of the channel.

A socket that does not read is left out until it has read what it was sent, and is
then told `resync`: it asks for what it missed by sequence number. It slows nobody.
"""

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field

import orjson
import structlog
from engineio import AsyncServer as EngineServer
from engineio.packet import MESSAGE, Packet

from chat.sockets import LiveSocket, adopt
from launchpad.feed import LiveFeed, Sink
from launchpad.wire import Wire, text_head
from launchpad.wire import frame as wire_frame

# About a minute of a busy room; a socket without a wire that is this far behind is closed.
QUEUE_LIMIT = 1024
_BEFORE, _AFTER = b'42["live",', b"]"
_AROUND = len(_BEFORE) + len(_AFTER)

log = structlog.get_logger()


def frame(envelope: bytes) -> Packet:
    """The packet `42["live",<envelope>]`, encoded once for everybody."""
    return event("live", envelope)


def event(name: str, body: bytes) -> Packet:
    """The packet `42["<name>",<body>]`; `body` is JSON."""
    packet = Packet(MESSAGE, f'2["{name}",{body.decode()}]')
    packet.encode()
    return packet


@dataclass
class _Channel:
    """Who hears a channel: everybody, and of them those that can be written to just now."""

    sink: Sink
    members: dict[str, LiveSocket] = field(default_factory=dict)
    straight: dict[LiveSocket, Wire] = field(default_factory=dict)
    queued: set[LiveSocket] = field(default_factory=set)
    waiting: list[bytes] = field(default_factory=list)
    # How many envelopes it was ever told.
    told: int = 0


class FanOut:
    """Which sockets hear which channel, in this process."""

    def __init__(self, feed: LiveFeed, engine: EngineServer) -> None:
        self._feed = feed
        self._engine = engine
        self._channels: dict[str, _Channel] = {}
        self._channels_of: defaultdict[str, set[str]] = defaultdict(set)
        self._waiting: list[_Channel] = []
        # Of a socket that is left out: how much each channel had been told by then.
        self._left_out: dict[LiveSocket, dict[str, int]] = {}
        self._closing: set[asyncio.Task[None]] = set()
        adopt(engine, self)

    def audience(self, channel: str) -> int:
        """How many sockets of this process hear `channel`."""
        return len(self._channels[channel].members) if channel in self._channels else 0

    @property
    def left_out(self) -> int:
        """How many sockets of this process do not keep up just now."""
        return len(self._left_out)

    def channels(self, engine_sid: str) -> frozenset[str]:
        """The channels that a socket hears."""
        return frozenset(self._channels_of.get(engine_sid, ()))

    async def join(self, engine_sid: str, channel: str) -> None:
        """Let a socket hear `channel` from now on; raises TimeoutError where Redis stays away."""
        socket = self._engine.sockets.get(engine_sid)
        if socket is None:
            return
        found = self._channels.get(channel)
        if found is None:
            found = _Channel(lambda _seq, envelope: self.broadcast(channel, envelope))
            self._channels[channel] = found
        found.members[engine_sid] = socket
        self._channels_of[engine_sid].add(channel)
        self._place(socket, channel)
        await self._feed.subscribe(channel, found.sink)

    def position(self, channel: str) -> int | None:
        """The number up to which `channel` was told here: who hears it now is told the rest. None where nobody does."""
        return self._feed.position(channel)

    async def leave(self, engine_sid: str, channel: str) -> None:
        """Stop a socket hearing `channel`."""
        self._channels_of[engine_sid].discard(channel)
        found = self._channels.get(channel)
        socket = found.members.pop(engine_sid, None) if found else None
        if found is None or socket is None:
            return
        found.straight.pop(socket, None)
        found.queued.discard(socket)
        self._left_out.get(socket, {}).pop(channel, None)
        if not found.members:
            del self._channels[channel]
            await self._feed.unsubscribe(channel, found.sink)

    async def leave_all(self, engine_sid: str) -> None:
        """Forget a socket that is gone."""
        for channel in self.channels(engine_sid):
            await self.leave(engine_sid, channel)
        self._channels_of.pop(engine_sid, None)

    def broadcast(self, channel: str, envelope: bytes) -> None:
        """Send one envelope to every socket of a channel at the end of this turn of the loop; never waits."""
        found = self._channels.get(channel)
        if found is None:
            return
        found.told += 1
        if not found.waiting:
            if not self._waiting:
                asyncio.get_running_loop().call_soon(self.flush)
            self._waiting.append(found)
        found.waiting.append(envelope)

    def tell(self, channel: str, name: str, data: object) -> None:
        """Send a passing event, one that nobody asks for again, to every socket of a channel."""
        found = self._channels.get(channel)
        if found is not None:
            self.flush()
            packet = event(name, orjson.dumps(data))
            _write(wire_frame(packet.encode()), found.straight)
            for socket in found.queued:
                socket.queue.put_nowait(packet)

    def flush(self) -> None:
        """Send what was broadcast up to now."""
        channels, self._waiting = self._waiting, []
        for found in channels:
            envelopes, found.waiting = found.waiting, []
            if found.straight:
                _write(_frames(envelopes), found.straight)
            if found.queued:
                self._queue([frame(envelope) for envelope in envelopes], found.queued)

    def _queue(self, packets: list[Packet], sockets: set[LiveSocket]) -> None:
        for socket in sockets:
            if socket.queue.qsize() < QUEUE_LIMIT:
                for packet in packets:
                    socket.queue.put_nowait(packet)
            elif not socket.closing:
                self._overflow(socket)

    def _overflow(self, socket: LiveSocket) -> None:
        """Close a socket that does not read; its client comes back and catches up by number."""
        log.warning("socket does not keep up, closing it", sid=socket.sid, queued=socket.queue.qsize())
        task = asyncio.create_task(socket.close(wait=False, abort=True))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    def straightened(self, socket: LiveSocket) -> None:
        """Called by a socket that writes straight from now on."""
        for channel in self.channels(socket.sid):
            self._channels[channel].queued.discard(socket)
            self._place(socket, channel)

    def fell_behind(self, socket: LiveSocket) -> None:
        """Called by a socket, perhaps while it is written to: what it hears is changed in the next turn."""
        asyncio.get_running_loop().call_soon(self._leave_out, socket)

    def caught_up(self, socket: LiveSocket) -> None:
        """Called by a socket that has read what it was sent."""
        asyncio.get_running_loop().call_soon(self._take_back, socket)

    def gone(self, socket: LiveSocket) -> None:
        """Called by a socket that cannot be written to any more."""
        self._left_out.pop(socket, None)
        for channel in self.channels(socket.sid):
            self._channels[channel].straight.pop(socket, None)

    def _place(self, socket: LiveSocket, channel: str) -> None:
        """Put a member where it is written to."""
        found = self._channels[channel]
        if not socket.straight:
            found.queued.add(socket)
        elif socket in self._left_out:
            self._left_out[socket][channel] = found.told
        elif socket.wire is not None and socket.wire.open:
            found.straight[socket] = socket.wire

    def _leave_out(self, socket: LiveSocket) -> None:
        if not socket.behind or socket.wire is None or not socket.wire.open:
            return
        self.flush()
        log.info("socket does not keep up, leaving it out", sid=socket.sid, waiting=socket.wire.waiting)
        self._left_out[socket] = {}
        for channel in self.channels(socket.sid):
            found = self._channels[channel]
            found.straight.pop(socket, None)
            self._left_out[socket][channel] = found.told

    def _take_back(self, socket: LiveSocket) -> None:
        if socket.behind or socket not in self._left_out:
            return
        self.flush()
        for channel, told in self._left_out.pop(socket).items():
            self._place(socket, channel)
            if self._channels[channel].told != told:
                socket.queue.put_nowait(event("resync", orjson.dumps({"channel": channel})))


def _frames(envelopes: list[bytes]) -> bytes:
    parts: list[bytes] = []
    for envelope in envelopes:
        parts += (text_head(_AROUND + len(envelope)), _BEFORE, envelope, _AFTER)
    return b"".join(parts)


def _write(frames: bytes, sockets: dict[LiveSocket, Wire]) -> None:
    for wire in sockets.values():
        wire.write(frames)
