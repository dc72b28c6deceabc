"""All SQL that reads candles."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.tables.markets import Candle


async def newest_candles(
    session: AsyncSession, mint: str, interval: int, start: datetime, end: datetime, limit: int
) -> Sequence[Candle]:
    """The newest `limit` buckets that start within `[start, end]`, oldest of them first."""
    statement = (
        select(Candle)
        .where(Candle.mint == mint, Candle.interval == interval, Candle.bucket >= start, Candle.bucket <= end)
        .order_by(Candle.bucket.desc())
        .limit(limit)
    )
    return (await session.scalars(statement)).all()[::-1]


async def candle_before(session: AsyncSession, mint: str, interval: int, start: datetime) -> Candle | None:
    """The last bucket that starts before `start`."""
    statement = (
        select(Candle)
        .where(Candle.mint == mint, Candle.interval == interval, Candle.bucket < start)
        .order_by(Candle.bucket.desc())
        .limit(1)
    )
    return (await session.scalars(statement)).one_or_none()
