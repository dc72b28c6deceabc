"""Where a shape is cut into segments, so that the worst price error is smallest.

Inside a segment the price is k / (x - s)^2, so 1 / sqrt(price) is a straight line. The
question is therefore how to follow Q(s) = 1 / sqrt(P(s)) by straight lines. Q of each
formula is convex: a chord lies above it, farthest at one place, and the best line is the
chord moved down. Pieces whose chords all leave Q by the same ratio make the worst error
smallest (minimax), and then they join without a jump.

Floats are enough: they only choose places, which become whole base units. What the
segments then are is worked out exactly, and the error is measured on them.
"""

import math
from functools import lru_cache

from launchpad.chain.shapes.ideal import FloatPart, Ideal, Part

_HALVINGS = 30
_TRIES = 40
_ROUNDS = 10
_CLOSE = 1e-7
# The deviation at which a part's need is weighed; small, so that what follows scales with it.
_SAMPLE = 1e-3


def breakpoints(ideal: Ideal, count: int) -> list[int]:
    """At most `count` segments' borders in base units, 0 and the whole sale included, ascending."""
    places = [0]
    for part, pieces in zip(ideal.parts, _divide(ideal, count), strict=True):
        inner = [part.begin + round(share * part.width) for share in shares(part, pieces)[1:-1]]
        places += [place for place in [*inner, part.end] if place > places[-1]]
    return sorted({min(place, ideal.sale) for place in places})


def fewest(ideal: Ideal, deviation: float) -> int:
    """How many segments keep every chord within `deviation` (the logarithm of its ratio to Q)."""
    return sum(max(1, math.ceil(math.sqrt(need(part) / deviation) - _CLOSE)) for part in ideal.parts)


@lru_cache(maxsize=1024)
def need(part: Part) -> float:
    """What a part asks for: with n pieces its chords deviate by about `need / n^2`."""
    if part.formula == "classic" or part.growth == 1:
        return 0.0
    return _pieces(part.in_floats(), _SAMPLE, 10_000) ** 2 * _SAMPLE


@lru_cache(maxsize=1024)
def shares(part: Part, count: int) -> tuple[float, ...]:
    """Borders of `count` equally good pieces, as shares of the part, 0 and 1 included."""
    if need(part) == 0.0:
        return _even(part, count)
    deviation = need(part) / count**2
    curve = part.in_floats()
    for _ in range(_ROUNDS):
        taken = _pieces(curve, deviation, count)
        if abs(taken - count) < _CLOSE * count:
            break
        deviation *= (taken / count) ** 2
    places = [0.0]
    while len(places) < count:
        places.append(_reach(curve, places[-1], deviation))
    return (*places, 1.0)


def _divide(ideal: Ideal, count: int) -> list[int]:
    """How many pieces each part gets: one each, the others where the deviation is largest."""
    pieces = [1] * len(ideal.parts)
    needs = [need(part) for part in ideal.parts]
    for _ in range(count - len(pieces)):
        worst = max(range(len(pieces)), key=lambda place: needs[place] / pieces[place] ** 2)
        pieces[worst] += 1
    return pieces


def _even(part: Part, count: int) -> tuple[float, ...]:
    """Pieces of equal growth, for what one segment could hold exactly."""
    growth = float(part.growth)
    if growth == 1:
        return tuple(place / count for place in range(count + 1))
    return tuple((1 - growth ** (-place / count / 2)) / (1 - growth**-0.5) for place in range(count + 1))


def _pieces(curve: FloatPart, deviation: float, most: int) -> float:
    """How many pieces of that deviation the part takes; the last one counts by what it needs of it."""
    start = 0.0
    for number in range(most):
        rest = _deviation(curve, start, 1.0)
        if rest <= deviation or number == most - 1:
            return number + math.sqrt(max(rest, 0.0) / deviation)
        start = _reach(curve, start, deviation)
    return float(most)


def _reach(curve: FloatPart, start: float, deviation: float) -> float:
    """The end of the longest piece from `start` whose chord stays within the deviation."""
    low, high = start, 1.0
    end = 1.0
    for _ in range(_TRIES):
        found = _deviation(curve, start, end)
        if abs(found - deviation) < _CLOSE * deviation or (end >= 1.0 and found <= deviation):
            break
        low, high = (low, end) if found > deviation else (end, high)
        # A chord's deviation grows with the square of its length.
        guess = start + (end - start) * math.sqrt(deviation / max(found, 1e-18))
        end = guess if low < guess < high else (low + high) / 2
    return end


def _deviation(curve: FloatPart, start: float, end: float) -> float:
    """The logarithm of the largest ratio of the chord of Q to Q between two shares."""
    if end <= start:
        return 0.0
    first, last = curve.relative(start) ** -0.5, curve.relative(end) ** -0.5
    fall = (last - first) / (end - start)
    low, high = start, end
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        chord = first + fall * (middle - start)
        # The sign of the derivative of chord / Q.
        rising = 2 * fall * curve.relative(middle) + chord * curve.slope(middle) > 0
        low, high = (middle, high) if rising else (low, middle)
    return math.log(first + fall * (low - start)) + math.log(curve.relative(low)) / 2
