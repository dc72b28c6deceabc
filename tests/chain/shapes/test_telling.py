"""The shape of a curve is known by its prices alone."""

from fractions import Fraction

import pytest

from launchpad.chain import curve_math
from launchpad.chain.curve_math import Segment
from launchpad.chain.shapes import compile_curve
from launchpad.chain.shapes.ideal import FORMULAS, shape, through
from launchpad.chain.shapes.telling import told
from tests.chain.shapes.model import FIRST, SALE


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("growth", [2, 5, 15, 50])
def test_every_formula_is_told(formula, growth):
    curve = compile_curve(shape(formula, SALE, FIRST, FIRST * growth), wanted_bps=100)
    found = told(curve.segments)
    assert found.name == formula
    assert abs(found.last / found.first / growth - 1) < Fraction(2, 100)


def test_one_price_and_the_classic_curve_are_told():
    assert told(curve_math.classic(SALE)).name == "classic"
    fixed = told((Segment(10**18, 10**11, 10**8),))
    assert (fixed.name, fixed.first) == ("fixed", Fraction(1, 10**7))


def test_lines_through_points_of_ones_own_follow_no_formula():
    bent = through([(0, FIRST), (SALE // 10, FIRST * 20), (SALE, FIRST * 25)])
    assert told(compile_curve(bent, wanted_bps=200).segments).name == "custom"
