"""Writes tests/vectors/amm.json: what a model with fractions says that swaps and shares of pools are worth.

The program and the Python client compute with closed formulas. This model shares none of them: it
knows that `base * quote` may not fall and that no share may lose, and finds every amount by
bisection. Run it without arguments; the same seed gives the same file.
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

TARGET = Path(__file__).parent.parent / "tests" / "vectors" / "amm.json"
SEED = 20_261_122
U64_MAX = 2**64 - 1
BPS = 10_000
LOCKED = 1_000
RANDOM_POOLS = 60
SWAPS_PER_POOL = 24
SHARES_PER_POOL = 12

Outcome = dict[str, int] | str


@dataclass(frozen=True)
class Rates:
    """Fee rates in basis points of the quote amount."""

    lp: int = 20
    protocol: int = 5
    creator: int = 30

    def total(self, amount: int) -> int:
        """All fees on an amount, rounded up once."""
        return math.ceil(Fraction(amount * (self.lp + self.protocol + self.creator), BPS))

    def split(self, amount: int, total: int) -> dict[str, int]:
        """The parts of `total`: the protocol's and the creator's rounded down, the rest for the liquidity."""
        protocol = math.floor(Fraction(amount * self.protocol, BPS))
        creator = math.floor(Fraction(amount * self.creator, BPS))
        return {"lp": total - protocol - creator, "protocol": protocol, "creator": creator}


@dataclass(frozen=True)
class Pool:
    """A named pool with its rates."""

    name: str
    base: int
    quote: int
    rates: Rates = Rates()
    supply: int = 0

    @property
    def shares(self) -> int:
        """All shares: the root of the product unless told otherwise."""
        return self.supply or root(self.base * self.quote)

    def keeps(self, base: int, quote: int) -> bool:
        """Whether the product does not fall when the reserves become these."""
        return base * quote >= self.base * self.quote


def last_true(low: int, high: int, test: Callable[[int], bool]) -> int:
    """The largest number in low..high that passes a test which low passes and which then fails for good."""
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if test(middle) else (low, middle - 1)
    return low


def first_true(low: int, test: Callable[[int], bool]) -> int:
    """The smallest number from `low` on that passes a test which then holds for good."""
    step = 1
    while not test(low + step - 1):
        step *= 2
    return last_true(low - 1, low + step - 1, lambda value: value < low or not test(value)) + 1


def root(square: int) -> int:
    """The largest number whose square is at most this."""
    return last_true(0, U64_MAX, lambda value: value * value <= square)


def fits(*numbers: int) -> bool:
    """Whether all of these are 64-bit numbers."""
    return all(0 <= number <= U64_MAX for number in numbers)


def quoted(pool: Pool, base: int, amount: int, total: int, fees: int) -> dict[str, int]:
    """A swap as the file holds it."""
    return {"base": base, "amount": amount, **pool.rates.split(amount, fees), "total": total}


def buy_exact_in(pool: Pool, quote_in: int) -> Outcome:
    """The most base units that exactly `quote_in` pays for; all that is not owed stays in the pool."""
    if quote_in == 0:
        return "ZeroAmount"
    amount = last_true(0, quote_in, lambda value: value + pool.rates.total(value) <= quote_in)
    if not fits(pool.quote + amount):
        return "Overflow"
    base = last_true(0, pool.base, lambda value: pool.keeps(pool.base - value, pool.quote + amount))
    return quoted(pool, base, amount, quote_in, quote_in - amount) if base else "AmountTooSmall"


def buy_exact_out(pool: Pool, base_out: int) -> Outcome:
    """What `base_out` units cost."""
    if base_out == 0:
        return "ZeroAmount"
    if base_out >= pool.base:
        return "InsufficientLiquidity"
    amount = first_true(0, lambda value: pool.keeps(pool.base - base_out, pool.quote + value))
    fees = pool.rates.total(amount)
    return quoted(pool, base_out, amount, amount + fees, fees) if fits(amount + fees) else "Overflow"


def sell_exact_in(pool: Pool, base_in: int) -> Outcome:
    """What `base_in` units bring."""
    if base_in == 0:
        return "ZeroAmount"
    if not fits(pool.base + base_in):
        return "Overflow"
    amount = last_true(0, pool.quote, lambda value: pool.keeps(pool.base + base_in, pool.quote - value))
    fees = pool.rates.total(amount)
    return quoted(pool, base_in, amount, amount - fees, fees) if amount > fees else "AmountTooSmall"


def sell_exact_out(pool: Pool, quote_out: int) -> Outcome:
    """The units that bring `quote_out`."""
    if quote_out == 0:
        return "ZeroAmount"
    amount = first_true(quote_out, lambda value: value - pool.rates.total(value) >= quote_out)
    if not fits(amount):
        return "Overflow"
    if amount >= pool.quote:
        return "InsufficientLiquidity"
    base = first_true(0, lambda value: pool.keeps(pool.base + value, pool.quote - amount))
    return quoted(pool, base, amount, quote_out, amount - quote_out) if fits(base) else "Overflow"


SWAPS = {
    "buy_exact_in": buy_exact_in,
    "buy_exact_out": buy_exact_out,
    "sell_exact_in": sell_exact_in,
    "sell_exact_out": sell_exact_out,
}


def deposit(pool: Pool, max_base: int, max_quote: int) -> Outcome:
    """The most shares that both limits pay for, and what they cost."""
    if max_base == 0 or max_quote == 0:
        return "ZeroAmount"

    def cost(shares: int) -> tuple[int, int]:
        part = Fraction(shares, pool.shares)
        return math.ceil(part * pool.base), math.ceil(part * pool.quote)

    def affordable(shares: int) -> bool:
        base, quote = cost(shares)
        return base <= max_base and quote <= max_quote

    shares = last_true(0, U64_MAX, affordable)
    base, quote = cost(shares)
    return {"shares": shares, "base": base, "quote": quote} if shares else "AmountTooSmall"


def withdraw(pool: Pool, shares: int) -> Outcome:
    """What shares return."""
    if shares == 0:
        return "ZeroAmount"
    if shares > pool.shares - LOCKED:
        return "InsufficientLiquidity"
    part = Fraction(shares, pool.shares)
    base, quote = math.floor(part * pool.base), math.floor(part * pool.quote)
    return {"shares": shares, "base": base, "quote": quote} if base and quote else "AmountTooSmall"


def first(base: int, quote: int) -> Outcome:
    """All shares of a first deposit."""
    if base == 0 or quote == 0:
        return "ZeroAmount"
    shares = root(base * quote)
    return {"shares": shares, "base": base, "quote": quote} if shares > LOCKED else "AmountTooSmall"


def hand_picked() -> list[Pool]:
    """Pools at the borders of what a pool may be."""
    return [
        Pool("graduate", 206_900_000 * 10**9, 85_005_359_057),
        Pool("graduate without fees", 206_900_000 * 10**9, 85_005_359_057, Rates(0, 0, 0)),
        Pool("graduate at the caps", 206_900_000 * 10**9, 85_005_359_057, Rates(100, 50, 100)),
        Pool("smallest", 1, 1_001 * 1_001),
        Pool("smallest the other way", 1_001 * 1_001, 1),
        Pool("even", 10**6, 10**6),
        Pool("largest", U64_MAX, U64_MAX, Rates(100, 50, 100)),
        Pool("largest base", U64_MAX, 10**9),
        Pool("largest quote", 10**9, U64_MAX - 10**6),
        Pool("shares worth much", 10**15, 10**12, Rates(1, 1, 1), 1_001),
        Pool("shares worth little", 10**6, 10**6, Rates(20, 5, 5), 10**18),
    ]


def random_pools(random_: random.Random) -> list[Pool]:
    """Pools of all sizes and rates."""
    pools: list[Pool] = []
    while len(pools) < RANDOM_POOLS:
        base, quote = (random_.randrange(1, 2 ** random_.randrange(8, 64)) for _ in range(2))
        if root(base * quote) <= LOCKED:
            continue
        rates = Rates(random_.randrange(101), random_.randrange(51), random_.randrange(101))
        supply = random_.choice([0, 0, random_.randrange(LOCKED + 1, U64_MAX)])
        pools.append(Pool(f"random {len(pools)}", base, quote, rates, supply))
    return pools


def amount_near(span: int, random_: random.Random) -> int:
    """An amount of any size up to `span` and beyond, often at an edge."""
    edges = [0, 1, 2, 3, 100, span - 1, span, span + 1, 2 * span, U64_MAX]
    anywhere = [max(random_.randrange(span + 1) >> random_.randrange(40), 1) for _ in range(2 * len(edges))]
    return min(max(random_.choice([*edges, *anywhere]), 0), U64_MAX)


def outcome_of(result: Outcome) -> dict[str, Any]:
    """A result or an error, as the file holds it."""
    return {"error": result} if isinstance(result, str) else {"result": result}


def described(pool: Pool, random_: random.Random) -> dict[str, Any]:
    """A pool with swaps and changes of its liquidity, as the file holds it."""
    swaps = []
    for number in range(SWAPS_PER_POOL):
        kind = list(SWAPS)[number % len(SWAPS)]
        amount = amount_near(pool.quote if kind in {"buy_exact_in", "sell_exact_out"} else pool.base, random_)
        swaps.append({"kind": kind, "amount": amount, **outcome_of(SWAPS[kind](pool, amount))})
    deposits = []
    for _ in range(SHARES_PER_POOL):
        limits = amount_near(pool.base, random_), amount_near(pool.quote, random_)
        deposits.append({"limits": limits, **outcome_of(deposit(pool, *limits))})
    withdrawals = []
    for _ in range(SHARES_PER_POOL):
        shares = amount_near(pool.shares - LOCKED, random_)
        withdrawals.append({"shares": shares, **outcome_of(withdraw(pool, shares))})
    return {
        "name": pool.name,
        "reserves": [pool.base, pool.quote],
        "rates": [pool.rates.lp, pool.rates.protocol, pool.rates.creator],
        "supply": pool.shares,
        "swaps": swaps,
        "deposits": deposits,
        "withdrawals": withdrawals,
    }


def firsts(random_: random.Random) -> list[dict[str, Any]]:
    """First deposits around the locked minimum and of all sizes."""
    pairs = [(0, 1), (1, 0), (1_000, 1_000), (1_001, 1_000), (1_001, 1_001), (1, 1_002_001), (1, 1_002_000)]
    pairs += [(U64_MAX, U64_MAX), (U64_MAX, 1), (206_900_000 * 10**9, 85_005_359_057)]
    pairs += [(random_.randrange(2 ** random_.randrange(1, 64)), random_.randrange(2**40)) for _ in range(30)]
    return [{"deposit": pair, **outcome_of(first(*pair))} for pair in pairs]


def sums(random_: random.Random) -> list[dict[str, Any]]:
    """Prices added to sums: the sum before, the two reserves, seconds, the sum after."""
    rows = [(0, 1, 1, 0), (0, U64_MAX, 1, 2**63 - 1), (0, 1, U64_MAX, 2**63 - 1), (2**128 - 1, U64_MAX, 7, 3)]
    for _ in range(60):
        upper, lower = (random_.randrange(1, 2 ** random_.randrange(1, 65)) for _ in range(2))
        rows.append((random_.randrange(2 ** random_.randrange(1, 190)), upper, lower, random_.randrange(2**32)))
    return [
        {
            "before": str(before),
            "numerator": numerator,
            "denominator": denominator,
            "seconds": seconds,
            "after": str(before + math.floor(Fraction(numerator, denominator) * 2**64) * seconds),
        }
        for before, numerator, denominator, seconds in rows
    ]


def main() -> int:
    """Writes the file; returns the exit status."""
    random_ = random.Random(SEED)  # noqa: S311 - vectors must repeat, not surprise
    pools = [described(pool, random_) for pool in hand_picked() + random_pools(random_)]
    content = {"pools": pools, "firsts": firsts(random_), "sums": sums(random_)}
    text = json.dumps(content, indent=None, separators=(",", ":"))
    for start in ('{"name"', '{"kind"', '{"limits"', '{"shares":', '{"deposit"', '{"before"'):
        text = text.replace(f",{start}", f",\n{start}")
    TARGET.write_text(text + "\n")
    print(f"{TARGET.name}: {len(pools)} pools, {len(pools) * SWAPS_PER_POOL} swaps")
    return 0


if __name__ == "__main__":
    sys.exit(main())
