"""What instructions cost in compute units, and how much room the program takes."""

import pytest
from solders.pubkey import Pubkey

from tests.programs.harness import AMM, NOW, TOKEN, TOKEN_2022, Chain, metadata_pointer
from tests.programs.pool_market import Pool, create_config, free_pool, graduated, new_pool

# Raydium's CP-swap in the same runtime: 50 000 with Token-2022 metadata, 45 900 with classic mints.
SWAP_LIMIT = {TOKEN_2022: 36_000, TOKEN: 35_000}
LIQUIDITY_LIMIT = 45_000


def launched(chain: Chain, program: Pubkey) -> Pool:
    """A graduate with its metadata in the mint, as launches make them."""
    metadata = {**metadata_pointer(), 19: bytes(184)} if program == TOKEN_2022 else None
    return graduated(chain, program=program, extensions=metadata)


@pytest.mark.parametrize("program", [TOKEN, TOKEN_2022])
def test_a_swap_stays_within_its_budget(chain: Chain, program: Pubkey) -> None:
    pool = launched(chain, program)
    trader = pool.user()
    for kind, amount in {
        "buy_exact_in": 10**9,
        "sell_exact_in": 10**14,
        "buy_exact_out": 10**13,
        "sell_exact_out": 10**8,
    }.items():
        chain.set_time(chain.now + 1)
        assert pool.swap(kind, trader, amount, deadline=chain.now).compute_units <= SWAP_LIMIT[program], kind


def test_the_longest_list_of_tiers_costs_little(bare: Chain) -> None:
    tiers = [{"min_market_cap_quote": each, "creator_fee_bps": each} for each in range(16)]
    create_config(bare, tiers=tiers)
    pool = launched(bare, TOKEN_2022)
    bare.set_time(NOW + 1)
    assert pool.swap("buy_exact_in", pool.user(), 10**9).compute_units <= SWAP_LIMIT[TOKEN_2022] + 1_500
    assert pool.state["creator_fee_bps"] == 15


def test_changes_of_liquidity_stay_within_their_budget(chain: Chain) -> None:
    pool = free_pool(chain)
    provider = pool.user()
    assert pool.deposit(provider, 10**15, 10**12).compute_units <= LIQUIDITY_LIMIT
    assert pool.withdraw(provider, 10**6).compute_units <= LIQUIDITY_LIMIT


def test_creating_fits_the_default_limit_of_one_instruction(chain: Chain) -> None:
    pool = new_pool(chain)
    pool.fund(pool.opener.pubkey(), 10**15, 10**12)
    receipt = chain.send([pool.create_instruction(10**15, 10**12)], [pool.opener], compute=None)
    assert receipt.compute_units < 200_000


def test_a_graduates_pool_leaves_half_of_the_default_limit_to_its_caller(chain: Chain) -> None:
    pool = new_pool(chain, canonical=True)
    chain.set_tokens(pool.curve, pool.base_mint, 10**15, program=TOKEN_2022)
    assert pool.graduate(10**15, 10**12).compute_units < 110_000


def test_the_program_has_not_grown_by_accident() -> None:
    assert len(AMM.code) < 1_000_000
