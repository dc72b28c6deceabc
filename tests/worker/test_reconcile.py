"""Whatever the rows have lost or got wrong, reconciling with the chain brings back."""

from dataclasses import replace

import pytest

from launchpad.chain.client import ChainClient
from launchpad.db import Database, connect_directly
from launchpad.indexer import repair
from launchpad.indexer.listener import Found
from launchpad.worker import reconcile
from launchpad.worker.reconcile import ReconcileJob, agrees, fetch_curves, fetch_pools, pool_agrees
from tests.indexer.trading import SOL, Trader, differences


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(reconcile, "PATIENCE", (0.0, 0.0))


@pytest.fixture
async def chain(settings):
    async with ChainClient(settings) as chain:
        yield chain


@pytest.fixture
async def connection(settings):
    connection = await connect_directly(settings.database_url)
    yield connection
    await connection.close()


@pytest.fixture
async def job(settings, chain):
    database = Database(settings.database_url, pool_size=2)
    yield ReconcileJob(settings, database, chain.rpc)
    await database.close()


@pytest.fixture
async def traded(chain, connection):
    """A token with two trades, indexed."""
    trader = await Trader.funded(chain)
    mint = await trader.launch()
    await trader.buy(mint, SOL)
    await trader.sell(mint)
    listed = await chain.rpc.get_signatures_for_address(trader.address)
    await repair.index_again(connection, chain.rpc, [Found(one["signature"], one["slot"]) for one in listed])
    assert await differences(chain.rpc, connection, [mint]) == []
    return mint


async def test_a_curve_that_was_never_indexed_is_back_filled(chain, connection, job):
    trader = await Trader.funded(chain)
    mint = await trader.launch()
    await trader.buy(mint, SOL)
    await job.run()
    assert await differences(chain.rpc, connection, [mint]) == []


async def test_a_trade_that_is_missing_is_indexed_again(chain, connection, job, traded):
    signature = await connection.fetchval("SELECT signature FROM trades ORDER BY position DESC LIMIT 1")
    for table in ("trades", "chain_events"):
        await connection.execute(f"DELETE FROM {table} WHERE signature = $1", signature)  # noqa: S608 - our own names
    await repair.fold_anew(connection, traded)
    assert await differences(chain.rpc, connection, [traded]) != []
    await job.run()
    assert await differences(chain.rpc, connection, [traded]) == []


async def test_a_curve_that_says_otherwise_is_folded_anew(chain, connection, job, traded):
    await connection.execute("UPDATE curves SET sold = sold + 1, trade_count = 77 WHERE mint = $1", traded)
    await job.run()
    assert await differences(chain.rpc, connection, [traded]) == []


async def test_balances_that_say_otherwise_are_corrected(chain, connection, job, traded):
    await connection.execute("UPDATE token_accounts SET amount = amount + 5, position = 0 WHERE mint = $1", traded)
    await connection.execute("UPDATE holders SET balance = balance + 5 WHERE mint = $1", traded)
    await job.run()
    assert await differences(chain.rpc, connection, [traded]) == []


async def test_an_account_that_is_gone_holds_nothing(chain, connection, job, traded):
    await connection.execute("INSERT INTO token_accounts VALUES ('gone', $1, 'somebody', 5, 1); ".rstrip("; "), traded)
    await connection.execute("INSERT INTO holders (mint, owner, balance) VALUES ($1, 'somebody', 5)", traded)
    await job.run()
    assert await connection.fetchval("SELECT balance FROM holders WHERE owner = 'somebody'") == 0
    assert await differences(chain.rpc, connection, [traded]) == []


async def test_a_repair_that_is_not_needed_changes_nothing(connection, job, traded):
    async def rows():
        tables = ("trades", "curves", "holders", "candles", "token_accounts")
        # Other tests' tokens live on the same cluster and are indexed along the way.
        found = [await connection.fetch(f"SELECT * FROM {one} WHERE mint = $1", traded) for one in tables]  # noqa: S608 - our own names
        return [sorted(map(str, each)) for each in found]

    before = await rows()
    await job.run()
    assert await rows() == before


async def test_a_row_agrees_only_when_everything_equals_the_account(chain, traded):
    curve = next(one for one in (await fetch_curves(chain.rpc)).values() if one.mint == traded)
    names = ("status", "sold", "quote_reserve", "protocol_fees", "creator_fees", "creator")
    row = {name: getattr(curve, name) for name in names}
    assert agrees(row, curve)
    assert not agrees(None, curve)
    assert not agrees(row, replace(curve, sold=curve.sold + 1))
    assert not agrees(row, replace(curve, creator="somebody else"))


async def test_pools_are_back_filled_and_folded_anew_as_curves_are(chain, connection, job):
    trader = await Trader.funded(chain)
    mint = await trader.launch()
    await trader.buy(mint, SOL)
    pool = await trader.open_pool(mint)
    await trader.swap(pool, SOL // 10)

    async def row():
        return await connection.fetchrow("SELECT * FROM pools WHERE address = $1", pool.key)

    account = (await fetch_pools(chain.rpc))[pool.key]
    for spoil in (None, "creator_fees = creator_fees + 1", "base_reserve = 5", "creator = 'somebody else'"):
        if spoil:
            await connection.execute(f"UPDATE pools SET {spoil} WHERE address = $1", pool.key)  # noqa: S608 - our own
            assert not pool_agrees(await row(), account)
        await job.run()
        assert pool_agrees(await row(), account)
    assert not pool_agrees(None, account)
    trades = await connection.fetch("SELECT venue, pool, counted FROM trades WHERE mint = $1 ORDER BY position", mint)
    assert [tuple(trade) for trade in trades] == [("curve", None, True), ("amm", pool.key, False)]
