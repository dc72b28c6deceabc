"""How far the prices of segments are from those that were meant, and what refuses a shape."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

from launchpad.chain import curve_math
from launchpad.chain.curve_math import BPS, Segment
from launchpad.chain.shapes.ideal import FloatPart, Ideal, Part, decimal
from launchpad.errors import InvalidInputError

_HUNDREDTH = Decimal("0.01")
_HALVINGS = 60
_GRID = 1_024


class InvalidShapeError(InvalidInputError):
    """What was asked for makes no curve; the message says what to change or to leave out."""

    code = "INVALID_SHAPE"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A segment with where it begins, and the part that it follows."""

    part: Part
    begin: int
    segment: Segment


def price_error_bps(segments: Sequence[Segment], ideal: Ideal) -> Decimal:
    """The largest relative difference of any price from the ideal one, in basis points, rounded up to hundredths.

    Where a segment's price leaves the formula farthest follows from both derivatives: at its
    ends, and at the one place between where they grow alike. A grid is looked at besides.
    """
    worst = max(extreme_error(segments, ideal), Fraction(grid_error(segments, ideal, _GRID)))
    return decimal(worst * BPS).quantize(_HUNDREDTH, rounding=ROUND_CEILING)


def extreme_error(segments: Sequence[Segment], ideal: Ideal) -> Fraction:
    """The largest relative price error, at the places where it must be; exact but for 50 digits."""
    return max(_error_at(stretch, place) for stretch in stretches(segments, ideal) for place in _places(stretch))


def grid_error(segments: Sequence[Segment], ideal: Ideal, points: int) -> float:
    """The largest relative price error on an even grid, by the program's own prices, in floats."""
    worst, share = 0.0, Fraction(1, points)
    for part in ideal.parts:
        curve, first = part.in_floats(), float(part.first)
        begin, end = ceil(part.begin / (share * ideal.sale)), floor(part.end / (share * ideal.sale))
        for number in range(begin, end + 1):
            sold = min(max(ideal.sale * number // points, part.begin), part.end)
            base, quote, _ = curve_math.spot(segments, sold)
            meant = first * curve.relative((sold - part.begin) / part.width)
            worst = max(worst, abs(quote / base / meant - 1))
    return worst


def stretches(segments: Sequence[Segment], ideal: Ideal) -> Iterator[Stretch]:
    """Each segment beside the part that it follows; segments never reach over a part's end."""
    begin, parts = 0, iter(ideal.parts)
    part = next(parts)
    for segment in segments:
        while begin >= part.end:
            part = next(parts)
        yield Stretch(part, begin, segment)
        begin += segment.base_for_sale


def jumps(segments: Sequence[Segment]) -> list[Fraction]:
    """By how much the price rises from the end of each segment to the start of the next, relative; never below 0."""
    return [right.price_after(0) / left.price_after(left.base_for_sale) - 1 for left, right in pairwise(segments)]


def _places(stretch: Stretch) -> list[int]:
    """Base units into the segment: its ends, and around where its price grows as fast as the formula's."""
    size = stretch.segment.base_for_sale
    low, high, curve = 0, size, stretch.part.in_floats()
    for _ in range(_HALVINGS):
        middle = (low + high) // 2
        low, high = (middle, high) if _falls_behind(stretch, curve, middle) else (low, middle)
    return [0, low, high, size]


def _falls_behind(stretch: Stretch, curve: FloatPart, taken: int) -> bool:
    """Whether the segment's price grows more slowly there than the formula's."""
    part = stretch.part
    share = (stretch.begin + taken - part.begin) / part.width
    slope = curve.slope(share) / part.width
    return (stretch.segment.base_reserve - taken) * slope > 2 * curve.relative(share)


def _error_at(stretch: Stretch, taken: int) -> Fraction:
    """The relative error of the price, and of the price that the program shows: its quote is rounded up."""
    meant = Fraction(stretch.part.price(stretch.begin + taken))
    exact = stretch.segment.price_after(taken)
    shown = Fraction(stretch.segment.quote_at(taken), stretch.segment.base_reserve - taken)
    return max(abs(exact / meant - 1), abs(shown / meant - 1))
