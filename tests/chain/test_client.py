"""Launch, trade, claim and vest on a real cluster, through the client that everybody uses."""

import asyncio
from dataclasses import replace

import pytest

from launchpad.chain import curve_math, keys, pda
from launchpad.chain.addresses import InvalidAddressError
from launchpad.chain.client import ChainClient, NoCurveError, NoReferrerError, NoScheduleError, NoTokensError
from launchpad.chain.curve_math import Segment
from launchpad.chain.errors import InsufficientFundsError, ProgramFailedError, TransactionFailedError
from launchpad.chain.events import (
    Allocations,
    Claimed,
    CreatorChanged,
    CurveOpened,
    FeesClaimed,
    LauncherCreatorChanged,
    MetadataUpdated,
    Revoked,
    ScheduleCreated,
    ShapeCreated,
    TokenLaunched,
    Traded,
    UpdateAuthorityChanged,
)
from launchpad.chain.instructions import curve, launcher, vesting
from launchpad.chain.instructions.solana import create_token_account, transfer_lamports
from launchpad.chain.instructions.vesting import ScheduleTerms
from launchpad.chain.launching import FirstBuy, Lock, Mintable, TeamVesting
from launchpad.chain.tokens import NotATokenError
from launchpad.chain.transactions import TransactionTooLargeError
from launchpad.errors import NotFoundError
from tests.chain.conftest import SOL, soon


def event_of(transaction, kind):
    return next(event.data for event in transaction.events if isinstance(event.data, kind))


async def test_a_launch_makes_mint_curve_and_record(chain, creator, plain):
    mint, (built,) = await chain.build_launch(plain)
    assert built.signers_needed == [creator.address]
    done = await creator.send(built)
    launched, opened = event_of(done, TokenLaunched), event_of(done, CurveOpened)
    assert (launched.mint, launched.name, launched.supply_mode) == (mint, "Plain", "fixed")
    assert opened.segments == tuple(curve_math.classic(793_100_000 * 10**9))
    state, record, token = await asyncio.gather(
        chain.fetch_curve(mint), chain.fetch_launch(mint), chain.fetch_mint(mint)
    )
    assert (state.status, state.sold, state.creator) == ("trading", 0, creator.address)
    assert (record.supply, record.supply_mode, record.update_authority) == (10**18, "fixed", creator.address)
    assert (token.name, token.symbol, token.uri, token.supply) == ("Plain", "PLN", "ipfs://plain", 10**18)
    assert (token.mint_authority, token.freeze_authority) == (None, None)
    assert launched.mint_cap is None


async def test_the_fullest_launch_fits_one_transaction(chain, creator, plain, fund):
    team, ecosystem = await fund(1), await fund(1)
    full = replace(
        plain,
        name="N" * 32,
        symbol="S" * 10,
        uri="u" * 200,
        metadata_hash=bytes(range(32)),
        allocations=Allocations(5_000, 2_000, 1_000, 1_000, 1_000),
        team=TeamVesting(team.address, 0, 1_000, revocable=True),
        ecosystem_owner=ecosystem.address,
        treasury_owner=creator.address,
        supply_mode=Mintable(creator.address, 2 * 10**18),
        first_buy=FirstBuy(SOL, lock=Lock(0, 1_000)),
    )
    mint, (built,) = await chain.build_launch(full)
    done = await creator.send(built)
    launched = event_of(done, TokenLaunched)
    assert launched.metadata_hash == bytes(range(32))
    assert (launched.mint_authority, launched.mint_cap) == (creator.address, 2 * 10**18)
    assert launched.team_schedule == pda.vesting_schedule(mint, team.address, 0)
    assert launched.first_buy_lock == pda.vesting_schedule(mint, creator.address, 1)
    assert launched.first_buy == event_of(done, Traded).base_amount
    held = {balance.owner: balance.amount for balance in done.balances}
    assert held[ecosystem.address] == 10**17
    assert held[launched.first_buy_lock] == launched.first_buy
    schedule = await chain.fetch_schedule(launched.team_schedule)
    assert (schedule.amount, schedule.beneficiary, schedule.revocable) == (10**17, team.address, True)


async def test_the_caller_may_bring_the_mint_and_sign_for_it(chain, creator, plain):
    key = keys.generate()
    mint, (built,) = await chain.build_launch(replace(plain, mint=keys.address_of(key)))
    assert built.signers_needed == [creator.address, mint]
    signed = keys.sign_transaction(built.transaction, key)
    await creator.send(replace(built, transaction=signed))
    assert await chain.fetch_curve(mint)


def long_curve(plain, count=32):
    """A launch on the longest curve, of segments that no other test has."""
    segments = [Segment(10**17, (10**4 + count) * 2**number, 9 * 10**15) for number in range(count)]
    supply = curve_math.sale_supply(segments) * 10 // 9
    buy = FirstBuy(SOL, lock=Lock(0, 1_000))
    shares = Allocations(9_000, 1_000, 0, 0, 0)
    return replace(plain, supply=supply, allocations=shares, segments=tuple(segments), first_buy=buy)


async def test_a_curve_too_long_for_the_launch_goes_into_a_shape_first(chain, creator, plain):
    params = long_curve(plain)
    assert await chain.fetch_shape(params.segments) is None
    mint, (shaping, launching) = await chain.build_launch(params)
    assert (shaping.signers_needed, launching.signers_needed) == ([creator.address], [creator.address])
    made = event_of(await creator.send(shaping), ShapeCreated)
    assert (made.shape, made.segments) == (pda.shape(params.segments), params.segments)
    done = await creator.send(launching)
    assert event_of(done, CurveOpened).segments == params.segments
    assert done.compute_units < launching.compute_unit_limit
    shape, state = await asyncio.gather(chain.fetch_shape(params.segments), chain.fetch_curve(mint))
    assert state.segments == shape.segments == params.segments
    assert (state.sale_supply, state.raise_target) == (shape.sale_supply, shape.raise_target)

    again, (alone,) = await chain.build_launch(params)
    await creator.send(alone)
    assert (await chain.fetch_curve(again)).segments == params.segments
    late = await chain.build(creator.address, [curve.create_shape(creator.address, params.segments)])
    assert (await creator.send(late)).events == []


async def test_a_launch_that_would_fail_is_known_before_its_shape_is_paid_for(chain, plain, fund):
    poor = await fund(1)
    with pytest.raises(InsufficientFundsError):
        await chain.build_launch(replace(long_curve(plain, 31), creator=poor.address))


async def test_a_launch_that_does_not_fit_says_so(chain, plain):
    texts = {"name": "N" * 32, "symbol": "S" * 10, "uri": "u" * 200}
    everything = replace(
        long_curve(plain, 30),
        **texts,
        allocations=Allocations(5_000, 2_000, 1_000, 1_000, 1_000),
        team=TeamVesting(plain.creator, 0, 1_000),
        ecosystem_owner=keys.address_of(keys.generate()),
        treasury_owner=keys.address_of(keys.generate()),
        update_authority=keys.address_of(keys.generate()),
        supply=2 * curve_math.sale_supply(long_curve(plain, 30).segments),
        supply_mode=Mintable(keys.address_of(keys.generate()), 2**63),
        mint=keys.address_of(keys.generate()),
    )
    with pytest.raises(TransactionTooLargeError):
        await chain.build_launch(everything)


async def test_a_buy_and_a_sell_do_what_was_quoted(chain, mint, fund):
    trader = await fund(10)
    quote = (await chain.fetch_curve(mint)).quote_buy_exact_in(SOL)
    bought = await trader.send(await chain.build_buy_exact_in(mint, trader.address, SOL, quote.base_amount, soon()))
    trade = event_of(bought, Traded)
    assert (trade.base_amount, trade.quote_amount) == (quote.base_amount, quote.curve_amount)
    assert (await chain.rpc.get_token_balances(trader.address))[mint] == quote.base_amount

    state = await chain.fetch_curve(mint)
    back = state.quote_sell(quote.base_amount)
    before = await chain.rpc.get_balance(trader.address)
    built = await chain.build_sell(mint, trader.address, quote.base_amount, back.total, soon())
    await trader.send(built)
    assert await chain.rpc.get_balance(trader.address) == before + back.total - built.network_fee_lamports
    assert (await chain.fetch_curve(mint)).sold == 0
    # The account stays, empty.
    assert (await chain.rpc.get_token_balances(trader.address))[mint] == 0


async def test_an_exact_amount_can_be_bought_for_its_price(chain, mint, fund):
    trader = await fund(10)
    quote = (await chain.fetch_curve(mint)).quote_buy_exact_out(10**15)
    built = await chain.build_buy_exact_out(mint, trader.address, 10**15, quote.total, soon())
    assert event_of(await trader.send(built), Traded).base_amount == 10**15
    assert await chain.rpc.get_token_accounts_by_mint(mint)


async def test_a_transaction_would_fail_before_it_is_signed(chain, mint, fund):
    trader = await fund(1)
    refusals = {
        "SLIPPAGE_EXCEEDED": chain.build_buy_exact_in(mint, trader.address, SOL // 10, 2**63, soon()),
        "DEADLINE_PASSED": chain.build_buy_exact_in(mint, trader.address, SOL // 10, 1, 1),
        "ZERO_AMOUNT": chain.build_buy_exact_in(mint, trader.address, 0, 0, soon()),
        "INSUFFICIENT_FUNDS": chain.build_buy_exact_in(mint, trader.address, 50 * SOL, 1, soon()),
    }
    for code, refused in refusals.items():
        with pytest.raises(TransactionFailedError) as caught:
            await refused
        assert caught.value.code == code
        assert caught.value.message


async def test_compute_and_fees_are_known_before_signing(chain, mint, fund, cluster):
    trader = await fund(2)
    built = await chain.build_buy_exact_in(mint, trader.address, SOL // 10, 1, soon())
    assert built.network_fee_lamports == 5_000
    assert built.compute_unit_limit < 100_000
    async with ChainClient(cluster.settings(priority_fee_microlamports=1_000_000)) as eager:
        paid = await eager.build_buy_exact_in(mint, trader.address, SOL // 10, 1, soon())
        assert paid.priority_fee_lamports == paid.compute_unit_limit
        assert paid.network_fee_lamports == 5_000 + paid.priority_fee_lamports
        before = await chain.rpc.get_balance(trader.address)
        done = await trader.send(paid)
        rent = 2_074_080
        assert await chain.rpc.get_balance(trader.address) == before - SOL // 10 - paid.network_fee_lamports - rent
        assert done.compute_units <= paid.compute_unit_limit


async def test_creator_protocol_and_referrer_are_paid(chain, creator, mint, fund):
    trader, referrer = await fund(20), await fund(1)
    await referrer.send(await chain.build_register_referrer(referrer.address))
    built = await chain.build_buy_exact_in(mint, trader.address, 10 * SOL, 1, soon(), referrer.address)
    trade = event_of(await trader.send(built), Traded)
    assert trade.referrer == referrer.address
    earned = await chain.fetch_referrer_fees(referrer.address)
    assert earned.unclaimed == trade.referrer_fee > 0

    claims = [
        (creator, await chain.build_claim_creator_fees(mint, creator.address), "creator", trade.creator_fee),
        (referrer, await chain.build_claim_referrer_fees(referrer.address), "referrer", trade.referrer_fee),
        (trader, await chain.build_sweep_protocol_fees(mint, trader.address), "protocol", trade.protocol_fee),
    ]
    for wallet, claim, kind, amount in claims:
        paid = event_of(await wallet.send(claim), FeesClaimed)
        assert (paid.kind, paid.amount) == (kind, amount)
    with pytest.raises(ProgramFailedError, match="nothing to claim"):
        await chain.build_claim_creator_fees(mint, creator.address)


async def test_a_schedule_is_made_claimed_and_revoked(chain, mint, fund):
    trader, friend = await fund(5), await fund(1)
    await trader.send(await chain.build_buy_exact_in(mint, trader.address, SOL, 1, soon()))
    now = await chain.rpc.get_block_time(await chain.rpc.get_slot())
    terms = ScheduleTerms(friend.address, 10**12, now - 50, now - 50, now + 50, 1, revocable=True, index=3)
    made = event_of(await trader.send(await chain.build_create_schedule(mint, trader.address, terms)), ScheduleCreated)
    assert made.schedule == pda.vesting_schedule(mint, friend.address, 3)
    taken = event_of(await friend.send(await chain.build_claim_vesting(made.schedule, friend.address)), Claimed)
    assert 10**12 // 2 <= taken.amount < 10**12
    left = event_of(await trader.send(await chain.build_revoke_vesting(made.schedule, trader.address)), Revoked)
    assert left.returned + left.amount == 10**12
    assert (await chain.fetch_schedule(made.schedule)).revoked_at > 0


async def test_a_schedule_can_be_handed_over(chain, mint, fund):
    trader, friend, heir = await fund(5), await fund(1), await fund(1)
    await trader.send(await chain.build_buy_exact_in(mint, trader.address, SOL, 1, soon()))
    terms = ScheduleTerms(friend.address, 10**12, soon(), soon(), soon() + 9, 1)
    await trader.send(await chain.build_create_schedule(mint, trader.address, terms))
    schedule = pda.vesting_schedule(mint, friend.address, 0)
    propose = vesting.propose_beneficiary(schedule, friend.address, heir.address)
    await friend.send(await chain.build(friend.address, [propose]))
    await heir.send(await chain.build(heir.address, [vesting.accept_beneficiary(schedule, heir.address)]))
    assert (await chain.fetch_schedule(schedule)).beneficiary == heir.address


async def test_a_token_changes_hands_and_its_fees_follow(chain, creator, mint, fund):
    heir = await fund(2)
    await creator.send(
        await chain.build(creator.address, [launcher.propose_creator(mint, creator.address, heir.address)])
    )
    done = await heir.send(await chain.build(heir.address, [launcher.accept_creator(mint, heir.address)]))
    assert event_of(done, LauncherCreatorChanged).new_creator == heir.address
    assert event_of(done, CreatorChanged).new_creator == heir.address
    assert (await chain.fetch_curve(mint)).creator == heir.address


async def test_metadata_changes_until_it_is_immutable(chain, creator, mint):
    update = launcher.update_metadata(creator.address, mint, "name", "Better", bytes([5] * 32))
    done = event_of(await creator.send(await chain.build(creator.address, [update])), MetadataUpdated)
    assert (done.name, done.symbol, done.metadata_hash) == ("Better", "PLN", bytes([5] * 32))
    renounce = launcher.set_update_authority(creator.address, mint, "immutable", creator.address)
    changed = event_of(await creator.send(await chain.build(creator.address, [renounce])), UpdateAuthorityChanged)
    assert changed.new_authority is None
    assert (await chain.fetch_launch(mint)).update_authority is None
    with pytest.raises(ProgramFailedError) as caught:
        await chain.build(creator.address, [update])
    assert caught.value.code == "METADATA_IMMUTABLE"


async def test_a_mintable_supply_waits_for_the_graduation(chain, creator, plain):
    params = replace(plain, supply_mode=Mintable(creator.address, 10**18 + 5), update_authority="immutable")
    mint, (built,) = await chain.build_launch(params)
    await creator.send(built)
    account = create_token_account(creator.address, creator.address, mint, curve.TOKEN_2022)
    grow = launcher.mint_tokens(mint, creator.address, creator.address, 5)
    with pytest.raises(ProgramFailedError) as caught:
        await chain.build(creator.address, [account, grow])
    assert caught.value.code == "NOT_GRADUATED"


async def test_the_team_can_be_revoked_and_its_rest_is_burned(chain, creator, plain, fund):
    team = await fund(1)
    params = replace(
        plain,
        allocations=Allocations(6_931, 2_069, 1_000, 0, 0),
        team=TeamVesting(team.address, 1_000, 10_000, revocable=True),
    )
    mint, (built,) = await chain.build_launch(params)
    await creator.send(built)
    await creator.send(await chain.build(creator.address, [launcher.revoke_team(mint, creator.address, team.address)]))
    assert (await chain.fetch_mint(mint)).supply == 9 * 10**17


async def test_a_mint_from_elsewhere_can_be_sold_on_a_curve(chain, creator, plain, fund):
    owner = await fund(5)
    params = replace(plain, allocations=Allocations(7_000, 2_000, 0, 0, 1_000), treasury_owner=owner.address)
    mint, (built,) = await chain.build_launch(params)
    await creator.send(built)
    opening = curve.open_curve(
        curve.Market(mint), owner.address, owner.address, owner.address, (10**12, 0), curve_math.classic(10**12)
    )
    # A mint has one curve: the second is refused.
    with pytest.raises(ProgramFailedError):
        await chain.build(owner.address, [opening])


async def test_what_is_not_there_is_said_plainly(chain, creator):
    nowhere = keys.address_of(keys.generate())
    assert await chain.fetch_curve(nowhere) is None
    assert await chain.fetch_launch(nowhere) is None
    assert await chain.fetch_mint(nowhere) is None
    assert await chain.fetch_schedule(nowhere) is None
    assert await chain.fetch_referrer_fees(nowhere) is None
    with pytest.raises(NoCurveError):
        await chain.build_sell(nowhere, creator.address, 1, 1, soon())
    with pytest.raises(NoScheduleError):
        await chain.build_claim_vesting(nowhere, creator.address)
    with pytest.raises(NotFoundError):
        await chain.build_create_schedule(nowhere, creator.address, ScheduleTerms(nowhere, 1, 0, 0, 1))
    with pytest.raises(InvalidAddressError):
        await chain.fetch_curve("nonsense")


async def test_another_account_is_not_taken_for_what_was_asked(chain, mint):
    assert await chain.fetch_schedule(mint) is None
    with pytest.raises(NotATokenError):
        await chain.fetch_mint(pda.curve(mint))


async def test_a_trade_names_what_it_lacks(chain, mint, fund):
    trader = await fund(1)
    with pytest.raises(NoTokensError):
        await chain.build_sell(mint, trader.address, 1, 1, soon())
    with pytest.raises(NoReferrerError):
        await chain.build_buy_exact_in(mint, trader.address, SOL // 10, 1, soon(), trader.address)


async def test_a_penniless_payer_is_told_so(chain, creator):
    poor = keys.address_of(keys.generate())
    with pytest.raises(InsufficientFundsError):
        await chain.build(poor, [transfer_lamports(poor, creator.address, 1)])
