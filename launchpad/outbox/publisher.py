"""The one publisher: committed rows get their channel's next number and go to Redis.

Order of things: numbers are committed, then Redis is told, then it is noted how
far. A crash anywhere in between tells the same rows with the same numbers again;
readers drop what they have seen.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import asyncpg
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from launchpad.backoff import Backoff, end_if_asked
from launchpad.bus import forward, open_bus
from launchpad.config import Settings
from launchpad.db import POSTGRES_AWAY, connect_directly
from launchpad.outbox import queries
from launchpad.outbox.envelope import STREAM_LENGTH, STREAM_SECONDS, Told, encode, live_key, stream_key

log = structlog.get_logger(__name__)

BATCH = 2000
BUSY_SECONDS = 0.003
IDLE_SECONDS = 0.05
STANDBY_SECONDS = 1.0
# Frames that Redis takes without answering anybody else: some milliseconds.
AT_ONCE = 200
# A stream's time to live is begun anew at most so often, or there would be one more command a frame.
RENEWED_SECONDS = 3600.0
RENEWALS_KEPT = 200_000

# A number that the stream already holds is refused: this frame was told before a crash.
_TELL = """
for n = 2, #ARGV, 4 do
  local answer = redis.pcall('XADD', ARGV[n], 'MAXLEN', '~', ARGV[1], ARGV[n + 2], 'e', ARGV[n + 3])
  if type(answer) == 'table' and answer.err and not string.find(answer.err, 'equal or smaller', 1, true) then
    return answer
  end
  redis.call('PUBLISH', ARGV[n + 1], ARGV[n + 3])
end
"""

# What a database or Redis that went away raises; everything else is a fault of ours.
_AWAY = (OSError, TimeoutError, RedisError, *POSTGRES_AWAY)


async def run(settings: Settings) -> None:
    """Publish until cancelled; waits for Postgres and Redis whenever they are away."""
    backoff = Backoff()
    while True:
        try:
            async with _connections(settings) as (connection, redis):
                await _lead(connection)
                backoff.worked()
                await _publish_and_forward(settings, connection, redis)
        except _AWAY as error:
            log.warning("outbox.waiting", error=str(error) or type(error).__name__, retry_in=backoff.seconds)
            await backoff.wait()


async def _publish_and_forward(settings: Settings, connection: asyncpg.Connection, redis: Redis) -> None:
    """Tell the live channels, and beside that the bus, which may be slower or away."""
    # A connection of its own, for each does one thing at a time.
    mine, bus = await connect_directly(settings.require_database()), open_bus(settings)
    name = "kafka" if settings.kafka_brokers else "redis"
    tasks = [
        asyncio.create_task(_publish_forever(connection, redis), name="publish"),
        asyncio.create_task(forward(mine, bus, name), name="forward"),
    ]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        mine.terminate()
        await bus.close()


@asynccontextmanager
async def _connections(settings: Settings) -> AsyncIterator[tuple[asyncpg.Connection, Redis]]:
    connection = await connect_directly(settings.require_database())
    redis: Redis = Redis.from_url(settings.require_redis(), socket_timeout=5, socket_connect_timeout=5)
    try:
        yield connection, redis
    finally:
        connection.terminate()
        with suppress(RedisError, OSError):
            await redis.aclose()


async def _lead(connection: asyncpg.Connection) -> None:
    """Wait until no other publisher is left."""
    while not await queries.try_lead(connection):  # noqa: ASYNC110 - another process holds it, no event tells us
        await asyncio.sleep(STANDBY_SECONDS)
    log.info("outbox.leading")


async def _publish_forever(connection: asyncpg.Connection, redis: Redis) -> None:
    await _finish_what_was_begun(connection, redis)
    renewed: dict[str, float] = {}
    told: list[Told] = []
    pause = IDLE_SECONDS
    while True:
        end_if_asked()
        async with connection.transaction():
            if told:
                await queries.note_told(connection)
            told = await queries.take(connection, BATCH)
        if told:
            await tell(redis, told, renewed)
            pause = 0.0 if len(told) >= BATCH else BUSY_SECONDS
        else:
            pause = min(max(pause, BUSY_SECONDS) * 1.5, IDLE_SECONDS)
        await asyncio.sleep(pause)


async def _finish_what_was_begun(connection: asyncpg.Connection, redis: Redis) -> None:
    """Tell what has its number but perhaps never reached Redis, before any higher number is given."""
    last = first = await queries.told_through(connection)
    while True:
        begun, last = await queries.numbered(connection, last, BATCH)
        if not begun:
            break
        await tell(redis, begun)
    if last > first:
        await queries.note_told(connection)


async def tell(redis: Redis, rows: list[Told], renewed: dict[str, float] | None = None) -> None:
    """Append each row to its channel's stream and publish it; harmless to repeat.

    `renewed` remembers, for one caller, when each stream's time to live was begun last.
    """
    pipeline, live = redis.pipeline(transaction=False), live_key(redis, "")
    for start in range(0, len(rows), AT_ONCE):
        frames: list[Any] = []
        for row in rows[start : start + AT_ONCE]:
            frames += (stream_key(row.channel), live + row.channel, f"{row.seq}-0", encode(row))
        pipeline.eval(_TELL, 0, str(STREAM_LENGTH), *frames)
    for channel in _due({row.channel for row in rows}, {} if renewed is None else renewed):
        pipeline.expire(stream_key(channel), STREAM_SECONDS)
    await pipeline.execute()


def _due(channels: set[str], renewed: dict[str, float]) -> list[str]:
    """The channels whose streams' time to live is to begin anew now."""
    now = time.monotonic()
    due = [one for one in channels if now - renewed.get(one, -RENEWED_SECONDS) >= RENEWED_SECONDS]
    if len(renewed) > RENEWALS_KEPT:
        renewed.clear()
    renewed.update(dict.fromkeys(due, now))
    return due
