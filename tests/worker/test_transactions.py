"""Transactions that were handed to us are seen through to their end, whatever happened to who took them."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select

from launchpad.chain import keys
from launchpad.chain.client import ChainClient
from launchpad.db import Database
from launchpad.tables.chain import SentTransaction
from launchpad.worker.transactions import SettleJob
from tests.indexer.trading import SOL, Trader


@pytest.fixture
async def chain(settings):
    async with ChainClient(settings) as chain:
        yield chain


@pytest.fixture
async def job(settings, chain):
    database = Database(settings.database_url, pool_size=2)
    yield SettleJob(database, chain.rpc)
    await database.close()


@pytest.fixture
def keep(job):
    """`await keep(wire, height)`: note a transaction as handed in; its signature."""

    async def keep(wire, height, **more):
        values = {"signature": keys.transaction_signature(wire), "payer": "p", "wire": wire, "status": "sent"}
        async with job.database.session() as session:
            await session.execute(insert(SentTransaction).values(**values, **more, last_valid_block_height=height))
        return values["signature"]

    return keep


@pytest.fixture
def row(job):
    async def row(signature):
        async with job.database.read() as session:
            return await session.scalar(select(SentTransaction).where(SentTransaction.signature == signature))

    return row


async def _buy(chain, trader, mint, lamports=SOL // 10):
    built = await chain.build_buy_exact_in(mint, trader.address, lamports, 1, int(time.time()) + 600)
    return keys.sign_transaction(built.transaction, trader.key), built.last_valid_block_height


async def _until(job, row, signature, *statuses):
    """Do the job, as the worker does again and again, until the transaction stands there."""
    async with asyncio.timeout(60):
        while True:
            await job.run()
            found = await row(signature)
            if found.status in statuses:
                return found
            await asyncio.sleep(0.1)


async def test_what_was_kept_but_never_sent_is_sent_and_becomes_final(chain, job, keep, row):
    trader = await Trader.funded(chain)
    mint = await trader.launch()
    signature = await keep(*await _buy(chain, trader, mint))
    found = await _until(job, row, signature, "finalized")
    assert found.error is None
    assert found.slot > 0
    assert found.settled_at is not None
    assert (await chain.rpc.get_token_balances(trader.address))[mint] > 0


async def test_what_failed_is_noted_with_its_error(chain, job, keep, row):
    trader = await Trader.funded(chain, sol=1)
    mint = await (await Trader.funded(chain)).launch()
    # Either of two buys could be paid; the one that comes second cannot.
    wire, height = await _buy(chain, trader, mint, SOL // 2)
    await trader.buy(mint, SOL * 6 // 10)
    found = await _until(job, row, await keep(wire, height), "failed")
    assert {"code", "message"} <= found.error.keys()
    assert found.slot > 0


async def test_what_can_never_land_is_expired(chain, job, keep, row):
    trader = await Trader.funded(chain)
    mint = await trader.launch()
    wire, _ = await _buy(chain, trader, mint)
    signature = await keep(wire, 0)
    await job.run()
    found = await row(signature)
    assert (found.status, found.error["code"]) == ("expired", "TX_EXPIRED")


async def test_nothing_to_do_asks_nobody(job):
    job.rpc = None
    await job.run()


async def test_a_bundle_is_left_alone_at_first_and_seen_through_later(chain, job, keep, row):
    trader = await Trader.funded(chain)
    mint = await trader.launch()
    fresh = await keep(*await _buy(chain, trader, mint), executor="jito")
    await job.run()
    assert (await chain.status(fresh)).state == "unknown"
    long_ago = datetime.now(UTC) - timedelta(minutes=1)
    stale = await keep(*await _buy(chain, trader, mint, SOL // 5), executor="jito", sent_at=long_ago)
    assert (await _until(job, row, stale, "confirmed", "finalized")).executor == "jito"
    assert (await row(fresh)).status == "sent"
