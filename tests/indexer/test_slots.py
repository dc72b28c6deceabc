"""The ledger of slots in front of a node with a script: written with the rows, holes filled, used by finality."""

import asyncio
from contextlib import suppress

import pytest

from launchpad.chain.addresses import PROGRAMS
from launchpad.chain.rpc import RpcPool
from launchpad.indexer import finality, loop, rpc_source
from launchpad.indexer.backfill import Backfill
from launchpad.indexer.finality import Finality
from launchpad.indexer.loop import Indexer
from launchpad.indexer.rpc_source import RpcSource
from tests.indexer.node import ScriptedNode

TRADES = "SELECT count(*) FROM trades"
HOLES = (
    "SELECT count(*) FROM (SELECT last_slot, lead(first_slot) OVER (ORDER BY first_slot) AS next FROM slot_spans) s "
    "WHERE next > last_slot + 1"
)


@pytest.fixture(autouse=True)
def _brisk(monkeypatch):
    monkeypatch.setattr(rpc_source, "SWEEP_SECONDS", 0.05)
    monkeypatch.setattr(rpc_source, "SWEEP_SECONDS_DEAF", 0.05)
    monkeypatch.setattr(finality, "EVERY_SECONDS", 0.05)
    monkeypatch.setattr(loop, "HOLES_SECONDS", 0.05)


@pytest.fixture
async def node():
    node = ScriptedNode()
    await node.start()
    yield node
    await node.stop()


@pytest.fixture
async def start(node, database_url):
    tasks = []

    async def index():
        async with RpcPool([node.rpc_url]) as rpc:
            source = RpcSource(rpc, [node.ws_url], PROGRAMS)
            backfill = Backfill(rpc, PROGRAMS.values())
            await Indexer(database_url, source, tuple(PROGRAMS), Finality(rpc), backfill=backfill).run()

    yield lambda: tasks.append(asyncio.create_task(index()))
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


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


def slots_of(answers):
    return sorted({answer["slot"] for answer in answers})


async def begin_at(connection, node, slot, spans):
    """A database that was indexed up to a slot, with this ledger."""
    await connection.executemany(
        "INSERT INTO cursors (name, slot, genesis_hash) VALUES ($1, $2, $3)",
        [(name, slot, node.genesis_hash) for name in PROGRAMS],
    )
    await connection.executemany("INSERT INTO slot_spans VALUES ($1, $2, $3)", spans)


async def test_what_was_swept_is_in_the_ledger_skipped_slots_too(node, start, until, market, connection):
    await node.produce([*market.launches(), *market.trades(40)])
    start()
    await until(TRADES, 40)
    first = node.head
    # The first sweep may have the last trades in it, the second has nothing.
    for _ in range(2):
        node.head += 20
        await until("SELECT max(last_slot) FROM slot_spans", node.head - rpc_source.SETTLED_SLOTS)
    statuses = await connection.fetch("SELECT * FROM slot_spans WHERE last_slot > $1 ORDER BY 1", first)
    assert statuses[-1]["status"] == "skipped"
    assert await connection.fetchval(HOLES) == 0


async def test_a_hole_is_filled_with_what_happened_in_it(node, start, until, market, connection, monkeypatch):
    answers = [*market.launches(), *market.trades(60)]
    await node.produce(answers)
    slots = slots_of(answers)
    # Nothing but the back-fill may find what is in the hole.
    monkeypatch.setattr(node, "_getSignaturesForAddress", lambda _address, _config: [])
    node.head += 50
    await begin_at(connection, node, node.head, [(0, slots[0] - 1, "indexed"), (slots[-1] + 1, node.head, "indexed")])
    start()
    await until(TRADES, 60)
    await until(HOLES, 0)
    await until("SELECT count(*) FROM tokens", 3)


async def test_a_hole_that_no_node_can_fill_yet_stays_a_hole(node, start, until, market, connection, monkeypatch):
    answers = [*market.launches(), *market.trades(20)]
    await node.produce(answers)
    blocks, node.blocks = node.blocks, {}
    refusal = {"code": -32004, "message": "Block not available"}
    monkeypatch.setattr(node, "_getBlocks", lambda *_: refusal)
    last = max(blocks)
    await begin_at(connection, node, node.head, [(0, 999, "indexed"), (last + 1, last + 50, "indexed")])
    start()
    await until("SELECT count(*) FROM cursors", len(PROGRAMS))
    assert await connection.fetchval(HOLES) == 1
    node.blocks = blocks
    monkeypatch.undo()
    await until(TRADES, 20)
    await until(HOLES, 0)


async def test_nothing_beyond_a_hole_counts_as_complete(node, start, until, market, connection, monkeypatch):
    await node.produce([*market.launches(), *market.trades(20)])
    refusal = {"code": -32004, "message": "Block not available"}
    monkeypatch.setattr(node, "_getBlocks", lambda *_: refusal)
    await begin_at(connection, node, node.head, [(0, 899, "indexed"), (910, node.head, "indexed")])
    node.finalized = node.head
    start()
    await until("SELECT min(finalized_slot) FROM cursors", 899)
    monkeypatch.undo()
    await until("SELECT min(finalized_slot) FROM cursors", node.head)


async def test_transactions_of_a_dead_slot_go_before_anything_is_final(node, start, until, market, connection):
    await node.produce([*market.launches(), *market.trades(40)])
    start()
    await until(TRADES, 40)
    dead = max(node.blocks)
    gone = len(node.blocks[dead])
    node.kill_fork([dead])
    await connection.execute("INSERT INTO slot_spans VALUES ($1, $1, 'dead')", dead)
    await until(TRADES, 40 - gone)
    assert node.finalized < dead
