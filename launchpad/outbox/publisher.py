"""The one publisher: committed rows get their channel's next number and go to Redis.

Order of things: numbers are committed, then Redis is told, then the rows are
marked. A crash anywhere in between tells the same rows with the same numbers
again; readers drop what they have seen.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import asyncpg
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

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
    told: list[Told] = []
    pause = IDLE_SECONDS
    while True:
        end_if_asked()
        async with connection.transaction():
            if told:
                await queries.mark_published(connection, [row.id for row in told])
            told = await queries.take(connection, BATCH)
        if told:
            await tell(redis, told)
            pause = 0.0 if len(told) == BATCH else BUSY_SECONDS
        else:
            pause = min(max(pause, BUSY_SECONDS) * 1.5, IDLE_SECONDS)
        await asyncio.sleep(pause)


async def _finish_what_was_begun(connection: asyncpg.Connection, redis: Redis) -> None:
    """Tell what has its number but perhaps never reached Redis, before any higher number is given."""
    while begun := await queries.numbered(connection, BATCH):
        await tell(redis, begun)
        await queries.mark_published(connection, [row.id for row in begun])


async def tell(redis: Redis, rows: list[Told]) -> None:
    """Append each row to its channel's stream and publish it; harmless to repeat."""
    pipeline = redis.pipeline(transaction=False)
    for row in rows:
        envelope = encode(row)
        pipeline.xadd(
            stream_key(row.channel), {"e": envelope}, id=f"{row.seq}-0", maxlen=STREAM_LENGTH, approximate=True
        )
        pipeline.publish(live_key(row.channel), envelope)
    for channel in {row.channel for row in rows}:
        pipeline.expire(stream_key(channel), STREAM_SECONDS)
    for answer in await pipeline.execute(raise_on_error=False):
        # A number that the stream already holds is refused: this row was told before a crash.
        if isinstance(answer, Exception) and not _is_repeat(answer):
            raise answer


def _is_repeat(answer: Exception) -> bool:
    return isinstance(answer, ResponseError) and "equal or smaller" in str(answer)
