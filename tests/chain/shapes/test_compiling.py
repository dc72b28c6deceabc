"""Segments follow their shape within the stated error, and raise what was promised to the lamport."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from launchpad.chain import curve_math
from launchpad.chain.curve_math import U64_MAX, Segment
from launchpad.chain.shapes import InvalidShapeError, compile_curve
from launchpad.chain.shapes.compiling import compile_with, ideal_raise
from launchpad.chain.shapes.errors import extreme_error, grid_error, jumps, price_error_bps
from launchpad.chain.shapes.ideal import FORMULAS, shape, through
from tests.chain.shapes import model
from tests.chain.shapes.model import FIRST, SALE

CURVED = [formula for formula in FORMULAS if formula != "classic"]
BPS = 10_000


def ideal(formula, growth, sale=SALE, first=FIRST):
    return shape(formula, sale, first, first * growth)


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize(("growth", "bound"), [(2, 50), (5, 50), (15, 50), (50, 100)])
def test_every_shape_is_followed_closely_with_at_most_32_segments(formula, growth, bound):
    curve = compile_curve(ideal(formula, growth), wanted_bps=bound)
    assert len(curve.segments) <= 32
    assert curve.error_bps <= bound
    by_model = model.worst(curve.segments, lambda share: FIRST * model.relative(formula, growth, share), 400)
    assert by_model * BPS <= curve.error_bps


@pytest.mark.parametrize("formula", CURVED)
def test_one_segment_less_would_miss_the_wanted_error(formula):
    curve = compile_curve(ideal(formula, 15))
    assert compile_with(ideal(formula, 15), len(curve.segments) - 1).error_bps > 50


@pytest.mark.parametrize("formula", CURVED)
@pytest.mark.parametrize("count", [3, 8, 20])
def test_the_worst_error_is_the_same_in_every_piece(formula, count):
    curve = compile_with(ideal(formula, 15), count)
    begin, depths = 0, []
    for segment in curve.segments:
        middle = [begin + segment.base_for_sale * number // 64 for number in range(1, 64)]
        meant = [FIRST * model.relative(formula, 15, Fraction(place, SALE)) for place in middle]
        found = [segment.price_after(place - begin) for place in middle]
        depths.append(min(price / wanted for price, wanted in zip(found, meant, strict=True)))
        begin += segment.base_for_sale
    assert max(depths) - min(depths) < Fraction(1, 5_000)


def test_breakpoints_beat_equal_price_ratios_for_the_logarithmic_shape():
    assert compile_with(ideal("logarithmic", 15), 16).error_bps < 60
    assert compile_with(ideal("logarithmic", 50), 16).error_bps < 110


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("growth", [Fraction(3, 2), 15])
def test_the_raise_is_the_area_under_the_shape(formula, growth):
    curve = compile_curve(ideal(formula, growth))
    assert model.reserve(curve.segments, SALE) == curve.raise_lamports == ideal_raise(curve.ideal)
    assert abs(curve.raise_lamports / (SALE * FIRST * model.area(formula, growth)) - 1) < Fraction(1, 10**7)


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("off", [-1_000, -1, 0, 1, 12_345])
def test_any_raise_is_met_to_the_lamport(formula, off):
    meant = ideal(formula, 15)
    target = ideal_raise(meant) + off
    curve = compile_curve(meant, target)
    assert curve_math.raise_target(curve.segments) == model.reserve(curve.segments, SALE) == target


def test_grid_and_analysis_agree_and_the_stated_error_covers_both():
    for formula in CURVED:
        curve = compile_curve(ideal(formula, 15))
        exact, seen = extreme_error(curve.segments, curve.ideal), grid_error(curve.segments, curve.ideal, 20_000)
        assert seen <= exact + Fraction(1, 10**9)
        assert float(exact) - seen < 1e-5
        assert price_error_bps(curve.segments, curve.ideal) >= exact * BPS


def test_prices_do_not_jump_at_borders():
    for formula in CURVED:
        steps = jumps(compile_curve(ideal(formula, 15)).segments)
        assert min(steps) >= 0
        assert max(steps) < Fraction(1, 10**6)


def test_a_shape_through_points_passes_its_points():
    points = [(0, FIRST), (SALE // 4, FIRST * 2), (SALE // 2, FIRST * 3), (SALE, FIRST * 30)]
    curve = compile_curve(through(points))
    assert curve.error_bps <= 50
    for place, price in points[:-1]:
        assert abs(curve_math.price(curve.segments, place) / price - 1) <= Fraction(51, BPS)


def test_a_flat_stretch_is_held_where_64_bits_can():
    sale = SALE // 1_000
    price = FIRST * 1_000
    flat = compile_curve(through([(0, price), (sale // 2, price * 5), (sale * 6 // 10, price * 5), (sale, price * 6)]))
    assert flat.error_bps <= 50
    fixed = compile_curve(shape("linear", sale, price, price))
    assert (len(fixed.segments), fixed.error_bps < 1) == (1, True)
    with pytest.raises(InvalidShapeError, match="1 decimal fewer"):
        compile_curve(shape("linear", SALE, FIRST, FIRST))


def test_few_segments_state_the_larger_error():
    coarse = compile_curve(ideal("logarithmic", 15), max_segments=8)
    assert len(coarse.segments) <= 8
    assert 100 < coarse.error_bps < 300
    by_model = model.worst(coarse.segments, lambda share: FIRST * model.relative("logarithmic", 15, share), 400)
    assert by_model * BPS <= coarse.error_bps


@pytest.mark.parametrize(
    ("meant", "said"),
    [
        (lambda: ideal("linear", 10**8), "too coarse"),
        (lambda: ideal("linear", 15, sale=2, first=Fraction(10**9)), "too coarse"),
        (lambda: ideal("exponential", 15, first=Fraction(1, 10**20)), "too coarse"),
        (lambda: ideal("linear", 15, sale=U64_MAX, first=Fraction(1, 10**9)), "fewer decimals"),
        (lambda: ideal("linear", 15, first=Fraction(10**3)), "64 bits"),
        (lambda: ideal("linear", 15, sale=10**12, first=Fraction(10**7)), "64 bits"),
    ],
)
def test_what_whole_numbers_cannot_hold_is_refused_with_a_remedy(meant, said):
    with pytest.raises(InvalidShapeError, match=said):
        compile_curve(meant(), max_segments=8)


@pytest.mark.parametrize("count", [0, 33])
def test_a_number_of_segments_that_no_curve_has_is_refused(count):
    with pytest.raises(InvalidShapeError, match="1 to 32"):
        compile_curve(ideal("linear", 2), max_segments=count)
    with pytest.raises(InvalidShapeError):
        compile_with(ideal("linear", 2, sale=2, first=Fraction(1, 10**6)), 2)


def program_accepts(segments, sale):
    """`validate` of the program's math, in fractions."""
    for segment in segments:
        assert 0 < segment.base_for_sale < segment.base_reserve <= U64_MAX
        assert segment.quote_reserve > 0
        assert segment.quote_at(segment.base_for_sale) <= U64_MAX
    for left, right in pairwise(segments):
        assert left.price_after(left.base_for_sale) <= right.price_after(0)
    assert sum(segment.base_for_sale for segment in segments) == sale
    assert 0 < model.reserve(segments, sale) <= U64_MAX
    return True


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(FORMULAS),
    st.integers(0, 64).flatmap(lambda bits: st.integers(1, max(2**bits - 1, 1))),
    st.fractions(Fraction(1, 10**12), 10**9),
    st.one_of(st.fractions(1, 3), st.integers(1, 5_000).map(Fraction)),
    st.integers(1, 32),
)
def test_whatever_is_asked_comes_out_sound_or_is_refused(formula, sale, first, growth, most):
    try:
        curve = compile_curve(shape(formula, sale, first, first * growth), max_segments=most)
    except InvalidShapeError:
        return
    assert len(curve.segments) <= most
    assert program_accepts(curve.segments, sale)
    assert model.reserve(curve.segments, sale) == curve.raise_lamports
    by_model = model.worst(curve.segments, lambda share: first * model.relative(formula, growth, share), 60)
    assert by_model * BPS <= curve.error_bps


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(1, 99), st.integers(1, 1_000)), min_size=1, max_size=10), st.integers(1, 10**6))
def test_points_come_out_sound_or_are_refused(steps, cap):
    places = sorted({0, 100, *(share for share, _ in steps)})
    prices = sorted([cap, *(cap + rise for _, rise in steps), cap + 1_000])
    points = [
        (SALE // 1_000 * place // 100, Fraction(price, 10**9)) for place, price in zip(places, prices, strict=False)
    ]
    if len(points) < 2 or points[-1][0] < SALE // 1_000:
        return
    try:
        curve = compile_curve(through(points))
    except InvalidShapeError:
        return
    assert program_accepts(curve.segments, SALE // 1_000)
    assert curve_math.raise_target(curve.segments) == curve.raise_lamports


def test_a_segment_that_ends_beyond_64_bits_is_refused_as_by_the_program():
    with pytest.raises(curve_math.InvalidSegmentsError, match="64 bits"):
        curve_math.validate([Segment(10, U64_MAX, 1)])
