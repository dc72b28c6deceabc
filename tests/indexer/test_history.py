"""Everything again, out of the bus alone: an empty database becomes the same tables, by checksum."""

import time

import pytest
from typer.testing import CliRunner

from launchpad.bench._market import Market
from launchpad.bus.base import HISTORY
from launchpad.bus.kafka_bus import KafkaBus
from launchpad.bus.redis_bus import RedisBus
from launchpad.cli import app
from launchpad.config import get_settings
from launchpad.db import connect_directly
from launchpad.indexer import history
from launchpad.indexer.fold import fold
from launchpad.indexer.history import BusSource, HistoryJob
from launchpad.indexer.loop import Indexer
from launchpad.indexer.recorded import END_OF_TIME
from launchpad.indexer.replay import checksums
from tests.bus.conftest import kafka  # noqa: F401 - a fixture
from tests.conftest import make_settings
from tests.indexer.conftest import decoded


@pytest.fixture
def stream():
    """Launches, pools and 240 trades of six tokens, three of them graduates."""
    market = Market(tokens=6, traders=8, per_second=20, start=int(time.time()) - 900, graduates=3)
    return decoded([*market.launches(), *market.trades(240)])


@pytest.fixture
async def indexed(database_url, stream):
    """A connection to a database with all of it, final."""
    connection = await connect_directly(database_url)
    async with connection.transaction():
        await fold(connection, stream, END_OF_TIME)
    yield connection
    await connection.close()


@pytest.fixture
async def bus(redis_url):
    bus = RedisBus(redis_url, 100_000)
    yield bus
    await bus.close()


async def rebuilt(make_database, bus):
    """The checksums of a fresh database that the bus was indexed into."""
    url = make_database()
    await Indexer(url, BusSource(bus), ()).run()
    connection = await connect_directly(url)
    try:
        return await checksums(connection)
    finally:
        await connection.close()


async def test_an_empty_database_becomes_the_same_out_of_the_bus(indexed, database_url, make_database, bus, stream):
    job = HistoryJob(make_settings(database_url=database_url), bus)
    assert await job.run() == len(stream)
    assert await job.run() == 0
    wanted = await checksums(indexed)
    assert await rebuilt(make_database, bus) == wanted
    assert {one.table: one.rows for one in wanted}["trades"] == 240


async def test_pages_that_end_inside_a_transaction_and_messages_that_come_twice_change_nothing(
    indexed, database_url, make_database, bus, stream, monkeypatch
):
    monkeypatch.setattr(history, "BATCH", 7)
    job = HistoryJob(make_settings(database_url=database_url), bus)
    assert await job.run() == len(stream)
    # Killed after telling, before the position moved: everything is told again.
    await indexed.execute("UPDATE bus_positions SET outbox_id = 0 WHERE name = 'history'")
    assert await job.run() == len(stream)
    assert await rebuilt(make_database, bus) == await checksums(indexed)


async def test_what_is_not_final_is_not_told_and_holds_back_what_comes_after(database_url, make_database, bus, stream):
    connection = await connect_directly(database_url)
    job = HistoryJob(make_settings(database_url=database_url), bus)
    middle = stream[len(stream) // 2].slot
    for transaction in stream:
        async with connection.transaction():
            await fold(connection, [transaction], middle)
    told = await job.run()
    assert told == sum(one.slot <= middle for one in stream)
    await connection.execute("UPDATE chain_events SET finalized = true")
    await connection.execute("UPDATE trades SET finalized = true")
    assert told + await job.run() == len(stream)
    assert await rebuilt(make_database, bus) == await checksums(connection)
    await connection.close()


async def test_a_real_kafka_gives_it_back_just_so(indexed, database_url, make_database, kafka, stream):  # noqa: F811
    bus = KafkaBus(kafka)
    assert await HistoryJob(make_settings(database_url=database_url), bus).run() == len(stream)
    assert await rebuilt(make_database, bus) == await checksums(indexed)
    await bus.close()


async def test_the_command_rebuilds_from_the_bus(indexed, database_url, make_database, bus, redis_url, monkeypatch):
    import asyncio  # noqa: PLC0415 - only here

    await HistoryJob(make_settings(database_url=database_url), bus).run()
    for name, value in (("DATABASE_URL", make_database()), ("REDIS_URL", redis_url)):
        monkeypatch.setenv(name, value)
    get_settings.cache_clear()
    result = await asyncio.to_thread(CliRunner().invoke, app, ["db", "replay", "--from-bus"])
    get_settings.cache_clear()
    assert result.exit_code == 0, result.output
    for one in await checksums(indexed):
        assert one.digest in result.output
    assert [one async for one in bus.read(HISTORY)]
