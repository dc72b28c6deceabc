"""Every foreign program's trade in its documented layout becomes one ForeignTrade."""

from decimal import Decimal

import pytest
from solders.pubkey import Pubkey

from launchpad.chain.addresses import WRAPPED_SOL
from launchpad.chain.foreign.decoder import ForeignDecoder, addresses, chosen, known_programs
from launchpad.errors import ConfigError
from tests.chain.foreign import venues
from tests.chain.foreign.answers import Answer, address, authority, tag

USDC = "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v"


@pytest.fixture(scope="module")
def decode():
    return ForeignDecoder.of(known_programs()).decode


@pytest.fixture
def keys():
    """A mint, a trader, a pool."""
    return address(), address(), address()


def amounts(trade):
    return trade.side, trade.base_amount, trade.quote_amount


def reserves(trade):
    return trade.base_reserve, trade.quote_reserve


def test_a_buy_on_pump(decode, keys):
    mint, user, _ = keys
    (trade,) = decode(venues.pump(mint, user))
    assert (trade.program, trade.kind, trade.mint, trade.quote_mint, trade.trader) == (
        "pump", "curve", mint, WRAPPED_SOL, user,
    )  # fmt: skip
    assert amounts(trade) == ("buy", 34_000_000, 1_000_000)
    assert reserves(trade) == (1_038_000_000_000, 31_000_000_000)
    assert trade.fees == {"protocol": 9_500, "creator": 3_000}
    assert (trade.timestamp, trade.instruction, trade.inner) == (1_700_000_123, 0, 0)
    assert trade.price == (Decimal(1) / Decimal(34)).quantize(Decimal("1e-20"))


def test_the_curve_of_pump_is_derived_from_the_mint(decode, keys):
    mint, user, _ = keys
    seeds = [b"bonding-curve", bytes(Pubkey.from_string(mint))]
    (trade,) = decode(venues.pump(mint, user, buy=False))
    assert trade.side == "sell"
    assert trade.pool == str(Pubkey.find_program_address(seeds, Pubkey.from_string(venues.PUMP))[0])


def test_a_trade_on_pump_in_another_quote(decode, keys):
    mint, user, _ = keys
    tail = venues.pump_tail(USDC, 777_000, 55_000_000, 1)
    (trade,) = decode(venues.pump(mint, user, tail=tail))
    assert (trade.quote_mint, trade.quote_amount, trade.quote_reserve) == (USDC, 777_000, 55_000_000)


def test_a_trade_on_pump_whose_new_fields_name_no_quote(decode, keys):
    mint, user, _ = keys
    (trade,) = decode(venues.pump(mint, user, tail=venues.pump_tail("1" * 32, 0, 0, 0)))
    assert (trade.quote_mint, trade.quote_amount, trade.quote_reserve) == (WRAPPED_SOL, 1_000_000, 31_000_000_000)


def test_trades_on_pumpswap(decode, keys):
    mint, user, pool = keys
    (bought,) = decode(venues.pumpswap(mint, user, pool).build())
    (sold,) = decode(venues.pumpswap(mint, user, pool, buy=False).build())
    assert (bought.pool, bought.mint, bought.quote_mint, bought.trader) == (pool, mint, WRAPPED_SOL, user)
    assert (amounts(bought), amounts(sold)) == (("buy", 5_000, 10_000), ("sell", 5_000, 10_000))
    assert reserves(bought) == (1_000_000 - 5_000, 2_000_000 + 10_200)
    assert reserves(sold) == (1_000_000 + 5_000, 2_000_000 - 9_800)
    assert bought.fees == {"liquidity": 200, "protocol": 50, "creator": 30}


def test_a_pumpswap_trade_through_an_aggregator_is_read_from_the_call_that_told_it(decode, keys):
    mint, user, pool = keys
    inner = Answer().call(address(), [user], b"route")
    for _ in range(2):
        inner.inner(venues.PUMPSWAP, [pool, user, address(), mint, WRAPPED_SOL], tag("global:buy"))
        inner.emit_cpi(venues.PUMPSWAP, venues.pumpswap_event(pool, user), depth=3)
    trades = decode(inner.build())
    assert [(trade.instruction, trade.inner, trade.mint) for trade in trades] == [(0, 1, mint), (0, 3, mint)]


def test_trades_on_raydium_are_seen_from_the_token(decode, keys):
    mint, user, pool = keys
    (bought,) = decode(venues.raydium_cp(pool, user, WRAPPED_SOL, mint).build())
    (sold,) = decode(venues.raydium_cp(pool, user, mint, WRAPPED_SOL).build())
    assert (amounts(bought), amounts(sold)) == (("buy", 500, 3_000), ("sell", 3_000, 500))
    assert (bought.mint, bought.quote_mint, bought.trader, bought.timestamp) == (
        mint, WRAPPED_SOL, user, 1_700_000_000,
    )  # fmt: skip
    assert reserves(bought) == (2_000_000 - 500, 1_000_000 + 3_000)
    assert reserves(sold) == (1_000_000 + 3_000, 2_000_000 - 500)
    assert bought.fees == {"liquidity": 7, "creator": 2}


def test_a_pool_of_two_tokens_has_the_same_base_whichever_is_paid(decode, keys):
    one, user, pool = keys
    other = address()
    (there,) = decode(venues.raydium_cp(pool, user, one, other).build())
    (back,) = decode(venues.raydium_cp(pool, user, other, one).build())
    assert (there.mint, there.quote_mint) == (back.mint, back.quote_mint)
    assert {there.side, back.side} == {"buy", "sell"}


def test_raydiums_log_counts_only_within_raydiums_own_call(decode, keys):
    mint, user, pool = keys
    forged = Answer().call(address(), [pool]).emit(venues.raydium_cp_event(pool, mint, WRAPPED_SOL))
    forged.call(venues.RAYDIUM_CP, venues.raydium_cp_accounts(pool, user, mint, WRAPPED_SOL), tag("global:deposit"))
    assert decode(forged.build()) == []


def test_precompiles_write_no_lines_and_calls_in_between_are_not_mistaken(decode, keys):
    mint, user, pool = keys
    answer = Answer().call("Ed25519SigVerify111111111111111111111111111")
    del answer.logs[-1]
    answer.call(address()).inner(address())
    accounts = venues.raydium_cp_accounts(pool, user, mint, WRAPPED_SOL)
    answer.call(venues.RAYDIUM_CP, accounts, tag("global:swap_base_input"))
    answer.emit(b"too short").emit(venues.raydium_cp_event(pool, mint, WRAPPED_SOL))
    answer.inner(address()).emit(venues.raydium_cp_event(pool, mint, WRAPPED_SOL))
    assert [(trade.instruction, trade.trader) for trade in decode(answer.build())] == [(2, user)]


def test_launchlab_tells_twice_and_counts_once(decode, keys):
    mint, user, pool = keys
    (bought,) = decode(venues.launchlab(mint, user, pool).build())
    (sold,) = decode(venues.launchlab(mint, user, pool, direction=1).build())
    assert (amounts(bought), amounts(sold)) == (("buy", 60, 4_000), ("sell", 4_000, 60))
    assert reserves(bought) == (1_073_000 - 150, 30_000 + 12)
    assert bought.fees == {"protocol": 11, "platform": 12, "creator": 13, "referrer": 14}
    assert (bought.mint, bought.quote_mint, bought.trader, bought.pool) == (mint, WRAPPED_SOL, user, pool)


@pytest.mark.parametrize("both", [True, False], ids=["with the newer event", "with the older one alone"])
def test_meteoras_curve_tells_in_two_versions_and_counts_once(decode, keys, both):
    mint, user, pool = keys
    (trade,) = decode(venues.dbc(mint, user, pool, both=both).build())
    assert amounts(trade) == ("buy", 70_000, 900)
    assert trade.fees == {"trading": 15, "protocol": 5}
    assert trade.quote_reserve == (123_456 if both else None)
    assert (trade.kind, trade.mint, trade.trader, trade.timestamp) == ("curve", mint, user, 1_700_000_789)


def test_meteoras_pool_in_both_orders_of_its_mints(decode, keys):
    mint, user, pool = keys
    (sold,) = decode(venues.damm((mint, WRAPPED_SOL), user, pool).build())
    (bought,) = decode(venues.damm((WRAPPED_SOL, mint), user, pool).build())
    assert (amounts(sold), reserves(sold)) == (("sell", 900, 4_500), (10_900, 45_500))
    assert (amounts(bought), reserves(bought)) == (("buy", 4_500, 900), (45_500, 10_900))
    assert sold.fees == {"claiming": 8, "protocol": 2}


def test_an_event_from_before_a_field_was_added_lacks_only_that(decode, keys):
    mint, user, pool = keys
    (trade,) = decode(venues.damm((mint, WRAPPED_SOL), user, pool, reserves=False).build())
    assert (trade.base_amount, reserves(trade)) == (900, (None, None))


def test_events_without_the_programs_authority_do_not_count(decode, keys):
    mint, user, _ = keys
    forged = Answer().call(venues.PUMP, [address()] * 7, tag("global:buy"))
    forged.inner(
        venues.PUMP, [authority(venues.PUMPSWAP)], bytes.fromhex("e445a52e51cb9a1d") + venues.pump_event(mint, user)
    )
    assert decode(forged.build()) == []


def test_bytes_that_end_in_the_middle_are_left_out(decode, keys):
    mint, user, _ = keys
    answer = Answer().call(venues.PUMP, [address()] * 7, tag("global:buy"))
    answer.emit_cpi(venues.PUMP, venues.pump_event(mint, user)[:60])
    assert decode(answer.build()) == []


def test_a_failed_transaction_holds_no_trade(decode, keys):
    mint, user, _ = keys
    answer = venues.pump(mint, user)
    answer["meta"]["err"] = {"InstructionError": [0, {"Custom": 1}]}
    assert decode(answer) == []


def test_programs_are_named_or_all(decode):
    assert chosen(["all"]) == known_programs()
    assert addresses(["pump"]) == {"pump": venues.PUMP}
    with pytest.raises(ConfigError, match="choose among meteora_damm"):
        addresses(["unheard"])
