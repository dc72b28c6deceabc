"""A client on a cluster with Raydium, wallets with SOL in them, and sold-out curves whose terms name it."""

import pytest

from launchpad.chain.client import ChainClient
from launchpad.chain.curve_math import Segment
from launchpad.chain.launching import LaunchParams
from launchpad.chain.sale_terms import GraduationTerms, SaleTerms
from tests.chain.conftest import soon
from tests.dex.conftest import funded

# A whole sale for six SOL.
SEGMENTS = (Segment(1_073_000_000 * 10**9, 2_118_000_000, 793_100_000 * 10**9),)
AT_RAYDIUM = GraduationTerms(venue="raydium")


@pytest.fixture(scope="session")
async def chain(raydium_cluster):
    async with ChainClient(raydium_cluster.settings()) as client:
        yield client


@pytest.fixture(scope="session")
def fund(chain):
    """Call it for a new wallet with so many SOL."""
    return lambda amount=100: funded(chain, amount)


@pytest.fixture(scope="session")
async def creator(fund):
    return await fund()


@pytest.fixture
def launch(chain, creator):
    """Call it, with terms of the graduation, for a new token."""

    async def make(graduation=AT_RAYDIUM):
        texts = {"name": "Ray", "symbol": "RAY", "uri": "ipfs://ray"}
        sale = SaleTerms(graduation=graduation)
        params = LaunchParams(creator=creator.address, supply=10**18, sale=sale, segments=SEGMENTS, **texts)
        mint, built = await chain.build_launch(params)
        for each in built:
            await creator.send(each)
        return mint

    return make


@pytest.fixture
def sold_out(chain, creator, launch):
    """Call it, with terms of the graduation, for a token whose curve is sold out."""

    async def make(graduation=AT_RAYDIUM):
        mint = await launch(graduation)
        state = await chain.fetch_curve(mint)
        left = state.sale_supply - state.sold
        cost = state.quote_buy_exact_out(left).total
        await creator.send(await chain.build_buy_exact_out(mint, creator.address, left, cost, soon()))
        return mint

    return make
