"""Foreign programs beside our own: through the loop, from a node with a script to rows."""

import asyncio
from contextlib import suppress

import pytest

from launchpad.chain.addresses import PROGRAMS, WRAPPED_SOL
from launchpad.chain.foreign.decoder import addresses
from launchpad.chain.rpc import RpcPool
from launchpad.indexer import finality, rpc_source
from launchpad.indexer.finality import Finality
from launchpad.indexer.loop import Indexer
from launchpad.indexer.rpc_source import RpcSource
from launchpad.indexer.stage import DecodeStage
from tests.chain.foreign import venues
from tests.chain.foreign.answers import address
from tests.indexer.node import ScriptedNode

FOLLOWED = ["pump", "raydium_cp"]
TRADES = "SELECT count(*) FROM foreign_trades"


@pytest.fixture(autouse=True)
def _brisk(monkeypatch):
    monkeypatch.setattr(rpc_source, "SWEEP_SECONDS", 0.05)
    monkeypatch.setattr(rpc_source, "SWEEP_SECONDS_DEAF", 0.05)
    monkeypatch.setattr(finality, "EVERY_SECONDS", 0.05)


@pytest.fixture
async def node():
    node = ScriptedNode()
    await node.start()
    yield node
    await node.stop()


@pytest.fixture
async def start(node, database_url):
    """`start()` runs an indexer that follows two foreign programs, until the test ends."""
    tasks = []

    async def index():
        decode, foreign = DecodeStage(0, FOLLOWED), addresses(FOLLOWED)
        async with RpcPool([node.rpc_url]) as rpc:
            source = RpcSource(rpc, [node.ws_url], PROGRAMS, foreign, decode)
            await Indexer(database_url, source, (*PROGRAMS, *foreign), Finality(rpc, decode)).run()

    yield lambda: tasks.append(asyncio.create_task(index()))
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.fixture
def until(connection):
    """`await until(sql, value)`: wait until a query answers that."""

    async def until(sql, value):
        async with asyncio.timeout(60):
            while await connection.fetchval(sql) != value:
                await asyncio.sleep(0.01)

    return until


def traded(slot, mint=None):
    answer = venues.raydium_cp(address(), address(), WRAPPED_SOL, mint or address()).build()
    return answer | {"slot": slot, "version": 0}


async def test_trades_count_from_the_moment_on_that_their_program_is_followed(node, start, until, connection):
    await node.produce([traded(90), traded(91)])
    start()
    await until("SELECT count(*) FROM cursors WHERE name = 'raydium_cp' AND slot >= 91", 1)
    await node.produce([traded(95), venues.pump(address(), address()) | {"slot": 96, "version": 0}])
    await until(TRADES, 2)
    assert await connection.fetchval("SELECT min(slot) FROM foreign_trades") == 95


async def test_foreign_trades_are_marked_final_and_taken_back_with_their_fork(node, start, until, market):
    await node.produce(list(market.launches()))
    start()
    await until("SELECT count(*) FROM tokens", 3)
    await until("SELECT count(*) FROM cursors WHERE name = 'raydium_cp' AND slot > 0", 1)
    slot = node.head + 1
    await node.produce([traded(slot), traded(slot + 1), traded(slot + 2)])
    await until(TRADES, 3)
    node.kill_fork([slot + 1])
    node.finalized = node.head
    await until("SELECT count(*) FROM foreign_trades WHERE finalized", 2)
    await until(TRADES, 2)
    await until("SELECT count(*) FROM foreign_pools", 2)
