"""How a follower begins: the channel's state, what happened since it was read, then what happens.

The state is encoded once for everybody who comes while it holds. A state that is
some events behind is as good as a new one, because those events are sent after it.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from engineio import AsyncServer as EngineServer
from engineio.packet import Packet

from chat.fanout import event, frame
from launchpad.config import Settings
from launchpad.db import Database
from launchpad.feed import LiveFeed
from launchpad.markets import snapshots
from launchpad.markets.snapshots import ChannelState
from launchpad.outbox import head, read_after
from launchpad.outbox.envelope import seq_of

# Even without events the figures of the last 24 hours move on.
LIFETIME_SECONDS = 10.0
# For so long a state serves although its channel went on: nobody sees the difference.
GRACE_SECONDS = 0.1
MAX_KEPT = 256
PAGE = 500

Told = tuple[int, bytes]  # sequence number, envelope
Join = Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Opening:
    """The encoded state of a channel, complete up to `head`."""

    head: int
    packets: tuple[Packet, ...]
    made: float  # time.monotonic()

    def holds(self, newest: int) -> bool:
        """Whether it still serves a channel whose newest event is `newest`."""
        age = time.monotonic() - self.made
        return age < GRACE_SECONDS or (age < LIFETIME_SECONDS and self.head == newest)


class Openings:
    """Begins channels for sockets of this process."""

    def __init__(self, settings: Settings, database: Database, feed: LiveFeed, engine: EngineServer) -> None:
        self._settings = settings
        self._database = database
        self._feed = feed
        self._engine = engine
        self._kept: OrderedDict[str, Opening] = OrderedDict()
        self._flights: dict[str, asyncio.Task[Opening]] = {}

    async def begin(self, engine_sid: str, channel: str, join: Join) -> int:
        """Send a socket the channel's state and what came after it, then let `join` make it hear the rest.

        Returns the sequence number that the socket has been brought to. `join` has to
        register the socket before it waits for anything, so that nothing falls between.
        """
        late: list[Told] = []

        def keep(seq: int, envelope: bytes) -> None:
            late.append((seq, envelope))

        try:
            await self._feed.subscribe(channel, keep)
            heard = await self._heard(channel)
            opening = await self._opening(channel, heard)
            # What comes after `heard` is kept; only an older state lacks what came before it.
            missed = await self._after(channel, opening.head) if opening.head < heard else []
            position = self._send(engine_sid, opening, [*missed, *late])
            await join()
        finally:
            await self._feed.unsubscribe(channel, keep)
        return position

    def _send(self, engine_sid: str, opening: Opening, events: list[Told]) -> int:
        """Queue the state and the events after it, each once; never waits."""
        socket = self._engine.sockets.get(engine_sid)
        if socket is None:
            return opening.head
        for packet in opening.packets:
            socket.queue.put_nowait(packet)
        position = opening.head
        for seq, envelope in events:
            if seq > position:
                socket.queue.put_nowait(frame(envelope))
                position = seq
        return position

    async def _after(self, channel: str, position: int) -> list[Told]:
        events: list[Told] = []
        while True:
            after = events[-1][0] if events else position
            page = await read_after(self._database, channel, after, PAGE)
            events += [(seq_of(envelope), envelope) for envelope in page]
            if len(page) < PAGE:
                return events

    async def _heard(self, channel: str) -> int:
        """The number up to which this process has heard the channel."""
        position = self._feed.position(channel)
        return await head(self._database, channel) if position is None else position

    async def _opening(self, channel: str, newest: int) -> Opening:
        kept = self._kept.get(channel)
        if kept is not None and kept.holds(newest):
            return kept
        flight = self._flights.get(channel)
        if flight is None:
            flight = self._flights[channel] = asyncio.create_task(self._make(channel, newest))
            flight.add_done_callback(lambda _: self._flights.pop(channel, None))
        # Shielded, because one socket that goes away must not take the state from the others.
        return await asyncio.shield(flight)

    async def _make(self, channel: str, newest: int) -> Opening:
        """`newest` was told before the state is read, so the state has every event up to it."""
        states = await self._states(channel, newest)
        opening = Opening(newest, tuple(map(_packet, states)), time.monotonic())
        self._kept[channel] = opening
        self._kept.move_to_end(channel)
        while len(self._kept) > MAX_KEPT:
            self._kept.popitem(last=False)
        return opening

    async def _states(self, channel: str, newest: int) -> list[ChannelState]:
        async with self._database.look() as look:
            if channel == "market":
                return await snapshots.market_state(look, self._settings, newest)
            return await snapshots.token_state(look, self._settings, channel.removeprefix("token:"), newest)


def _packet(state: ChannelState) -> Packet:
    return event(state.event, state.model_dump_json().encode())
