"""Shapes keep their prices and their goal once they are segments."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launchpad.chain import curve_math
from launchpad.chain.curve_math import InvalidSegmentsError
from launchpad.chain.curve_shapes import SHAPES, by_goal, by_prices, lamport_price

SALE = 793_100_000 * 10**9
FIRST, LAST = lamport_price(Decimal("0.00000003"), 9), lamport_price(Decimal("0.0000004"), 9)


def near(value, expected, tolerance=Fraction(1, 1_000)):
    return abs(Fraction(value) - expected) <= expected * tolerance


def test_a_price_in_sol_is_lamports_per_base_unit():
    assert lamport_price(Decimal(1), 9) == 1
    assert lamport_price(Decimal("0.5"), 6) == 500


@pytest.mark.parametrize("goal", [10**9, 85 * 10**9, 85_005_359_057, 10_000 * 10**9])
def test_a_goal_is_raised(goal):
    segments = by_goal(SALE, goal)
    assert 0 <= curve_math.raise_target(segments) - goal <= 3
    assert curve_math.sale_supply(segments) == SALE


def test_the_classic_goal_is_the_classic_curve():
    (segment,) = by_goal(SALE, 85_005_359_057)
    (classic,) = curve_math.classic(SALE)
    assert (segment.base_reserve, segment.base_for_sale) == (classic.base_reserve, classic.base_for_sale)
    assert abs(segment.quote_reserve - classic.quote_reserve) <= 1


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape != "fixed"])
def test_a_shape_begins_and_ends_at_its_prices(shape):
    segments = by_prices(shape, SALE, FIRST, LAST)
    assert curve_math.sale_supply(segments) == SALE
    assert near(curve_math.price(segments, 0), FIRST)
    assert near(curve_math.price(segments, SALE), LAST)


def test_each_shape_raises_what_its_integral_says():
    curved = [shape for shape in SHAPES if shape != "fixed"]
    raised = {shape: curve_math.raise_target(by_prices(shape, SALE, FIRST, LAST)) for shape in curved}
    percent = Fraction(2, 100)
    assert near(raised["linear"], SALE * (FIRST + LAST) / 2, percent)
    assert near(raised["constant_product"] ** 2, SALE**2 * FIRST * LAST, percent)
    order = ["constant_product", "exponential", "linear", "logarithmic"]
    assert sorted(raised, key=raised.get) == order


def test_a_fixed_price_is_held_where_64_bits_can():
    sale, price = 793_100_000 * 10**6, lamport_price(Decimal("0.00000003"), 6)
    fixed = by_prices("fixed", sale, price, price)
    assert near(curve_math.raise_target(fixed), sale * price)
    assert near(curve_math.price(fixed, sale), price)
    with pytest.raises(InvalidSegmentsError, match="fewer decimals"):
        by_prices("fixed", SALE, FIRST, FIRST)


def test_a_shape_has_its_middle_price():
    linear = by_prices("linear", SALE, FIRST, LAST)
    assert near(curve_math.price(linear, SALE // 2), (FIRST + LAST) / 2)
    exponential = by_prices("exponential", SALE, FIRST, LAST)
    assert near(curve_math.price(exponential, SALE // 2) ** 2, FIRST * LAST, Fraction(1, 100))


def test_equal_prices_are_a_fixed_price():
    assert by_prices("linear", 10**15, FIRST, FIRST) == by_prices("fixed", 10**15, FIRST, LAST)


@pytest.mark.parametrize(
    ("shape", "first", "last"), [("spiral", FIRST, LAST), ("linear", LAST, FIRST), ("linear", Fraction(0), LAST)]
)
def test_what_is_no_shape_is_refused(shape, first, last):
    with pytest.raises(InvalidSegmentsError):
        by_prices(shape, SALE, first, last)


def test_a_goal_beyond_all_money_is_refused():
    with pytest.raises(InvalidSegmentsError):
        by_goal(SALE, 2**70)
    with pytest.raises(InvalidSegmentsError):
        by_goal(0, 10**9)


@settings(deadline=None)
@given(
    st.sampled_from(SHAPES),
    st.integers(10**6, 10**18),
    st.fractions(Fraction(1, 10**9), Fraction(1, 10)),
    st.fractions(1, 1_000),
)
def test_prices_never_fall_whatever_is_chosen(shape, sale, first, growth):
    try:
        segments = by_prices(shape, sale, first, first * growth)
    except InvalidSegmentsError:
        return
    places = [sale * step // 40 for step in range(41)]
    reserves = [curve_math.held(segments, place) for place in places]
    assert reserves == sorted(reserves)
