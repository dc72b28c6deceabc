"""From a shape to the segments that the program runs: integers only, the raise exact to the lamport.

A segment that sells b at virtual reserves x, y raises ceil(y b / (x - b)). So where the
raise r of every segment is chosen first, as whole lamports that sum to the promised raise,
y = floor(r (x - b) / b) raises exactly r, as long as a segment's price at most quadruples.
x then sets how much the price rises inside. Start prices go up and end prices go down as x
grows, so that a price which rounding would let fall at a border is mended by a larger x.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal, localcontext
from fractions import Fraction
from itertools import accumulate, pairwise

from launchpad.chain import curve_math
from launchpad.chain.curve_math import BPS, MAX_SEGMENTS, U64_MAX, InvalidSegmentsError, Segment, ceil_div
from launchpad.chain.shapes.breakpoints import breakpoints, fewest
from launchpad.chain.shapes.errors import InvalidShapeError, price_error_bps
from launchpad.chain.shapes.ideal import EXACT, Ideal, Part, decimal

WANTED_BPS = 50
# A curve that leaves its shape by more than a tenth is not that shape.
REFUSED_BPS = 1_000
# With the raise kept exact, prices lie up to E above the formula at borders and half as much
# below it between them; a chord of 1 / sqrt(price) deviates by half of that span.
_DEVIATION_OF_ERROR = 0.75
_ROOM = Fraction(1_001, 1_000)


class _CoarseError(Exception):
    """With this many segments whole lamports and base units cannot hold the shape."""


@dataclass(frozen=True, slots=True)
class CompiledCurve:
    """Segments, what they follow, and how well.

    `raise_lamports` is F(sale supply), exactly; `error_bps` is at least the largest relative
    difference of any price from the ideal one.
    """

    segments: tuple[Segment, ...]
    ideal: Ideal
    raise_lamports: int
    error_bps: Decimal


def compile_curve(
    ideal: Ideal,
    raise_lamports: int | None = None,
    *,
    wanted_bps: int = WANTED_BPS,
    max_segments: int = MAX_SEGMENTS,
) -> CompiledCurve:
    """The fewest segments whose worst price error is at most `wanted_bps`; the best there are where none is.

    They sell exactly `ideal.sale` and raise exactly `raise_lamports`, which is the ideal raise
    rounded up unless it is given. Raises InvalidShapeError for what 64 bits, whole lamports or
    whole base units cannot hold to a tenth, and where fewer decimals would hold it well.
    """
    target = ideal_raise(ideal) if raise_lamports is None else raise_lamports
    _check(ideal, target, max_segments)
    best: CompiledCurve | None = None
    for count in _counts(ideal, wanted_bps, max_segments):
        found = _tried(ideal, target, count)
        if found and (best is None or found.error_bps < best.error_bps):
            best = found
        if found and found.error_bps <= wanted_bps:
            return _fewer(found, target, wanted_bps)
    return _acceptable(best, ideal, wanted_bps)


def compile_with(ideal: Ideal, count: int) -> CompiledCurve:
    """The same with at most `count` segments, whatever the error; InvalidShapeError where none can be."""
    target = ideal_raise(ideal)
    _check(ideal, target, count)
    found = _tried(ideal, target, count)
    if found is None:
        raise _too_coarse()
    return found


def ideal_raise(ideal: Ideal) -> int:
    """Lamports that the shape raises, rounded up."""
    return int(ideal.area().to_integral_value(rounding=ROUND_CEILING))


def _check(ideal: Ideal, target: int, max_segments: int) -> None:
    if not 1 <= max_segments <= MAX_SEGMENTS:
        raise InvalidShapeError(f"A curve has 1 to {MAX_SEGMENTS} segments.", field="max_segments")
    if len(ideal.parts) > max_segments:
        message = f"These points need {len(ideal.parts)} segments; at most {max_segments} fit here. Leave some out."
        raise InvalidShapeError(message, field="points")
    if not 0 < ideal.sale <= U64_MAX:
        raise InvalidShapeError("The sale must be at least one base unit, and fit 64 bits.", field="supply")
    if not 0 < target <= U64_MAX:
        raise InvalidShapeError(
            "The curve would raise nothing, or more lamports than 64 bits hold: change its prices or its raise.",
            field="raise_amount",
        )


def _counts(ideal: Ideal, wanted_bps: int, most: int) -> Iterator[int]:
    """Numbers of segments worth a try, the best guess first."""
    most = min(most, max(ideal.sale, len(ideal.parts)))
    guess = fewest(ideal, _DEVIATION_OF_ERROR * max(wanted_bps, 1) / BPS)
    tried = [min(number, most) for number in (guess, guess + 1, guess + 2, most, most // 2, len(ideal.parts))]
    yield from dict.fromkeys(number for number in tried if number >= len(ideal.parts))


def _fewer(found: CompiledCurve, target: int, wanted_bps: int) -> CompiledCurve:
    """The same with segments left out for as long as the error stays wanted; the first guess is a good one."""
    while len(found.segments) > len(found.ideal.parts):
        less = _tried(found.ideal, target, len(found.segments) - 1)
        if less is None or less.error_bps > wanted_bps:
            break
        found = less
    return found


def _tried(ideal: Ideal, target: int, count: int) -> CompiledCurve | None:
    """At most that many segments; None where whole numbers are too coarse for so many."""
    try:
        return _compiled(ideal, target, count)
    except _CoarseError:
        return None


def _compiled(ideal: Ideal, target: int, count: int) -> CompiledCurve:
    places = breakpoints(ideal, count)
    sizes = [right - left for left, right in pairwise(places)]
    cap = _largest_reserve(ideal)
    prices = _rising(ideal, places, cap)
    roots = [_root(right / left) for left, right in pairwise(prices)]
    # A segment raises what it sells at the geometric mean of its end prices.
    weights = [size * price * root for size, price, root in zip(sizes, prices, roots, strict=False)]
    segments = tuple(_segments(sizes, roots, _shared(target, weights), cap))
    try:
        curve_math.validate(segments)
    except InvalidSegmentsError as error:
        raise _CoarseError from error
    if curve_math.raise_target(segments) != target or curve_math.sale_supply(segments) != ideal.sale:
        raise _CoarseError
    return CompiledCurve(segments, ideal, target, price_error_bps(segments, ideal))


def _rising(ideal: Ideal, places: list[int], cap: int) -> list[Fraction]:
    """The ideal prices at the borders, each at least as far above the one before as the flattest segment rises."""
    prices = [ideal.parts[0].first]
    parts = iter(ideal.parts)
    part = next(parts)
    for left, right in pairwise(places):
        while right > part.end:
            part = next(parts)
        # A little more than the flattest, so that rounding can still be mended by a larger reserve.
        size = (right - left) * _ROOM
        least = prices[-1] * Fraction(cap, cap - size) ** 2 if cap > size else prices[-1]
        prices.append(max(least, _price(part, right)))
    return prices


def _price(part: Part, place: int) -> Fraction:
    return part.last if place == part.end else Fraction(part.price(place))


def _shared(target: int, weights: list[Fraction]) -> list[int]:
    """`target` divided by weight into whole lamports that sum to it."""
    whole = sum(weights)
    ends = [round(target * part / whole) for part in accumulate(weights)]
    return [right - left for left, right in pairwise([0, *ends])]


def _segments(sizes: list[int], roots: list[Fraction], raises: list[int], cap: int) -> Iterator[Segment]:
    least = Fraction(0)
    for size, root, raised in zip(sizes, roots, raises, strict=True):
        segment = _segment(size, root, raised, least, cap)
        least = segment.price_after(size)
        yield segment


def _segment(size: int, root: Fraction, raised: int, least: Fraction, cap: int) -> Segment:
    """Sells `size` for exactly `raised`, from at least the price `least`, its price growing by root^2."""
    base = min(max(round(size * root / (root - 1)), size + 1), cap)
    quote = raised * (base - size) // size
    if quote < least * base:
        mean = Fraction(raised, size)
        if mean <= least:
            raise _CoarseError
        base = ceil_div((raised + 1) * (mean - least).denominator, (mean - least).numerator)
        quote = raised * (base - size) // size
    if quote < 1 or base > cap:
        raise _CoarseError
    if ceil_div(quote * size, base - size) != raised:
        # More than a quadrupling: one lamport of quote is several of the raise, so the base has to give way.
        base = size + ceil_div(quote * size, raised)
    return Segment(base, quote, size)


def _largest_reserve(ideal: Ideal) -> int:
    """The largest virtual base with which quote reserves still fit 64 bits, with room for the level to shift."""
    cap = min(U64_MAX, int(U64_MAX / (2 * ideal.parts[-1].last)))
    if cap > ideal.sale:
        return cap
    if ideal.sale == U64_MAX:
        raise InvalidShapeError(
            "A sale of so many base units leaves no room for a reserve: use fewer decimals.", field="decimals"
        )
    message = "At these prices 64 bits cannot hold what the curve would raise: use lower prices or a smaller supply."
    raise InvalidShapeError(message, field="supply")


def _root(value: Fraction) -> Fraction:
    with localcontext(EXACT):
        return Fraction(decimal(value).sqrt())


def _acceptable(best: CompiledCurve | None, ideal: Ideal, wanted_bps: int) -> CompiledCurve:
    """The best one, unless another supply would serve the creator so much better that it is a mistake to go on."""
    too_flat = _decimals_too_many(ideal, wanted_bps)
    if too_flat and (best is None or best.error_bps > wanted_bps):
        plural = "s" if too_flat > 1 else ""
        raise InvalidShapeError(
            f"With so many base units 64 bits cannot hold a price that still: use {too_flat} decimal{plural} fewer, "
            "a smaller supply, or let the price rise more.",
            field="decimals",
        )
    if best is None or best.error_bps > REFUSED_BPS:
        raise _too_coarse()
    return best


def _decimals_too_many(ideal: Ideal, wanted_bps: int) -> int:
    """How many decimals too many the token has for its flattest part; 0 where flatness is no trouble."""
    cap = _largest_reserve(ideal)
    error = max(
        (Fraction(part.width, cap) for part in ideal.parts if part.growth < Fraction(cap, cap - part.width) ** 2),
        default=Fraction(0),
    )
    fewer = 0
    while error * BPS > max(wanted_bps, 1) * 10**fewer:
        fewer += 1
    return fewer


def _too_coarse() -> InvalidShapeError:
    return InvalidShapeError(
        "Whole lamports and base units are too coarse for this shape, or it rises too steeply for this many segments: "
        "use more decimals, a larger supply or raise, or let the price rise less.",
        field="curve",
    )
