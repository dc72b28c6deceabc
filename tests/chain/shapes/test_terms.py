"""A curve in a creator's words: what follows from what, and what is said too often."""

from decimal import Decimal
from fractions import Fraction

import pytest

from launchpad.chain import curve_math
from launchpad.chain.shapes import CurveTerms, InvalidShapeError, Supply, compile_points, compile_terms

SUPPLY = Supply(10**18, 793_100_000 * 10**9, 9)
COARSE = Supply(10**15, 793_100_000 * 10**6, 6)
SOL = 10**9
SHAPES = ["classic", "linear", "exponential", "logarithmic"]


def words(**given):
    return {name: Decimal(value) for name, value in given.items()}


def compiled(kind, supply=SUPPLY, **given):
    return compile_terms(CurveTerms(kind, **words(**given)), supply)


def cap(curve, place, supply=SUPPLY):
    """Market cap in SOL by the segments' own price."""
    return curve_math.price(curve.segments, place) * supply.total / SOL


def near(value, expected, bps=51):
    return abs(Fraction(value) / Fraction(expected) - 1) <= Fraction(bps, 10_000)


def test_the_classic_shape_without_terms_is_the_preset():
    curve = compiled("classic")
    assert list(curve.segments) == curve_math.classic(SUPPLY.sale)
    assert (curve.raise_lamports, curve.error_bps) == (85_005_359_057, 0)


@pytest.mark.parametrize("goal", ["0.5", "12", "85", "85.005359057", "10000"])
def test_a_classic_goal_is_raised_to_the_lamport(goal):
    curve = compiled("classic", raise_amount=goal)
    assert curve_math.raise_target(curve.segments) == int(Decimal(goal) * SOL)
    (preset,) = curve_math.classic(SUPPLY.sale)
    assert near(Fraction(curve.segments[0].base_reserve, preset.base_reserve), 1, bps=1)


def test_a_classic_curve_keeps_its_multiple_or_takes_another():
    assert near(cap(compiled("classic", start_market_cap="100"), SUPPLY.sale), Fraction("1469.58"), bps=1)
    narrow = compiled("classic", multiple="4")
    assert near(cap(narrow, SUPPLY.sale), 4 * cap(narrow, 0), bps=1)
    assert narrow.raise_lamports == 85_005_359_057


@pytest.mark.parametrize("kind", SHAPES)
def test_any_two_of_start_end_multiple_and_raise_give_the_same_curve(kind):
    both = compiled(kind, start_market_cap="28", end_market_cap="280")
    raised = str(Decimal(both.raise_lamports).scaleb(-9))
    others = [
        {"start_market_cap": "28", "multiple": "10"},
        {"end_market_cap": "280", "multiple": "10"},
        {"start_market_cap": "28", "raise_amount": raised},
        {"end_market_cap": "280", "raise_amount": raised},
        {"multiple": "10", "raise_amount": raised},
        {"start_price": "0.000000028", "end_price": "0.00000028"},
    ]
    for given in others:
        curve = compiled(kind, **given)
        assert abs(curve.raise_lamports - both.raise_lamports) <= 1
        assert near(cap(curve, 0), cap(both, 0), bps=1)
        assert near(cap(curve, SUPPLY.sale), cap(both, SUPPLY.sale), bps=1)
    assert near(cap(both, 0), 28)
    assert near(cap(both, SUPPLY.sale), 280)


def test_a_promised_raise_is_kept_exactly():
    for kind in SHAPES:
        curve = compiled(kind, raise_amount="85.000000001", multiple="15")
        assert curve_math.raise_target(curve.segments) == 85_000_000_001


def test_dollars_are_divided_by_the_price_that_is_given():
    dollars = compiled("linear", start_market_cap="5600", end_market_cap="28000", sol_price_usd="200")
    coins = compiled("linear", start_market_cap="28", end_market_cap="140")
    assert dollars.segments == coins.segments
    assert compiled("fixed", COARSE, raise_amount="200", sol_price_usd="100").raise_lamports == 2 * SOL


def test_a_fixed_price_comes_from_a_market_cap_or_from_a_raise():
    by_cap = compiled("fixed", COARSE, start_market_cap="100")
    assert near(cap(by_cap, 0, COARSE), 100, bps=1)
    assert near(cap(by_cap, COARSE.sale, COARSE), 100, bps=1)
    by_raise = compiled("fixed", COARSE, raise_amount="79.31")
    assert by_raise.segments == by_cap.segments


@pytest.mark.parametrize(
    ("kind", "given", "field", "said"),
    [
        ("linear", {"start_market_cap": 28, "end_market_cap": 280, "raise_amount": 85}, "raise_amount", "leave it out"),
        ("linear", {"start_market_cap": 28, "end_market_cap": 280, "multiple": 10}, "multiple", "leave it out"),
        ("linear", {"start_market_cap": 28, "start_price": 1, "multiple": 2}, "start_price", "start market cap"),
        ("linear", {"start_market_cap": 28}, "raise_amount", "two of"),
        ("exponential", {"raise_amount": 28}, "start_market_cap", "two of"),
        ("logarithmic", {}, "start_market_cap", "two of"),
        ("linear", {"start_market_cap": 280, "end_market_cap": 28}, "end_market_cap", "never fall"),
        ("linear", {"start_market_cap": 28, "multiple": "0.5"}, "multiple", "never fall"),
        ("linear", {"start_market_cap": 1000, "raise_amount": 5}, "start_market_cap", "no curve of the shape"),
        ("linear", {"end_market_cap": 280, "raise_amount": 85}, "end_market_cap", "no curve of the shape"),
        ("linear", {"start_market_cap": 0, "multiple": 5}, "start_market_cap", "more than zero"),
        ("linear", {"start_market_cap": "NaN", "multiple": 5}, "start_market_cap", "more than zero"),
        ("linear", {"raise_amount": "0.0000000001", "multiple": 5}, "raise_amount", "one lamport"),
        ("linear", {"raise_amount": 5, "multiple": 5, "sol_price_usd": -1}, "sol_price_usd", "more than zero"),
        ("fixed", {"start_market_cap": 5, "raise_amount": 5}, "raise_amount", "leave it out"),
        ("fixed", {"end_market_cap": 5}, "end_market_cap", "one price"),
        ("fixed", {"multiple": 5}, "multiple", "one price"),
        ("fixed", {}, "start_market_cap", "market cap"),
        ("fixed", {"raise_amount": 85}, "decimals", "fewer"),
    ],
)
def test_what_cannot_be_says_what_to_change(kind, given, field, said):
    with pytest.raises(InvalidShapeError, match=said) as refused:
        compiled(kind, **given)
    assert refused.value.details["field"] == field


def test_points_are_joined_by_straight_lines():
    line = compile_points([(0, Decimal(28)), (10_000, Decimal(280))], SUPPLY)
    assert line.segments == compiled("linear", start_market_cap="28", end_market_cap="280").segments
    bent = compile_points([(0, Decimal(28)), (5_000, Decimal(56)), (10_000, Decimal(280))], SUPPLY)
    assert near(cap(bent, SUPPLY.sale // 2), 56)
    assert bent.raise_lamports == -(-(28 + 56 + 56 + 280) * SOL * 7_931 // 40_000)


@pytest.mark.parametrize(
    ("points", "said"),
    [
        ([(0, 28)], "begin at 0"),
        ([(1, 28), (10_000, 30)], "begin at 0"),
        ([(0, 28), (9_000, 30)], "end at 100"),
        ([(0, 28), (5_000, 30), (5_000, 31), (10_000, 32)], "further on"),
        ([(0, 28), (10_000, 27)], "never falls"),
        ([(0, 0), (10_000, 27)], "more than zero"),
        ([(0, 28), *((number, 28 + number) for number in range(1, 40)), (10_000, 100)], "Leave some out"),
    ],
)
def test_points_that_make_no_curve_are_refused(points, said):
    with pytest.raises(InvalidShapeError, match=said) as refused:
        compile_points([(share, Decimal(value)) for share, value in points], SUPPLY)
    assert refused.value.details["field"] == "points"


def test_points_closer_than_one_base_unit_are_refused():
    with pytest.raises(InvalidShapeError, match="same base unit"):
        compile_points([(0, Decimal(1)), (1, Decimal(2)), (10_000, Decimal(3))], Supply(100, 80, 0))


def test_few_whole_tokens_can_be_sold_along_a_shape():
    tokens = Supply(1_000, 793, 0)
    for kind in SHAPES:
        curve = compile_terms(CurveTerms(kind, raise_amount=Decimal(85), multiple=Decimal(15)), tokens)
        assert curve_math.raise_target(curve.segments) == 85 * SOL
        assert curve.error_bps <= 50
