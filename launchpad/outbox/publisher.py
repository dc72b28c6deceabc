"""The one publisher: committed rows get their channel's next number and go to Redis.

Order of things: numbers are committed, then Redis is told, then it is noted how
far. A crash anywhere in between tells the same rows with the same numbers again;
readers drop what they have seen.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress

import asyncpg
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from launchpad.backoff import Backoff, end_if_asked
from launchpad.bus import Tail, forward, open_bus
from launchpad.config import Settings
from launchpad.db import POSTGRES_AWAY, connect_directly
from launchpad.outbox import queries
from launchpad.outbox.envelope import MARKET, Told, encode, live_key, mark_key, moved_key, stamp_of
from launchpad.pipelining import command, send

log = structlog.get_logger(__name__)

BATCH = 4000
# Between two turns: as long as a turn took, so that a busy market makes them larger and not more, within these.
BUSY_SECONDS = 0.003
RESTING_SECONDS = 0.02
IDLE_SECONDS = 0.05
STANDBY_SECONDS = 1.0
# Envelopes in one message of the market's.
AT_ONCE = 200

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
    numbers = await queries.begin(connection)
    tail = Tail(numbers.last)
    tasks = [
        asyncio.create_task(_publish_forever(connection, redis, numbers, tail), name="publish"),
        asyncio.create_task(forward(mine, bus, name, tail), name="forward"),
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
    redis: Redis = Redis.from_url(settings.require_redis(), socket_connect_timeout=5)
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


async def _publish_forever(connection: asyncpg.Connection, redis: Redis, numbers: queries.Numbers, tail: Tail) -> None:
    await _remove_streams(redis)
    noted = await _finish_what_was_begun(connection, redis)
    pause = IDLE_SECONDS
    while True:
        end_if_asked()
        began = time.monotonic()
        if await queries.is_waiting(connection):
            async with connection.transaction():
                noted = await _note(connection, numbers.last, noted)
                told = await queries.take(connection, BATCH, numbers)
            await tell(redis, told)
            tail.add(told)
            full = len(told) >= BATCH // 2
            pause = 0.0 if full else min(max(time.monotonic() - began, BUSY_SECONDS), RESTING_SECONDS)
        else:
            noted = await _note(connection, numbers.last, noted)
            pause = min(max(pause, BUSY_SECONDS) * 1.5, IDLE_SECONDS)
        await asyncio.sleep(pause)


async def _remove_streams(redis: Redis) -> None:
    """Streams of before revision 0036 would tell their readers that nothing came since."""
    async for key in redis.scan_iter(match="stream:*", count=1000):
        await redis.unlink(key)


async def _finish_what_was_begun(connection: asyncpg.Connection, redis: Redis) -> int:
    """Tell what has its number but perhaps never reached Redis, before any higher number is given; the last row."""
    last = first = await queries.told_through(connection)
    while True:
        begun, last = await queries.numbered(connection, last, BATCH)
        if not begun:
            break
        await tell(redis, begun)
    return await _note(connection, last, first)


async def _note(connection: asyncpg.Connection, last: int, noted: int) -> int:
    """Note that everything up to a row was told, unless that is noted; the row up to which it is."""
    if last > noted:
        await queries.note_told(connection, last)
    return max(last, noted)


async def tell(redis: Redis, rows: Sequence[Told]) -> None:
    """Tell readers of these rows, in order; harmless to repeat.

    What was made ready for a channel's readers is over before anybody hears why.
    """
    if not rows:
        return
    channels = list(dict.fromkeys([row.channel for row in rows]))
    live, market, frames = live_key(redis, ""), [], []
    at, stamp = None, ""
    for row in rows:
        if row.created_at is not at:
            at, stamp = row.created_at, stamp_of(row.created_at)
        frame = encode(row.channel, row.type, row.seq, stamp, row.data).encode()
        if row.channel == MARKET:
            market.append(frame)
        else:
            frames.append(command(b"PUBLISH", f"{live}{row.channel}".encode(), frame))
        if row.market_seq is not None:
            market.append(encode(MARKET, row.type, row.market_seq, stamp, row.data).encode())
    if market:
        channels.append(MARKET)
    moved = "\n".join(channels).encode()
    await send(
        redis,
        [
            command(b"UNLINK", *[mark_key(channel).encode() for channel in channels]),
            command(b"PUBLISH", moved_key(redis).encode(), moved),
            *frames,
            *_lines(live_key(redis, MARKET).encode(), market),
        ],
    )


def _lines(key: bytes, envelopes: Sequence[bytes]) -> Iterator[bytes]:
    """Commands that tell some envelopes at once, a line each."""
    for start in range(0, len(envelopes), AT_ONCE):
        yield command(b"PUBLISH", key, b"\n".join(envelopes[start : start + AT_ONCE]))
