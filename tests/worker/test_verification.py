"""New tokens get a report of their own accord."""

import pytest

from launchpad.chain.client import ChainClient
from launchpad.db import Database
from launchpad.verification import reading
from launchpad.verification.service import Verifier
from launchpad.worker.documents import DocumentClient
from launchpad.worker.verification import VerifyJob
from tests.indexer.trading import Trader
from tests.worker.conftest import MINT


@pytest.fixture
async def chain(settings):
    async with ChainClient(settings) as chain:
        yield chain


@pytest.fixture
async def job(settings, chain):
    database, documents = Database(settings.database_url, pool_size=2), DocumentClient()
    yield VerifyJob(Verifier(settings, database, chain.rpc, documents))
    await documents.close()
    await database.close()


async def test_a_new_token_is_verified_and_one_that_cannot_be_holds_nothing_up(job, chain, launch):
    trader = await Trader.funded(chain)
    mint = await trader.launch()
    await launch("ipfs://nowhere", mint=mint)
    await launch("ipfs://nowhere", mint=MINT)
    await job.run()
    async with job.verifier.database.read() as session:
        assert (await reading.status(session, mint)).status in {"good", "warning"}
        assert (await reading.status(session, MINT)).status == "unchecked"
    assert list(job._not_before) == [MINT]
    await job.run()
