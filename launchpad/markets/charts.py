"""Candles of one token for a chart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad import paging
from launchpad.amounts import decimal_text, price_in_sol
from launchpad.errors import InvalidInputError
from launchpad.markets import queries
from launchpad.markets.schemas import SECONDS, CandleView, Chart, ChartMeta, Interval
from launchpad.tokens import queries as token_queries
from launchpad.tokens.errors import unknown_token

MAX_CANDLES = 1000


class InvalidRangeError(InvalidInputError):
    """The range of a chart ends before it starts, or reaches beyond all time."""

    code = "INVALID_RANGE"


@dataclass(frozen=True)
class ChartRange:
    """What to draw: buckets that start within `[start, end]`, at most `limit` of them, the newest."""

    interval: Interval
    start: datetime
    end: datetime
    limit: int = MAX_CANDLES
    fill: bool = False


def chart_range(
    interval: Interval,
    start: int | None,
    end: int | None,
    *,
    limit: int = MAX_CANDLES,
    fill: bool = False,
    cursor: str | None = None,
) -> ChartRange:
    """A range out of Unix seconds; the last 24 hours by default. Raises InvalidRangeError, InvalidCursorError."""
    now = datetime.now(UTC)
    until = _instant(end, "to") if end is not None else now
    since = _instant(start, "from") if start is not None else until - timedelta(hours=24)
    if cursor:
        (before,) = cast("tuple[int]", paging.decode(cursor, (int,)))
        until = min(until, _instant(before - 1, "cursor"))
        since = min(since, until)
    if since > until:
        raise InvalidRangeError("The range ends before it starts: swap `from` and `to`.", field="from")
    return ChartRange(interval, since, until, limit, fill)


def _instant(seconds: int, field: str) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError) as error:
        message = "This is no moment that a calendar knows: give Unix seconds."
        raise InvalidRangeError(message, field=field) from error


async def chart(session: AsyncSession, mint: str, asked: ChartRange) -> Chart:
    """The candles of a range; raises TokenNotFoundError."""
    seconds = SECONDS[asked.interval]
    rows = await queries.newest_candles(session, mint, seconds, asked.start, asked.end, asked.limit + 1)
    decimals = rows[0].decimals if rows else await token_queries.decimals(session, mint)
    if decimals is None:
        raise unknown_token(mint)
    shown = rows[-asked.limit :]
    more = len(rows) > asked.limit
    data = [_view(row, decimals) for row in shown]
    if asked.fill:
        data = _filled(data, seconds, asked)
    oldest = data[0].time if data else 0
    return Chart(
        mint=mint,
        interval=asked.interval,
        decimals=decimals,
        start=asked.start,
        to=asked.end,
        data=data,
        meta=ChartMeta(limit=asked.limit, next=paging.encode((oldest,)) if more else None),
    )


def _view(row: Row[Any], decimals: int) -> CandleView:
    return CandleView(
        time=int(row.bucket.timestamp()),
        open=decimal_text(price_in_sol(row.open, decimals)),
        high=decimal_text(price_in_sol(row.high, decimals)),
        low=decimal_text(price_in_sol(row.low, decimals)),
        close=decimal_text(price_in_sol(row.close, decimals)),
        volume=str(row.volume_quote),
        volume_base=str(int(row.volume_base)),
        trades=row.trades,
    )


def _filled(data: Sequence[CandleView], seconds: int, asked: ChartRange) -> list[CandleView]:
    """`data` with flat candles for empty buckets up to the range's end, the newest `limit` of all."""
    filled: list[CandleView] = []
    end = int(asked.end.timestamp()) // seconds * seconds
    # Only what can be shown is made: a gap may span years of one-second buckets.
    horizon = end - (asked.limit - 1) * seconds
    for place, candle in enumerate(data):
        filled.append(candle)
        until = data[place + 1].time if place + 1 < len(data) else end + seconds
        first = max(candle.time + seconds, horizon)
        filled += [_flat(candle.close, moment) for moment in range(first, until, seconds)]
    return filled[-asked.limit :]


def _flat(price: str, moment: int) -> CandleView:
    return CandleView(
        time=moment, open=price, high=price, low=price, close=price, volume="0", volume_base="0", trades=0
    )
