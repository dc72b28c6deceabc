"""From a sold-out curve into Raydium's real program, through the client and by keepers, on a cluster."""

import asyncio
import time
from dataclasses import replace

import pytest
from solders.instruction import Instruction

from launchpad.chain import completing, curve_math, graduating, markets, pda
from launchpad.chain.accounts import CurveState
from launchpad.chain.addresses import WRAPPED_SOL
from launchpad.chain.errors import ProgramFailedError, TransactionFailedError
from launchpad.chain.events import Graduated, LiquidityLocked, PayoutReleased
from launchpad.chain.graduating import Ending, NotSoldOutError
from launchpad.chain.instructions import graduation
from launchpad.chain.sale_terms import VENUE_FALLBACK_SECONDS, GraduationTerms, Payout, SaleTerms
from launchpad.chain.transactions import Draft, fits
from launchpad.chain.venues.raydium.offering import fetch_offer
from launchpad.chain.venues.raydium.reading import fetch_pool
from launchpad.client import LaunchpadClient
from launchpad.keeper.service import Keeper
from tests.chain.at_raydium.conftest import AT_RAYDIUM, SEGMENTS
from tests.chain.conftest import soon
from tests.dex.conftest import begins
from tests.raydium import POOL_FEE

LOCK = 15_552_000
BOUNTY = 10_000_000
SOL = 10**9


def event_of(transaction, kind):
    return next(event.data for event in transaction.events if isinstance(event.data, kind))


async def test_anybody_graduates_a_sold_out_curve_to_raydium(chain, sold_out, fund):
    mint, keeper = await sold_out(), await fund(1)
    before = await chain.rpc.get_balance(keeper.address)
    built = await graduating.build_graduate(chain, mint, keeper.address)
    event = event_of(await keeper.send(built), Graduated)
    assert (event.venue, event.pool) == ("raydium", pda.raydium_pool(mint))
    costs = await graduating.fetch_costs(chain, AT_RAYDIUM)
    assert (costs.fee, event.reward) == (POOL_FEE, costs.advance + BOUNTY)
    assert await chain.rpc.get_balance(keeper.address) == before + BOUNTY - built.network_fee_lamports
    assert event.base_amount == curve_math.base_at_end_price(SEGMENTS, event.quote_amount)
    state = await chain.fetch_curve(mint)
    assert (state.status, state.pool) == ("graduated", event.pool)
    live = await fetch_pool(chain.rpc, event.pool)
    assert live.reserves == live.pool.in_order(event.base_amount, event.quote_amount)
    assert await graduating.build_follow_ups(chain, mint, keeper.address) == []
    assert built.compute_unit_limit < 500_000
    with pytest.raises(NotSoldOutError):
        await graduating.build_graduate(chain, mint, keeper.address)


async def test_payouts_and_shares_follow_by_anybodys_hand(chain, sold_out, fund):
    team, treasury, keeper = await fund(1), await fund(1), await fund(1)
    payout = Payout(team.address, treasury.address, 6_000, 0, 360 * 86_400, 86_400)
    terms = GraduationTerms("raydium", 7_000, LOCK, payout)
    mint = await sold_out(terms)
    graduated = await keeper.send(await graduating.build_graduate(chain, mint, keeper.address))
    assert event_of(graduated, Graduated).reward == (await graduating.fetch_costs(chain, terms)).advance + BOUNTY
    done = [await keeper.send(built) for built in await graduating.build_follow_ups(chain, mint, keeper.address)]
    assert [event_of(each, PayoutReleased).kind for each in done[:2]] == ["team", "treasury"]
    locked = event_of(done[2], LiquidityLocked)
    live = await fetch_pool(chain.rpc, pda.raydium_pool(mint))
    assert (locked.lp_mint, locked.shares) == (live.state.lp_mint, live.state.lp_supply - 100)
    schedule = await chain.fetch_schedule(locked.schedule)
    assert (schedule.amount, schedule.end) == (locked.shares, locked.until)
    for wallet in (team.address, treasury.address):
        assert (await chain.fetch_schedule(pda.vesting_schedule(WRAPPED_SOL, wallet, 0))).beneficiary == wallet
    assert await graduating.build_follow_ups(chain, mint, keeper.address) == []


async def test_the_last_buy_can_carry_the_graduation(chain, launch, fund):
    mint, buyer = await launch(), await fund(20)
    curve = await chain.require_curve(mint)
    completion = await completing.completion_of(chain, curve, buyer.address)
    assert completion.bounty == BOUNTY
    assert await completing.fits_beside_buy(chain, completion, curve, buyer.address)

    async def buy(*, after):
        left = curve.sale_supply - curve.sold
        cost = curve.quote_buy_exact_out(left).total
        return await chain.build_buy_exact_out(mint, buyer.address, left, cost, soon(), after=after)

    built, graduates = await completing.build(buy, completion)
    assert graduates
    event = event_of(await buyer.send(built), Graduated)
    assert (event.keeper, event.venue) == (buyer.address, "raydium")


async def test_quotes_in_the_pool_are_what_trades_get(chain, raydium_cluster, sold_out, fund):
    mint, keeper, trader = await sold_out(), await fund(1), await fund(20)
    await keeper.send(await graduating.build_graduate(chain, mint, keeper.address))
    live = await fetch_pool(chain.rpc, pda.raydium_pool(mint))
    await begins(chain, live.pool)
    market = await markets.fetch_market(chain.rpc, mint, int(time.time()))
    assert (market.venue, market.address) == ("raydium", live.pool.key)
    async with LaunchpadClient(raydium_cluster.settings().rpc_urls[0], trader.key) as pad:
        told = market.quote_buy_exact_in(SOL)
        bought = await pad.buy(mint, quote_in=SOL)
        assert (bought.base_amount, await pad.token_balance(mint)) == (told.base_amount, told.base_amount)
        market = await markets.fetch_market(chain.rpc, mint, int(time.time()))
        told = market.quote_sell(bought.base_amount)
        sold = await pad.sell(mint, base_in=bought.base_amount)
        assert sold.quote_amount == told.total
        assert await pad.token_balance(mint) == 0


async def test_a_keeper_graduates_it_within_two_seconds(chain, raydium_cluster, sold_out, fund):
    keeper = Keeper(chain, (await fund(1)).key, raydium_cluster.settings().ws_urls)
    task = asyncio.create_task(keeper.run())
    mint = await sold_out()
    async with asyncio.timeout(30):
        while (await chain.fetch_curve(mint)).status != "graduated":
            await asyncio.sleep(0.05)
    state = await chain.fetch_curve(mint)
    assert state.graduated_at - state.completed_at <= 2
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_our_own_pools_do_not_take_it_while_raydium_does(chain, sold_out, fund):
    mint, keeper = await sold_out(), await fund(1)
    ending = await graduating.fetch_ending(chain, mint)
    with pytest.raises(ProgramFailedError) as refused:
        await chain.build(keeper.address, [graduation.graduate(ending.sale, keeper.address)])
    assert refused.value.code == "WRONG_VENUE"


async def test_after_a_week_a_refusal_of_raydiums_leads_to_our_own_pools(chain, sold_out, fund, monkeypatch):
    """The chain's own clock is not a week later, so its word on the second try is the proof that there was one."""
    mint, keeper = await sold_out(), await fund(1)
    whole = graduation.graduate_to_raydium

    def broken(sale, payer):
        made = whole(sale, payer)
        return Instruction(made.program_id, made.data, made.accounts[:-1])

    monkeypatch.setattr(graduation, "graduate_to_raydium", broken)
    with pytest.raises(TransactionFailedError) as refused:
        await graduating.build_graduate(chain, mint, keeper.address)
    assert refused.value.code != "WRONG_VENUE"
    now = time.time()
    monkeypatch.setattr(graduating.time, "time", lambda: now + VENUE_FALLBACK_SECONDS)
    with pytest.raises(ProgramFailedError) as refused:
        await graduating.build_graduate(chain, mint, keeper.address)
    assert refused.value.code == "WRONG_VENUE"


async def test_everything_fits_one_transaction_without_a_lookup_table(chain, sold_out, fund):
    keeper = await fund(1)
    mint = await sold_out(GraduationTerms("raydium", liquidity_lock_seconds=LOCK))
    ending = await graduating.fetch_ending(chain, mint)
    assert ending.road == "raydium"
    for made in (graduating.graduate(ending, keeper.address), graduation.graduate(ending.sale, keeper.address)):
        assert fits(Draft(keeper.address, [made]))


async def test_an_offer_takes_what_a_tenth_of_the_raise_pays(chain):
    offer = await fetch_offer(chain.rpc)
    assert (offer.fee, offer.fee + offer.rent + offer.share_account) == (POOL_FEE, 192_156_720)
    least = 10 * (192_156_720 + BOUNTY)
    assert offer.takes(least, BOUNTY)
    assert not offer.takes(least - 1, BOUNTY)
    assert not replace(offer, fee=None).takes(2**63, 0)


def test_a_week_is_counted_from_the_last_unit_sold():
    states = [object.__new__(CurveState) for _ in range(2)]
    for state, sold_out_at in zip(states, (0, 1_000), strict=True):
        object.__setattr__(state, "completed_at", sold_out_at)
    open_still, sold = (Ending(state, SaleTerms(), "raydium") for state in states)
    assert not open_still.has_waited(10**10)
    assert not sold.has_waited(1_000 + VENUE_FALLBACK_SECONDS - 1)
    assert sold.has_waited(1_000 + VENUE_FALLBACK_SECONDS)
