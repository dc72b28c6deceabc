"""Several sources in front of one database: first wins, failover, no gap, no double; over real gRPC and JSON-RPC."""

import asyncio
import time
from contextlib import suppress

import pytest

from launchpad.chain.addresses import PROGRAMS
from launchpad.chain.geyser.client import GeyserClient
from launchpad.chain.rpc import RpcPool
from launchpad.indexer import finality, loop, multiplexer, rpc_source
from launchpad.indexer.backfill import Backfill
from launchpad.indexer.finality import Finality
from launchpad.indexer.geyser_source import GeyserSource
from launchpad.indexer.loop import Indexer
from launchpad.indexer.multiplexer import Delivered, Multiplexer
from launchpad.indexer.rpc_source import RpcSource
from launchpad.indexer.stage import DecodeStage
from tests.indexer.geyser import ScriptedGeyser
from tests.indexer.node import ScriptedNode

TRADES = "SELECT count(*) FROM trades"
HOLES = (
    "SELECT count(*) FROM (SELECT last_slot, lead(first_slot) OVER (ORDER BY first_slot) AS next FROM slot_spans) s "
    "WHERE next > last_slot + 1"
)


@pytest.fixture(autouse=True)
def _brisk(monkeypatch):
    monkeypatch.setattr(finality, "EVERY_SECONDS", 0.05)
    monkeypatch.setattr(loop, "HOLES_SECONDS", 0.05)


@pytest.fixture
async def node():
    node = ScriptedNode()
    await node.start()
    yield node
    await node.stop()


@pytest.fixture
async def geysers():
    made = [ScriptedGeyser(), ScriptedGeyser()]
    for one in made:
        await one.start()
    yield made
    for one in made:
        await one.kill()


@pytest.fixture
async def start(node, geysers, database_url):
    """`await start()` runs an indexer on the node and both Geysers; the Multiplexer, once both are heard."""
    tasks = []

    async def start():
        stage, delivered, ready = DecodeStage(), Delivered(), asyncio.Future()

        async def index():
            async with RpcPool([node.rpc_url]) as rpc:
                backbone = RpcSource(rpc, [node.ws_url], PROGRAMS, None, stage, delivered)
                members = [GeyserSource(GeyserClient(one.url, "", PROGRAMS.values()), stage) for one in geysers]
                source = Multiplexer(backbone, members, delivered)
                ready.set_result(source)
                backfill = Backfill(rpc, PROGRAMS.values())
                await Indexer(database_url, source, tuple(PROGRAMS), Finality(rpc), backfill=backfill).run()

        tasks.append(asyncio.create_task(index()))
        source = await ready
        await holds(lambda: all(one.listeners for one in geysers))
        return source

    yield start
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def holds(question):
    async with asyncio.timeout(60):
        while not question():
            await asyncio.sleep(0.01)


@pytest.fixture
def until(connection):
    async def until(sql, value, *arguments):
        found = None
        with suppress(TimeoutError):
            async with asyncio.timeout(60):
                while (found := await connection.fetchval(sql, *arguments)) != value:
                    await asyncio.sleep(0.01)
        assert found == value, sql

    return until


async def produce(node, geysers, answers):
    """The same blocks at every source."""
    for one in geysers:
        one.produce(answers)
    node_was_silent, node.silent = node.silent, True
    await node.produce(answers)
    node.silent = node_was_silent


def by_slot(answers):
    slots = {}
    for answer in answers:
        slots.setdefault(answer["slot"], []).append(answer)
    return list(slots.values())


async def test_two_geysers_and_a_node_store_everything_once(node, geysers, start, until, market, connection):
    await produce(node, geysers, list(market.launches()))
    source = await start()
    await until("SELECT count(*) FROM tokens", 3)
    await produce(node, geysers, list(market.trades(60)))
    await until(TRADES, 60)
    assert await connection.fetchval("SELECT sum(trade_count) FROM curves") == 60
    brought = sum(one.first for one in source.health.values())
    assert brought == 63
    assert all(one.connected for name, one in source.health.items())


async def test_rows_are_the_same_whoever_brought_them(node, geysers, start, until, market, rows, make_database):
    answers = [*market.launches(), *market.trades(40)]
    await start()
    for mine in by_slot(answers):
        geysers[0].produce(mine)
    await until(TRADES, 40)
    from launchpad.db import connect_directly  # noqa: PLC0415 - this test alone has a second database
    from launchpad.indexer.fold import fold  # noqa: PLC0415 - (the same)
    from tests.indexer.conftest import TABLES, decoded, rows_of  # noqa: PLC0415 - (the same)

    other = await connect_directly(make_database())
    async with other.transaction():
        await fold(other, decoded(answers))
    mine = await rows()
    theirs = {name: await rows_of(other, name) for name in TABLES}
    await other.close()
    assert mine["chain_events"] == theirs["chain_events"]
    assert mine["trades"] == theirs["trades"]
    assert mine["candles"] == theirs["candles"]


async def test_killing_sources_mid_stream_loses_and_doubles_nothing(node, geysers, start, until, market, connection):
    await produce(node, geysers, list(market.launches()))
    await start()
    await until("SELECT count(*) FROM tokens", 3)
    for number, mine in enumerate(by_slot(market.trades(300))):
        await produce(node, geysers, mine)
        if number % 4 == 1:
            await geysers[number // 4 % 2].kill()
        if number % 4 == 3:
            await geysers[number // 4 % 2].start()
        await asyncio.sleep(0.01)
    await until(TRADES, 300)
    assert await connection.fetchval("SELECT sum(trade_count) FROM curves") == 300
    assert await connection.fetchval("SELECT sum(buys + sells) FROM candles WHERE interval = 86400") == 300


async def test_when_all_geysers_die_the_node_takes_over(node, geysers, start, until, market, monkeypatch):
    monkeypatch.setattr(rpc_source, "SWEEP_SECONDS", 30.0)
    await produce(node, geysers, list(market.launches()))
    source = await start()
    await until("SELECT count(*) FROM tokens", 3)
    await produce(node, geysers, list(market.trades(10)))
    await until(TRADES, 10)
    for one in geysers:
        await one.kill()
    died = time.monotonic()
    await node.produce(list(market.trades(10)))
    await until(TRADES, 20)
    assert not source.covered()
    # Not a figure: the sweep that a silent failure would have to wait for comes after 30 seconds.
    assert time.monotonic() - died < 15


async def test_a_geyser_that_falls_silent_is_no_longer_trusted(node, geysers, start, until, market, monkeypatch):
    monkeypatch.setattr(rpc_source, "SWEEP_SECONDS", 600.0)
    monkeypatch.setattr(multiplexer, "SILENCE_SECONDS", 1.0)
    await produce(node, geysers, list(market.launches()))
    source = await start()
    await until("SELECT count(*) FROM tokens", 3)
    await produce(node, geysers, list(market.trades(5)))
    await until(TRADES, 5)
    for one in geysers:
        one.frozen = True
    await produce(node, geysers, list(market.trades(15)))
    await until(TRADES, 20)
    await holds(lambda: source.health[source._members[0].name].errors() > 0)


async def test_a_stream_goes_on_where_it_was_cut(node, geysers, start, until, market, monkeypatch):
    # The node knows nothing, so that only the Geyser's own memory can fill the gap.
    await geysers[1].kill()
    monkeypatch.setattr(type(geysers[1]), "listeners", 1)
    await start()
    launches, trades = list(market.launches()), by_slot(market.trades(60))
    await holds(lambda: geysers[0]._queues)
    geysers[0].produce(launches)
    for mine in trades[:2]:
        geysers[0].produce(mine)
    await until("SELECT count(*) FROM tokens", 3)
    await geysers[0].kill()
    for mine in trades[2:]:
        geysers[0].produce(mine)
    await geysers[0].start()
    await until(TRADES, 60)
    assert geysers[0].asked[-1].HasField("from_slot")


async def test_what_a_geyser_forgot_is_filled_from_the_node(node, geysers, start, until, market, monkeypatch):
    monkeypatch.setattr(rpc_source, "SWEEP_SECONDS", 600.0)
    monkeypatch.setattr(rpc_source, "SWEEP_SECONDS_DEAF", 600.0)
    node.silent = True
    await geysers[1].kill()
    monkeypatch.setattr(type(geysers[1]), "listeners", 1)
    source = await start()
    monkeypatch.setattr(source._backbone, "hurry", lambda: None)
    await holds(lambda: geysers[0]._queues)
    first, rest = list(market.launches()), by_slot(market.trades(80))
    await produce(node, geysers[:1], first)
    for mine in rest[:2]:
        await produce(node, geysers[:1], mine)
    await until("SELECT count(*) FROM tokens", 3)
    await geysers[0].kill()
    geysers[0].forgot = True
    for mine in rest[2:-2]:
        await produce(node, geysers[:1], mine)
    await geysers[0].start()
    await holds(lambda: geysers[0]._queues)
    for mine in rest[-2:]:
        await produce(node, geysers[:1], mine)
    geysers[0].empty(rest[-1][0]["slot"] + 1)
    await until(TRADES, 80)
    await until(HOLES, 0)
