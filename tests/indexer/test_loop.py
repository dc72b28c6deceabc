"""The loop in front of a node with a script."""

import asyncio
from contextlib import suppress

import pytest

from launchpad.chain.addresses import BONDING_CURVE, PROGRAMS
from launchpad.chain.rpc import RpcPool
from launchpad.indexer import fetch, finality, rpc_source
from launchpad.indexer import fold as folding
from launchpad.indexer.finality import Finality
from launchpad.indexer.loop import Indexer
from launchpad.indexer.queries import WRITER_LOCK
from launchpad.indexer.rpc_source import RpcSource
from tests.indexer.node import ScriptedNode
from tests.telling import number


@pytest.fixture
async def node():
    node = ScriptedNode()
    await node.start()
    yield node
    await node.stop()


@pytest.fixture(autouse=True)
def _brisk(monkeypatch):
    """Look at the chain more often than anybody needs outside of tests."""
    monkeypatch.setattr(rpc_source, "SWEEP_SECONDS", 0.05)
    monkeypatch.setattr(rpc_source, "SWEEP_SECONDS_DEAF", 0.05)
    monkeypatch.setattr(finality, "EVERY_SECONDS", 0.05)


@pytest.fixture
async def start(node, database_url):
    """`start()` runs an indexer until the test ends, or until `stop(task)`."""
    tasks = []

    async def index():
        async with RpcPool([node.rpc_url]) as rpc:
            source = RpcSource(rpc, [node.ws_url], PROGRAMS)
            await Indexer(database_url, source, tuple(PROGRAMS), Finality(rpc)).run()

    def start():
        tasks.append(asyncio.create_task(index()))
        return tasks[-1]

    yield start
    for task in tasks:
        await stop(task)


async def stop(task):
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


@pytest.fixture
def until(connection):
    """`await until(sql, value)`: wait until a query answers that."""

    async def until(sql, value, *arguments):
        found = None
        with suppress(TimeoutError):
            async with asyncio.timeout(60):
                while (found := await connection.fetchval(sql, *arguments)) != value:
                    await asyncio.sleep(0.01)
        assert found == value, sql

    return until


TRADES = "SELECT count(*) FROM trades"


async def test_what_happened_before_the_start_is_back_filled(node, start, until, market):
    await node.produce([*market.launches(), *market.trades(60)])
    start()
    await until(TRADES, 60)
    await until("SELECT count(*) FROM tokens", 3)


async def test_what_happens_is_heard_at_once(node, start, until, market):
    await node.produce(list(market.launches()))
    start()
    await until("SELECT count(*) FROM tokens", 3)
    await node.produce(list(market.trades(5)))
    await until(TRADES, 5)


async def test_what_the_websocket_did_not_tell_is_found_by_the_sweep(node, start, until, market):
    await node.produce(list(market.launches()))
    start()
    await until("SELECT count(*) FROM tokens", 3)
    node.silent = True
    await node.produce(list(market.trades(30)))
    await until(TRADES, 30)


async def test_a_lost_websocket_loses_nothing(node, start, until, market):
    await node.produce(list(market.launches()))
    start()
    await until("SELECT count(*) FROM tokens", 3)
    for _ in range(5):
        await node.hang_up()
        await node.produce(list(market.trades(10)))
    await until(TRADES, 50)


async def test_many_trades_of_one_slot_come_from_the_whole_block(node, start, until, market, connection):
    market._per_slot = 100
    await node.produce([*market.launches(), *market.trades(90)])
    start()
    await until(TRADES, 90)
    places = await connection.fetch("SELECT signature FROM trades ORDER BY position")
    block = [one["transaction"]["signatures"][0] for one in node.blocks[1000]]
    assert [row["signature"] for row in places] == block[3:]
    assert node.calls.count("getTransaction") < 90


async def test_a_restart_goes_on_from_the_cursor(node, start, until, market):
    await node.produce([*market.launches(), *market.trades(60)])
    first = start()
    await until(TRADES, 60)
    node.head += 10
    await until("SELECT min(slot) FROM cursors", node.head)
    await stop(first)
    node.calls.clear()
    await node.produce(list(market.trades(3)))
    start()
    await until(TRADES, 63)
    assert node.calls.count("getTransaction") <= 10


async def test_rows_become_final_with_their_slot(node, start, until, market):
    await node.produce([*market.launches(), *market.trades(20)])
    start()
    await until(TRADES, 20)
    await until("SELECT count(*) FROM trades WHERE finalized", 0)
    node.finalized = node.head
    await until("SELECT count(*) FROM trades WHERE finalized", 20)
    await until("SELECT count(*) FROM chain_events WHERE NOT finalized", 0)
    await until("SELECT min(finalized_slot) FROM cursors", node.head)


async def test_rows_become_final_page_by_page_without_a_pause(node, start, until, market, monkeypatch):
    monkeypatch.setattr(finality, "CHECK", 4)
    monkeypatch.setattr(finality, "EVERY_SECONDS", 3600)
    await node.produce([*market.launches(), *market.trades(20)])
    first = start()
    await until(TRADES, 20)
    await stop(first)
    node.finalized = node.head
    start()
    await until("SELECT count(*) FROM chain_events WHERE NOT finalized", 0)


async def test_trades_of_a_dead_fork_are_removed_and_retracted(node, start, until, market, rows, connection):
    await node.produce([*market.launches(), *market.trades(40)])
    start()
    await until(TRADES, 40)
    alive = await rows("curves")
    heads = {token.mint: token.sold for token in market.tokens}
    dead = list(market.trades(16))
    slots = {one["slot"] for one in dead} - {max(node.blocks)}
    lost = [one for one in dead if one["slot"] in slots]
    await node.produce(lost)
    await until(TRADES, 40 + len(lost))
    node.kill_fork(slots)
    node.finalized = node.head
    await until(TRADES, 40)
    await number(connection)
    assert await connection.fetchval("SELECT count(*) FROM outbox WHERE type = 'trade.retracted'") == 2 * len(lost)
    assert {row["mint"]: row["sold"] for row in await rows("curves")} == heads
    assert await rows("curves") == alive


async def test_after_a_dead_fork_balances_are_asked_of_the_chain(node, start, until, market):
    await node.produce([*market.launches(), *market.trades(4)])
    start()
    await until(TRADES, 4)
    lost = list(market.trades(8))[-4:]
    mint, owner = lost[0]["meta"]["postTokenBalances"][0]["mint"], lost[0]["transaction"]["message"]["accountKeys"][0]
    account = lost[0]["transaction"]["message"]["accountKeys"][5]
    await node.produce(lost)
    await until(TRADES, 8)
    node.token_accounts = [(mint, owner, account, 77)]
    node.kill_fork({one["slot"] for one in lost})
    node.finalized = node.head
    await until("SELECT balance FROM holders WHERE mint = $1 AND owner = $2", 77, mint, owner)


async def test_a_trade_that_moved_to_another_slot_is_stored_there(node, start, until, market):
    await node.produce(list(market.launches()))
    start()
    await until("SELECT count(*) FROM tokens", 3)
    [trade] = market.trades(1)
    await node.produce([trade])
    await until(TRADES, 1)
    node.blocks[trade["slot"]].remove(trade)
    moved = trade | {"slot": trade["slot"] + 3}
    node.blocks[moved["slot"]] = [moved]
    node.head = node.finalized = moved["slot"]
    await until("SELECT slot FROM trades", moved["slot"])
    await until("SELECT count(*) FROM trades WHERE finalized", 1)
    await until("SELECT trade_count FROM curves WHERE trade_count > 0", 1)


async def test_what_a_forgetful_node_cannot_tell_counts_as_final(node, start, until, market):
    await node.produce([*market.launches(), *market.trades(10)])
    start()
    await until(TRADES, 10)
    node.blocks.clear()
    node.first_available = node.head + 100
    node.finalized = node.head
    await until("SELECT count(*) FROM trades WHERE finalized", 10)


async def test_another_chain_starts_clean(node, start, until, market):
    await node.produce([*market.launches(), *market.trades(10)])
    start()
    await until(TRADES, 10)
    node.blocks.clear()
    node.genesis_hash, node.head = "genesis-2", 0
    await node.hang_up()
    await until(TRADES, 0)
    await until("SELECT count(*) FROM tokens", 0)
    await until("SELECT DISTINCT genesis_hash FROM cursors", "genesis-2")
    await node.produce(list(market.trades(2)))
    await until(TRADES, 2)


async def test_a_node_that_is_away_is_waited_for(node, start, until, market):
    await node.stop()
    start()
    await asyncio.sleep(0)
    await node.start()
    await node.produce([*market.launches(), *market.trades(10)])
    await until(TRADES, 10)
    await node.stop()
    await node.start()
    await node.produce(list(market.trades(10)))
    await until(TRADES, 20)


async def test_a_node_that_talks_nonsense_is_asked_again(node, start, until, market):
    honest, nonsense = node._getSignaturesForAddress, iter(([{"strange": 1}], {"code": -32019, "message": "no"}))
    node._getSignaturesForAddress = lambda *params: next(nonsense, None) or honest(*params)
    await node.produce([*market.launches(), *market.trades(10)])
    start()
    await until(TRADES, 10)


async def test_what_vanished_before_it_was_fetched_may_come_back(node, start, until, market, monkeypatch):
    monkeypatch.setattr(fetch, "RETRY_SECONDS", (0.01,))
    await node.produce(list(market.launches()))
    start()
    await until("SELECT count(*) FROM tokens", 3)
    [trade] = market.trades(1)
    await node._notify(trade)
    while "getSignatureStatuses" not in node.calls:
        await asyncio.sleep(0.01)
    await node.produce([trade])
    await until(TRADES, 1)


async def test_a_lost_database_connection_loses_and_doubles_nothing(node, start, until, market, connection):
    await node.produce(list(market.launches()))
    start()
    await until("SELECT count(*) FROM tokens", 3)
    for _ in range(5):
        await node.produce(list(market.trades(10)))
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
            "AND datname = current_database()"
        )
    await until(TRADES, 50)
    await until("SELECT sum(trade_count) FROM curves", 50)


async def test_a_transaction_that_cannot_be_folded_stops_no_other(node, start, until, market, monkeypatch):
    [bad, *good] = market.trades(10)
    signature = bad["transaction"]["signatures"][0]
    honest = folding.handle

    def handle(batch, event, place):
        if place.signature == signature:
            raise KeyError("strange")
        honest(batch, event, place)

    monkeypatch.setattr(folding, "handle", handle)
    await node.produce([*market.launches(), bad, *good])
    start()
    await until(TRADES, 9)
    await until("SELECT count(*) FROM chain_events WHERE signature = $1", 1, signature)


async def test_a_second_indexer_waits_for_the_first(node, start, until, market, connection):
    await node.produce([*market.launches(), *market.trades(10)])
    first, second = start(), start()
    await until(TRADES, 10)
    # Other databases of the same server may have an indexer of their own.
    locks = """
        SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
        WHERE datname = current_database() AND locktype = 'advisory' AND granted AND objid::bigint = $1
    """
    assert await connection.fetchval(locks, WRITER_LOCK & 0xFFFF_FFFF) == 1
    await stop(first)
    await stop(second)


async def test_failed_transactions_are_passed_over(node, start, until, market):
    trades = list(market.trades(10))
    trades[3]["meta"]["err"] = {"InstructionError": [0, {"Custom": 6002}]}
    await node.produce([*market.launches(), *trades])
    start()
    await until(TRADES, 9)
    assert BONDING_CURVE in trades[3]["transaction"]["message"]["accountKeys"]
