"""claim_creator_fees, sweep_protocol_fees, set_creator, fee tiers and the sums of prices."""

import pytest
from solders.keypair import Keypair

from tests.programs.harness import AMM, NOW, SOL, SYSTEM, TOKEN, WSOL, Chain, refused
from tests.programs.pool_market import (
    AUTHORITY_OF_CREATOR,
    BASE,
    CREATOR,
    QUOTE,
    RECIPIENT,
    Pool,
    free_pool,
    fund,
    graduated,
    set_paused,
)


def traded(pool: Pool) -> Pool:
    """The pool after a buy and a sell; everybody has SOL and an account for wrapped SOL."""
    trader = pool.user()
    for kind in ("buy_exact_in", "sell_exact_out"):
        pool.swap(kind, trader, 10**9)
    for key in (CREATOR, RECIPIENT, AUTHORITY_OF_CREATOR):
        pool.chain.airdrop(key.pubkey(), 1)
        fund(pool.chain, key.pubkey(), pool.quote_mint, 0, pool.quote_program)
    return pool


def test_the_creator_is_paid_everything_owed_once(pool: Pool) -> None:
    state = traded(pool).state
    owed, reserves = state["creator_fees"], pool.reserves
    assert owed > 0
    set_paused(pool.chain, paused=True)
    event = pool.claim(CREATOR).event(AMM, "FeesClaimed").data
    assert pool.held(CREATOR.pubkey())[1] == owed
    assert pool.state == {**state, "creator_fees": 0}
    assert pool.reserves == reserves
    told = {"pool": pool.key, "base_mint": pool.base_mint, "quote_mint": WSOL, "kind": "Creator"}
    assert event == {**told, "recipient": CREATOR.pubkey(), "amount": owed, "timestamp": NOW}
    with refused(AMM, "NothingToClaim"):
        pool.claim(CREATOR)


def test_anybody_sweeps_the_protocols_fees_to_its_recipient(pool: Pool) -> None:
    state = traded(pool).state
    owed = state["protocol_fees"]
    event = pool.sweep(pool.chain.wallet()).event(AMM, "FeesClaimed")
    assert (event["kind"], event["amount"], event["recipient"]) == ("Protocol", owed, RECIPIENT.pubkey())
    assert pool.held(RECIPIENT.pubkey())[1] == owed
    assert pool.state == {**state, "protocol_fees": 0}
    with refused(AMM, "NothingToClaim"):
        pool.sweep(pool.chain.wallet())


def test_only_the_creator_claims(pool: Pool) -> None:
    traded(pool)
    stranger = pool.user()
    with refused(AMM, "InvalidCreator"):
        pool.claim(stranger)


def test_fees_reach_no_account_of_anybody_else(pool: Pool) -> None:
    traded(pool)
    stranger = pool.user()
    with refused(AMM, "InvalidFeeRecipient"):
        pool.sweep(stranger, recipient_quote=pool.quote_of(stranger.pubkey()))
    elsewhere = Keypair().pubkey()
    account = pool.chain.account(pool.quote_of(RECIPIENT.pubkey()))
    pool.chain.set_account(elsewhere, account.data, TOKEN, lamports=account.lamports)
    with refused(AMM, "InvalidFeeRecipient"):
        pool.sweep(stranger, recipient_quote=elsewhere)


def test_the_creator_changes_by_the_authority_alone_and_takes_what_is_unclaimed(pool: Pool) -> None:
    owed = traded(pool).state["creator_fees"]
    heir = pool.user(quote=0)
    with refused(AMM, "InvalidAuthority"):
        pool.set_creator(CREATOR, heir.pubkey())
    with refused(AMM, "InvalidCreator"):
        pool.set_creator(AUTHORITY_OF_CREATOR, SYSTEM)
    event = pool.set_creator(AUTHORITY_OF_CREATOR, heir.pubkey()).event(AMM, "CreatorChanged")
    assert (event["old_creator"], event["new_creator"]) == (CREATOR.pubkey(), heir.pubkey())
    with refused(AMM, "InvalidCreator"):
        pool.claim(CREATOR)
    pool.claim(heir)
    assert pool.held(heir.pubkey())[1] == owed


def test_a_creator_named_later_earns_from_the_next_second_on(chain: Chain) -> None:
    pool = free_pool(chain)
    trader, opener = pool.user(), pool.opener
    pool.swap("buy_exact_in", trader, 10**9)
    pool.set_creator(opener, CREATOR.pubkey())
    pool.swap("buy_exact_in", trader, 10**9)
    assert pool.state["creator_fees"] == 0
    chain.set_time(NOW + 1)
    pool.swap("buy_exact_in", trader, 10**9)
    assert pool.state["creator_fees"] > 0


def test_a_pair_without_sol_never_pays_a_creator(chain: Chain) -> None:
    quote = chain.new_mint(None, 10**18, program=TOKEN)
    pool = free_pool(chain, quote_mint=quote)
    pool.set_creator(pool.opener, CREATOR.pubkey())
    chain.set_time(NOW + 1)
    pool.swap("buy_exact_in", pool.user(), 10**9)
    assert (pool.state["pays_creator"], pool.state["creator_fees"]) == (False, 0)
    assert pool.state["protocol_fees"] > 0


# Tiers


@pytest.mark.parametrize(
    ("quote", "rate"),
    [(1_000 * SOL - 1, 30), (1_000 * SOL, 20), (5_000 * SOL - 1, 20), (5_000 * SOL, 10), (10_000 * SOL, 10)],
)
def test_a_market_cap_pays_its_tiers_rate_from_its_first_lamport_on(chain: Chain, quote: int, rate: int) -> None:
    """With the whole supply in the pool its market cap is its quote reserve."""
    pool = graduated(chain, 10**18, quote, supply=10**18)
    assert pool.state["creator_fee_bps"] == rate


def test_a_price_moved_within_a_second_does_not_change_the_rate_of_that_second(chain: Chain) -> None:
    """Whoever swings the price in one transaction pays the same creator fee as everybody."""
    pool = graduated(chain, 10**18, 999 * SOL, supply=10**18)
    trader = pool.user()
    pool.swap("buy_exact_in", trader, 10 * SOL)
    assert pool.swap("buy_exact_in", trader, SOL).event(AMM, "Swapped")["creator_fee_bps"] == 30
    chain.set_time(NOW + 1)
    assert pool.swap("buy_exact_in", trader, SOL).event(AMM, "Swapped")["creator_fee_bps"] == 20


def test_a_gift_does_not_change_the_rate_of_the_swap_that_follows_it(chain: Chain) -> None:
    pool = graduated(chain, 10**18, 999 * SOL, supply=10**18)
    trader = pool.user()
    account = chain.account(pool.quote_vault)
    data = bytearray(account.data)
    data[64:72] = (1_100 * SOL).to_bytes(8, "little")
    chain.set_account(pool.quote_vault, bytes(data), TOKEN, lamports=account.lamports + 101 * SOL)
    chain.set_time(NOW + 1)
    assert pool.swap("buy_exact_in", trader, SOL).event(AMM, "Swapped")["creator_fee_bps"] == 30
    chain.set_time(NOW + 2)
    assert pool.swap("buy_exact_in", trader, SOL).event(AMM, "Swapped")["creator_fee_bps"] == 20


# Sums of prices


def number(limbs: list[int]) -> int:
    return sum(limb << 64 * place for place, limb in enumerate(limbs))


def test_a_sum_grows_by_the_price_that_the_last_instruction_left(pool: Pool) -> None:
    chain, trader = pool.chain, pool.user()
    expected, inverse = 0, 0
    for seconds in (0, 1, 59, 3_600, 10**7):
        base, quote = pool.reserves
        expected += (quote << 64) // base * seconds
        inverse += (base << 64) // quote * seconds
        chain.set_time(chain.now + seconds)
        pool.swap("buy_exact_in", trader, 10**8, deadline=chain.now)
        state = pool.state
        assert number(state["base_price_cumulative"]) == expected
        assert number(state["quote_price_cumulative"]) == inverse
        assert state["observed_at"] == chain.now


def test_the_average_between_two_readings_is_the_mean_over_time(pool: Pool) -> None:
    chain, trader = pool.chain, pool.user()
    pool.swap("buy_exact_in", trader, 10**8)
    start, first = number(pool.state["base_price_cumulative"]), pool.reserves
    chain.set_time(NOW + 10)
    pool.swap("buy_exact_in", trader, 50 * 10**9)
    second = pool.reserves
    chain.set_time(NOW + 40)
    pool.swap("sell_exact_in", trader, 10**15)
    average = (number(pool.state["base_price_cumulative"]) - start) / 40 / 2**64
    mean = (10 * first[1] / first[0] + 30 * second[1] / second[0]) / 40
    assert average == pytest.approx(mean, rel=1e-12)


def test_one_transaction_leaves_no_trace_in_the_average(pool: Pool) -> None:
    """A price that was swung and set back within a second weighs nothing."""
    chain, trader = pool.chain, pool.user(base=0)
    there = pool.swap_instruction("buy_exact_out", trader.pubkey(), BASE // 2)
    back = pool.swap_instruction("sell_exact_in", trader.pubkey(), BASE // 2)
    chain.send([there, back], [trader])
    after = pool.reserves
    chain.set_time(NOW + 100)
    pool.swap("buy_exact_in", trader, 10**8, deadline=chain.now)
    assert number(pool.state["base_price_cumulative"]) == (after[1] << 64) // after[0] * 100
    assert after[1] < QUOTE * 1.01


def test_liquidity_observes_prices_too(free: Pool) -> None:
    provider = free.user()
    free.chain.set_time(NOW + 10)
    free.deposit(provider, 10**15, 10**12)
    assert free.state["observed_at"] == NOW + 10
    free.chain.set_time(NOW + 20)
    free.withdraw(free.opener, 10**9)
    assert free.state["observed_at"] == NOW + 20
    assert number(free.state["base_price_cumulative"]) > 0
