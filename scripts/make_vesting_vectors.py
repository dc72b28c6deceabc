"""Writes tests/vectors/vesting.json: what a model with fractions says has vested.

The programs and the Python client compute with integers; this model does not share a line with
them. Run it without arguments; the same seed gives the same file.
"""

import json
import math
import random
import sys
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path

TARGET = Path(__file__).parent.parent / "tests" / "vectors" / "vesting.json"
CASES = 600
SEED = 20_261_121
CENTURY = 100 * 365 * 24 * 60 * 60
LARGEST_AMOUNT = 2**64 - 1


@dataclass(frozen=True)
class Terms:
    """A schedule: `amount` in base units, times in Unix seconds, `period` in seconds."""

    amount: int
    start: int
    cliff: int
    end: int
    period: int


def released(terms: Terms, now: int) -> int:
    """Base units vested at `now`: the share of the last finished step, rounded down."""
    if now < terms.cliff:
        return 0
    steps = Fraction(now - terms.start, terms.period).__floor__()
    last_step = terms.start + steps * terms.period
    share = Fraction(last_step - terms.start, terms.end - terms.start)
    return terms.amount if now >= terms.end else math.floor(terms.amount * share)


def hand_picked() -> list[Terms]:
    """Terms at the borders of what a schedule may be."""
    day = 86_400
    return [
        Terms(1, 0, 0, 1, 1),
        Terms(1, 0, 0, CENTURY, 1),
        Terms(LARGEST_AMOUNT, 0, 0, CENTURY, 1),
        Terms(LARGEST_AMOUNT, 0, CENTURY, CENTURY, CENTURY),
        Terms(7, 0, 0, 10, 4),
        Terms(1_000_000_007, 1_700_000_000, 1_700_000_000 + 90 * day, 1_700_000_000 + 365 * day, day),
        Terms(200_000_000 * 10**9, 1_800_000_000, 1_800_000_000, 1_800_000_000 + 730 * day, 30 * day),
    ]


def random_terms(random_: random.Random) -> Terms:
    """Terms of any size; small and large numbers equally likely."""
    amount = random_.randrange(1, 2 ** random_.randrange(1, 65))
    start = random_.randrange(2 ** random_.randrange(1, 33))
    duration = min(CENTURY, random_.randrange(1, 2 ** random_.randrange(1, 33)))
    cliff = start + random_.choice([0, duration, random_.randint(0, duration)])
    period = random_.choice([1, duration, random_.randint(1, duration)])
    return Terms(amount, start, cliff, start + duration, period)


def moments(terms: Terms, random_: random.Random) -> list[int]:
    """The borders of the schedule, their neighbours, and one moment inside."""
    borders = (terms.start, terms.cliff, terms.start + terms.period, terms.end)
    around = {border + shift for border in borders for shift in (-1, 0, 1)}
    around.add(random_.randint(terms.start, terms.end))
    return sorted(moment for moment in around if moment >= 0)


def cases() -> list[dict[str, int]]:
    """Every case with what was claimed before: nothing, all that vested, or something between."""
    random_ = random.Random(SEED)  # noqa: S311 - reproducible test data, no secret
    terms = hand_picked() + [random_terms(random_) for _ in range(CASES)]
    found = []
    for one in terms:
        chosen = moments(one, random_)
        for now in chosen if one in terms[:7] else random_.sample(chosen, 2):
            vested = released(one, now)
            claimed = random_.choice([0, vested, random_.randint(0, one.amount)])
            claimable = max(0, vested - claimed)
            found.append({**asdict(one), "claimed": claimed, "now": now, "vested": vested, "claimable": claimable})
    return found


def main() -> None:
    """Writes the vectors to the path given, or to their place in the tree."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    lines = ",\n".join("  " + json.dumps(case) for case in cases())
    target.write_text(f'{{"cases": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
