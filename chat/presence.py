"""Who is here: how many sockets are in a room, over all processes.

Each process keeps its sockets in a sorted set per room, scored by when they count
as gone. Counts are read once a second for rooms that changed and every few
seconds for the others, so a thousand arrivals cost one frame.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from launchpad.backoff import end_if_asked

LIFETIME_SECONDS = 60
REFRESH_SECONDS = 20
TICK_SECONDS = 1.0

log = structlog.get_logger()

# (mint, count): tells the sockets of this process.
Announce = Callable[[str, int], Awaitable[None]]


class Presence:
    """The rooms that this process has sockets in, kept alive in Redis by `run()`."""

    def __init__(self, redis: "Redis", announce: Announce) -> None:
        self._redis = redis
        self._announce = announce
        self._here: dict[str, set[str]] = {}
        self._told: dict[str, int] = {}
        self._refreshed = 0.0

    async def enter(self, mint: str, sid: str) -> int:
        """Count a socket in; returns the room's count, 1 at the least even where Redis is away."""
        self._here.setdefault(mint, set()).add(sid)
        self._told.pop(mint, None)
        with suppress(RedisError, OSError):
            await self._redis.zadd(_key(mint), {sid: time.time() + LIFETIME_SECONDS})
            return await self.count(mint)
        return len(self._here[mint])

    async def leave(self, mint: str, sid: str) -> None:
        """Count a socket out."""
        sids = self._here.get(mint, set())
        sids.discard(sid)
        if not sids:
            self._here.pop(mint, None)
        self._told.pop(mint, None)
        with suppress(RedisError, OSError):
            await self._redis.zrem(_key(mint), sid)

    async def count(self, mint: str) -> int:
        """Sockets in the room that have not expired."""
        return int(await self._redis.zcount(_key(mint), time.time(), "+inf"))

    async def run(self) -> None:
        """Refresh and announce until cancelled."""
        while True:
            end_if_asked()
            try:
                await self._tick()
            except (RedisError, OSError) as error:
                log.warning("presence cannot be refreshed", error=str(error))
            await asyncio.sleep(TICK_SECONDS)

    async def _tick(self) -> None:
        now = time.time()
        refresh = now - self._refreshed > REFRESH_SECONDS
        if refresh:
            await self._refresh(now)
            self._refreshed = now
        for mint in tuple(self._here):
            count = await self.count(mint)
            if self._told.get(mint) != count:
                self._told[mint] = count
                await self._announce(mint, count)

    async def _refresh(self, now: float) -> None:
        pipe = self._redis.pipeline(transaction=False)
        for mint, sids in self._here.items():
            pipe.zadd(_key(mint), dict.fromkeys(sids, now + LIFETIME_SECONDS))
            pipe.zremrangebyscore(_key(mint), "-inf", now)
            pipe.expire(_key(mint), 2 * LIFETIME_SECONDS)
        await pipe.execute()


def _key(mint: str) -> str:
    return f"presence:{mint}"
