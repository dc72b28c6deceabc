"""SQL of partitions: what there is, what is made, moved and dropped."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.store.spans import Span

# Whoever makes or drops partitions waits no longer than this for those who write, and tries again later.
LOCK_TIMEOUT = "3s"
# Any constant will do: two workers must not make the same partition.
_LOCK = 0x4C50_5041_5254


_PARTITIONS = text(
    """SELECT p.name, p.ends[1]::timestamptz, p.ends[2]::timestamptz FROM (
      SELECT c.relname AS name,
        regexp_match(pg_get_expr(c.relpartbound, c.oid), $$FROM \\('([^']+)'\\) TO \\('([^']+)'\\)$$) AS ends
      FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
      WHERE i.inhparent = CAST(:parent AS regclass)) p
    WHERE p.ends IS NOT NULL ORDER BY 2"""
)


class Partition(NamedTuple):
    """One partition that holds a span of time."""

    name: str
    span: Span


async def begin(session: AsyncSession) -> None:
    """Be the only one who changes partitions until this transaction ends, and stand in nobody's way."""
    await session.execute(text(f"SET LOCAL lock_timeout TO '{LOCK_TIMEOUT}'"))
    await session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


async def partitions(session: AsyncSession, parent: str) -> list[Partition]:
    """The partitions of a table that hold a span of time; the one for everything else is not among them."""
    rows = await session.execute(_PARTITIONS, {"parent": parent})
    return [Partition(name, Span(start, end)) for name, start, end in rows]


async def outside(session: AsyncSession, parent: str, column: str) -> tuple[datetime, datetime] | None:
    """The first and last moment of rows that no span holds; None where there are none."""
    row = (await session.execute(text(f"SELECT min({column}), max({column}) FROM {parent}_default"))).one()  # noqa: S608 - our own names
    return (row[0], row[1]) if row[0] is not None else None


async def holds(session: AsyncSession, parent: str, column: str, span: Span) -> bool:
    """Whether rows of a span lie outside of all spans."""
    statement = f"SELECT EXISTS (SELECT FROM {parent}_default WHERE {column} >= :start AND {column} < :end)"  # noqa: S608 - our own names
    return bool(await session.scalar(text(statement), {"start": span.start, "end": span.end}))


async def create(session: AsyncSession, parent: str, column: str, span: Span, fill: int) -> None:
    """Make the partition of a span, with the rows of it that lay outside; `fill` percent of a page are for new rows."""
    name, (start, end) = f"{parent}_{span.suffix}", (span.start.isoformat(), span.end.isoformat())
    await session.execute(text(f"CREATE TABLE {name} (LIKE {parent} INCLUDING DEFAULTS) WITH (fillfactor = {fill})"))
    moved = f"DELETE FROM {parent}_default WHERE {column} >= '{start}' AND {column} < '{end}' RETURNING *"  # noqa: S608 - our own names
    await session.execute(text(f"WITH moved AS ({moved}) INSERT INTO {name} SELECT * FROM moved"))  # noqa: S608 - (the same)
    await session.execute(
        text(f"ALTER TABLE {parent} ATTACH PARTITION {name} FOR VALUES FROM ('{start}') TO ('{end}')")
    )


async def drop(session: AsyncSession, name: str) -> None:
    """Forget a partition with all it holds."""
    await session.execute(text(f"DROP TABLE {name}"))


async def forget_candles(session: AsyncSession, interval: int, before: datetime) -> int:
    """Forget candles of an interval that began before a moment; how many."""
    gone = await session.execute(
        text(
            "WITH gone AS (DELETE FROM candles WHERE interval = :interval AND bucket < :before RETURNING 1) "
            "SELECT count(*) FROM gone"
        ),
        {"interval": interval, "before": before},
    )
    return int(gone.scalar_one())
