"""A made-up market in a real database, its figures, and an empty Redis."""

import orjson
import pytest
from redis.asyncio import Redis

from launchpad.bus.base import message_of
from launchpad.db import Database
from tests.metrics.conftest import (  # noqa: F401 - fixtures
    clock,
    connection,
    follower,
    market,
    metrics_settings,
    price_sol,
    store,
)


@pytest.fixture
async def database(database_url):
    database = Database(database_url, pool_size=4)
    yield database
    await database.close()


@pytest.fixture
async def redis(redis_url):
    redis = Redis.from_url(redis_url, decode_responses=False)
    yield redis
    await redis.aclose()


@pytest.fixture
def told(connection):  # noqa: F811 - the fixture above
    """`await told()`: the messages of all trades that are stored, as the outbox' leader makes them."""

    async def told():
        rows = await connection.fetch(
            "SELECT channel, data, created_at FROM outbox WHERE type = 'trade' AND channel LIKE 'token:%' ORDER BY id"
        )
        return [
            message_of(row["channel"].removeprefix("token:"), orjson.loads(row["data"]), row["created_at"])
            for row in rows
        ]

    return told
