"""One member of the trade processor: its share of the bus, and the figures where it is the one that keeps them."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime

import orjson
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from launchpad.backoff import Backoff, end_if_asked
from launchpad.bus import TRADE_PROCESSOR, Bus, open_bus
from launchpad.bus.base import Message
from launchpad.config import Settings
from launchpad.db import POSTGRES_AWAY, Database
from launchpad.errors import UnavailableError
from launchpad.processor import keys
from launchpad.processor.figures import LiveFigures
from launchpad.processor.live_cache import LiveCache

log = structlog.get_logger(__name__)

FIGURES_SECONDS = 2.0
HEARTBEAT_SECONDS = 5.0
_HEARTBEAT_KEPT = 30
_AWAY = (OSError, TimeoutError, RedisError, *POSTGRES_AWAY, UnavailableError)


async def run(settings: Settings) -> None:
    """Process trades until cancelled; waits for Postgres, Redis and the bus whenever they are away."""
    database = Database.from_settings(settings)
    redis: Redis = Redis.from_url(settings.require_redis(), socket_timeout=10, socket_connect_timeout=5)
    bus = open_bus(settings)
    cache, figures = LiveCache(redis, database), LiveFigures(redis, database)
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_work(bus, cache), name="trades")
            tasks.create_task(_repeat(figures.run, FIGURES_SECONDS), name="figures")
            tasks.create_task(_repeat(lambda: _beat(redis, cache), HEARTBEAT_SECONDS), name="heartbeat")
    finally:
        await bus.close()
        await database.close()
        with suppress(RedisError, OSError):
            await redis.aclose()


async def _work(bus: Bus, cache: LiveCache) -> None:
    backoff = Backoff()

    async def take(messages: Sequence[Message]) -> None:
        await cache.take(messages)
        backoff.worked()

    while True:
        end_if_asked()
        try:
            await bus.work(TRADE_PROCESSOR, take)
        except _AWAY as error:
            log.warning("processor.waiting", error=str(error) or type(error).__name__, retry_in=backoff.seconds)
            await backoff.wait()


async def _repeat(work: Callable[[], Awaitable[object]], seconds: float) -> None:
    while True:
        end_if_asked()
        try:
            await work()
        except _AWAY as error:
            log.warning("processor.waiting", error=str(error) or type(error).__name__, retry_in=seconds)
        await asyncio.sleep(seconds)


async def _beat(redis: Redis, cache: LiveCache) -> None:
    """Say that this member is alive, and how many trades it has done."""
    member = f"{socket.gethostname()}-{os.getpid()}"
    told = {"at": datetime.now(UTC), "handled": cache.handled}
    await redis.set(keys.heartbeat(member), orjson.dumps(told, option=orjson.OPT_UTC_Z), ex=_HEARTBEAT_KEPT)
