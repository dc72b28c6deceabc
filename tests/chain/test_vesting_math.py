"""Vesting against the vectors that Rust reads too."""

import json
from dataclasses import dataclass
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from launchpad.chain import vesting_math

CASES = json.loads((Path(__file__).parent.parent / "vectors" / "vesting.json").read_text())["cases"]


@dataclass(frozen=True)
class Terms:
    amount: int
    start: int
    cliff: int
    end: int
    period: int


@st.composite
def terms(draw):
    start = draw(st.integers(0, 2**40))
    end = start + draw(st.integers(1, 10**9))
    cliff = draw(st.integers(start, end))
    return Terms(draw(st.integers(1, 2**64 - 1)), start, cliff, end, draw(st.integers(1, end - start)))


def test_every_vector_is_met():
    for case in CASES:
        schedule = Terms(*(case[name] for name in ("amount", "start", "cliff", "end", "period")))
        assert vesting_math.vested(schedule, case["now"]) == case["vested"], case
        assert vesting_math.claimable(schedule, case["claimed"], case["now"]) == case["claimable"], case


def test_a_revoked_schedule_keeps_what_had_vested():
    schedule = Terms(700, 0, 50, 1_000, 10)
    assert vesting_math.vested(schedule, 10, revoked_at=5) == 700
    assert vesting_math.claimable(schedule, 200, 10, revoked_at=5) == 500
    assert vesting_math.next_release(schedule, 10, revoked_at=5) is None


@given(terms(), st.data())
def test_what_vests_never_falls_and_never_passes_the_amount(schedule, data):
    now = data.draw(st.integers(schedule.start - 10, schedule.end + 10))
    later = data.draw(st.integers(now, schedule.end + 20))
    assert 0 <= vesting_math.vested(schedule, now) <= vesting_math.vested(schedule, later) <= schedule.amount
    assert vesting_math.vested(schedule, schedule.end) == schedule.amount


@given(terms(), st.data())
def test_nothing_more_vests_before_the_next_release(schedule, data):
    now = data.draw(st.integers(schedule.start - 10, schedule.end + 10))
    following = vesting_math.next_release(schedule, now)
    if following is None:
        assert vesting_math.vested(schedule, now) == schedule.amount
    else:
        assert following > now
        assert vesting_math.vested(schedule, following - 1) == vesting_math.vested(schedule, now)
