"""A client on the shared cluster, wallets with SOL in them, and a token to trade."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import pytest

from launchpad.chain import keys
from launchpad.chain.client import BuiltTransaction, ChainClient
from launchpad.chain.events import ChainTransaction, decode_transaction
from launchpad.chain.keys import Keypair
from launchpad.chain.launching import LaunchParams
from tests.metaplex import MISSING, PROGRAM, cluster_words

SOL = 10**9


@dataclass(frozen=True)
class Wallet:
    """A funded key, and what it does on the cluster."""

    key: Keypair
    chain: ChainClient

    @property
    def address(self) -> str:
        return keys.address_of(self.key)

    async def send(self, built: BuiltTransaction) -> ChainTransaction:
        """Sign, send, confirm and read back."""
        signed = keys.sign_transaction(built.transaction, self.key)
        signature = await self.chain.submit(signed, built.last_valid_block_height)
        await self.chain.confirm(signature, built.last_valid_block_height)
        return decode_transaction(await self.chain.read_back(signature))


def soon() -> int:
    """A deadline that does not pass during a test."""
    return int(time.time()) + 600


@pytest.fixture(scope="session")
def cluster(make_cluster):
    """A cluster whose slots are short, because these tests wait for many confirmations one after another."""
    return make_cluster("--slot-ms", "150")


@pytest.fixture(scope="session")
async def chain(cluster) -> AsyncIterator[ChainClient]:
    async with ChainClient(cluster.settings()) as client:
        yield client


@pytest.fixture(scope="session")
def fund(chain) -> Callable[..., Awaitable[Wallet]]:
    """Call it for a new wallet with so many SOL."""

    async def make(amount: int = 100, *, client: ChainClient = chain) -> Wallet:
        key = keys.generate()
        blockhash = await client.rpc.latest_blockhash()
        signature = await client.rpc.request_airdrop(keys.address_of(key), amount * SOL)
        await client.confirm(signature, blockhash.last_valid_block_height)
        return Wallet(key, client)

    return make


@pytest.fixture(scope="session")
async def creator(fund) -> Wallet:
    return await fund()


@pytest.fixture(scope="session")
def plain(creator) -> LaunchParams:
    """A launch with nothing special."""
    return LaunchParams(creator=creator.address, name="Plain", symbol="PLN", uri="ipfs://plain", supply=10**18)


@pytest.fixture
async def mint(creator, plain) -> str:
    """A token of its own for one test."""
    address, (built,) = await creator.chain.build_launch(plain)
    await creator.send(built)
    return address


@pytest.fixture(scope="module")
async def metaplex(make_cluster) -> AsyncIterator[ChainClient]:
    """A client of a cluster that has Metaplex's program."""
    if not PROGRAM.exists():
        pytest.skip(MISSING)
    cluster = make_cluster("--slot-ms", "150", *cluster_words())
    async with ChainClient(cluster.settings()) as client:
        yield client
