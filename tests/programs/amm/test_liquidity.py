"""deposit and withdraw."""

import math

import pytest

from scripts import make_amm_vectors as model
from tests.programs.harness import AMM, NOW, TOKEN, Chain, refused
from tests.programs.pool_market import BASE, LOCKED, QUOTE, Pool, free_pool, set_paused

SHARES = math.isqrt(BASE * QUOTE)


def test_a_deposit_takes_both_tokens_in_proportion(free: Pool) -> None:
    provider, before = free.user(), free.vaults
    limits = 10**15, 10**12
    expected = model.deposit(free.model(), *limits)
    assert not isinstance(expected, str)
    held = free.held(provider.pubkey())
    event = free.deposit(provider, *limits, expected["shares"]).event(AMM, "LiquidityAdded").data
    base, quote, shares = expected["base"], expected["quote"], expected["shares"]
    assert free.vaults == (before[0] + base, before[1] + quote)
    assert free.held(provider.pubkey()) == (held[0] - base, held[1] - quote, shares)
    state = free.state
    assert (state["lp_supply"], state["base_reserve"], state["quote_reserve"]) == (SHARES + shares, *free.vaults)
    told = {"pool": free.key, "provider": provider.pubkey(), "base_amount": base, "quote_amount": quote}
    names = ("lp_supply", "base_reserve", "quote_reserve", "creator_fee_bps")
    assert event == {**told, **{name: state[name] for name in names}, "lp_amount": shares, "timestamp": NOW}


def test_a_withdrawal_returns_the_shares_part_of_both(free: Pool) -> None:
    opener, before = free.opener, free.vaults
    expected = model.withdraw(free.model(), 10**9)
    assert not isinstance(expected, str)
    event = free.withdraw(opener, 10**9, expected["base"], expected["quote"]).event(AMM, "LiquidityRemoved")
    assert free.vaults == (before[0] - expected["base"], before[1] - expected["quote"])
    assert free.held(opener.pubkey()) == (expected["base"], expected["quote"], SHARES - LOCKED - 10**9)
    assert (event["lp_supply"], event["lp_amount"]) == (SHARES - 10**9, 10**9)
    assert free.state["lp_supply"] == SHARES - 10**9
    assert free.chain.supply(free.lp_mint) == SHARES - LOCKED - 10**9


@pytest.mark.parametrize("short", [(1, 0), (0, 1)])
def test_a_withdrawal_pays_its_minimum_or_nothing(free: Pool, short: tuple[int, int]) -> None:
    expected = model.withdraw(free.model(), 10**9)
    assert not isinstance(expected, str)
    before = free.state
    with refused(AMM, "SlippageExceeded"):
        free.withdraw(free.opener, 10**9, expected["base"] + short[0], expected["quote"] + short[1])
    assert free.state == before


def test_a_deposit_gives_its_minimum_or_takes_nothing(free: Pool) -> None:
    provider = free.user()
    expected = model.deposit(free.model(), 10**15, 10**12)
    assert not isinstance(expected, str)
    with refused(AMM, "SlippageExceeded"):
        free.deposit(provider, 10**15, 10**12, expected["shares"] + 1)


def test_a_deposit_after_its_deadline_is_refused(free: Pool) -> None:
    provider = free.user()
    with refused(AMM, "DeadlinePassed"):
        free.deposit(provider, 10**15, 10**12, deadline=NOW - 1)


def test_everything_but_the_locked_minimum_can_be_withdrawn(free: Pool) -> None:
    with refused(AMM, "InsufficientLiquidity"):
        free.withdraw(free.opener, SHARES - LOCKED + 1)
    free.withdraw(free.opener, SHARES - LOCKED)
    state = free.state
    assert state["lp_supply"] == LOCKED
    assert min(free.vaults) > 0
    provider = free.user()
    free.deposit(provider, 10**15, 10**12)
    assert free.held(provider.pubkey())[2] > 0, "a pool that was left can be filled again"


def test_amounts_of_nothing_are_refused(free: Pool) -> None:
    provider = free.user()
    for limits in ((0, 10**9), (10**9, 0)):
        with refused(AMM, "ZeroAmount"):
            free.deposit(provider, *limits)
    with refused(AMM, "ZeroAmount"):
        free.withdraw(free.opener, 0)
    with refused(AMM, "AmountTooSmall"):
        free.deposit(provider, 1, 1)
    with refused(AMM, "AmountTooSmall"):
        free.withdraw(free.opener, 1)


def test_limits_at_the_end_of_64_bits_are_no_overflow(chain: Chain) -> None:
    pool = free_pool(chain, 10**12, 10**12, supply=2**64 - 1)
    provider = pool.user()
    pool.deposit(provider, 2**64 - 1, 10**9)
    assert pool.held(provider.pubkey())[2] == 10**9


def test_shares_never_outgrow_64_bits(chain: Chain) -> None:
    quote = chain.new_mint(None, 2**64 - 1, program=TOKEN)
    pool = free_pool(chain, 2**64 - 2**40, 2**64 - 2**40, supply=2**64 - 1, quote_mint=quote)
    provider = pool.user(base=2**41, quote=2**41)
    with refused(None):
        pool.deposit(provider, 2**41, 2**41)


def test_a_pause_stops_deposits_and_never_withdrawals(free: Pool) -> None:
    provider = free.user()
    set_paused(free.chain, paused=True)
    with refused(AMM, "Paused"):
        free.deposit(provider, 10**15, 10**12)
    free.withdraw(free.opener, SHARES - LOCKED)


def test_shares_of_a_locked_graduate_cannot_be_withdrawn_by_anybody(pool: Pool) -> None:
    stranger = pool.user()
    with refused(None, 1):
        pool.withdraw(stranger, 10**6)
    pool.deposit(stranger, 10**15, 10**12)
    own = pool.held(stranger.pubkey())[2]
    with refused(None, 1):
        pool.withdraw(stranger, own + 1)
    pool.withdraw(stranger, own)


def test_swap_fees_raise_the_worth_of_every_share(free: Pool) -> None:
    trader = free.user()
    worth = model.withdraw(free.model(), 10**12)
    for _ in range(5):
        free.swap("buy_exact_in", trader, 10**10)
        free.swap("sell_exact_out", trader, 9 * 10**9)
    after = model.withdraw(free.model(), 10**12)
    assert not isinstance(worth, str)
    assert not isinstance(after, str)
    assert after["base"] * after["quote"] > worth["base"] * worth["quote"]


def test_whoever_makes_shares_dear_pays_for_it_himself(chain: Chain) -> None:
    """The inflation attack: the smallest pool, a huge gift, a victim whose deposit is rounded down."""
    pool = free_pool(chain, 1_001, 1_001)
    attacker, victim = pool.opener, pool.user()
    assert pool.held(attacker.pubkey())[2] == 1
    gift = 10**12
    for vault in (pool.base_vault, pool.quote_vault):
        account = chain.account(vault)
        data = bytearray(account.data)
        data[64:72] = (1_001 + gift).to_bytes(8, "little")
        chain.set_account(vault, bytes(data), account.owner, lamports=account.lamports + gift)
    pool.deposit(victim, 3 * gift, 3 * gift)
    _, quote, shares = pool.held(victim.pubkey())
    paid = 10**15 - quote
    pool.withdraw(victim, shares)
    lost = paid - (pool.held(victim.pubkey())[1] - quote)
    pool.withdraw(attacker, 1)
    got = pool.held(attacker.pubkey())[1]
    assert lost <= paid // 1_000
    assert got < gift // 900, "what the attacker gave is gone"
