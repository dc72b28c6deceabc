"""The curve's arithmetic against the vectors that Rust reads too, and against what must always hold."""

import json
from fractions import Fraction
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launchpad.chain import curve_math
from launchpad.chain.curve_math import (
    AmountTooSmallError,
    CurveCompleteError,
    Fees,
    InsufficientSoldError,
    InvalidLaunchFeeError,
    InvalidSegmentsError,
    LaunchFee,
    Segment,
    ZeroAmountError,
)
from launchpad.errors import LaunchpadError

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "curve.json").read_text())
CURVES = {curve["name"]: curve for curve in VECTORS["curves"]}
QUOTES = {
    "buy_exact_in": curve_math.quote_buy_exact_in,
    "buy_exact_out": curve_math.quote_buy_exact_out,
    "sell": curve_math.quote_sell,
}
CLASSIC = curve_math.classic(793_100_000 * 10**9)
FEES = Fees(50, 30)


def segments_of(curve):
    return [Segment(*numbers) for numbers in curve["segments"]]


@pytest.mark.parametrize("name", CURVES)
def test_a_valid_curve_is_accepted_with_its_totals(name):
    segments = segments_of(CURVES[name])
    curve_math.validate(segments)
    assert curve_math.sale_supply(segments) == CURVES[name]["sale_supply"]
    assert curve_math.raise_target(segments) == CURVES[name]["raise_target"]


@pytest.mark.parametrize("name", CURVES)
def test_every_place_on_the_curve_is_where_the_model_has_it(name):
    segments = segments_of(CURVES[name])
    for sold, reserve, segment, base, quote in CURVES[name]["places"]:
        assert curve_math.held(segments, sold) == reserve
        assert curve_math.spot(segments, sold) == (base, quote, segment)
        assert curve_math.max_sold(segments, reserve) >= sold


@pytest.mark.parametrize("name", CURVES)
def test_every_trade_is_quoted_as_the_model_quotes_it(name):
    segments = segments_of(CURVES[name])
    protocol_bps, creator_bps, share_bps = CURVES[name]["rates"]
    for trade in CURVES[name]["trades"]:
        fees = Fees(protocol_bps, creator_bps, trade["launch_bps"])
        expected, referred = trade.get("quote"), trade["referred"]
        ask = partial(QUOTES[trade["kind"]], segments, trade["sold"], trade["amount"], fees)
        if expected is None:
            with pytest.raises(LaunchpadError) as caught:
                ask()
            assert caught.value.code.replace("_", "").lower() == trade["error"].lower(), trade
            continue
        quote = ask()
        referrer = curve_math.referrer_part(quote.protocol_fee, share_bps) if referred else 0
        assert (quote.base_amount, quote.curve_amount, quote.total) == (
            expected["base"],
            expected["amount"],
            expected["total"],
        ), trade
        assert (quote.protocol_fee - referrer, quote.creator_fee, referrer, quote.launch_fee) == (
            expected["protocol"],
            expected["creator"],
            expected["referrer"],
            expected["launch"],
        )


def test_a_launch_fee_falls_as_the_model_lets_it_fall():
    for start, seconds, half_life, elapsed, rate in VECTORS["launch_fees"]:
        assert LaunchFee(start, seconds, half_life).bps_at(elapsed) == rate


@pytest.mark.parametrize("fee", [(0, 60, 0), (5_001, 60, 0), (1, 0, 0), (1, 601, 0), (1, 60, 61), (1, 60, -1)])
def test_a_launch_fee_outside_of_the_caps_is_refused(fee):
    with pytest.raises(InvalidLaunchFeeError):
        LaunchFee(*fee).checked()


def test_every_refund_is_what_the_model_pays():
    for case in VECTORS["refunds"]:
        ask = partial(curve_math.quote_refund, case["quote_reserve"], case["sold"], case["base_in"])
        if "error" in case:
            with pytest.raises(LaunchpadError) as caught:
                ask()
            assert caught.value.code.replace("_", "").lower() == case["error"].lower(), case
        else:
            assert ask() == case["quote_out"], case


@pytest.mark.parametrize("case", VECTORS["invalid"], ids=lambda case: case["name"])
def test_what_the_program_refuses_is_refused_here(case):
    segments = segments_of(case)
    if curve_math.sale_supply(segments) != case["sale_supply"]:
        return  # The sum is compared with the allocation, which is the launch's business.
    with pytest.raises(InvalidSegmentsError):
        curve_math.validate(segments)


def test_the_classic_curve_raises_85_sol_and_sells_the_first_sol_for_34_million():
    assert [Segment(1_073_000_000 * 10**9, 30 * 10**9, 793_100_000 * 10**9)] == CLASSIC
    assert curve_math.raise_target(CLASSIC) == 85_005_359_057
    quote = curve_math.quote_buy_exact_in(CLASSIC, 0, 10**9, Fees(0, 0))
    assert quote.base_amount == 34_612_903_225_806_451
    assert quote.price_before == Fraction(30, 1_073_000_000)
    assert quote.price_after > quote.price_before


@pytest.mark.parametrize("supply", [1, 2, 7, 1_000, 10**6, 10**18])
def test_the_classic_curve_fits_any_supply(supply):
    curve_math.validate(curve_math.classic(supply))


def test_price_impact_is_the_distance_from_the_price_before():
    small = curve_math.quote_buy_exact_in(CLASSIC, 0, 10**7, FEES)
    large = curve_math.quote_buy_exact_in(CLASSIC, 0, 10**10, FEES)
    assert 0 <= small.price_impact_bps <= 5
    assert 3_200 < large.price_impact_bps < 3_400


def test_a_buy_beyond_the_end_takes_what_is_left_and_charges_only_that():
    sold = curve_math.sale_supply(CLASSIC) - 10**15
    quote = curve_math.quote_buy_exact_in(CLASSIC, sold, 10**13, FEES)
    assert quote.sold_after == curve_math.sale_supply(CLASSIC)
    assert quote.total < 10**13
    assert curve_math.quote_buy_exact_out(CLASSIC, sold, 10**18, FEES) == quote


@pytest.mark.parametrize("trade", [curve_math.quote_buy_exact_in, curve_math.quote_buy_exact_out])
def test_a_finished_curve_sells_nothing(trade):
    with pytest.raises(CurveCompleteError):
        trade(CLASSIC, curve_math.sale_supply(CLASSIC), 10**9, FEES)


@pytest.mark.parametrize("trade", QUOTES.values())
def test_nothing_cannot_be_traded(trade):
    with pytest.raises(ZeroAmountError):
        trade(CLASSIC, 10**15, 0, FEES)


def test_more_than_was_sold_cannot_come_back():
    with pytest.raises(InsufficientSoldError):
        curve_math.quote_sell(CLASSIC, 10**15, 10**15 + 1, FEES)


def test_dust_is_refused_rather_than_eaten_by_fees():
    with pytest.raises(AmountTooSmallError):
        curve_math.quote_sell(CLASSIC, 10**15, 1, FEES)
    with pytest.raises(AmountTooSmallError):
        curve_math.quote_buy_exact_in(CLASSIC, 0, 1, FEES)


@pytest.mark.parametrize("ask", [curve_math.held, curve_math.spot])
def test_the_curve_ends_where_its_supply_ends(ask):
    with pytest.raises(CurveCompleteError):
        ask(CLASSIC, curve_math.sale_supply(CLASSIC) + 1)


@st.composite
def rising_curves(draw):
    """Curves of up to five segments whose price never falls."""
    segments = []
    for _ in range(draw(st.integers(1, 5))):
        base = draw(st.integers(10, 10**15))
        sale = draw(st.integers(1, base - 1))
        quote = draw(st.integers(1, 10**11))
        if segments:
            end = segments[-1].price_after(segments[-1].base_for_sale)
            quote = max(quote, -(-end.numerator * base // end.denominator))
        segments.append(Segment(base, quote, sale))
    totals = (curve_math.sale_supply(segments), curve_math.raise_target(segments))
    return segments if all(0 < total < 2**63 for total in totals) and segments[-1].quote_reserve < 2**64 else [*CLASSIC]


rates = st.builds(Fees, st.integers(0, 200), st.integers(0, 200))


@settings(deadline=None)
@given(rising_curves(), st.data(), rates)
def test_the_most_base_for_the_money_is_bought(segments, data, fees):
    sold = data.draw(st.integers(0, curve_math.sale_supply(segments) - 1))
    money = data.draw(st.integers(1, 2 * curve_math.raise_target(segments) + 10))
    try:
        quote = curve_math.quote_buy_exact_in(segments, sold, money, fees)
    except AmountTooSmallError:
        return
    assert quote.total <= money
    if quote.sold_after < curve_math.sale_supply(segments):
        more = curve_math.quote_buy_exact_out(segments, sold, quote.base_amount + 1, fees)
        assert more.total > money


@settings(deadline=None)
@given(rising_curves(), st.data(), rates)
def test_nobody_gains_by_a_round_trip_or_by_splitting(segments, data, fees):
    sold = data.draw(st.integers(0, curve_math.sale_supply(segments) - 1))
    base = data.draw(st.integers(1, curve_math.sale_supply(segments) - sold))
    try:
        buy = curve_math.quote_buy_exact_out(segments, sold, base, fees)
        sale = curve_math.quote_sell(segments, buy.sold_after, buy.base_amount, fees)
    except AmountTooSmallError:
        return
    assert sale.curve_amount == buy.curve_amount
    assert sale.total <= buy.total
    if base > 1:
        half = curve_math.held(segments, sold + base // 2) - curve_math.held(segments, sold)
        rest = curve_math.held(segments, sold + base) - curve_math.held(segments, sold + base // 2)
        assert half + rest == buy.curve_amount


@settings(deadline=None)
@given(rising_curves(), st.data())
def test_the_reserve_never_falls_and_its_inverse_is_exact(segments, data):
    sold = data.draw(st.integers(0, curve_math.sale_supply(segments)))
    reserve = curve_math.held(segments, sold)
    most = curve_math.max_sold(segments, reserve)
    assert most >= sold
    assert curve_math.held(segments, most) <= reserve
    if most < curve_math.sale_supply(segments):
        assert curve_math.held(segments, most + 1) > reserve
