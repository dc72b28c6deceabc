"""A publisher that runs, rows to publish, and a listener."""

import asyncio
from contextlib import suppress

import orjson
import pytest

from launchpad import live, outbox
from launchpad.config import Settings
from launchpad.db import Database
from launchpad.outbox.envelope import seq_of

MINT = "Mint111111111111111111111111111111111111111"


@pytest.fixture
async def database(database_url):
    database = Database(database_url, pool_size=4)
    yield database
    await database.close()


@pytest.fixture
def store_settings(database_url, redis_url):
    """Settings without a chain: the outbox needs none."""
    return Settings(_env_file=None, database_url=database_url, redis_url=redis_url)


@pytest.fixture
async def publisher(store_settings):
    task = asyncio.create_task(outbox.run(store_settings))
    yield task
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def updated(name="Room", mint=MINT):
    return live.TokenUpdated(mint=mint, name=name, symbol="ROOM", image_uri=None, creator=mint)


def posted(seq, mint=MINT):
    return live.MessageDeleted(mint=mint, seq=seq, id=str(seq))


@pytest.fixture
def tell(database):
    async def tell(*events):
        async with database.session() as session:
            await live.publish(session, *events)

    return tell


@pytest.fixture
def told(database):
    """`await told(channel, count)`: the channel's envelopes once there are that many."""

    async def told(channel, count, after=0):
        async with asyncio.timeout(60):
            while await outbox.head(database, channel) < after + count:
                await asyncio.sleep(0.01)
        return [orjson.loads(one) for one in await outbox.read_after(database, channel, after, count)]

    return told


async def numbers_until(pubsub, last):
    """The numbers of frames up to one."""
    numbers = []
    while last not in numbers:
        numbers += await numbers_of(pubsub, 1)
    return numbers


async def numbers_of(pubsub, count):
    """The numbers of the next `count` frames."""
    numbers = []
    async with asyncio.timeout(60):
        while len(numbers) < count:
            message = await pubsub.get_message(ignore_subscribe_messages=True, timeout=1)
            if message:
                numbers += [seq_of(line) for line in message["data"].split(b"\n")]
    return numbers
