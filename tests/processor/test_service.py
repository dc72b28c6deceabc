"""The process itself: from committed trades over the bus into Redis, past a Redis that forgets everything."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from launchpad import outbox, processor
from launchpad.processor import keys
from tests.conftest import make_settings
from tests.metrics.conftest import decoded


@pytest.fixture
async def running(database_url, redis_url):
    """An outbox and a processor until the test ends."""
    settings = make_settings(database_url=database_url, redis_url=redis_url)
    tasks = [asyncio.create_task(part.run(settings)) for part in (outbox, processor)]
    yield
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(holds):
    async with asyncio.timeout(60):
        while not await holds():
            await asyncio.sleep(0.02)


async def test_trades_are_ready_in_redis_and_come_back_when_it_forgot_them(
    running, market, store, follower, price_sol, redis
):
    await until(lambda: redis.exists("bus:amm-trades"))
    await price_sol(Decimal(150), datetime.now(UTC))
    await store(decoded([*market.launches(), *market.trades(100)]))
    await follower.run()

    async def all_there():
        return len(await redis.keys("token:*:prices")) == 5 and await redis.zcard(keys.BY_VOLUME) == 5

    await until(all_there)
    assert len(await redis.keys("processor:*-*")) == 1
    await redis.flushdb()
    await until(lambda: redis.exists("bus:amm-trades"))
    await store(decoded(market.trades(100)))
    await until(all_there)
