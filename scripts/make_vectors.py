"""Writes tests/vectors/curve.json: what a model with fractions says that trades on curves cost.

The program and the Python client compute with integers and closed formulas. This model shares
neither: it evaluates x * y = k in fractions and finds every inverse by bisection. Run it without
arguments; the same seed gives the same file.
"""

import json
import math
import random
import sys
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent.parent / "tests" / "vectors" / "curve.json"
SEED = 20_261_121
U64_MAX = 2**64 - 1
MAX_SEGMENTS = 32
BPS = 10_000
SOL = 10**9
RANDOM_CURVES = 40
RANDOM_REFUNDS = 200
RANDOM_LAUNCH_FEES = 40
TRADES_PER_CURVE = 24


@dataclass(frozen=True)
class Segment:
    """A stretch: virtual base and lamports at its start, base units that it sells."""

    x: int
    y: int
    b: int

    def quote_after(self, sold: int) -> Fraction:
        """Virtual lamports, unrounded, when `sold` units are gone."""
        return Fraction(self.x * self.y, self.x - sold)

    @property
    def last_price(self) -> Fraction:
        """Lamports per base unit at the very end."""
        return self.quote_after(self.b) / (self.x - self.b)


@dataclass(frozen=True)
class Rates:
    """Fee rates in basis points; the referrer's is of the protocol's fee."""

    protocol: int = 50
    creator: int = 30
    referrer: int = 2_000


@dataclass(frozen=True)
class Curve:
    """A named curve with its rates."""

    name: str
    segments: list[Segment]
    rates: Rates = Rates()

    @property
    def supply(self) -> int:
        """Base units for sale."""
        return sum(segment.b for segment in self.segments)

    def reserve(self, sold: int) -> int:
        """F(sold): each stretch rounded up to a lamport."""
        total = 0
        for segment in self.segments:
            inside = min(sold, segment.b)
            total += math.ceil(segment.quote_after(inside)) - segment.y
            sold -= inside
        return total

    def place(self, sold: int) -> list[int]:
        """[sold, F(sold), segment of the next buy, its virtual base, its virtual lamports rounded up]."""
        left, index = sold, 0
        while index + 1 < len(self.segments) and left >= self.segments[index].b:
            left -= self.segments[index].b
            index += 1
        segment = self.segments[index]
        return [sold, self.reserve(sold), index, segment.x - left, math.ceil(segment.quote_after(left))]

    def fees(self, amount: int, *, referred: bool, launch: int = 0) -> dict[str, int]:
        """What an amount pays: the protocol's and creator's part and the launch fee rounded up, the referrer's down."""
        protocol = math.ceil(Fraction(amount * self.rates.protocol, BPS))
        referrer = math.floor(Fraction(protocol * self.rates.referrer, BPS)) if referred else 0
        creator = math.ceil(Fraction(amount * self.rates.creator, BPS))
        surcharge = math.ceil(Fraction(amount * launch, BPS))
        return {"protocol": protocol - referrer, "creator": creator, "referrer": referrer, "launch": surcharge}

    def cost(self, sold: int, base: int, launch: int = 0) -> int:
        """Lamports for `base` more units, fees included."""
        amount = self.reserve(sold + base) - self.reserve(sold)
        return amount + sum(self.fees(amount, referred=False, launch=launch).values())


def last_true(low: int, high: int, test: Callable[[int], bool]) -> int:
    """The largest number in low..high that passes a test which low passes and which then fails for good."""
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if test(middle) else (low, middle - 1)
    return low


def launch_bps(start: int, seconds: int, half_life: int, elapsed: int) -> int:
    """The launch fee's rate after so many seconds: even, or even between its halves; rounded up."""
    elapsed = max(elapsed, 0)
    if elapsed >= seconds:
        return 0
    if half_life == 0:
        return math.ceil(start * (1 - Fraction(elapsed, seconds)))
    halves, part = divmod(elapsed, half_life)
    return math.ceil(Fraction(start, 2**halves) * (1 - Fraction(part, 2 * half_life)))


def buy(curve: Curve, sold: int, base: int, *, referred: bool, launch: int = 0) -> dict[str, int] | str:
    """A buy of `base` units, or the name of the error."""
    amount = curve.reserve(sold + base) - curve.reserve(sold)
    if base == 0 or (amount == 0 and sold + base < curve.supply):
        return "AmountTooSmall"
    fees = curve.fees(amount, referred=referred, launch=launch)
    return {"base": base, "amount": amount, **fees, "total": amount + sum(fees.values())}


def buy_exact_in(curve: Curve, sold: int, quote_in: int, *, referred: bool, launch: int = 0) -> dict[str, int] | str:
    """The most units that `quote_in` lamports pay for."""
    if quote_in == 0:
        return "ZeroAmount"
    base = last_true(0, curve.supply - sold, lambda base: curve.cost(sold, base, launch) <= quote_in)
    return buy(curve, sold, base, referred=referred, launch=launch)


def buy_exact_out(curve: Curve, sold: int, base_out: int, *, referred: bool, launch: int = 0) -> dict[str, int] | str:
    """`base_out` units, or what is left."""
    if base_out == 0:
        return "ZeroAmount"
    return buy(curve, sold, min(base_out, curve.supply - sold), referred=referred, launch=launch)


def sell(curve: Curve, sold: int, base_in: int, *, referred: bool, launch: int = 0) -> dict[str, int] | str:
    """`base_in` units back; sells pay no launch fee."""
    del launch
    if base_in == 0:
        return "ZeroAmount"
    if base_in > sold:
        return "InsufficientSold"
    amount = curve.reserve(sold) - curve.reserve(sold - base_in)
    fees = curve.fees(amount, referred=referred)
    total = amount - sum(fees.values())
    return {"base": base_in, "amount": amount, **fees, "total": total} if total > 0 else "AmountTooSmall"


TRADES = {"buy_exact_in": buy_exact_in, "buy_exact_out": buy_exact_out, "sell": sell}


def classic() -> Curve:
    """The preset: 30 virtual SOL, 1 073 000 000 virtual tokens, 793 100 000 for sale, 9 decimals."""
    return Curve("classic", [Segment(1_073_000_000 * 10**9, 30 * SOL, 793_100_000 * 10**9)])


def rising(random_: random.Random, count: int, magnitude: int) -> list[Segment]:
    """`count` stretches, each beginning where the last one's price ended or a little above it."""
    segments: list[Segment] = []
    price = Fraction(random_.randrange(1, 10**6), 10 ** random_.randrange(0, 12))
    while len(segments) < count:
        base = random_.randrange(2, 2**magnitude)
        quote = math.ceil(price * base) + random_.choice((0, 0, 1, base // 1000))
        segment = Segment(base, max(quote, 1), random_.randrange(1, base // 2 + 1))
        if segment.y.bit_length() > 58:  # noqa: PLR2004 - leaves room for the sum of 32
            price, segments = Fraction(1, 10**6), []
            magnitude -= 2
            continue
        segments.append(segment)
        price = segment.last_price
    return segments


def flat(count: int) -> list[Segment]:
    """A nearly fixed price: virtual reserves far larger than what is sold, each stretch a little dearer."""
    return [Segment(2**62, 2**40 + 500_000 * step, 10**12) for step in range(count)]


def hand_picked() -> list[Curve]:
    """Curves at the borders of what a curve may be."""
    return [
        classic(),
        Curve("classic without fees", classic().segments, Rates(0, 0, 0)),
        Curve("classic at the caps", classic().segments, Rates(200, 200, 5_000)),
        Curve("smallest", [Segment(2, 1, 1)]),
        Curve("a lamport each", [Segment(1_000, 1_000, 999)]),
        Curve("largest", [Segment(U64_MAX, 2**32, U64_MAX - 2**33)]),
        Curve("largest amounts", [Segment(2**40, 2**58, 2**40 - 2**35)], Rates(200, 200, 5_000)),
        Curve("fixed price", flat(1)),
        Curve("fixed price in steps", flat(MAX_SEGMENTS)),
        Curve("jump", [Segment(10**15, 10**9, 10**14), Segment(10**12, 10**12, 10**11)], Rates(1, 1, 1)),
    ]


def random_curves(random_: random.Random) -> list[Curve]:
    """Curves of 1 to 32 stretches and all sizes."""
    curves = []
    for number in range(RANDOM_CURVES):
        count = number + 1 if number < MAX_SEGMENTS else random_.randrange(1, MAX_SEGMENTS + 1)
        rates = Rates(random_.randrange(201), random_.randrange(201), random_.randrange(5_001))
        curves.append(Curve(f"random {number}", rising(random_, count, random_.randrange(6, 58)), rates))
    return curves


def interesting_sold(curve: Curve, random_: random.Random) -> list[int]:
    """Amounts sold at both ends, around every boundary, and anywhere."""
    ends, total = [], 0
    for segment in curve.segments:
        total += segment.b
        ends += [total - 1, total, total + 1]
    anywhere = [random_.randrange(curve.supply + 1) for _ in range(4)]
    return sorted({sold for sold in [0, 1, *ends, *anywhere] if sold <= curve.supply})


def trade_of(curve: Curve, random_: random.Random, kind: str) -> dict[str, Any]:
    """One trade from a random state, of an amount that is often at an edge."""
    sold = random_.choice([0, curve.supply - 1, random_.randrange(curve.supply), random_.randrange(curve.supply)])
    left, raise_left = curve.supply - sold, curve.reserve(curve.supply) - curve.reserve(sold)
    whole = curve.cost(sold, left)
    edges = {
        "buy_exact_in": [0, 1, 2, 3, 100, whole - 1, whole, whole + 1, 2 * whole, U64_MAX, raise_left],
        "buy_exact_out": [0, 1, 2, left - 1, left, left + 1, U64_MAX],
        "sell": [0, 1, 2, sold - 1, sold, sold + 1, U64_MAX],
    }[kind]
    span = {"buy_exact_in": whole, "buy_exact_out": left, "sell": sold}[kind]
    anywhere = [max(random_.randrange(span + 1) >> random_.randrange(40), 1) for _ in range(2 * len(edges))]
    amount = min(max(random_.choice([*edges, *anywhere]), 0), U64_MAX)
    referred = random_.random() < 1 / 2
    launch = random_.choice([0, 0, 1, 5_000, random_.randrange(5_001)])
    result = TRADES[kind](curve, sold, amount, referred=referred, launch=launch)
    outcome = {"error": result} if isinstance(result, str) else {"quote": result}
    return {"kind": kind, "sold": sold, "amount": amount, "referred": referred, "launch_bps": launch, **outcome}


def described(curve: Curve, random_: random.Random) -> dict[str, Any]:
    """A curve with places on it and trades, as the file holds it."""
    kinds = [list(TRADES)[number % len(TRADES)] for number in range(TRADES_PER_CURVE)]
    return {
        "name": curve.name,
        "segments": [[segment.x, segment.y, segment.b] for segment in curve.segments],
        "rates": [curve.rates.protocol, curve.rates.creator, curve.rates.referrer],
        "sale_supply": curve.supply,
        "raise_target": curve.reserve(curve.supply),
        "places": [curve.place(sold) for sold in interesting_sold(curve, random_)],
        "trades": [trade_of(curve, random_, kind) for kind in kinds],
    }


def invalid() -> list[dict[str, Any]]:
    """Segments that no curve may have, each for one reason."""
    one = [1_000, 1_000, 500]
    cases: dict[str, tuple[list[list[int]], int]] = {
        "none": ([], 0),
        "33 segments": ([[2**62, 2**40, 10]] * (MAX_SEGMENTS + 1), 10 * (MAX_SEGMENTS + 1)),
        "nothing for sale": ([[1_000, 1_000, 0]], 0),
        "no virtual base": ([[0, 1_000, 1]], 1),
        "no virtual quote": ([[1_000, 0, 500]], 500),
        "sells its whole virtual base": ([[1_000, 1_000, 1_000]], 1_000),
        "sells more than its virtual base": ([[1_000, 1_000, 1_001]], 1_001),
        "sum below the supply": ([one], 501),
        "sum above the supply": ([one], 499),
        "price falls": ([one, [1_000, 3_999, 1]], 501),
        "price falls by less than a lamport": ([[10**18, 10**9, 10**17], [10**18, 1_234_567_901, 1]], 10**17 + 1),
        "raise above 64 bits": ([[U64_MAX, U64_MAX, U64_MAX - 1]], U64_MAX - 1),
        "sum of raises above 64 bits": (
            [[2 ** (40 - 2 * step), 2**62, 2 ** (39 - 2 * step)] for step in range(4)],
            sum(2 ** (39 - 2 * step) for step in range(4)),
        ),
        "sum of supply wraps to zero": ([[2**63 + 2**62, 1, 2**63], [2**63 + 2**62, 16, 2**63]], 0),
    }
    return [{"name": name, "segments": segments, "sale_supply": supply} for name, (segments, supply) in cases.items()]


def refund(quote_reserve: int, sold: int, base_in: int) -> int | str:
    """What `base_in` of `sold` units get of a failed sale's reserve, or the name of the error."""
    if base_in == 0:
        return "ZeroAmount"
    if base_in > sold:
        return "InsufficientSold"
    return math.floor(Fraction(quote_reserve * base_in, sold)) or "AmountTooSmall"


def refunds(random_: random.Random) -> list[dict[str, Any]]:
    """Refunds of all sizes, often at an edge."""
    cases = [(0, 0, 1), (1, 1, 1), (1, 2, 1), (U64_MAX, U64_MAX, U64_MAX), (U64_MAX, U64_MAX, 1), (1, U64_MAX, 1)]
    for _ in range(RANDOM_REFUNDS):
        reserve, sold = (random_.randrange(1, 2 ** random_.randrange(1, 65)) for _ in range(2))
        base = random_.choice(
            [0, 1, sold - 1, sold, sold + 1, random_.randrange(sold + 1), random_.randrange(sold + 1)]
        )
        cases.append((reserve, sold, min(base, U64_MAX)))
    return [_refund_row(*case) for case in cases]


def _refund_row(quote_reserve: int, sold: int, base_in: int) -> dict[str, Any]:
    result = refund(quote_reserve, sold, base_in)
    outcome = {"error": result} if isinstance(result, str) else {"quote_out": result}
    return {"quote_reserve": quote_reserve, "sold": sold, "base_in": base_in, **outcome}


def launch_fees(random_: random.Random) -> list[list[int]]:
    """[start, seconds, half-life, elapsed, rate]: at the ends, around each border, and anywhere."""
    rows = []
    for _ in range(RANDOM_LAUNCH_FEES):
        start, seconds = random_.choice([1, 5_000, random_.randrange(1, 5_001)]), random_.randrange(1, 601)
        half_life = random_.choice([0, 0, 1, seconds, random_.randrange(seconds + 1)])
        border = half_life * random_.randrange(1, 4)
        spots = [-1, 0, 1, border - 1, border, border + 1, seconds - 1, seconds, random_.randrange(seconds + 9)]
        rows += [[start, seconds, half_life, spot, launch_bps(start, seconds, half_life, spot)] for spot in spots]
    return rows


def main() -> int:
    """Writes the file; returns the exit status."""
    random_ = random.Random(SEED)  # noqa: S311 - vectors must repeat, not surprise
    curves = [described(curve, random_) for curve in hand_picked() + random_curves(random_)]
    file = {"curves": curves, "invalid": invalid(), "refunds": refunds(random_), "launch_fees": launch_fees(random_)}
    text = json.dumps(file, indent=None, separators=(",", ":"))
    for row in ('{"name"', '{"quote_reserve"', '{"kind"'):
        text = text.replace(row, "\n " + row if row == '{"kind"' else "\n" + row)
    TARGET.write_text(text + "\n")
    print(f"{TARGET.name}: {len(curves)} curves, {sum(len(curve['trades']) for curve in curves)} trades")
    return 0


if __name__ == "__main__":
    sys.exit(main())
