"""Whirlpools' instructions against its public interface, and addresses against known ones of mainnet."""

import struct

import pytest
from solders.keypair import Keypair

from launchpad.chain.curve_math import AmountTooSmallError, ZeroAmountError
from launchpad.chain.venues import orca
from tests.chain.venues.documented import ATA, MEMO, RENT, SYSTEM, TOKEN, TOKEN_2022, WSOL, accounts_of, ata, pda, table

WHIRLPOOLS, CONFIG = "whirLbMiicVdio4qvUfM5KAg6Ct8VwpYzGff3uctyCc", "2LecshUwdy9xi7meFgHtFJQNSKk4KdTrcpvaB56dP2NQ"
SOL = 10**9


def new_key():
    return str(Keypair().pubkey())


@pytest.fixture
def pool():
    return orca.Whirlpool.of("CgH9igg7DmCYcQzh76o2VdcevuVmVUVAej7HcGeCwho2", TOKEN_2022, (new_key(), new_key()))


def test_addresses_are_those_of_mainnet():
    assert orca.fee_tier(1) == "62dSkn5ktwY1PoKPNMArZA4bZsvyemuknWUnnQ2ATTuN"
    assert orca.token_badge("2b1kV6DkPAnxd5ixfnxCpjxmKwqjjaYmCZfHsFu24GXo") == (
        "HX5iftnCxhtu11ys3ZuWbvUqo7cyPYaVNZBrLL67Hrbm"
    )
    assert orca.position("6sf6fSK6tTubFA2LMCeTzt4c6DeNVyA6WpDDgtWs7a5p") == (
        "2EtH4ZZStW8Ffh2CbbW4baekdtWgPLcBXfYQ6FRmMVsq"
    )
    pool = "2kJmUjxWBwL2NGPBV2PiA5hWtmLCqcKY6reQgkrPtaeS"
    assert orca.tick_array(pool, 0) == "8PhPzk7n4wU98Z6XCbVtPai2LtXSxYnfjkmgWuoAU8Zy"


def test_opening_a_pool_has_the_documented_accounts_and_bytes(pool):
    funder = new_key()
    made = orca.initialize_pool_v2(pool, funder, 2**64)
    address = pda(WHIRLPOOLS, b"whirlpool", CONFIG, pool.mint_a, pool.mint_b, struct.pack("<H", 32_896))
    assert pool.key == address
    assert accounts_of(made) == table(
        CONFIG,
        pool.mint_a,
        pool.mint_b,
        pda(WHIRLPOOLS, b"token_badge", CONFIG, pool.mint_a),
        pda(WHIRLPOOLS, b"token_badge", CONFIG, pool.mint_b),
        (funder, "sw"),
        (address, "w"),
        (pool.vault_a, "sw"),
        (pool.vault_b, "sw"),
        pda(WHIRLPOOLS, b"fee_tier", CONFIG, struct.pack("<H", 32_896)),
        pool.program_a,
        pool.program_b,
        SYSTEM,
        RENT,
    )
    tag = bytes([207, 45, 87, 242, 27, 63, 204, 67])
    assert bytes(made.data) == tag + struct.pack("<H", 32_896) + (2**64).to_bytes(16, "little")


def test_a_tick_array_has_the_documented_accounts_and_bytes(pool):
    funder = new_key()
    made = orca.initialize_tick_array(pool, funder, -2_894_848)
    array = pda(WHIRLPOOLS, b"tick_array", pool.key, b"-2894848")
    assert accounts_of(made) == table(pool.key, (funder, "sw"), (array, "w"), SYSTEM)
    assert bytes(made.data) == bytes([11, 188, 193, 214, 141, 91, 149, 184]) + struct.pack("<i", -2_894_848)


def test_a_position_has_the_documented_accounts_and_bytes(pool):
    owner, mint = new_key(), new_key()
    made = orca.open_position(pool, owner, mint)
    assert accounts_of(made) == table(
        (owner, "sw"),
        owner,
        (pda(WHIRLPOOLS, b"position", mint), "w"),
        (mint, "sw"),
        (ata(owner, mint, TOKEN_2022), "w"),
        pool.key,
        TOKEN_2022,
        SYSTEM,
        ATA,
        "3axbTs2z5GBy6usVbNVoqEgZMng3vZvMnAoX29BFfwhr",
    )
    assert bytes(made.data) == bytes([212, 47, 95, 92, 114, 102, 131, 250]) + struct.pack("<2iB", -427_648, 427_648, 1)


@pytest.mark.parametrize("wrapped", [None, "passing"])
def test_filling_a_position_has_the_documented_accounts_and_bytes(pool, wrapped):
    owner, mint, account = new_key(), new_key(), new_key()
    held = account if wrapped else ata(owner, WSOL)
    made = orca.increase_liquidity_v2(pool, owner, mint, 5, (6, 7), account if wrapped else None)
    token = pool.mint_b if pool.mint_a == WSOL else pool.mint_a
    mine = {WSOL: held, token: ata(owner, token, TOKEN_2022)}
    assert accounts_of(made) == table(
        (pool.key, "w"),
        pool.program_a,
        pool.program_b,
        MEMO,
        (owner, "s"),
        (pda(WHIRLPOOLS, b"position", mint), "w"),
        ata(owner, mint, TOKEN_2022),
        pool.mint_a,
        pool.mint_b,
        (mine[pool.mint_a], "w"),
        (mine[pool.mint_b], "w"),
        (pool.vault_a, "w"),
        (pool.vault_b, "w"),
        (pda(WHIRLPOOLS, b"tick_array", pool.key, b"-2894848"), "w"),
        (pda(WHIRLPOOLS, b"tick_array", pool.key, b"0"), "w"),
    )
    tag = bytes([133, 29, 89, 223, 69, 238, 176, 10])
    assert bytes(made.data) == tag + (5).to_bytes(16, "little") + struct.pack("<2Q", 6, 7) + b"\0"


def test_the_smaller_mint_is_token_a(pool):
    assert (pool.mint_a, pool.program_a) == (WSOL, TOKEN)
    assert pool.in_order(5, 7) == (7, 5)


def test_ticks_have_their_known_prices():
    assert orca.sqrt_price_of(0) == 2**64
    # The program's own ends of the scale, to a relative 10^-9.
    assert orca.sqrt_price_of(orca.MAX_TICK) == pytest.approx(79226673515401279992447579055, rel=1e-9)
    assert orca.sqrt_price_of(-orca.MAX_TICK) == pytest.approx(4295048016, rel=1e-9)
    assert orca.full_range() == (-427_648, 427_648)
    assert [orca.array_start(tick) for tick in orca.full_range()] == [-2_894_848, 0]


@pytest.mark.parametrize(("of_a", "of_b"), [(85 * SOL, 206_900_000 * 10**6), (10**6, 10**15), (10**15, 10**6)])
def test_the_liquidity_of_a_deposit_costs_nearly_all_of_it_and_never_more(of_a, of_b):
    price, liquidity = orca.sqrt_price(of_a, of_b), orca.liquidity_of(of_a, of_b)
    low, high = (orca.sqrt_price_of(tick) for tick in orca.full_range())
    cost_a = -(-(liquidity << 64) * (high - price) // (high * price))
    cost_b = -(-liquidity * (price - low) >> 64)
    assert cost_a <= of_a
    assert cost_b <= of_b
    assert max(cost_a / of_a, cost_b / of_b) > 0.999_99


def test_deposits_that_cannot_be_are_refused():
    with pytest.raises(ZeroAmountError):
        orca.sqrt_price(0, 5)
    with pytest.raises(AmountTooSmallError, match="beyond"):
        orca.liquidity_of(1, 2**63)
