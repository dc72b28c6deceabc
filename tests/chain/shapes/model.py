"""What shapes are, written down a second time: prices by powers and common logarithms, raises by summing slices."""

from decimal import Decimal, localcontext
from fractions import Fraction

from launchpad.chain import curve_math

SALE = 793_100_000 * 10**9
# Lamports per base unit: the classic first price.
FIRST = Fraction(30_000_000_000, 1_073_000_000 * 10**9)


def relative(kind, growth, share, steepness=9):
    """The price by the first price at a share of the sale; 50 digits."""
    with localcontext(prec=50):
        ratio, place = _decimal(Fraction(growth)), _decimal(Fraction(share))
        if kind == "exponential":
            return Fraction(ratio**place)
        if kind == "logarithmic":
            rise = (steepness * place + 1).log10() / Decimal(steepness + 1).log10()
            return Fraction((ratio - 1) * rise + 1)
        if kind == "classic":
            root = ratio.sqrt()
            return Fraction((root / (root - (root - 1) * place)) ** 2)
        return 1 + (Fraction(growth) - 1) * Fraction(share)


def area(kind, growth, slices=2_000):
    """The mean price by the first price, by Simpson's rule."""
    if kind == "linear":
        return (1 + Fraction(growth)) / 2
    weights = (1, *([4, 2] * (slices // 2 - 1)), 4, 1)
    values = (relative(kind, growth, Fraction(number, slices)) for number in range(slices + 1))
    return sum(weight * value for weight, value in zip(weights, values, strict=True)) / (3 * slices)


def worst(segments, price, points=2_000):
    """The largest relative error of exact prices against `price(share)`, on a grid with both sides of each border."""
    sale = curve_math.sale_supply(segments)
    largest, begin = Fraction(0), 0
    for segment in segments:
        steps = max(points * segment.base_for_sale // sale, 8)
        for taken in {segment.base_for_sale * number // steps for number in range(steps + 1)}:
            reserve = segment.base_reserve - taken
            found = Fraction(segment.base_reserve * segment.quote_reserve, reserve**2)
            meant = price(Fraction(begin + taken, sale))
            largest = max(largest, abs(found / meant - 1))
        begin += segment.base_for_sale
    return largest


def reserve(segments, sold):
    """F(sold): what whole lamports the vault holds."""
    total = 0
    for segment in segments:
        inside = min(sold, segment.base_for_sale)
        unrounded = Fraction(segment.base_reserve * segment.quote_reserve, segment.base_reserve - inside)
        total += -(-unrounded.numerator // unrounded.denominator) - segment.quote_reserve
        sold -= inside
    return total


def _decimal(value):
    return Decimal(value.numerator) / Decimal(value.denominator)
