"""All SQL that reads vesting schedules."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.tables.vesting import VestingSchedule


async def of_mint(session: AsyncSession, mint: str) -> list[VestingSchedule]:
    """The schedules of a token, largest first."""
    statement = (
        select(VestingSchedule)
        .where(VestingSchedule.mint == mint)
        .order_by(VestingSchedule.amount.desc(), VestingSchedule.schedule)
        .limit(100)
    )
    return list(await session.scalars(statement))


async def of_beneficiary(session: AsyncSession, address: str) -> list[VestingSchedule]:
    """The schedules that pay out to a wallet, next to end first."""
    statement = (
        select(VestingSchedule)
        .where(VestingSchedule.beneficiary == address)
        .order_by(VestingSchedule.ends_at, VestingSchedule.schedule)
        .limit(500)
    )
    return list(await session.scalars(statement))
