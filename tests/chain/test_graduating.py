"""From a sold-out curve to its pool, through the client and by keepers, on a cluster."""

import asyncio
from dataclasses import replace

import pytest

from launchpad.chain import client, completing, curve_math, graduating, keys, pda, unfinished
from launchpad.chain.addresses import WRAPPED_SOL
from launchpad.chain.curve_math import Segment
from launchpad.chain.events import Graduated, LiquidityLocked, PayoutReleased
from launchpad.chain.graduating import NotSoldOutError
from launchpad.chain.instructions import curve
from launchpad.chain.instructions.curve import Market
from launchpad.chain.instructions.solana import create_token_account
from launchpad.chain.pools import fetch_pool
from launchpad.chain.sale_terms import GraduationTerms, Payout, SaleTerms
from launchpad.chain.venues.raydium.offering import RaydiumOffer, VenueUnavailableError
from launchpad.errors import ConfigError
from launchpad.keeper.service import Keeper
from launchpad.keeper.wallet import load_wallet
from tests.chain.conftest import soon

# A whole sale for six SOL.
SEGMENTS = (Segment(1_073_000_000 * 10**9, 2_118_000_000, 793_100_000 * 10**9),)
AT_RAYDIUM = GraduationTerms(venue="raydium")
LOCK = 15_552_000


def event_of(transaction, kind):
    return next(event.data for event in transaction.events if isinstance(event.data, kind))


@pytest.fixture
def launch(chain, creator, plain):
    """Call it, with terms of the graduation, for a new token."""

    async def make(graduation=None, *, deadline=None):
        sale = SaleTerms(graduation=graduation or GraduationTerms())
        params = replace(plain, segments=SEGMENTS, sale=sale, deadline=deadline)
        mint, built = await chain.build_launch(params)
        for each in built:
            await creator.send(each)
        return mint

    return make


@pytest.fixture
def sold_out(chain, creator, launch):
    """Call it, with terms of the graduation, for a token whose curve is sold out."""

    async def make(graduation=None):
        mint = await launch(graduation)
        state = await chain.fetch_curve(mint)
        left = state.sale_supply - state.sold
        cost = state.quote_buy_exact_out(left).total
        await creator.send(await chain.build_buy_exact_out(mint, creator.address, left, cost, soon()))
        return mint

    return make


def team_raise(team, treasury, **more):
    payout = Payout(team, treasury, 6_000, 0, 360 * 86_400, 86_400)
    return GraduationTerms(liquidity_bps=7_000, payout=payout, **more)


async def test_anybody_graduates_a_sold_out_curve(chain, sold_out, fund):
    mint, keeper = await sold_out(), await fund(1)
    done = await keeper.send(await graduating.build_graduate(chain, mint, keeper.address))
    event = event_of(done, Graduated)
    state = await chain.fetch_curve(mint)
    assert (state.status, state.pool, state.owed) == ("graduated", event.pool, state.protocol_fees + state.creator_fees)
    assert event.pool == pda.canonical_pool(mint)
    pool = await fetch_pool(chain.rpc, event.pool)
    assert (pool.reserves.base, pool.reserves.quote) == (event.base_amount, event.quote_amount)
    assert event.base_amount == curve_math.base_at_end_price(SEGMENTS, event.quote_amount)
    assert await graduating.build_follow_ups(chain, mint, keeper.address) == []
    with pytest.raises(NotSoldOutError):
        await graduating.build_graduate(chain, mint, keeper.address)


async def test_a_curve_that_still_sells_is_refused(chain, launch, creator):
    mint = await launch()
    with pytest.raises(NotSoldOutError, match="not sold out"):
        await graduating.build_graduate(chain, mint, creator.address)


async def test_payouts_and_shares_follow_by_anybodys_hand(chain, sold_out, fund):
    team, treasury, keeper = await fund(1), await fund(1), await fund(1)
    mint = await sold_out(team_raise(team.address, treasury.address, liquidity_lock_seconds=LOCK))
    await keeper.send(await graduating.build_graduate(chain, mint, keeper.address))
    assert mint in await unfinished.unfinished_graduates(chain.rpc)
    done = [await keeper.send(built) for built in await graduating.build_follow_ups(chain, mint, keeper.address)]
    kinds = [event_of(each, PayoutReleased).kind for each in done[:2]]
    assert kinds == ["team", "treasury"]
    locked = event_of(done[2], LiquidityLocked)
    schedule = await chain.fetch_schedule(locked.schedule)
    assert (schedule.amount, schedule.end) == (locked.shares, locked.until)
    state = await chain.fetch_curve(mint)
    assert (state.team_payout, state.treasury_payout) == (0, 0)
    for wallet in (team.address, treasury.address):
        assert (await chain.fetch_schedule(pda.vesting_schedule(WRAPPED_SOL, wallet, 0))).beneficiary == wallet
    assert await graduating.build_follow_ups(chain, mint, keeper.address) == []


async def test_the_last_buy_can_carry_the_graduation(chain, launch, fund):
    mint, buyer = await launch(), await fund(10)
    ending = await graduating.fetch_ending(chain, mint)
    left = ending.curve.sale_supply - ending.curve.sold
    cost = ending.curve.quote_buy_exact_out(left).total
    market = Market(mint, ending.curve.token_program)
    account = create_token_account(buyer.address, buyer.address, mint, market.token_program)
    trade = curve.buy_exact_out(market, buyer.address, left, cost, soon())
    built = await chain.build(buyer.address, [account, trade, graduating.graduate(ending, buyer.address)])
    assert event_of(await buyer.send(built), Graduated).keeper == buyer.address


@pytest.fixture
def believing(monkeypatch):
    """Lets launches believe that this cluster has Raydium, as it may have had when they were made."""

    async def offer(_rpc):
        return RaydiumOffer(150_000_000, 40_117_440, 2_039_280)

    monkeypatch.setattr(client, "fetch_offer", offer)


async def test_a_cluster_without_raydium_takes_no_launch_that_names_it(launch):
    with pytest.raises(VenueUnavailableError, match="Raydium is not on this cluster") as refused:
        await launch(AT_RAYDIUM)
    assert refused.value.details["field"] == "venue"


async def test_a_sale_that_was_promised_to_raydium_graduates_here_where_raydium_is_gone(
    chain, sold_out, fund, believing
):
    mint = await sold_out(AT_RAYDIUM)
    ending = await graduating.fetch_ending(chain, mint)
    assert (ending.terms.graduation.venue, ending.road) == ("raydium", "amm")
    keeper = Keeper(chain, (await fund(1)).key, [])
    await keeper.graduate_all()
    state = await chain.fetch_curve(mint)
    assert (state.status, state.pool) == ("graduated", pda.canonical_pool(mint))


async def test_its_last_buy_leaves_that_to_keepers(chain, launch, creator, believing):
    curve_state = await chain.require_curve(await launch(AT_RAYDIUM))
    assert await completing.completion_of(chain, curve_state, creator.address) is None


async def until(question, seconds=30):
    async with asyncio.timeout(seconds):
        while not (answer := await question()):
            await asyncio.sleep(0.05)
        return answer


def status_of(chain, mint):
    async def ask():
        state = await chain.fetch_curve(mint)
        return state.status == "graduated" and not state.team_payout and not state.treasury_payout

    return ask


async def test_two_keepers_graduate_and_pay_out_once(chain, cluster, sold_out, fund):
    team, treasury = await fund(1), await fund(1)
    keepers = [Keeper(chain, (await fund(1)).key, cluster.settings().ws_urls) for _ in range(2)]
    tasks = [asyncio.create_task(each.run()) for each in keepers]
    mint = await sold_out(team_raise(team.address, treasury.address))
    await until(status_of(chain, mint))
    found = await chain.rpc.get_signatures_for_address(pda.curve(mint))
    assert len(found) >= 4
    for wallet in (team.address, treasury.address):
        assert (await chain.fetch_schedule(pda.vesting_schedule(WRAPPED_SOL, wallet, 0))).amount > 0
        assert await chain.fetch_schedule(pda.vesting_schedule(WRAPPED_SOL, wallet, 1)) is None
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_keeper_finishes_what_one_left_that_was_killed(chain, sold_out, launch_process, cluster, wait_until):
    mint = await sold_out()
    first = launch_process("keeper", settings=cluster.settings())
    await asyncio.to_thread(wait_until, lambda: "keeper.started" in first.output(), child=first)
    first.kill()
    second = launch_process("keeper", settings=cluster.settings())
    await until(status_of(chain, mint))
    assert await asyncio.to_thread(second.stop) == 0


async def test_a_keeper_that_cannot_pay_tries_again_later(chain, sold_out):
    mint, poor = await sold_out(), keys.generate()
    keeper = Keeper(chain, poor, [])
    await keeper.graduate_all()
    assert (await chain.fetch_curve(mint)).status == "complete"
    assert mint in await unfinished.complete_curves(chain.rpc)


async def test_overdue_sales_are_found_and_ended(chain, launch, fund):
    mint = await launch(deadline=soon() - 597)
    keeper = Keeper(chain, (await fund(1)).key, [])

    async def refunding():
        await keeper.sweep()
        return (await chain.fetch_curve(mint)).status == "refunding"

    assert await until(refunding)


def test_a_keeper_needs_a_wallet(make_cluster, cluster, tmp_path):
    settings = cluster.settings(launchpad_home=tmp_path)
    with pytest.raises(ConfigError, match="KEEPER_KEYPAIR"):
        load_wallet(settings)
    assert keys.address_of(load_wallet(cluster.settings())) == str(cluster.admin.pubkey())
    file = tmp_path / "keeper.json"
    key = keys.generate()
    keys.save(key, file)
    assert load_wallet(cluster.settings(keeper_keypair=str(file))) == key
