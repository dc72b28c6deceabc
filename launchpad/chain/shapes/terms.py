"""What a creator says about a curve: market caps, prices, a raise, in SOL or USD.

Two of start, end, multiple and raise say everything about a shape, one about a fixed price;
the others follow. What is said twice is refused with the name of what to leave out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Literal

from launchpad.amounts import decimal_text
from launchpad.chain import curve_math
from launchpad.chain.curve_math import BPS, CLASSIC_VIRTUAL_BASE, MAX_SEGMENTS
from launchpad.chain.shapes.compiling import WANTED_BPS, CompiledCurve, compile_curve
from launchpad.chain.shapes.errors import InvalidShapeError
from launchpad.chain.shapes.ideal import (
    EXACT,
    LOG_STEEPNESS,
    Formula,
    Ideal,
    Part,
    decimal,
    mean_growth,
    shape,
    through,
)

Kind = Literal["classic", "linear", "exponential", "logarithmic", "fixed"]
KINDS: tuple[Kind, ...] = ("classic", "linear", "exponential", "logarithmic", "fixed")
CLASSIC_MULTIPLE = (CLASSIC_VIRTUAL_BASE / (CLASSIC_VIRTUAL_BASE - 1)) ** 2
_LAMPORTS_PER_SOL = 10**9
# No end price is more than so many times the first: beyond, 64 bits hold neither.
_LARGEST_MULTIPLE = 10**9
_HALVINGS = 190
_PLACES = Decimal("1e-18")


@dataclass(frozen=True, slots=True)
class Supply:
    """How much there is of a token: base units in all and on the curve, and decimals of a whole token."""

    total: int
    sale: int
    decimals: int


@dataclass(frozen=True, slots=True)
class CurveTerms:
    """A shape in a creator's words.

    Market caps are of the whole supply, prices of one whole token, both and the raise in SOL,
    or in USD where `sol_price_usd` (USD for one SOL) is given. `multiple` is the end price by
    the start price. `steepness` is how sharply the logarithmic shape begins.
    """

    kind: Kind
    start_market_cap: Decimal | None = None
    end_market_cap: Decimal | None = None
    start_price: Decimal | None = None
    end_price: Decimal | None = None
    multiple: Decimal | None = None
    raise_amount: Decimal | None = None
    sol_price_usd: Decimal | None = None
    steepness: int = LOG_STEEPNESS


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The terms in lamports: prices per base unit; None where not given. `names` are the fields they came from."""

    start: Fraction | None
    end: Fraction | None
    multiple: Fraction | None
    raised: int | None
    names: dict[str, str]


def compile_terms(
    terms: CurveTerms, supply: Supply, *, wanted_bps: int = WANTED_BPS, max_segments: int = MAX_SEGMENTS
) -> CompiledCurve:
    """The curve of a shape; see `compile_curve` for segments and error.

    The classic shape without terms is the classic preset. Raises InvalidShapeError, which names
    the field, for terms that say too much, too little, or what no curve can be.
    """
    wanted = _in_lamports(terms, supply)
    if terms.kind == "classic" and not wanted.names:
        return _preset(supply.sale)
    ideal = _fixed(wanted, supply) if terms.kind == "fixed" else _shaped(terms.kind, wanted, supply, terms.steepness)
    return compile_curve(ideal, wanted.raised, wanted_bps=wanted_bps, max_segments=max_segments)


def compile_points(
    points: Sequence[tuple[int, Decimal]],
    supply: Supply,
    *,
    sol_price_usd: Decimal | None = None,
    wanted_bps: int = WANTED_BPS,
    max_segments: int = MAX_SEGMENTS,
) -> CompiledCurve:
    """Straight lines through points of (basis points of the sale, market cap in SOL or USD); the raise follows."""
    shares = [share for share, _ in points]
    if len(points) < 2 or shares[0] != 0 or shares[-1] != BPS or shares != sorted(set(shares)):  # noqa: PLR2004 - two ends
        message = "Points begin at 0 % sold, end at 100 %, and each lies further on than the one before."
        raise InvalidShapeError(message, field="points")
    caps = [_positive(cap, "points") for _, cap in points]
    if caps != sorted(caps):
        raise InvalidShapeError("The market cap never falls from one point to the next.", field="points")
    rate = _rate(sol_price_usd)
    places = [(supply.sale * share // BPS, cap * rate / supply.total) for share, cap in zip(shares, caps, strict=True)]
    if len({place for place, _ in places}) < len(places):
        raise InvalidShapeError(
            "Two points lie on the same base unit: use more decimals or fewer points.", field="points"
        )
    return compile_curve(through(places), wanted_bps=wanted_bps, max_segments=max_segments)


def _preset(sale: int) -> CompiledCurve:
    segments = tuple(curve_math.classic(sale))
    first, last = segments[0].price_after(0), segments[0].price_after(sale)
    ideal = Ideal((Part("classic", 0, sale, first, last),))
    return CompiledCurve(segments, ideal, curve_math.raise_target(segments), Decimal(0))


def _shaped(formula: Formula, wanted: _Wanted, supply: Supply, steepness: int) -> Ideal:
    start, multiple = _ends(formula, _completed(formula, wanted, supply), supply.sale, steepness)
    return shape(formula, supply.sale, start, start * multiple, steepness)


def _completed(formula: Formula, wanted: _Wanted, supply: Supply) -> _Wanted:
    """The same with the classic shape's own multiple where only one thing was said; refuses too much and too little."""
    given = wanted.names
    if len(given) > 2:  # noqa: PLR2004 - what a shape has to be told
        raise _said_twice(given, ("multiple", "raise", "end", "start"))
    if formula == "classic" and len(given) == 1 and "multiple" not in given:
        return _Wanted(wanted.start, wanted.end, CLASSIC_MULTIPLE, wanted.raised, given)
    if formula == "classic" and len(given) == 1:
        return _Wanted(None, None, wanted.multiple, curve_math.raise_target(curve_math.classic(supply.sale)), given)
    if len(given) < 2:  # noqa: PLR2004 - what a shape has to be told
        message = "Give two of: start market cap, end market cap, raise, multiple. The others follow."
        missing = next(name for name in ("start_market_cap", "raise_amount") if name not in given.values())
        raise InvalidShapeError(message, field=missing)
    return wanted


def _ends(formula: Formula, wanted: _Wanted, sale: int, steepness: int) -> tuple[Fraction, Fraction]:
    """Start price and multiple, from any two of the four."""
    multiple = wanted.multiple
    if multiple is None:
        multiple = _multiple(formula, wanted, sale, steepness)
    if not 1 <= multiple <= _LARGEST_MULTIPLE:
        field = wanted.names.get("end") or wanted.names.get("multiple") or "end_market_cap"
        message = f"Prices never fall on a curve, and end at most {_LARGEST_MULTIPLE:,} times where they begin."
        raise InvalidShapeError(message, field=field)
    if wanted.start is not None:
        return wanted.start, multiple
    if wanted.end is not None:
        return wanted.end / multiple, multiple
    return Fraction(wanted.raised or 0) / (
        sale * Fraction(mean_growth(formula, decimal(multiple), steepness))
    ), multiple


def _multiple(formula: Formula, wanted: _Wanted, sale: int, steepness: int) -> Fraction:
    if wanted.start is not None and wanted.end is not None:
        return wanted.end / wanted.start
    mean = Fraction(wanted.raised or 0, sale)
    if wanted.start is not None:
        field, goal = wanted.names["start"], decimal(mean / wanted.start)
        return _solved(goal, field, lambda growth: mean_growth(formula, growth, steepness))
    if wanted.end is None:
        raise InvalidShapeError("Give a market cap at the start or at the end.", field="start_market_cap")
    field, goal = wanted.names["end"], decimal(wanted.end / mean)
    return _solved(goal, field, lambda growth: growth / mean_growth(formula, growth, steepness))


def _solved(goal: Decimal, field: str, rising: Callable[[Decimal], Decimal]) -> Fraction:
    """The multiple at which a function that rises from 1 reaches `goal`, by halving its logarithm."""
    with localcontext(EXACT):
        low, high = Decimal(0), Decimal(_LARGEST_MULTIPLE).ln()
        if not 1 <= goal <= rising(high.exp()):
            message = (
                "With this raise and this share on sale no curve of the shape has such a price: change one of them."
            )
            raise InvalidShapeError(message, field=field)
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if rising(middle.exp()) < goal else (low, middle)
        # Far more digits than any price has; whole numbers come out whole.
        return Fraction(high.exp().quantize(_PLACES))


def _fixed(wanted: _Wanted, supply: Supply) -> Ideal:
    for name in ("multiple", "end"):
        if name in wanted.names:
            message = "A fixed price has one price only: leave this out, and say it as the start."
            raise InvalidShapeError(message, field=wanted.names[name])
    if len(wanted.names) > 1:
        raise _said_twice(wanted.names, ("raise",))
    if not wanted.names:
        raise InvalidShapeError("Give the market cap of the fixed price, or the raise.", field="start_market_cap")
    price = wanted.start if wanted.start is not None else Fraction(wanted.raised or 0, supply.sale)
    return shape("linear", supply.sale, price, price)


def _said_twice(given: dict[str, str], order: tuple[str, ...]) -> InvalidShapeError:
    last = next(given[name] for name in order if name in given)
    others = ", ".join(_words(name) for name in given.values() if name != last)
    return InvalidShapeError(f"The {_words(last)} follows from the rest ({others}): leave it out.", field=last)


def _words(field: str) -> str:
    return {"raise_amount": "raise"}.get(field, field.replace("_", " "))


def _in_lamports(terms: CurveTerms, supply: Supply) -> _Wanted:
    rate = _rate(terms.sol_price_usd)
    by_supply, by_token = rate / supply.total, rate / 10**supply.decimals
    names: dict[str, str] = {}

    def given(name: str, *fields: tuple[str, Decimal | None, Fraction | int]) -> Fraction | None:
        """The one of `fields` that is there, in lamports."""
        said = [(field, _positive(value, field) * factor) for field, value, factor in fields if value is not None]
        if len(said) > 1:
            message = f"The {_words(said[1][0])} follows from the {_words(said[0][0])}: leave it out."
            raise InvalidShapeError(message, field=said[1][0])
        if said:
            names[name] = said[0][0]
        return said[0][1] if said else None

    start = given(
        "start", ("start_market_cap", terms.start_market_cap, by_supply), ("start_price", terms.start_price, by_token)
    )
    end = given("end", ("end_market_cap", terms.end_market_cap, by_supply), ("end_price", terms.end_price, by_token))
    raised = given("raise", ("raise_amount", terms.raise_amount, rate))
    multiple = given("multiple", ("multiple", terms.multiple, 1))
    if raised is not None and raised < 1:
        raise InvalidShapeError("A raise is at least one lamport.", field="raise_amount")
    return _Wanted(start, end, multiple, None if raised is None else round(raised), names)


def _rate(sol_price_usd: Decimal | None) -> Fraction:
    """Lamports for one of the currency that amounts are given in."""
    if sol_price_usd is None:
        return Fraction(_LAMPORTS_PER_SOL)
    return _LAMPORTS_PER_SOL / _positive(sol_price_usd, "sol_price_usd")


def _positive(value: Decimal, field: str) -> Fraction:
    if not value.is_finite() or value <= 0:
        raise InvalidShapeError(
            f"The {_words(field)} has to be more than zero, not {decimal_text(value)}.", field=field
        )
    return Fraction(value)
