"""Curves by what people choose: a shape, prices, a goal. Compiled to segments that the program accepts.

Prices are lamports per token base unit, exact fractions; `lamport_price` makes them of
SOL per whole token. Each piece of a shape becomes one constant-product segment that
begins and ends at the shape's prices. A launch has room for about eight segments.
"""

from collections.abc import Callable
from decimal import Context, Decimal
from fractions import Fraction
from itertools import pairwise

from launchpad.chain import curve_math
from launchpad.chain.curve_math import CLASSIC_VIRTUAL_BASE, U64_MAX, InvalidSegmentsError, Segment, ceil_div_fraction

SHAPES = ("linear", "exponential", "logarithmic", "fixed", "constant_product")
PIECES = 8
# How steep the logarithmic shape begins.
LOG_STEEPNESS = 9
# A segment of so many times what it sells is flat to a millionth.
_FLAT = 2_000_000
# Less than this and the price would rise by more than a hundredth.
_FLAT_ENOUGH = 200
_EXACT = Context(prec=60)

Price = Callable[[Fraction], Fraction]


def lamport_price(sol_per_token: Decimal, decimals: int) -> Fraction:
    """Lamports per base unit of a price in SOL per whole token."""
    return Fraction(sol_per_token) * Fraction(10**9, 10**decimals)


def by_goal(sale_supply: int, goal: int) -> list[Segment]:
    """The classic shape, scaled so that it raises `goal` lamports, to within a lamport or two above."""
    base = ceil_div_fraction(sale_supply * CLASSIC_VIRTUAL_BASE)
    # A raise of y * sale / (base - sale), solved for y.
    quote = -(-goal * (base - sale_supply) // sale_supply) if sale_supply else 0
    return _checked([Segment(base, quote, sale_supply)])


def by_prices(shape: str, sale_supply: int, first: Fraction, last: Fraction, pieces: int = PIECES) -> list[Segment]:
    """A shape from its first price to its last, over the whole sale supply.

    With x the share that is sold: linear first + (last - first) * x; exponential
    first * (last / first) ** x; logarithmic first + (last - first) * ln(1 + 9x) / ln(10);
    constant_product x * y = k in one segment; fixed stays at `first`, to a hundredth at
    worst. Raises InvalidSegmentsError for prices that fall, vanish or cannot be held.
    """
    if shape not in SHAPES:
        raise InvalidSegmentsError(f"There is no shape {shape}: choose {', '.join(SHAPES)}.", field="curve")
    if not 0 < first <= last:
        raise InvalidSegmentsError("Prices begin above zero and never fall.", field="curve")
    if shape == "fixed" or first == last:
        return _fixed(first, sale_supply)
    count = 1 if shape == "constant_product" else min(pieces, sale_supply)
    return compile_shape(_formula(shape, first, last), sale_supply, count)


def compile_shape(price: Price, sale_supply: int, pieces: int) -> list[Segment]:
    """Segments that meet `price` at every boundary; `price` takes the share that is sold, from 0 to 1."""
    edges = [sale_supply * number // pieces for number in range(pieces + 1)]
    segments: list[Segment] = []
    for begin, end in pairwise(edges):
        first, last = price(Fraction(begin, sale_supply)), price(Fraction(end, sale_supply))
        segment = _segment(first, last, end - begin)
        segments.append(_not_below(segments[-1], segment) if segments else segment)
    return _checked(segments)


def _formula(shape: str, first: Fraction, last: Fraction) -> Price:
    if shape == "exponential":
        growth = _EXACT.ln(_decimal(last / first))
        return lambda x: first * Fraction(_EXACT.exp(_EXACT.multiply(growth, _decimal(x))))
    if shape == "logarithmic":
        whole = _EXACT.ln(Decimal(1 + LOG_STEEPNESS))
        return lambda x: (
            first + (last - first) * Fraction(_EXACT.divide(_EXACT.ln(_decimal(1 + LOG_STEEPNESS * x)), whole))
        )
    return lambda x: first + (last - first) * x


def _fixed(price: Fraction, sale: int) -> list[Segment]:
    """One segment so long that its price hardly moves, as far as 64 bits allow."""
    if sale * _FLAT_ENOUGH > U64_MAX:
        message = "With so many base units a price cannot be held: use fewer decimals or a smaller supply."
        raise InvalidSegmentsError(message, field="curve")
    return _checked([_segment(price, price, sale)])


def _segment(first: Fraction, last: Fraction, sale: int) -> Segment:
    """Reserves x, y with y / x = first and x * y / (x - sale) ** 2 = last."""
    root = Fraction(_EXACT.sqrt(_decimal(last / first)))
    base = ceil_div_fraction(sale * root / (root - 1)) if root > 1 else U64_MAX
    base = max(min(base, sale * _FLAT, U64_MAX), sale + 1)
    return Segment(base, max(ceil_div_fraction(first * base), 1), sale)


def _not_below(before: Segment, segment: Segment) -> Segment:
    """The segment, its price raised by what rounding needs for it not to begin below the end of the one before."""
    least = ceil_div_fraction(before.price_after(before.base_for_sale) * segment.base_reserve)
    return Segment(segment.base_reserve, max(segment.quote_reserve, least), segment.base_for_sale)


def _checked(segments: list[Segment]) -> list[Segment]:
    curve_math.validate(segments)
    return segments


def _decimal(value: Fraction) -> Decimal:
    return _EXACT.divide(Decimal(value.numerator), Decimal(value.denominator))
