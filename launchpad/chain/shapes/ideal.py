"""Prices as a creator means them: exact formulas, before they become segments.

A shape is one or more parts, each smooth. Prices are lamports per base unit, places are
base units sold. With u the share of a part that is sold (0 to 1), from price p to q,

    linear       p + (q - p) u
    exponential  p (q / p)^u
    logarithmic  p + (q - p) ln(1 + a u) / ln(1 + a)
    classic      p / (1 - (1 - sqrt(p / q)) u)^2      x * y = k, or k R^2 / supply

Money is exact to 60 digits here. The floats are for the search for breakpoints alone.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from typing import Literal

Formula = Literal["classic", "linear", "exponential", "logarithmic"]
FORMULAS: tuple[Formula, ...] = ("classic", "linear", "exponential", "logarithmic")
LOG_STEEPNESS = 9
EXACT = Context(prec=60)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of one formula, from `begin` to `end` base units sold, `first` to `last` lamports per base unit."""

    formula: Formula
    begin: int
    end: int
    first: Fraction
    last: Fraction
    steepness: int = LOG_STEEPNESS

    @property
    def width(self) -> int:
        """Base units that it sells."""
        return self.end - self.begin

    @property
    def growth(self) -> Fraction:
        """The last price by the first."""
        return self.last / self.first

    def price(self, sold: Fraction | int) -> Decimal:
        """Lamports per base unit after `sold` base units of the whole sale; 60 digits."""
        with localcontext(EXACT):
            return decimal(self.first) * self._relative(decimal((Fraction(sold) - self.begin) / self.width))

    def area(self) -> Decimal:
        """What the part raises: its price summed over what it sells. Lamports, 60 digits."""
        with localcontext(EXACT):
            return decimal(self.first * self.width) * mean_growth(self.formula, decimal(self.growth), self.steepness)

    def in_floats(self) -> "FloatPart":
        """The same for searching."""
        growth = float(self.growth)
        return FloatPart(self.formula, growth, math.log(growth), self.steepness, math.log1p(self.steepness))

    def _relative(self, share: Decimal) -> Decimal:
        growth = decimal(self.growth)
        if self.formula == "exponential":
            return (growth.ln() * share).exp()
        if self.formula == "logarithmic":
            return 1 + (growth - 1) * (1 + self.steepness * share).ln() / Decimal(1 + self.steepness).ln()
        if self.formula == "linear":
            return 1 + (growth - 1) * share
        return 1 / (1 - (1 - 1 / growth.sqrt()) * share) ** 2


@dataclass(frozen=True, slots=True)
class FloatPart:
    """A part by share and relative price, in floats: for choosing places and drawing, never for money."""

    formula: Formula
    growth: float
    log_growth: float
    steepness: int
    log_steepness: float

    def relative(self, share: float) -> float:
        """The price by the first price, after a share of the part."""
        if self.formula == "exponential":
            return math.exp(self.log_growth * share)
        if self.formula == "logarithmic":
            return 1 + (self.growth - 1) * math.log1p(self.steepness * share) / self.log_steepness
        if self.formula == "linear":
            return 1 + (self.growth - 1) * share
        return float((1 - (1 - self.growth**-0.5) * share) ** -2)

    def slope(self, share: float) -> float:
        """The derivative of `relative`."""
        if self.formula == "exponential":
            return self.log_growth * math.exp(self.log_growth * share)
        if self.formula == "logarithmic":
            return (self.growth - 1) * self.steepness / ((1 + self.steepness * share) * self.log_steepness)
        if self.formula == "linear":
            return self.growth - 1
        return float(2 * (1 - self.growth**-0.5) * self.relative(share) ** 1.5)


@dataclass(frozen=True, slots=True)
class Ideal:
    """A whole sale: parts one after the other, from nothing sold to everything."""

    parts: tuple[Part, ...]

    @property
    def sale(self) -> int:
        """Base units for sale."""
        return self.parts[-1].end

    def area(self) -> Decimal:
        """What the shape raises. Lamports, 60 digits."""
        with localcontext(EXACT):
            return sum((part.area() for part in self.parts), Decimal(0))


def shape(formula: Formula, sale: int, first: Fraction, last: Fraction, steepness: int = LOG_STEEPNESS) -> Ideal:
    """One formula over the whole sale."""
    return Ideal((Part(formula, 0, sale, first, last, steepness),))


def through(points: Sequence[tuple[int, Fraction]]) -> Ideal:
    """Straight lines between points of (base units sold, price)."""
    return Ideal(tuple(Part("linear", left[0], right[0], left[1], right[1]) for left, right in pairwise(points)))


def mean_growth(formula: Formula, growth: Decimal, steepness: int = LOG_STEEPNESS) -> Decimal:
    """The mean price by the first price, for an end price of `growth` times the first; 60 digits."""
    with localcontext(EXACT):
        if growth == 1:
            return Decimal(1)
        if formula == "linear":
            return (1 + growth) / 2
        if formula == "exponential":
            return (growth - 1) / growth.ln()
        if formula == "classic":
            return growth.sqrt()
        whole = Decimal(1 + steepness).ln()
        return 1 + (growth - 1) * ((1 + steepness) * whole - steepness) / (steepness * whole)


def decimal(value: Fraction | int) -> Decimal:
    """To 60 digits."""
    ratio = Fraction(value)
    return EXACT.divide(Decimal(ratio.numerator), Decimal(ratio.denominator))
