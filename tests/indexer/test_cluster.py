"""The indexer on a real cluster: what real programs tell becomes rows that equal their accounts."""

import asyncio
from contextlib import suppress

import pytest

from launchpad import indexer
from launchpad.chain.client import ChainClient
from launchpad.chain.launcher_events import Allocations
from launchpad.chain.launching import FirstBuy, TeamVesting
from launchpad.db import connect_directly
from tests.indexer.trading import SOL, Trader, differences


@pytest.fixture
async def chain(settings):
    async with ChainClient(settings) as chain:
        yield chain


@pytest.fixture
async def indexing(settings):
    task = asyncio.create_task(indexer.run(settings))
    yield task
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def _settled(chain, connection, mints):
    """Wait until the rows equal the chain; what differs when they never do."""
    wrong = None
    with suppress(TimeoutError):
        async with asyncio.timeout(60):
            while wrong := await _try(chain, connection, mints):
                await asyncio.sleep(0.1)
    return wrong


async def _try(chain, connection, mints):
    try:
        return await differences(chain.rpc, connection, mints)
    except KeyError as error:
        return [("missing", error)]


@pytest.mark.usefixtures("indexing")
async def test_launches_trades_and_claims_become_rows_that_equal_the_accounts(chain, connection):
    creator, trader = await Trader.funded(chain), await Trader.funded(chain)
    mint = await creator.launch(first_buy=FirstBuy(SOL))
    await trader.buy(mint, SOL)
    await trader.sell(mint)
    await trader.send(await chain.build_sweep_protocol_fees(mint, trader.address))
    await creator.send(await chain.build_claim_creator_fees(mint, creator.address))
    await trader.buy(mint, SOL // 10)
    assert await _settled(chain, connection, [mint]) == []
    claimed = await connection.fetch("SELECT kind FROM fee_events WHERE mint = $1 ORDER BY position", mint)
    assert [row["kind"] for row in claimed] == ["protocol", "creator"]
    token = await connection.fetchrow("SELECT * FROM tokens WHERE mint = $1", mint)
    assert (token["name"], token["creator"], token["supply_mode"]) == ("Example", creator.address, "fixed")


@pytest.mark.usefixtures("indexing")
async def test_a_launch_with_a_team_makes_allocations_and_a_schedule(chain, connection):
    creator = await Trader.funded(chain)
    mint = await creator.launch(
        allocations=Allocations(7_000, 2_000, 1_000, 0, 0),
        team=TeamVesting(creator.address, cliff_seconds=0, duration_seconds=1000),
    )
    assert await _settled(chain, connection, [mint]) == []
    rows = await connection.fetch("SELECT bucket, amount, owner FROM allocations WHERE mint = $1", mint)
    found = {row["bucket"]: row for row in rows}
    assert {name: int(row["amount"]) for name, row in found.items()} == {
        "public": 7 * 10**17,
        "liquidity": 2 * 10**17,
        "team": 10**17,
    }
    assert found["team"]["owner"] == creator.address
    schedule = await connection.fetchrow("SELECT * FROM vesting_schedules WHERE mint = $1", mint)
    assert (schedule["beneficiary"], int(schedule["amount"]), schedule["claimed"]) == (creator.address, 10**17, 0)


@pytest.mark.usefixtures("indexing")
async def test_a_curve_that_sells_out_is_complete(chain, connection):
    whale = await Trader.funded(chain, sol=200)
    mint = await whale.launch()
    await whale.buy(mint, 100 * SOL)
    assert await _settled(chain, connection, [mint]) == []
    curve = await connection.fetchrow("SELECT * FROM curves WHERE mint = $1", mint)
    assert (curve["status"], curve["sold"]) == ("complete", curve["sale_supply"])
    assert curve["completed_at"] is not None


async def test_a_real_validator_tells_the_same(make_validator, database_url, redis_url):
    """The node that mainnet runs: blocks that come late, finality that takes its time, its own JSON."""
    settings = make_validator().model_copy(update={"database_url": database_url, "redis_url": redis_url})
    task = asyncio.create_task(indexer.run(settings))
    connection = await connect_directly(database_url)
    try:
        async with ChainClient(settings) as chain:
            trader = await Trader.funded(chain)
            mint = await trader.launch()
            await trader.buy(mint, SOL)
            await trader.sell(mint)
            assert await _settled(chain, connection, [mint]) == []
            async with asyncio.timeout(120):
                while await connection.fetchval("SELECT count(*) FROM trades WHERE NOT finalized"):
                    await asyncio.sleep(0.2)
            assert await differences(chain.rpc, connection, [mint]) == []
    finally:
        await connection.close()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
