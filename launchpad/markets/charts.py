"""Candles of one token for a chart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from typing import Any, cast

import orjson

from launchpad import paging
from launchpad.db import Look
from launchpad.errors import InvalidInputError
from launchpad.markets import queries
from launchpad.markets.intervals import STEPS, Interval, Step
from launchpad.markets.schemas import CandleView
from launchpad.tokens import queries as token_queries
from launchpad.tokens.errors import unknown_token

MAX_CANDLES = 1000
_DAY = 86_400


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


@dataclass(frozen=True, slots=True)
class ChartReading:
    """What a `Chart` says, in the form of the wire already."""

    head: dict[str, Any]
    data: list[dict[str, Any]]

    def json(self) -> bytes:
        """The chart as the wire has it."""
        return orjson.dumps({**self.head, "data": self.data}, option=orjson.OPT_UTC_Z)


async def chart(look: Look, mint: str, asked: ChartRange) -> ChartReading:
    """The candles of a range as CandleViews; raises TokenNotFoundError."""
    step = STEPS[asked.interval]
    rows = await queries.candles(look, mint, step, _buckets(step, asked), asked.limit + 1)
    decimals = rows[0]["decimals"] if rows else await token_queries.decimals(look, mint)
    if decimals is None:
        raise unknown_token(mint)
    for row in rows:
        del row["decimals"]
    data = rows[-asked.limit :]
    if asked.fill:
        data = _filled(data, step, asked)
    older = paging.encode((data[0]["time"],)) if len(rows) > asked.limit else None
    head = {
        "mint": mint,
        "interval": asked.interval,
        "decimals": decimals,
        "from": asked.start,
        "to": asked.end,
        "meta": {"limit": asked.limit, "next": older},
    }
    return ChartReading(head, data)


async def candles_of_tokens(look: Look, mints: Sequence[str], asked: ChartRange) -> dict[str, list[CandleView]]:
    """The candles of a range of several tokens in one look, by mint, the newest `limit` of each, oldest first."""
    step, found = STEPS[asked.interval], {mint: list[CandleView]() for mint in mints}
    rows = await queries.candles_of(look, list(found), step, _buckets(step, asked), asked.limit)
    for row in sorted(rows, key=itemgetter("time")):
        del row["decimals"]
        found[row.pop("mint")].append(CandleView(**row))
    return found


def _buckets(step: Step, asked: ChartRange) -> tuple[int, int]:
    """The first bucket that starts within the range, and the first behind it."""
    start, end = int(asked.start.timestamp()), int(asked.end.timestamp())
    first = step.start(start)
    return first if first == asked.start.timestamp() else step.after(first), step.after(step.start(end))


def _filled(data: Sequence[dict[str, Any]], step: Step, asked: ChartRange) -> list[dict[str, Any]]:
    """`data` with flat candles for empty buckets up to the range's end, the newest `limit` of all."""
    filled: list[dict[str, Any]] = []
    until = step.after(step.start(int(asked.end.timestamp())))
    # Only what can be shown is made: a gap may span years of one-second buckets.
    horizon = step.start(max(until - asked.limit * (step.seconds or 31 * _DAY), 0))
    for place, candle in enumerate(data):
        filled.append(candle)
        following = data[place + 1]["time"] if place + 1 < len(data) else until
        first = max(step.after(candle["time"]), horizon)
        filled += [_flat(candle["close"], moment) for moment in step.starts(first, following)]
    return filled[-asked.limit :]


def _flat(price: str, moment: int) -> dict[str, Any]:
    prices = dict.fromkeys(("open", "high", "low", "close"), price)
    return {"time": moment, **prices, "volume": "0", "volume_base": "0", "trades": 0}
