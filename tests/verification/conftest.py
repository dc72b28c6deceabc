"""Wallets on the shared cluster, and the verifier over real stores."""

from dataclasses import dataclass

import pytest

from launchpad.chain import keys
from launchpad.chain.client import ChainClient
from launchpad.client import LaunchpadClient, sol
from launchpad.db import Database
from launchpad.verification.service import Verifier
from launchpad.worker.documents import DocumentClient


@dataclass(frozen=True)
class Wallet:
    """What tests.chain.mints asks of one."""

    key: keys.Keypair
    chain: ChainClient

    @property
    def address(self):
        return keys.address_of(self.key)


@pytest.fixture(scope="session")
async def pad(cluster):
    async with LaunchpadClient(cluster.rpc_url, keys.generate()) as client:
        await client.airdrop(sol(90))
        yield client


@pytest.fixture(scope="session")
def wallet(pad):
    return Wallet(pad.keypair, pad.chain)


@pytest.fixture
async def verifier(settings, pad):
    database, documents = Database(settings.database_url, pool_size=2), DocumentClient()
    yield Verifier(settings, database, pad.chain.rpc, documents)
    await documents.close()
    await database.close()


def codes(report):
    """Severity by code."""
    return {one.code: one.severity for one in report.findings}
