"""The worker sends whole transactions to the bus only where that was asked for."""

from launchpad.bus.base import HISTORY
from launchpad.bus.redis_bus import RedisBus
from launchpad.db import connect_directly
from launchpad.indexer.fold import fold
from launchpad.indexer.recorded import END_OF_TIME
from launchpad.worker import _of_bus
from tests.conftest import make_settings
from tests.indexer.test_history import stream  # noqa: F401 - a fixture


def test_nobody_who_did_not_ask_for_it_pays_for_it(database_url, redis_url):
    assert _of_bus(make_settings(database_url=database_url, redis_url=redis_url)) == []


async def test_the_job_tells_what_became_final(database_url, redis_url, stream):  # noqa: F811 - the fixture above
    settings = make_settings(database_url=database_url, redis_url=redis_url, bus_history=True)
    connection = await connect_directly(database_url)
    async with connection.transaction():
        await fold(connection, stream, END_OF_TIME)
    await connection.close()
    [job] = _of_bus(settings)
    assert await job.work() == len(stream)
    bus = RedisBus(redis_url, 1000)
    assert len([one async for one in bus.read(HISTORY)]) == len(stream)
    await bus.close()
