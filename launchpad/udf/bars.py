"""Candles as the adapter's bars."""

from dataclasses import dataclass
from typing import Any

from launchpad.db import Look
from launchpad.errors import InvalidInputError
from launchpad.markets import queries
from launchpad.markets.intervals import STEPS, Interval, Step
from launchpad.tokens import queries as token_queries
from launchpad.tokens.errors import unknown_token
from launchpad.udf.schemas import Bars, NoData

MAX_BARS = 10_000
_LAMPORTS = 1_000_000_000


class TooManyBarsError(InvalidInputError):
    """A range with more bars than one answer holds."""

    code = "TOO_MANY_BARS"


@dataclass(frozen=True)
class Asked:
    """Bars that start within `[start, end)`, or with `countback` the newest so many before `end`. Unix seconds."""

    interval: Interval
    start: int
    end: int
    countback: int | None = None


async def history(look: Look, mint: str, asked: Asked) -> Bars | NoData:
    """The bars of a range; raises TokenNotFoundError, TooManyBarsError."""
    step = STEPS[asked.interval]
    first = 0 if asked.countback else _bucket(step, asked.start)
    rows = await _before(look, mint, step, (first, _bucket(step, asked.end)), asked.countback or MAX_BARS + 1)
    if len(rows) > MAX_BARS:
        message = f"This range holds more than {MAX_BARS} bars: ask for less of it, or give countback."
        raise TooManyBarsError(message, field="from")
    if rows:
        return _columns(rows)
    if not await token_queries.is_known(look, mint):
        raise unknown_token(mint)
    earlier = await _before(look, mint, step, (0, min(first, _bucket(step, asked.end))), 1)
    return NoData(nextTime=earlier[0]["time"] if earlier else None)


async def _before(look: Look, mint: str, step: Step, within: tuple[int, int], limit: int) -> list[dict[str, Any]]:
    first, after = within
    # Buckets of weeks and months may begin before the epoch.
    return await queries.candles(look, mint, step, within, limit) if first < after else []


def _columns(rows: list[dict[str, Any]]) -> Bars:
    prices = {name[0]: [float(row[name]) for row in rows] for name in ("open", "high", "low", "close")}
    volumes = [int(row["volume"]) / _LAMPORTS for row in rows]
    return Bars(t=[row["time"] for row in rows], v=volumes, **prices)


def _bucket(step: Step, moment: int) -> int:
    """The first bucket that starts at `moment` or later."""
    start = step.start(moment)
    return start if start == moment else step.after(start)
