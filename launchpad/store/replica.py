"""A read replica, and how far it is behind."""

import asyncio
import time
from collections import deque
from contextlib import suppress

import asyncpg
import structlog

from launchpad.backoff import end_if_asked
from launchpad.store import queries_replica

log = structlog.get_logger(__name__)

# What asyncpg raises for a server that is away, and for a connection that was cut in the middle of an answer.
POSTGRES_AWAY = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)

SAMPLE_SECONDS = 0.25
_SAMPLES = 240


class Replica:
    """Connections to a replica that is used while it is at most `max_lag` seconds behind.

    Both servers are asked every quarter of a second how far their logs are. The replica is as
    far behind as the newest sample of the primary that it has not replayed is old; so neither
    clocks nor a primary that has nothing to write deceive us.
    """

    def __init__(self, primary: str, replica: str, pool_size: int, max_lag: float) -> None:
        self._primary, self._url = primary, replica
        self._pool_size, self._max_lag = pool_size, max_lag
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None
        self._watch: asyncio.Task[None] | None = None
        self._log: deque[tuple[float, int]] = deque(maxlen=_SAMPLES)  # when, and how far the primary was
        self._replayed = -1
        self._heard = float("-inf")
        self._used = False

    async def pool(self) -> "asyncpg.Pool[asyncpg.Record] | None":
        """The connections, None while the replica is away or too far behind."""
        if self._watch is None:
            self._watch = asyncio.create_task(self._watch_forever(), name="replica")
        fit = self.lag() <= self._max_lag
        if fit != self._used:
            self._used = fit
            log.info("database.replica", used=fit, lag=round(self.lag(), 3))
        if not fit:
            return None
        if self._pool is None:
            self._pool = open_pool(self._url, self._pool_size)
            await self._pool
        return self._pool

    def lag(self) -> float:
        """Seconds that the replica is behind; infinite while it is not known."""
        now = time.monotonic()
        behind = next((when for when, position in self._log if position > self._replayed), now)
        silent = now - self._heard
        return max(now - behind, silent if silent > 2 * SAMPLE_SECONDS else 0.0)

    async def close(self) -> None:
        """Let go of every connection."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
        if self._pool is not None:
            await self._pool.close()

    async def _watch_forever(self) -> None:
        while True:
            end_if_asked()
            with suppress(OSError, TimeoutError, *POSTGRES_AWAY):
                await self._compare_until_away()
            await asyncio.sleep(SAMPLE_SECONDS)

    async def _compare_until_away(self) -> None:
        primary = await asyncpg.connect(self._primary, timeout=5, command_timeout=5)
        try:
            replica = await asyncpg.connect(self._url, timeout=5, command_timeout=5)
            try:
                while True:
                    self._log.append((time.monotonic(), await queries_replica.position(primary)))
                    self._replayed = await queries_replica.position(replica)
                    self._heard = time.monotonic()
                    await asyncio.sleep(SAMPLE_SECONDS)
            finally:
                replica.terminate()
        finally:
            primary.terminate()


def open_pool(url: str, size: int) -> "asyncpg.Pool[asyncpg.Record]":
    """A pool for single statements, in the loop that it is used in; its connections come as they are needed."""
    return asyncpg.create_pool(url, min_size=0, max_size=size, timeout=5, command_timeout=30, reset=_keep)


async def _keep(_connection: object) -> None:
    """Between two looks nothing needs to be undone, for they change nothing."""
