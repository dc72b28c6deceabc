"""Which shape a curve has, told by its prices: the chain keeps segments, not the words they were made from."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from launchpad.chain import curve_math
from launchpad.chain.curve_math import Segment
from launchpad.chain.shapes.ideal import FORMULAS, Part

ShapeName = Literal["classic", "linear", "exponential", "logarithmic", "fixed", "custom"]

_PLACES: Final = (Fraction(1, 8), Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), Fraction(7, 8))
# Prices of a fixed curve rise by less than this from the first token to the last.
_STILL: Final = Fraction(10_001, 10_000)
# A shape is at most 1 % off, at its ends too, which it is measured by; of several the nearest is told.
_TOLERANCE: Final = Fraction(3, 100)


@dataclass(frozen=True, slots=True)
class ToldShape:
    """A curve's shape, and its first and last price in lamports per base unit."""

    name: ShapeName
    first: Fraction
    last: Fraction


def told(segments: Sequence[Segment]) -> ToldShape:
    """The shape of a curve's segments; `custom` for prices that follow no formula of ours."""
    sale = curve_math.sale_supply(segments)
    first, last = (_price(segments, sold) for sold in (0, sale))
    return ToldShape(_name(segments, sale, first, last), first, last)


def _name(segments: Sequence[Segment], sale: int, first: Fraction, last: Fraction) -> ShapeName:
    if last <= first * _STILL:
        return "fixed"
    if len(segments) == 1:
        return "classic"
    errors = {
        formula: max(_error(Part(formula, 0, sale, first, last), segments, place) for place in _PLACES)
        for formula in FORMULAS
    }
    nearest = min(errors, key=lambda formula: errors[formula])
    return nearest if errors[nearest] <= _TOLERANCE else "custom"


def _error(part: Part, segments: Sequence[Segment], place: Fraction) -> Fraction:
    """How far the curve's price is from a formula's at a share of the sale, relative to the formula's."""
    sold = int(part.width * place)
    ideal = Fraction(part.price(sold))
    return abs(_price(segments, sold) - ideal) / ideal


def _price(segments: Sequence[Segment], sold: int) -> Fraction:
    base, quote, _ = curve_math.spot(segments, sold)
    return Fraction(quote, base)
