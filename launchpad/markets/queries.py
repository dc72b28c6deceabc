"""All SQL that reads candles."""

from collections.abc import Sequence
from functools import cache
from time import time
from typing import Any

from launchpad.db import Look
from launchpad.markets.intervals import Step

# What was traded longer ago has reached the candles of every interval.
_SETTLED_SECONDS = 900
_MINUTE_SECONDS = 60

_SOL = "trim_scale(c.{0} * 10::numeric ^ t.decimals * 0.000000001)::text AS {0}"
_PRICES = ", ".join(map(_SOL.format, ("open", "high", "low", "close")))
_VIEW = (
    f"SELECT extract(epoch FROM c.bucket)::bigint AS time, {_PRICES}, c.volume_quote::text AS volume, "  # noqa: S608 - our own text
    "c.volume_base::text AS volume_base, (c.buys + c.sells)::int AS trades, t.decimals "
    "FROM ({candles}) c JOIN tokens t ON t.mint = :mint ORDER BY c.bucket DESC LIMIT :limit"
)
_MERGED = """SELECT {bin} AS bucket, (array_agg(open ORDER BY first_position))[1] AS open,
    max(high) AS high, min(low) AS low, (array_agg(close ORDER BY last_position DESC))[1] AS close,
    sum(volume_base) AS volume_base, sum(volume_quote) AS volume_quote, sum(buys) AS buys, sum(sells) AS sells
  FROM ({rows}) r GROUP BY 1"""
_BIN = "date_bin('{seconds} seconds', bucket, timestamptz '1970-01-05 00:00:00+00')"  # a Monday
_MONTH = "date_trunc('month', bucket AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'"

_PLAIN = "bucket, open, high, low, close, volume_base, volume_quote, buys, sells"
_ALL = f"{_PLAIN}, first_position, last_position"
_OWN = "FROM candles WHERE mint = :mint AND interval"
_RANGE = "bucket >= to_timestamp(:first) AND bucket < to_timestamp(:after)"
_STORED = f"SELECT {{columns}} {_OWN} = {{base}} AND {_RANGE} {{bound}} ORDER BY bucket DESC LIMIT :limit * {{ratio}}"
# The newest stored bucket may lack what was traded in the last moments: it is made anew from minutes and seconds.
_EDGE = f"(SELECT {{bin}} {_OWN} = {{base}} AND {_RANGE} ORDER BY bucket DESC LIMIT 1)"
_MINUTE = f"(SELECT bucket {_OWN} = 60 ORDER BY bucket DESC LIMIT 1)"
_FRESH = (
    f"SELECT {_ALL} {_OWN} = 60 AND bucket >= edge.oldest AND bucket < edge.minute AND {_RANGE} "
    f"UNION ALL SELECT {_ALL} {_OWN} = 1 AND bucket >= greatest(edge.oldest, edge.minute) AND {_RANGE}"
)
_WITH_EDGE = (
    "WITH edge AS MATERIALIZED (SELECT coalesce({edge}, to_timestamp(:first)) AS oldest, {minute} AS minute) {view}"
)


@cache
def _closed(step: Step) -> str:
    """Buckets that end before anything that may be missing."""
    return _VIEW.format(candles=_stored(step, ""))


@cache
def _open(step: Step) -> str:
    """Buckets up to this moment."""
    if step.base == 1:
        return _closed(step)
    # What is merged from seconds alone needs no minutes.
    minute = _MINUTE if step.base > _MINUTE_SECONDS else "NULL::timestamptz"
    older = _stored(step, "AND bucket < (SELECT oldest FROM edge)")
    fresh = _MERGED.format(bin=_bin(step), rows=_FRESH)
    candles = f"({older}) UNION ALL SELECT f.* FROM edge CROSS JOIN LATERAL ({fresh}) f"  # noqa: S608 - our own text
    return _WITH_EDGE.format(
        edge=_EDGE.format(bin=_bin(step), base=step.base), minute=minute, view=_VIEW.format(candles=candles)
    )


def _stored(step: Step, bound: str) -> str:
    if step.ratio == 1:
        return _STORED.format(columns=_PLAIN, base=step.base, bound=bound, ratio=1)
    rows = _STORED.format(columns=_ALL, base=step.base, bound=bound, ratio=step.ratio)
    return _MERGED.format(bin=_bin(step), rows=rows)


def _bin(step: Step) -> str:
    return _MONTH if step.seconds is None else _BIN.format(seconds=step.seconds)


async def candles(look: Look, mint: str, step: Step, within: tuple[int, int], limit: int) -> list[dict[str, Any]]:
    """The newest `limit` buckets that start within `[first, after)`, oldest first: CandleViews with `decimals`."""
    first, after = within
    statement = _open(step) if after > time() - _SETTLED_SECONDS else _closed(step)
    rows = await look.rows(statement, mint=mint, first=first, after=after, limit=limit)
    return [dict(row) for row in reversed(rows)]


async def candles_of(
    look: Look, mints: Sequence[str], step: Step, within: tuple[int, int], limit: int
) -> list[dict[str, Any]]:
    """The same of several tokens, with `mint`, in one statement."""
    first, after = within
    statement = _open(step) if after > time() - _SETTLED_SECONDS else _closed(step)
    rows = await look.rows(_many(statement), mints=list(mints), first=first, after=after, limit=limit)
    return [dict(row) for row in reversed(rows)]


@cache
def _many(statement: str) -> str:
    """A statement about one token, told about each of several."""
    return (
        f"SELECT asked.mint, v.* FROM unnest(CAST(:mints AS text[])) AS asked (mint) "  # noqa: S608 - our own text
        f"CROSS JOIN LATERAL ({statement.replace(':mint', 'asked.mint')}) v"
    )


_POINTS = """SELECT extract(epoch FROM bucket)::bigint AS time, trim_scale(close)::text AS price,
    volume_quote::text AS volume
  FROM candles WHERE mint = :mint AND interval = 60 ORDER BY bucket DESC LIMIT :limit"""


async def minutes(look: Look, mint: str, limit: int) -> list[dict[str, Any]]:
    """The newest `limit` minutes in which the token was traded, oldest first: time, price and volume."""
    return [dict(row) for row in reversed(await look.rows(_POINTS, mint=mint, limit=limit))]
