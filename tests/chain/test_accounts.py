"""The accounts of the programs, read as the IDLs lay them out."""

import hashlib
from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launchpad.chain import accounts, curve_math
from launchpad.chain.accounts import CurveState, decode_account
from launchpad.chain.amm_math import FeeRates, Reserves
from launchpad.chain.borsh import UndecodableError
from launchpad.chain.curve_math import LaunchFee, NotRefundingError
from launchpad.chain.pool_events import FeeTier
from tests.chain.idls import codec, idl, values
from tests.chain.test_events import same

KINDS = [
    ("bonding_curve", "Config", accounts.CurveConfig),
    ("bonding_curve", "Curve", CurveState),
    ("bonding_curve", "ReferrerFees", accounts.ReferrerFees),
    ("bonding_curve", "Shape", accounts.ShapeState),
    ("bonding_curve", "Terms", accounts.TermsState),
    ("bonding_curve", "Position", accounts.PositionState),
    ("bonding_curve", "Batch", accounts.BatchState),
    ("bonding_curve", "Deposit", accounts.DepositState),
    ("token_launcher", "Config", accounts.LauncherConfig),
    ("token_launcher", "LaunchRecord", accounts.LaunchState),
    ("vesting", "Schedule", accounts.ScheduleState),
    ("amm", "Config", accounts.AmmConfig),
    ("amm", "Pool", accounts.PoolState),
    ("fee_router", "Router", accounts.RouterState),
    ("fee_router", "Proposal", accounts.ProposalState),
    ("fee_router", "Release", accounts.ReleaseState),
]


def encoded(program, name, value):
    tag = hashlib.sha256(f"account:{name}".encode()).digest()[:8]
    return tag + codec(program).encode({"defined": {"name": name}}, value)


@pytest.mark.parametrize(("program", "name", "kind"), KINDS, ids=str)
@settings(deadline=None, max_examples=20)
@given(st.data())
def test_every_account_is_read_as_the_program_writes_it(program, name, kind, data):
    given_value = data.draw(values(program, {"defined": {"name": name}}))
    state = decode_account(kind, encoded(program, name, given_value) + bytes(64))
    for field in fields(state):
        assert same(getattr(state, field.name), given_value[field.name]), field.name


def test_no_account_of_the_programs_is_left_out():
    listed = {(program, each["name"]) for program, _, _ in KINDS for each in idl(program)["accounts"]}
    assert listed == {(program, name) for program, name, _ in KINDS}


def test_a_pools_fees_follow_its_market_cap_from_the_next_second_on():
    zeros = dict.fromkeys([field.name for field in fields(accounts.PoolState)], 0)
    zeros |= {"pays_creator": True, "creator_fee_bps": 30, "base_reserve": 10, "quote_reserve": 20, "observed_at": 5}
    pool = accounts.PoolState(**zeros | {"base_price_cumulative": (1, 2, 3)})
    config = accounts.AmmConfig(1, 0, "A", None, "F", 20, 5, False, b"", (FeeTier(0, 30), FeeTier(100, 10)))
    assert config.rates_at(pool, 50, 5) == config.rates(pool) == FeeRates(20, 5, 30)
    assert config.rates_at(pool, 49, 6) == FeeRates(20, 5, 30)
    assert config.rates_at(pool, 50, 6) == FeeRates(20, 5, 10)
    assert config.rates_at(replace(pool, pays_creator=False, creator_fee_bps=0), 50, 6) == FeeRates(20, 5, 0)
    assert pool.reserves(11, 25) == Reserves(11, 25)
    assert pool.price_sum == 1 + (2 << 64) + (3 << 128)


def test_another_account_is_refused():
    with pytest.raises(UndecodableError):
        decode_account(CurveState, bytes(1_000))


def test_a_curve_quotes_itself():
    segments = tuple(curve_math.classic(10**15))
    names = [field.name for field in fields(CurveState)]
    zeros = dict.fromkeys(names, 0) | {"segments": segments, "sale_supply": 10**15, "sold": 10**14}
    zeros |= {"protocol_fee_bps": 50, "creator_fee_bps": 30, "raise_target": curve_math.raise_target(segments)}
    zeros |= {"quote_reserve": curve_math.held(segments, 10**14)}
    curve = CurveState(**zeros | {"launch_fee": LaunchFee(5_000, 600)})
    assert [curve.fees(second).launch_bps for second in (0, 300, 600)] == [5_000, 2_500, 0]
    assert curve.quote_buy_exact_in(10**9) == curve_math.quote_buy_exact_in(segments, 10**14, 10**9, curve.fees())
    assert curve.quote_buy_exact_out(10**9) == curve_math.quote_buy_exact_out(segments, 10**14, 10**9, curve.fees())
    assert curve.quote_sell(10**10) == curve_math.quote_sell(segments, 10**14, 10**10, curve.fees())
    with pytest.raises(NotRefundingError):
        curve.quote_refund(1)
    assert replace(curve, status="refunding").quote_refund(10**14) == curve.quote_reserve
    assert curve.spot == curve_math.spot(segments, 10**14)
    assert 0 < curve.progress_bps < 10_000
