"""All SQL that reads candles."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.tables.markets import Candle
from launchpad.tables.tokens import Token


async def newest_candles(
    session: AsyncSession, mint: str, interval: int, start: datetime, end: datetime, limit: int
) -> Sequence[Row[Any]]:
    """The newest `limit` buckets that start within `[start, end]`, oldest of them first, with the token's decimals.

    Columns instead of objects: a chart reads up to a thousand of them and changes none.
    """
    statement = (
        select(
            Candle.bucket,
            Candle.open,
            Candle.high,
            Candle.low,
            Candle.close,
            Candle.volume_quote,
            Candle.volume_base,
            (Candle.buys + Candle.sells).label("trades"),
            Token.decimals,
        )
        .join(Token, Token.mint == Candle.mint)
        .where(Candle.mint == mint, Candle.interval == interval, Candle.bucket >= start, Candle.bucket <= end)
        .order_by(Candle.bucket.desc())
        .limit(limit)
    )
    return (await session.execute(statement)).all()[::-1]
