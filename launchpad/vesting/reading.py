"""Vesting schedules as people see them, worked out for a moment."""

from dataclasses import dataclass
from datetime import datetime

from launchpad.chain import vesting_math
from launchpad.tables.vesting import VestingSchedule
from launchpad.vesting.schemas import VestingView


@dataclass(frozen=True)
class _Terms:
    amount: int
    start: int
    cliff: int
    end: int
    period: int


def view(row: VestingSchedule, now: datetime) -> VestingView:
    """What `row` has released by `now`, by the same arithmetic as the program."""
    terms = _Terms(
        amount=int(row.amount),
        start=int(row.starts_at.timestamp()),
        cliff=int(row.cliff_at.timestamp()),
        end=int(row.ends_at.timestamp()),
        period=row.period_seconds,
    )
    moment, revoked = int(now.timestamp()), int(row.revoked_at.timestamp()) if row.revoked_at else 0
    return VestingView(
        schedule=row.schedule,
        mint=row.mint,
        grantor=row.grantor,
        beneficiary=row.beneficiary,
        amount=str(terms.amount),
        claimed=str(int(row.claimed)),
        vested=str(vesting_math.vested(terms, moment, revoked_at=revoked)),
        claimable=str(vesting_math.claimable(terms, int(row.claimed), moment, revoked_at=revoked)),
        starts_at=row.starts_at,
        cliff_at=row.cliff_at,
        ends_at=row.ends_at,
        period_seconds=row.period_seconds,
        revocable=row.revocable,
        revoked_at=row.revoked_at,
    )


def vested_at(schedule: VestingView, moment: datetime) -> int:
    """Base units that a schedule as it is shown has released by `moment`."""
    terms = _Terms(
        amount=int(schedule.amount),
        start=int(schedule.starts_at.timestamp()),
        cliff=int(schedule.cliff_at.timestamp()),
        end=int(schedule.ends_at.timestamp()),
        period=schedule.period_seconds,
    )
    revoked = int(schedule.revoked_at.timestamp()) if schedule.revoked_at else 0
    return vesting_math.vested(terms, int(moment.timestamp()), revoked_at=revoked)
