"""What is said of a pool, from its figures."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from launchpad.dex.health import Facts, report

SOL = 10**9
NOW = datetime(2026, 11, 21, tzinfo=UTC)


def facts(**changes):
    """A deep, even, quiet pool of a token with six decimals at a thousandth of a SOL."""
    given = {
        "venue": "amm",
        "pool": "pool",
        "mint": "mint",
        "decimals": 6,
        "base": 10**12,
        "lamports": 1_000 * SOL,
        "average": Fraction(1),
        "seconds": 3_600,
        "last_trade": NOW,
        "locked_bps": 10_000,
    }
    return Facts(**(given | changes))


def test_a_sound_pool_has_nothing_to_mind():
    told = report(facts(), NOW)
    assert (told.price_sol, told.twap_sol, told.deviation_bps, told.imbalance_bps) == ("0.001", "0.001", 0, 0)
    assert told.notes == []


def test_depth_is_what_moves_the_price_so_far():
    depth = {name: int(amount) for name, amount in report(facts(), NOW).depth.items()}
    for move in (100, 200, 500):
        up, down = depth[f"buy_{move}_bps"], depth[f"sell_{move}_bps"]
        # The price of a product goes with the square of one side.
        assert ((1_000 * SOL + up) / (1_000 * SOL)) ** 2 == pytest.approx(1 + move / 10_000)
        assert ((1_000 * SOL - down) / (1_000 * SOL)) ** 2 == pytest.approx(1 - move / 10_000)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"lamports": 10 * SOL, "average": Fraction(1, 100)}, "Thin"),
        ({"average": Fraction(5, 4)}, "ten percent off"),
        ({"average": Fraction(4, 5)}, "ten percent off"),
        ({"last_trade": None}, "traded"),
        ({"last_trade": NOW - timedelta(days=2)}, "traded"),
        ({"locked_bps": 0}, "taken out"),
        ({"notes": ["Stopped."]}, "Stopped"),
    ],
)
def test_what_is_wrong_is_said_in_words(changes, words):
    notes = report(facts(**changes), NOW).notes
    assert len(notes) == 1
    assert words in notes[0]


def test_a_price_off_its_average_is_measured():
    told = report(facts(average=Fraction(5, 4)), NOW)
    assert told.deviation_bps == -2_000
    assert told.imbalance_bps == 1_111


def test_a_pool_without_a_record_has_no_average():
    told = report(facts(average=None, seconds=None, locked_bps=None), NOW)
    assert (told.twap_sol, told.deviation_bps, told.locked_bps) == (None, None, None)
    assert told.imbalance_bps == 0
