"""All SQL that reads vesting schedules."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.db import Look
from launchpad.tables.vesting import VestingSchedule


async def of_mint(look: Look, mint: str) -> list[VestingSchedule]:
    """The schedules of a token, largest first."""
    statement = "SELECT * FROM vesting_schedules WHERE mint = :mint ORDER BY amount DESC, schedule LIMIT 100"
    return [VestingSchedule(**row) for row in await look.rows(statement, mint=mint)]


async def of_graduation(look: Look, mint: str) -> list[VestingSchedule]:
    """The schedules into which a graduate's curve gave payouts of the raise and shares of the pool."""
    statement = """SELECT v.* FROM graduation_releases r JOIN vesting_schedules v ON v.schedule = r.schedule
    WHERE r.mint = :mint ORDER BY r.released_at, r.kind"""
    return [VestingSchedule(**row) for row in await look.rows(statement, mint=mint)]


async def of_beneficiary(session: AsyncSession, address: str) -> list[VestingSchedule]:
    """The schedules that pay out to a wallet, next to end first."""
    statement = (
        select(VestingSchedule)
        .where(VestingSchedule.beneficiary == address)
        .order_by(VestingSchedule.ends_at, VestingSchedule.schedule)
        .limit(500)
    )
    return list(await session.scalars(statement))
