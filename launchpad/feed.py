"""The live feed: what one process hears of the outbox, in order and without gaps.

Redis pub/sub tells at once but may drop; the outbox keeps everything under a
sequence number per channel. A `LiveFeed` joins the two: it hears envelopes, drops
what it has had, and reads what it missed (after a reconnect, or when a number is
skipped) before it hands on what came later.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from launchpad.backoff import end_if_asked
from launchpad.db import POSTGRES_AWAY, Database, DatabaseAwayError
from launchpad.outbox import ResyncRequiredError, head, read_after
from launchpad.outbox.envelope import live_key, seq_of

# (sequence number, envelope as JSON). Called in order; must not block.
Sink = Callable[[int, bytes], None]

CATCH_UP_PAGE = 500
SUBSCRIBE_TIMEOUT = 10.0
RETRY_SECONDS = 0.5

log = structlog.get_logger()


@dataclass
class _Channel:
    name: str
    sinks: list[Sink] = field(default_factory=list)
    # The last number handed on; None until the first subscription is confirmed.
    seq: int | None = None
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    def deliver(self, seq: int, envelope: bytes) -> None:
        self.seq = seq
        for sink in tuple(self.sinks):
            sink(seq, envelope)


class LiveFeed:
    """One subscription to Redis for a whole process.

    `async with LiveFeed(redis, database) as feed:` listens until the block ends.
    """

    def __init__(self, redis: "Redis", database: Database) -> None:
        self._redis = redis
        self._database = database
        self._channels: dict[str, _Channel] = {}
        self._by_key: dict[str, _Channel] = {}
        self._pubsub: PubSub = redis.pubsub(ignore_subscribe_messages=False)
        self._task: asyncio.Task[None] | None = None
        # Two tasks that subscribe at once would each open a connection.
        self._subscribing = asyncio.Lock()

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._listen(), name="live-feed")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        with suppress(RedisError, OSError):
            await self._pubsub.aclose()  # type: ignore[no-untyped-call]

    async def subscribe(self, name: str, sink: Sink) -> None:
        """Hand every later envelope of channel `name` to `sink`; returns once nothing can be missed.

        Read history after this returns: what arrives twice carries the same number.
        Raises TimeoutError where Redis stays away.
        """
        channel = self._channels.get(name)
        if channel is None:
            channel = self._channels[name] = self._by_key[live_key(self._redis, name)] = _Channel(name)
            channel.sinks.append(sink)
            await self._send_subscribe(name)
        elif sink not in channel.sinks:
            channel.sinks.append(sink)
        async with asyncio.timeout(SUBSCRIBE_TIMEOUT):
            await channel.ready.wait()

    async def unsubscribe(self, name: str, sink: Sink) -> None:
        """Stop handing channel `name` to `sink`."""
        channel = self._channels.get(name)
        if channel is None or sink not in channel.sinks:
            return
        channel.sinks.remove(sink)
        if not channel.sinks:
            key = live_key(self._redis, name)
            del self._channels[name], self._by_key[key]
            with suppress(RedisError, OSError):
                await self._pubsub.unsubscribe(key)

    def position(self, name: str) -> int | None:
        """The number of channel `name` up to which its sinks have heard; None while nobody is subscribed."""
        channel = self._channels.get(name)
        return channel.seq if channel else None

    async def _send_subscribe(self, name: str) -> None:
        # Where Redis is away the listener subscribes again when it is back.
        with suppress(RedisError, OSError):
            async with self._subscribing:
                await self._pubsub.subscribe(live_key(self._redis, name))

    async def _listen(self) -> None:
        while True:
            end_if_asked()
            try:
                await self._subscribe_all()
                while True:
                    end_if_asked()
                    await self._hear(await self._pubsub.get_message(timeout=None))
            except (RedisError, OSError, DatabaseAwayError, *POSTGRES_AWAY) as error:
                log.warning("live feed interrupted, trying again", error=str(error))
                await asyncio.sleep(RETRY_SECONDS)

    async def _subscribe_all(self) -> None:
        # The nameless channel keeps the connection subscribed while nobody listens.
        async with self._subscribing:
            await self._pubsub.subscribe(live_key(self._redis, ""), *self._by_key)

    async def _hear(self, message: dict[str, object] | None) -> None:
        if message is None:
            return
        channel = self._by_key.get(str(_text(message["channel"])))
        if channel is None:
            return
        if message["type"] == "subscribe":
            await self._confirmed(channel)
        elif message["type"] == "message":
            await self._envelopes(channel, message["data"])

    async def _confirmed(self, channel: _Channel) -> None:
        """Redis confirmed a first or a renewed subscription."""
        if channel.seq is None:
            channel.seq = await head(self._database, channel.name)
            channel.ready.set()
        else:
            await self._catch_up(channel)

    async def _envelopes(self, channel: _Channel, data: object) -> None:
        """Hand on what a message brings: a line each."""
        for envelope in (data if isinstance(data, bytes) else str(data).encode()).split(b"\n"):
            if channel.seq is None:
                # Not confirmed yet: the head read at confirmation covers it.
                return
            seq = seq_of(envelope)
            if seq > channel.seq + 1:
                await self._catch_up(channel)
            if seq > channel.seq:
                channel.deliver(seq, envelope)

    async def _catch_up(self, channel: _Channel) -> None:
        """Hand on what the outbox has after the last number; skip to the head where that is too old."""
        while channel.seq is not None:
            try:
                missed = await read_after(self._database, channel.name, channel.seq, CATCH_UP_PAGE)
            except ResyncRequiredError as error:
                log.warning("live feed cannot catch up, going on from the head", channel=channel.name, error=str(error))
                channel.seq = await head(self._database, channel.name)
                return
            for envelope in missed:
                seq = seq_of(envelope)
                if seq > channel.seq:
                    channel.deliver(seq, envelope)
            if len(missed) < CATCH_UP_PAGE:
                return


def _text(value: object) -> object:
    return value.decode() if isinstance(value, bytes) else value
