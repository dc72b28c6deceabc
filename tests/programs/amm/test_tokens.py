"""Which mints a pool accepts, and how it reckons with those that tax their transfers."""

import struct

import pytest
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from tests.programs.harness import AMM, TOKEN, TOKEN_2022, Chain, metadata_pointer, refused, token_data
from tests.programs.pool_market import BASE, LOTS, QUOTE, Pool, free_pool, new_pool

# Numbers of Token-2022's extensions with the length of their value.
FORBIDDEN = {
    "close authority": (3, 32),
    "confidential transfers": (4, 65),
    "default account state": (6, 1),
    "non-transferable": (9, 0),
    "interest": (10, 52),
    "permanent delegate": (12, 32),
    "transfer hook": (14, 64),
    "confidential transfer fee": (16, 129),
    "confidential mint and burn": (24, 196),
    "scaled amount": (25, 56),
    "pausable": (26, 33),
    "unknown": (999, 8),
}
NATIVE_2022 = Pubkey.from_string("9pan9bMn5HatX4EJdBwg9VgCa7Uz5HL8N1m5D3NdXejP")


def tax(bps: int, most: int) -> dict[int, bytes]:
    """A transfer fee that has always been the same."""
    fee = struct.pack("<QQH", 0, most, bps)
    return {1: bytes(64) + struct.pack("<Q", 0) + fee + fee}


def taxed_pool(chain: Chain, bps: int, most: int = 2**64 - 1) -> Pool:
    """A pool of a mint whose transfers are taxed, and its opener's tokens."""
    pool = new_pool(chain, extensions={**tax(bps, most), **metadata_pointer()}, supply=2**63)
    give(pool, pool.opener.pubkey(), BASE)
    return pool


def give(pool: Pool, owner: Pubkey, base: int) -> None:
    """Both tokens, the base in an account with room for withheld fees."""
    pool.fund(owner, base, 10**15)
    data = token_data(pool.base_mint, owner, base) + struct.pack("<HHQ", 2, 8, 0)
    pool.chain.set_account(pool.base_of(owner), data, TOKEN_2022)


def user(pool: Pool) -> Keypair:
    key = pool.chain.wallet()
    give(pool, key.pubkey(), LOTS)
    pool.chain.set_tokens(key.pubkey(), pool.lp_mint, 0, program=TOKEN)
    return key


def opened(chain: Chain, bps: int, most: int = 2**64 - 1) -> Pool:
    pool = taxed_pool(chain, bps, most)
    chain.send([pool.create_instruction()], [pool.opener])
    return pool


@pytest.mark.parametrize("name", FORBIDDEN)
@pytest.mark.parametrize("side", ["base", "quote"])
def test_a_mint_whose_tokens_could_be_stopped_or_taken_is_refused(chain: Chain, name: str, side: str) -> None:
    kind, length = FORBIDDEN[name]
    mint = chain.new_mint(None, 10**18, extensions={**metadata_pointer(), kind: bytes(length)})
    pool = (
        new_pool(chain, base_mint=mint)
        if side == "base"
        else new_pool(chain, quote_mint=mint, quote_program=TOKEN_2022)
    )
    with refused(AMM, "ForbiddenExtension"):
        pool.create()
    assert not chain.exists(pool.key)


def test_token_2022s_own_wrapped_sol_is_refused(chain: Chain) -> None:
    chain.set_account(NATIVE_2022, chain.account(new_pool(chain, program=TOKEN).base_mint).data, TOKEN_2022)
    with refused(AMM, "InvalidMint"):
        new_pool(chain, base_mint=NATIVE_2022).create()


def test_a_mint_is_read_by_its_own_program(chain: Chain) -> None:
    classic = chain.new_mint(None, 10**18, program=TOKEN)
    with refused(None, 3007):
        new_pool(chain, base_mint=classic).create()


def test_a_program_that_is_no_token_program_is_refused(chain: Chain) -> None:
    fake = Keypair().pubkey()
    pool = new_pool(chain)
    account = chain.account(pool.base_mint)
    chain.set_account(pool.base_mint, account.data, fake)
    with refused(None, 3008):
        pool.create(base_token_program=fake)


# Taxed transfers


@pytest.fixture(params=[(1, 2**64 - 1), (200, 2**64 - 1), (9_999, 2**64 - 1), (500, 10**9), (10_000, 10**9)])
def taxed(chain: Chain, request: pytest.FixtureRequest) -> Pool:
    """Pools with taxes of every kind: tiny, usual, nearly all, and with a ceiling that is reached."""
    return opened(chain, *request.param)


def kept(pool: Pool, amount: int) -> int:
    """What a transfer of `amount` withholds."""
    data = pool.chain.account(pool.base_mint).data
    most, bps = struct.unpack_from("<QH", data, 166 + 4 + 64 + 8 + 8)
    return min(-(-amount * bps // 10_000), most)


def test_a_first_deposit_is_what_arrived(taxed: Pool) -> None:
    state = taxed.state
    assert state["base_taxed"]
    assert taxed.vaults == (BASE - kept(taxed, BASE), QUOTE) == (state["base_reserve"], state["quote_reserve"])


def test_only_what_arrives_is_swapped_and_told(taxed: Pool) -> None:
    trader = user(taxed)
    before, held = taxed.vaults, taxed.held(trader.pubkey())
    sold = taxed.swap("sell_exact_in", trader, 10**13).event(AMM, "Swapped")
    assert sold["base_amount"] == taxed.vaults[0] - before[0] == 10**13 - kept(taxed, 10**13)
    assert (sold["paid"], sold["received"]) == (10**13, taxed.held(trader.pubkey())[1] - held[1])
    before, held = taxed.vaults, taxed.held(trader.pubkey())
    bought = taxed.swap("buy_exact_in", trader, 10**9).event(AMM, "Swapped")
    assert bought["base_amount"] == before[0] - taxed.vaults[0]
    assert bought["received"] == taxed.held(trader.pubkey())[0] - held[0]
    assert bought["received"] == bought["base_amount"] - kept(taxed, bought["base_amount"])


def test_the_worst_acceptable_result_is_what_the_trader_gets(taxed: Pool) -> None:
    trader = user(taxed)
    bought = taxed.swap("buy_exact_in", trader, 10**9).event(AMM, "Swapped")
    with refused(AMM, "SlippageExceeded"):
        taxed.swap("buy_exact_in", trader, 10**9, bought["received"])


def test_an_exact_output_arrives_and_the_pool_gets_what_it_needs(taxed: Pool) -> None:
    trader = user(taxed)
    for kind, amount, place in (("buy_exact_out", 10**8, 0), ("sell_exact_out", 10**5, 1)):
        held, k = taxed.held(trader.pubkey()), taxed.vaults[0] * taxed.vaults[1]
        event = taxed.swap(kind, trader, amount).event(AMM, "Swapped")
        assert taxed.held(trader.pubkey())[place] - held[place] == event["received"] >= amount
        assert taxed.vaults[0] * taxed.vaults[1] >= k


def test_liquidity_counts_what_arrives_and_leaves(taxed: Pool) -> None:
    provider = user(taxed)
    before = taxed.vaults
    added = taxed.deposit(provider, 10**14, 10**11).event(AMM, "LiquidityAdded")
    assert (added["base_amount"], added["quote_amount"]) == tuple(
        now - was for now, was in zip(taxed.vaults, before, strict=True)
    )
    base_held, quote_held, shares = taxed.held(provider.pubkey())
    before = taxed.vaults
    removed = taxed.withdraw(provider, shares).event(AMM, "LiquidityRemoved")
    assert removed["base_amount"] == before[0] - taxed.vaults[0] <= added["base_amount"]
    assert taxed.held(provider.pubkey())[:2] == (
        base_held + removed["base_amount"] - kept(taxed, removed["base_amount"]),
        quote_held + removed["quote_amount"],
    )


def test_a_deposit_never_takes_more_than_its_limits(taxed: Pool) -> None:
    provider = user(taxed)
    held = taxed.held(provider.pubkey())
    taxed.deposit(provider, 10**14, 10**11)
    now = taxed.held(provider.pubkey())
    assert held[0] - now[0] <= 10**14
    assert held[1] - now[1] <= 10**11


def test_a_tax_of_everything_makes_no_pool(chain: Chain) -> None:
    pool = taxed_pool(chain, 10_000)
    with refused(AMM, "ZeroAmount"):
        chain.send([pool.create_instruction()], [pool.opener])


def test_a_tax_that_becomes_everything_traps_no_liquidity(chain: Chain) -> None:
    """Buyers and depositors are refused or get nothing less than they asked for; shares still return SOL."""
    pool = opened(chain, 100)
    trader = user(pool)
    account = chain.account(pool.base_mint)
    data = bytearray(account.data)
    for place in (166 + 4 + 72, 166 + 4 + 72 + 18):
        data[place + 16 : place + 18] = struct.pack("<H", 10_000)
    chain.set_account(pool.base_mint, bytes(data), TOKEN_2022)
    with refused(AMM, "SlippageExceeded"):
        pool.swap("buy_exact_in", trader, 10**9, 1)
    with refused(None):
        pool.swap("buy_exact_out", trader, 10**9)
    with refused(AMM, "ZeroAmount"):
        pool.swap("sell_exact_in", trader, 10**12)
    before = pool.held(pool.opener.pubkey())
    pool.withdraw(pool.opener, before[2] // 2)
    assert pool.held(pool.opener.pubkey())[1] > before[1]


def test_both_sides_may_be_taxed(chain: Chain) -> None:
    quote = chain.new_mint(None, 10**18, extensions=tax(300, 2**64 - 1))
    pool = free_pool_of_two(chain, quote)
    assert (pool.state["base_taxed"], pool.state["quote_taxed"]) == (False, True)
    assert pool.vaults == (BASE, QUOTE - -(-QUOTE * 300 // 10_000))


def free_pool_of_two(chain: Chain, quote: Pubkey) -> Pool:
    """A pool whose quote side is taxed."""
    pool = new_pool(chain, quote_mint=quote, quote_program=TOKEN_2022)
    pool.fund(pool.opener.pubkey(), BASE, QUOTE)
    data = token_data(quote, pool.opener.pubkey(), QUOTE) + struct.pack("<HHQ", 2, 8, 0)
    chain.set_account(pool.quote_of(pool.opener.pubkey()), data, TOKEN_2022)
    chain.send([pool.create_instruction()], [pool.opener])
    return pool


def test_a_plain_pool_is_not_taxed(chain: Chain) -> None:
    state = free_pool(chain).state
    assert (state["base_taxed"], state["quote_taxed"]) == (False, False)
