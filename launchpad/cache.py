"""Answers kept ready as bytes: first in the process, then in Redis, never staler than the last event.

Every entry belongs to a channel of the live feed (`market`, `token:<mint>`) and
holds only for the state after that channel's newest event. A process learns of
new events from Redis pub/sub; while it cannot hear them, it does not use its own
memory. Entries in Redis carry the mark that the channel had as they were made. The
outbox removes it with each event, so that a process which heard late cannot serve or
store what is over. What is asked for once stays with the process that made it: most
addresses are never asked for again.
"""

import asyncio
import secrets
import time
import zlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from launchpad.backoff import end_if_asked
from launchpad.batches import Batches
from launchpad.outbox.envelope import mark_key, moved_key

_LOG = structlog.get_logger(__name__)
_MAX_ENTRIES = 10_000
# Of more channels than that a process begins anew to count events.
_MAX_CHANNELS = 200_000
_RETRY_SECONDS = 0.5
_POLL_SECONDS = 5.0
_MARK_SECONDS = 3600
_AWAY = (RedisError, OSError, TimeoutError)

Compute = Callable[[], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class Policy:
    """How long an entry may be kept. `channel` empties it early; `grace` seconds survive even that.

    A grace below 0.1 s spares lists that every trade changes from being built
    more often than anyone can see.
    """

    ttl: float
    channel: str | None = None
    grace: float = 0.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One ready answer."""

    body: bytes
    etag: str
    made: float  # time.monotonic()
    generation: int
    policy: Policy


@dataclass
class CacheStats:
    """Counters since the start of the process."""

    memory_hits: int = 0
    redis_hits: int = 0
    misses: int = 0
    invalidations: int = 0


@dataclass
class Cache:
    """The two levels. `start` and `stop` bound its listening; without them it works from Redis alone."""

    redis: Redis
    subscriber: Redis  # a client without a socket timeout, because silence is no fault there
    stats: CacheStats = field(default_factory=CacheStats)
    _entries: OrderedDict[str, Entry] = field(default_factory=OrderedDict)
    # What Redis does not have yet, with the channel's mark when it was made.
    _kept_back: dict[str, bytes] = field(default_factory=dict)
    # The number of each channel's newest event; numbers are never given twice.
    _generations: dict[str, int] = field(default_factory=dict)
    _events: int = 0
    _counted_from: int = 0
    _flights: dict[tuple[str, int], asyncio.Task[Entry]] = field(default_factory=dict)
    _listening: bool = False
    _listener: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        self._batches = Batches(self.redis)

    async def start(self) -> None:
        """Begin to listen for what empties entries."""
        self._listener = asyncio.create_task(self._listen(), name="cache-invalidation")

    async def stop(self) -> None:
        """Stop listening and drop everything that is being computed."""
        await self._batches.finish()
        tasks = [task for task in (self._listener, *self._flights.values()) if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._listening = False

    def peek(self, key: str) -> Entry | None:
        """The entry in this process's memory if it still holds."""
        entry = self._entries.get(key)
        if entry is None or not self._holds(entry):
            return None
        self._entries.move_to_end(key)
        self.stats.memory_hits += 1
        if mark := self._kept_back.pop(key, None):
            self._to_redis(key, entry, mark)
        return entry

    async def get(self, key: str, policy: Policy, compute: Compute) -> Entry:
        """The entry of `key`: from memory, from Redis, or computed once for all who wait for it.

        What `compute` raises reaches every waiter and is not kept.
        """
        entry = self.peek(key)
        if entry is not None:
            return entry
        flight_key = (key, self._generation(policy))
        flight = self._flights.get(flight_key)
        if flight is None:
            flight = asyncio.create_task(self._load(key, policy, compute))
            self._flights[flight_key] = flight
            flight.add_done_callback(lambda _: self._flights.pop(flight_key, None))
        # Shielded, because one waiter that goes away must not take the answer from the others.
        return await asyncio.shield(flight)

    def _holds(self, entry: Entry) -> bool:
        age = time.monotonic() - entry.made
        if age >= entry.policy.ttl:
            return False
        if entry.policy.channel is None or age < entry.policy.grace:
            return True
        return self._listening and entry.generation == self._generation(entry.policy)

    def _generation(self, policy: Policy) -> int:
        return self._generations.get(policy.channel or "", self._counted_from)

    async def _load(self, key: str, policy: Policy, compute: Compute) -> Entry:
        # Read before anything else: what is computed from here on includes every event up to it.
        generation, asked_before = self._generation(policy), key in self._entries
        mark, body = await self._from_redis(key, policy)
        found = body is not None
        if body is None:
            self.stats.misses += 1
            body = await compute()
        else:
            self.stats.redis_hits += 1
        entry = Entry(body, f'"{zlib.crc32(body):08x}{len(body):x}"', time.monotonic(), generation, policy)
        self._keep(key, entry)
        if mark is not None and not found:
            if asked_before or not self._listening:
                self._to_redis(key, entry, mark)
            else:
                self._kept_back[key] = mark
        return entry

    def _keep(self, key: str, entry: Entry) -> None:
        self._entries[key] = entry
        self._entries.move_to_end(key)
        self._kept_back.pop(key, None)
        while len(self._entries) > _MAX_ENTRIES:
            oldest, _ = self._entries.popitem(last=False)
            self._kept_back.pop(oldest, None)

    async def _from_redis(self, key: str, policy: Policy) -> tuple[bytes | None, bytes | None]:
        """The channel's mark, and the answer made under it; None where Redis is away."""
        own = mark_key(policy.channel or "none")
        try:
            _, mark, stored = await self._batches.ask(
                ("SET", own, secrets.token_hex(8), "NX", "EX", _MARK_SECONDS), ("GET", own), ("GET", f"cache:{key}")
            )
        except _AWAY:
            return None, None
        made_under, _, body = (stored or b"").partition(b"\n")
        return mark, body if stored and made_under == mark else None

    def _to_redis(self, key: str, entry: Entry, mark: bytes) -> None:
        """Leave it there without waiting: nobody depends on it."""
        left = entry.policy.ttl - (time.monotonic() - entry.made)
        self._batches.tell("SET", f"cache:{key}", mark + b"\n" + entry.body, "PX", max(1, int(left * 1000)))

    async def _listen(self) -> None:
        """Count events per channel; while the connection is down, memory is not believed."""
        while True:
            end_if_asked()
            try:
                await self._hear()
            except _AWAY as error:
                _LOG.warning("cache.deaf", error=str(error))
            self._listening = False
            await asyncio.sleep(_RETRY_SECONDS)

    async def _hear(self) -> None:
        async with self.subscriber.pubsub() as pubsub:
            await pubsub.subscribe(moved_key(self.subscriber))
            while True:
                end_if_asked()
                message = await pubsub.get_message(timeout=_POLL_SECONDS)
                if message is None:
                    continue
                if message["type"] == "subscribe":
                    # Whatever was said before this moment may have been missed.
                    self._entries.clear()
                    self._kept_back.clear()
                    self._listening = True
                else:
                    for channel in message["data"].decode().split("\n"):
                        self._forget(channel)

    def _forget(self, channel: str) -> None:
        self.stats.invalidations += 1
        self._events += 1
        if len(self._generations) >= _MAX_CHANNELS:
            # Whatever was made before is over, of every channel.
            self._generations.clear()
            self._counted_from = self._events
        self._generations[channel] = self._events
