"""Partitions by time: made before they are needed, dropped when what they hold may be forgotten.

Rows of a time that has no partition yet lie in a table beside them, `..._default`, so that
nothing is ever refused; they are moved when their partition is made.
"""

from datetime import UTC, datetime, timedelta
from typing import cast

import structlog

from launchpad.config import Settings
from launchpad.db import Database
from launchpad.markets.intervals import STEPS, Interval
from launchpad.markets.service import INTERVALS
from launchpad.store import queries, timescale
from launchpad.store.spans import PartitionBy, Span, spans

log = structlog.get_logger(__name__)

# Partitioned tables and the column that says when.
TIMED = {"trades": "traded_at", "candles_seconds": "bucket"}
SECONDS = "candles_seconds"
# Percent of a page for new rows. Every trade is changed once, when it is final: what finds room
# in its page leaves all six indexes as they are.
_FILL = {"trades": 50, SECONDS: 75}
_AHEAD: dict[PartitionBy, timedelta] = {
    "hour": timedelta(hours=12),
    "day": timedelta(days=3),
    "month": timedelta(days=40),
}


async def keep_partitions(settings: Settings, database: Database) -> None:
    """Make what will be needed, move what lay outside, forget what is older than the settings keep."""
    now = datetime.now(UTC)
    with_timescale = settings.timeseries_driver == "timescale"
    if with_timescale:
        await timescale.hand_over(settings, database)
    for table in TIMED.keys() - (timescale.HANDED_OVER.keys() if with_timescale else set()):
        await make_ahead(database, table, settings.partition_by, now)
        await tidy(database, table, settings.partition_by)
    if settings.trades_keep_days and not with_timescale:
        await forget(database, "trades", now - timedelta(days=settings.trades_keep_days))
    for interval, days in settings.candle_days.items():
        await _forget_candles(database, STEPS[cast("Interval", interval)].base, now - timedelta(days=days))


async def make_ahead(database: Database, table: str, by: PartitionBy, now: datetime) -> None:
    """Make the partitions of now and of the time to come."""
    for span in spans(now, now + _AHEAD[by], by):
        await _make(database, table, span)


async def tidy(database: Database, table: str, by: PartitionBy) -> None:
    """Move rows that lie outside of all partitions into partitions of their own, span by span."""
    column = TIMED[table]
    async with database.read() as session:
        found = await queries.outside(session, table, column)
    for span in spans(found[0], found[1], by) if found else ():
        async with database.read() as session:
            wanted = await queries.holds(session, table, column, span)
        if wanted:
            await _make(database, table, span)


async def _make(database: Database, table: str, span: Span) -> None:
    async with database.session() as session:
        await queries.begin(session)
        free = span.beside([one.span for one in await queries.partitions(session, table)])
        if free:
            await queries.create(session, table, TIMED[table], free, _FILL[table])
            log.info("store.partition_made", table=table, start=free.start, end=free.end)


async def forget(database: Database, table: str, before: datetime) -> list[str]:
    """Drop the partitions that hold nothing younger; their names."""
    async with database.read() as session:
        old = [one.name for one in await queries.partitions(session, table) if one.span.end <= before]
    for name in old:
        async with database.session() as session:
            await queries.begin(session)
            await queries.drop(session, name)
        log.info("store.partition_dropped", table=table, partition=name)
    return old


async def _forget_candles(database: Database, interval: int, before: datetime) -> None:
    if interval == INTERVALS[0]:
        await forget(database, SECONDS, before)
        return
    async with database.session() as session:
        gone = await queries.forget_candles(session, interval, before)
    if gone:
        log.info("store.candles_forgotten", seconds=interval, rows=gone)
