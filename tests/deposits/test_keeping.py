"""A keeper takes a batch that sells out from its window into its pool; nobody's tokens are burned."""

import time

import pytest

from launchpad.chain import batches, curve_math, pda
from launchpad.chain.client import ChainClient
from launchpad.chain.curve_math import Segment
from launchpad.chain.launching import LaunchParams
from launchpad.chain.sale_terms import BatchTerms, SaleTerms
from launchpad.deposits import building
from launchpad.deposits.schemas import BatchClaimRequest, DepositRequest
from launchpad.keeper.service import Keeper
from tests.indexer.trading import Trader

SOL = 10**9
# A whole sale for two SOL.
SEGMENTS = (Segment(1_073_000_000 * SOL, 706_000_000, 793_100_000 * SOL),)


@pytest.fixture
async def chain(cluster):
    async with ChainClient(cluster.settings()) as chain:
        yield chain


async def test_a_sold_out_batch_graduates_and_is_claimed_from_afterwards(chain, wait_until):
    creator, ann, bob, keeper = [await Trader.funded(chain) for _ in range(4)]
    sale = SaleTerms(batch=BatchTerms(3, 3, SOL))
    params = LaunchParams(
        *(creator.address, "Tide", "TIDE", "https://example.com/t.json", 10**18), segments=SEGMENTS, sale=sale
    )
    mint, built = await chain.build_launch(params)
    for each in built:
        await creator.send(each)
    for trader, amount in ((ann, 3 * SOL), (bob, SOL)):
        asked = DepositRequest(mint=mint, wallet=trader.address, amount=str(amount))
        await trader.send(await building.build_deposit(chain, asked))
    closes_at = (await batches.fetch_batch(chain, mint)).state.closes_at
    wait_until(lambda: time.time() > closes_at + 1)
    working = Keeper(chain, keeper.key, [])
    await working.settle_all()
    assert (await chain.fetch_curve(mint)).status == "complete"
    await working.graduate_all()
    state = await chain.fetch_curve(mint)
    assert (state.status, state.pool) == ("graduated", pda.canonical_pool(mint))
    # What nobody has claimed yet is all that the vault holds.
    left = (await batches.fetch_batch(chain, mint)).state.base_left
    assert left == curve_math.sale_supply(SEGMENTS) == await _vault(chain, mint)
    for trader in (ann, bob):
        claim = BatchClaimRequest(mint=mint, wallet=trader.address)
        await trader.send(await building.build_claim(chain, claim))
    held = [(await chain.rpc.get_token_balances(trader.address))[mint] for trader in (ann, bob)]
    assert (sum(held), await _vault(chain, mint)) == (left, 0)
    assert 3 * held[1] <= held[0] <= 3 * held[1] + 3


async def _vault(chain, mint):
    return (await chain.rpc.get_token_balances(pda.curve(mint))).get(mint, 0)
