"""swap_exact_in and swap_exact_out against the model with fractions."""

import pytest
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from scripts import make_amm_vectors as model
from tests.programs.harness import AMM, NOW, TOKEN, TOKEN_2022, Chain, refused, transfer_sol
from tests.programs.pool_market import BASE, QUOTE, Pool, free_pool, fund, graduated, manage, set_paused

KINDS = list(model.SWAPS)
AMOUNTS = {"buy_exact_in": 10**9, "buy_exact_out": 10**15, "sell_exact_in": 10**15, "sell_exact_out": 10**9}
BUYS = ["buy_exact_in", "buy_exact_out"]


def quoted(pool: Pool, kind: str, amount: int) -> dict[str, int]:
    outcome = model.SWAPS[kind](pool.model(), amount)
    assert not isinstance(outcome, str), outcome
    return outcome


@pytest.mark.parametrize("program", [TOKEN, TOKEN_2022])
@pytest.mark.parametrize("kind", KINDS)
def test_a_swap_moves_exactly_what_the_model_says(chain: Chain, kind: str, program: Pubkey) -> None:
    pool = graduated(chain, program=program)
    trader = pool.user()
    before, vaults, quote = pool.held(trader.pubkey()), pool.vaults, quoted(pool, kind, AMOUNTS[kind])
    sign = 1 if kind in BUYS else -1
    receipt = pool.swap(kind, trader, AMOUNTS[kind])
    base, total = sign * quote["base"], sign * quote["total"]
    assert pool.held(trader.pubkey()) == (before[0] + base, before[1] - total, 0)
    assert pool.vaults == (vaults[0] - base, vaults[1] + total)
    state = pool.state
    assert (state["protocol_fees"], state["creator_fees"]) == (quote["protocol"], quote["creator"])
    assert (state["base_reserve"], state["quote_reserve"]) == pool.reserves
    moved = (quote["total"], quote["base"]) if sign > 0 else (quote["base"], quote["total"])
    assert receipt.event(AMM, "Swapped").data == {
        **{name: state[name] for name in ("base_mint", "quote_mint", "base_reserve", "quote_reserve")},
        **{name: state[name] for name in ("protocol_fees", "creator_fees", "creator_fee_bps")},
        **{f"{name}_fee": quote[name] for name in ("lp", "protocol", "creator")},
        "pool": pool.key,
        "trader": trader.pubkey(),
        "is_buy": sign > 0,
        "base_amount": quote["base"],
        "quote_amount": quote["amount"],
        "paid": moved[0],
        "received": moved[1],
        "timestamp": NOW,
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_limit_is_met_exactly_or_not_at_all(pool: Pool, kind: str) -> None:
    trader, quote = pool.user(), quoted(pool, kind, AMOUNTS[kind])
    is_in, is_buy = kind.endswith("_in"), kind in BUYS
    worst = quote["base"] if is_in == is_buy else quote["total"]
    before = pool.state
    with refused(AMM, "SlippageExceeded"):
        pool.swap(kind, trader, AMOUNTS[kind], worst + (1 if is_in else -1))
    assert pool.state == before
    pool.swap(kind, trader, AMOUNTS[kind], worst)


@pytest.mark.parametrize("kind", KINDS)
def test_a_swap_after_its_deadline_is_refused(pool: Pool, kind: str) -> None:
    trader = pool.user()
    with refused(AMM, "DeadlinePassed"):
        pool.swap(kind, trader, AMOUNTS[kind], deadline=NOW - 1)
    pool.swap(kind, trader, AMOUNTS[kind], deadline=NOW)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_swapped_for_nothing(pool: Pool, kind: str) -> None:
    trader = pool.user()
    with refused(AMM, "ZeroAmount"):
        pool.swap(kind, trader, 0)


def test_dust_that_buys_or_brings_nothing_is_refused(pool: Pool) -> None:
    trader = pool.user()
    for kind in ("buy_exact_in", "sell_exact_in"):
        with refused(AMM, "AmountTooSmall"):
            pool.swap(kind, trader, 1)


@pytest.mark.parametrize("kind", ["buy_exact_out", "sell_exact_out"])
@pytest.mark.parametrize("share", [1, 2])
def test_a_pool_is_never_emptied(pool: Pool, kind: str, share: int) -> None:
    trader = pool.user()
    whole = BASE if kind in BUYS else QUOTE
    with refused(AMM, "InsufficientLiquidity"):
        pool.swap(kind, trader, whole * share)


@pytest.mark.parametrize("kind", KINDS)
def test_amounts_at_the_end_of_64_bits_are_errors_and_not_wrong(pool: Pool, kind: str) -> None:
    trader = pool.user()
    with refused(None):
        pool.swap(kind, trader, 2**64 - 1)


def test_a_reserve_cannot_grow_beyond_64_bits(chain: Chain) -> None:
    pool = free_pool(chain, 2**63, 10**9, supply=2**64 - 1)
    trader = pool.user(base=2**63)
    outcome = model.sell_exact_in(pool.model(), 2**63)
    assert outcome == "Overflow"
    with refused(None):
        pool.swap("sell_exact_in", trader, 2**63)


def test_a_pause_stops_buys_and_never_sells(pool: Pool) -> None:
    trader = pool.user()
    set_paused(pool.chain, paused=True)
    for kind in BUYS:
        with refused(AMM, "Paused"):
            pool.swap(kind, trader, AMOUNTS[kind])
    for kind in ("sell_exact_in", "sell_exact_out"):
        pool.swap(kind, trader, AMOUNTS[kind])
    set_paused(pool.chain, paused=False)
    pool.swap("buy_exact_in", trader, 10**9)


def test_a_trader_cannot_spend_what_he_does_not_have(pool: Pool) -> None:
    poor = pool.user(base=10, quote=10)
    for kind in KINDS:
        with refused(None, 1):
            pool.swap(kind, poor, AMOUNTS[kind])


def test_a_gift_belongs_to_the_liquidity_and_blocks_nothing(pool: Pool) -> None:
    """Lamports given to the vault count once somebody syncs them; tokens at once."""
    trader, chain = pool.user(), pool.chain
    fund(chain, pool.key, pool.base_mint, 0, pool.base_program)
    held = chain.tokens(pool.base_vault)
    account = chain.account(pool.base_vault)
    gift = bytearray(account.data)
    gift[64:72] = (held + 10**15).to_bytes(8, "little")
    chain.set_account(pool.base_vault, bytes(gift), account.owner, lamports=account.lamports)
    chain.send([transfer_sol(trader.pubkey(), pool.quote_vault, 10**9)], [trader])
    assert pool.reserves == (BASE + 10**15, QUOTE)
    quote = quoted(pool, "buy_exact_in", 10**9)
    pool.swap("buy_exact_in", trader, 10**9, quote["base"])
    assert pool.state["base_reserve"] == BASE + 10**15 - quote["base"]


def test_k_never_falls_and_round_trips_never_gain(pool: Pool) -> None:
    trader = pool.user(base=0)
    k, purse = BASE * QUOTE, pool.held(trader.pubkey())[1]
    for step in range(1, 30):
        pool.swap("buy_exact_in", trader, 10**7 * step)
        bought = pool.held(trader.pubkey())[0]
        pool.swap("sell_exact_in", trader, bought)
        base, quote = pool.reserves
        assert base * quote >= k
        k, now = base * quote, pool.held(trader.pubkey())[1]
        assert now < purse
        purse = now


def test_many_tiny_swaps_in_one_transaction_never_profit(chain: Chain) -> None:
    pool = free_pool(chain, 1_000_003, 999_983)
    trader = pool.user(base=10_000, quote=10_000)
    tiny = [
        pool.swap_instruction(kind, trader.pubkey(), 3 + step)
        for step in range(3)
        for kind in ("buy_exact_in", "sell_exact_in", "buy_exact_out", "sell_exact_out")
    ]
    chain.send(tiny, [trader])
    base, quote, _ = pool.held(trader.pubkey())
    assert base + quote < 20_000


def test_a_swap_fills_only_its_traders_accounts(pool: Pool) -> None:
    trader, other = pool.user(), pool.user()
    with refused(None, 2015):
        pool.swap("buy_exact_in", trader, 10**9, trader_base=pool.base_of(other.pubkey()))
    with refused(None, 2015):
        pool.swap("sell_exact_in", trader, 10**9, trader_quote=pool.quote_of(other.pubkey()))


def test_new_fees_hold_from_the_next_swap_on(pool: Pool) -> None:
    trader = pool.user()
    tiers = [{"min_market_cap_quote": 0, "creator_fee_bps": 100}]
    fees = {"fee_recipient": Keypair().pubkey(), "lp_fee_bps": 100, "protocol_fee_bps": 50, "tiers": tiers}
    manage(pool.chain, "set_fees", {"fees": fees})
    event = pool.swap("buy_exact_out", trader, 10**12).event(AMM, "Swapped")
    expected = model.buy_exact_out(model.Pool("", BASE, QUOTE, model.Rates(100, 50, 30)), 10**12)
    assert not isinstance(expected, str)
    assert (event["paid"], event["protocol_fee"]) == (expected["total"], expected["protocol"])
