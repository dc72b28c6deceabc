"""When what is locked of a token comes free: each lock, the days to come, and the line through them.

Beside schedules of the token there are those of its graduation: SOL of the raise, and shares of the pool.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from launchpad.tokens.schemas import TokenDetails
from launchpad.vesting.reading import vested_at
from launchpad.vesting.schemas import VestingView
from web import facts, formats

_BPS = 10_000
_SAMPLES = 48
# As many days are listed; the rest is in the locks themselves.
_DAYS = 8
_SECOND = timedelta(seconds=1)

# What is locked: base units of the token, lamports, or shares of its pool.
Unit = Literal["token", "sol", "shares"]


@dataclass(frozen=True)
class Lock:
    """One schedule: whose it is, why it exists, and how far it is, in its own unit."""

    schedule: VestingView
    title: str
    next_release: datetime | None
    unit: Unit = "token"

    @property
    def released_bps(self) -> int:
        """How much of it is released."""
        return int(self.schedule.vested) * _BPS // max(int(self.schedule.amount), 1)


@dataclass(frozen=True)
class Unlock:
    """A day on which a lock releases something, or is done, and in words how it goes on."""

    at: datetime
    title: str
    amount: int
    words: str
    unit: Unit = "token"


@dataclass(frozen=True)
class Calendar:
    """All locks of a token, what comes free next, and the released share over time.

    `line` holds (time, released) in basis points of the span and of everything that was ever locked in `unit`.
    """

    locks: list[Lock]
    unlocks: list[Unlock]
    line: list[tuple[int, int]]
    now_bps: int
    begins: datetime
    ends: datetime
    unit: Unit


def calendar(token: TokenDetails, now: datetime) -> Calendar | None:
    """The calendar of a token's schedules; None where there are none."""
    locks = [*(_lock(item, title(token, item), now) for item in token.vesting), *_of_graduation(token, now)]
    if not locks:
        return None
    # Units do not add up: the line is that of the tokens, and where none are locked of the raise.
    unit = locks[0].unit
    schedules = [lock.schedule for lock in locks if lock.unit == unit]
    begins, ends = min(item.starts_at for item in schedules), max(item.ends_at for item in schedules)
    unlocks = sorted((step for lock in locks for step in _unlocks(lock, now)), key=lambda step: step.at)
    return Calendar(
        locks=locks,
        unlocks=unlocks[:_DAYS],
        line=_line(schedules, begins, ends),
        now_bps=_part(now - begins, ends - begins),
        begins=begins,
        ends=ends,
        unit=unit,
    )


def _lock(schedule: VestingView, name: str, now: datetime, unit: Unit = "token") -> Lock:
    return Lock(schedule, name, facts.next_release(schedule, now), unit)


def _of_graduation(token: TokenDetails, now: datetime) -> list[Lock]:
    """The raise that is paid out step by step, and the pool's shares that are the creator's one day."""
    done = token.graduation
    paid = [
        _lock(one.vesting, f"Raise for the {one.kind}", now, "sol") for one in done.payouts if one.vesting is not None
    ]
    held = [_lock(one.vesting, "Shares of the pool", now, "shares") for one in done.locks if one.vesting is not None]
    return [*paid, *held]


def title(token: TokenDetails, schedule: VestingView) -> str:
    """Why a schedule exists, as far as the launch says."""
    if schedule.schedule == token.first_buy_lock:
        return "First buy"
    teams = [part for part in token.allocations if part.bucket == "team" and part.owner == schedule.beneficiary]
    if any(part.amount == schedule.amount or schedule.revoked_at for part in teams):
        return "Team"
    return "Grant"


def _unlocks(lock: Lock, now: datetime) -> list[Unlock]:
    """The next release of a lock with what follows it, and its end."""
    item, at = lock.schedule, lock.next_release
    if at is None:
        return []
    free = "then its owner may take that liquidity out" if lock.unit == "shares" else "all of it released"
    end = Unlock(item.ends_at, lock.title, int(item.amount), free, lock.unit)
    if at >= item.ends_at:
        return [end]
    step = formats.duration(item.period_seconds)
    every = f"then every {'day' if step == '1 d' else step}"
    words = f"at the cliff, {every}" if now < item.cliff_at else every
    return [Unlock(at, lock.title, vested_at(item, at) - vested_at(item, now), words, lock.unit), end]


def _line(schedules: Sequence[VestingView], begins: datetime, ends: datetime) -> list[tuple[int, int]]:
    whole = max(sum(int(item.amount) for item in schedules), 1)
    span = ends - begins
    moments = {begins + span * step / _SAMPLES for step in range(_SAMPLES + 1)}
    # A cliff is upright.
    moments |= {moment for item in schedules for moment in (item.cliff_at, max(item.cliff_at - _SECOND, begins))}
    released = [(moment, sum(vested_at(item, moment) for item in schedules)) for moment in sorted(moments)]
    return [(_part(moment - begins, span), amount * _BPS // whole) for moment, amount in released]


def _part(passed: timedelta, span: timedelta) -> int:
    """Basis points of a span that have passed."""
    return min(max(passed * _BPS // span, 0), _BPS) if span else _BPS
