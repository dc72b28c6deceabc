"""The buy that takes the last of a sale and opens its pool, on a cluster: what it carries, and what it leaves out."""

import asyncio
from dataclasses import replace
from functools import partial

import pytest

from launchpad.chain import completing, graduating, keys, pda
from launchpad.chain.curve_math import Segment
from launchpad.chain.errors import ProgramFailedError
from launchpad.chain.events import CurveCompleted, Graduated
from launchpad.chain.instructions import opening
from launchpad.chain.instructions.curve import Ruled
from launchpad.chain.instructions.solana import transfer_lamports
from launchpad.chain.sale_terms import Allowlist, GraduationTerms, OpeningRules, Payout, SaleTerms
from launchpad.client import LaunchpadClient
from launchpad.errors import LaunchpadError
from launchpad.keeper.service import Keeper
from tests.chain.conftest import soon

# A whole sale for two SOL, and one whose tenth does not pay the rent of a pool.
SEGMENTS = (Segment(1_073_000_000 * 10**9, 706_000_000, 793_100_000 * 10**9),)
TINY = (Segment(1_073_000_000 * 10**9, 7_060_000, 793_100_000 * 10**9),)
LOCK = 15_552_000
BOUNTY = 10_000_000


@pytest.fixture
def launch(chain, creator, plain):
    """Call it, with terms of a sale, for a new curve."""

    async def make(sale=None, segments=SEGMENTS):
        mint, built = await chain.build_launch(replace(plain, segments=segments, sale=sale or SaleTerms()))
        for each in built:
            await creator.send(each)
        return await chain.require_curve(mint)

    return make


def everything(chain, curve, buyer, **more):
    """Builds a buy of all that is left."""
    left = curve.sale_supply - curve.sold
    most = curve.quote_buy_exact_out(left).total
    return partial(chain.build_buy_exact_out, curve.mint, buyer, left, most, soon(), **more)


async def built_by(chain, curve, buyer):
    completion = await completing.completion_of(chain, curve, buyer)
    return completion, await completing.build(everything(chain, curve, buyer), completion)


def event_of(transaction, kind):
    return next(event.data for event in transaction.events if isinstance(event.data, kind))


@pytest.mark.parametrize("lock", [0, LOCK])
async def test_the_last_buy_opens_the_pool_and_has_its_rent_back_with_the_bounty(chain, launch, fund, lock):
    payout = Payout(keys.address_of(keys.generate()), keys.address_of(keys.generate()), 6_000)
    terms = GraduationTerms(liquidity_bps=7_000, liquidity_lock_seconds=lock, payout=payout)
    curve, buyer = await launch(SaleTerms(graduation=terms)), await fund(5)
    completion, (built, graduates) = await built_by(chain, curve, buyer.address)
    assert graduates
    assert completion.bounty == BOUNTY
    assert await completing.fits_beside_buy(chain, completion, curve, buyer.address)
    done = await buyer.send(built)
    assert event_of(done, CurveCompleted)
    event = event_of(done, Graduated)
    assert (event.keeper, event.reward) == (buyer.address, completion.advance + BOUNTY)
    assert (await chain.require_curve(curve.mint)).status == "graduated"
    assert built.compute_unit_limit < 400_000


async def test_a_raise_that_does_not_repay_the_rent_is_left_to_keepers(chain, launch, fund):
    curve, buyer = await launch(segments=TINY), await fund(1)
    completion, (built, graduates) = await built_by(chain, curve, buyer.address)
    assert (completion, graduates) == (None, False)
    await buyer.send(built)
    assert (await chain.require_curve(curve.mint)).status == "complete"


async def test_a_buyer_who_cannot_lay_out_the_rent_buys_alone(chain, launch, fund):
    curve = await launch()
    cost = everything(chain, curve, curve.creator).args[3]
    buyer, other = await fund(5), await fund(1)
    # What is left is enough for the buy and the account of the token, and not for the pool's.
    too_much = transfer_lamports(buyer.address, other.address, 5 * 10**9 - cost - 5_000_000)
    await buyer.send(await chain.build(buyer.address, [too_much]))
    _, (built, graduates) = await built_by(chain, curve, buyer.address)
    assert not graduates
    await buyer.send(built)
    assert (await chain.require_curve(curve.mint)).status == "complete"


async def test_whoever_comes_second_buys_nothing_and_pays_nothing_but_the_fee(chain, launch, fund):
    curve, first, second = await launch(), await fund(5), await fund(5)
    (_, (one, _)), (_, (two, _)) = await asyncio.gather(
        *(built_by(chain, curve, wallet.address) for wallet in (first, second))
    )
    await first.send(one)
    with pytest.raises(ProgramFailedError) as refused:
        await second.send(two)
    assert refused.value.code == "CURVE_NOT_TRADING"
    assert (await chain.rpc.get_token_balances(second.address)).get(curve.mint, 0) == 0
    assert await chain.rpc.get_balance(second.address) == 5 * 10**9


async def test_a_sale_in_between_stops_both_together(chain, launch, fund):
    curve, seller, buyer = await launch(), await fund(5), await fund(5)
    await seller.send(await chain.build_buy_exact_in(curve.mint, seller.address, 10**8, 1, soon()))
    curve = await chain.require_curve(curve.mint)
    _, (built, graduates) = await built_by(chain, curve, buyer.address)
    assert graduates
    held = (await chain.rpc.get_token_balances(seller.address))[curve.mint]
    await seller.send(await chain.build_sell(curve.mint, seller.address, held, 1, soon()))
    with pytest.raises(ProgramFailedError) as refused:
        await buyer.send(built)
    assert refused.value.code == "NOT_COMPLETE"
    assert await chain.rpc.get_balance(buyer.address) == 5 * 10**9


async def test_a_keeper_and_the_last_buyer_open_one_pool(chain, cluster, launch, fund):
    """A keeper listens, and another wallet's graduation is signed before the last buy lands."""
    curve, buyer, other = await launch(), await fund(5), await fund(1)
    keeper = Keeper(chain, (await fund(1)).key, cluster.settings().ws_urls)
    task = asyncio.create_task(keeper.run())
    ending = await graduating.fetch_ending(chain, curve.mint)
    _, (built, _) = await built_by(chain, curve, buyer.address)
    event = event_of(await buyer.send(built), Graduated)
    # Idempotent: a graduation that comes after the pool is open succeeds and does nothing.
    late = await other.send(await chain.build(other.address, [graduating.graduate(ending, other.address)]))
    assert not [each for each in late.events if isinstance(each.data, Graduated)]
    task.cancel()
    assert event.pool == pda.canonical_pool(curve.mint)
    assert (await chain.require_curve(curve.mint)).pool == event.pool


async def test_a_long_proof_of_an_allowlist_leaves_no_room_for_the_graduation(chain, launch):
    rules = OpeningRules(60, 200, allowlist=Allowlist(bytes([7] * 32), 30))
    curve = await launch(SaleTerms(opening=rules))
    wallet = keys.address_of(keys.generate())
    completion = await completing.completion_of(chain, curve, wallet)
    assert completion is not None
    ruled = Ruled(str(curve.terms), pda.position(curve.mint, wallet))
    proof = opening.prove_allowlisted(curve.mint, str(curve.terms), wallet, [bytes(32)] * 16)
    assert await completing.fits_beside_buy(chain, completion, curve, wallet, (None, ruled, []))
    assert not await completing.fits_beside_buy(chain, completion, curve, wallet, (None, ruled, [proof]))


async def test_the_client_opens_the_pool_unless_told_not_to(chain, cluster, launch, fund):
    settings, buyer = cluster.settings(), await fund(5)
    async with LaunchpadClient(settings.rpc_url, buyer.key, ws_url=settings.rpc_ws_url) as pad:
        first, second = await launch(), await launch()
        trade = await pad.buy(first.mint, quote_in=4 * 10**9, slippage_bps=5_000)
        assert trade.pool == pda.canonical_pool(first.mint)
        plain = await pad.buy(second.mint, base_out=second.sale_supply - second.sold, graduate=False)
        assert plain.pool is None
    assert (await chain.require_curve(second.mint)).status == "complete"


async def test_what_the_buy_alone_would_fail_with_is_told(chain, launch, fund):
    curve, poor = await launch(), await fund(1)
    with pytest.raises(LaunchpadError) as refused:
        await built_by(chain, curve, poor.address)
    assert refused.value.code == "INSUFFICIENT_FUNDS"
