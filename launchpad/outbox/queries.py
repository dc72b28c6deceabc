"""All SQL of the outbox."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import asyncpg
import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad import live
from launchpad.copying import copy
from launchpad.outbox.envelope import Told

log = structlog.get_logger(__name__)

# Any constant will do; it only has to be the same for every publisher.
LEADER_LOCK = 0x4C50_4F42_4F58

_COLUMNS = ("channel", "type", "seq", "data", "created_at")
# The oldest that wait, as many as hold a number of frames, one at least.
_TAKE = """DELETE FROM outbox_entries WHERE id IN (SELECT id FROM
    (SELECT id, sum(frames) OVER (ORDER BY id) - frames AS before FROM outbox_entries ORDER BY id LIMIT $1) waiting
    WHERE before < $1)
  RETURNING id, events, created_at"""


class _Frame(NamedTuple):
    """One event for one channel, before it has its number."""

    channel: str
    type: str
    seq: int | None
    data: str
    created_at: datetime


async def try_lead(connection: asyncpg.Connection) -> bool:
    """Whether this connection now is, or already was, the only publisher."""
    return bool(await connection.fetchval("SELECT pg_try_advisory_lock($1)", LEADER_LOCK))


async def told_through(connection: asyncpg.Connection) -> int:
    """The id of the last row that has surely reached Redis."""
    return int(await connection.fetchval("SELECT max(told) FROM outbox_position") or 0)


async def note_told(connection: asyncpg.Connection) -> None:
    """Note that every row that is stored has reached Redis; only the publisher stores any."""
    await connection.execute(
        "INSERT INTO outbox_position (id, told) SELECT 1, coalesce(max(id), 0) FROM outbox "
        "ON CONFLICT (id) DO UPDATE SET told = greatest(outbox_position.told, excluded.told)"
    )


async def numbered(connection: asyncpg.Connection, after: int, limit: int) -> tuple[list[Told], int]:
    """Rows beyond an id, in the order in which they got their numbers, and the id of the last of them."""
    rows = await connection.fetch(
        "SELECT id, channel, type, seq, data, created_at FROM outbox WHERE id > $1 ORDER BY id LIMIT $2", after, limit
    )
    return [Told(*row[1:]) for row in map(tuple, rows)], rows[-1]["id"] if rows else after


async def take(connection: asyncpg.Connection, limit: int) -> list[Told]:
    """About so many of the oldest frames that wait, stored with their numbers; runs inside the caller's transaction.

    A frame gets its channel's next number once and keeps it, so that publishing it
    again after a crash repeats what was said and never says something else.
    """
    entries = await connection.fetch(_TAKE, limit)
    frames = await _unused(connection, list(_frames(sorted(entries, key=lambda entry: entry["id"]))))
    if not frames:
        return []
    next_of = await _reserve(connection, Counter(frame.channel for frame in frames if frame.seq is None))
    await _note_rooms(connection, frames)
    told = []
    for frame in frames:
        seq = frame.seq
        if seq is None:
            seq = next_of[frame.channel]
            next_of[frame.channel] = seq + 1
        told.append(Told(frame.channel, frame.type, seq, frame.data, frame.created_at))
    await copy(connection, "outbox", _COLUMNS, told, free=("channel", "data"))
    return told


def _frames(entries: Sequence[asyncpg.Record]) -> Iterator[_Frame]:
    for entry in entries:
        for channels, kind, seq, data in live.unpacked(entry["events"]):
            for channel in channels:
                yield _Frame(channel, kind, seq, data, entry["created_at"])


async def _unused(connection: asyncpg.Connection, frames: list[_Frame]) -> list[_Frame]:
    """Without frames that bring a number which their channel has had: one faulty writer must not stop all others."""
    brought = [(frame.channel, frame.seq) for frame in frames if frame.seq is not None]
    if not brought:
        return frames
    used = await connection.fetch(
        "SELECT channel, seq FROM outbox WHERE (channel, seq) IN (SELECT * FROM unnest($1::text[], $2::bigint[]))",
        *zip(*brought, strict=True),
    )
    had = {tuple(row) for row in used}
    unused = []
    for frame in frames:
        key = (frame.channel, frame.seq)
        if key in had:
            log.error("outbox.number_had", channel=frame.channel, seq=frame.seq, type=frame.type, action="Left out.")
            continue
        if frame.seq is not None:
            had.add(key)
        unused.append(frame)
    return unused


async def _reserve(connection: asyncpg.Connection, counts: Counter[str]) -> dict[str, int]:
    """The first of so many new numbers of each channel."""
    if not counts:
        return {}
    heads = await connection.fetch(
        "INSERT INTO channel_heads AS h (channel, seq) SELECT * FROM unnest($1::text[], $2::bigint[]) "
        "ON CONFLICT (channel) DO UPDATE SET seq = h.seq + excluded.seq RETURNING channel, seq",
        list(counts.keys()),
        list(counts.values()),
    )
    return {channel: seq - counts[channel] + 1 for channel, seq in heads}


async def _note_rooms(connection: asyncpg.Connection, frames: Sequence[_Frame]) -> None:
    """Move the heads of channels whose frames bring their own numbers."""
    heads: dict[str, int] = {}
    for frame in frames:
        if frame.seq is not None:
            heads[frame.channel] = max(heads.get(frame.channel, 0), frame.seq)
    if heads:
        await connection.execute(
            "INSERT INTO channel_heads AS h (channel, seq) SELECT * FROM unnest($1::text[], $2::bigint[]) "
            "ON CONFLICT (channel) DO UPDATE SET seq = greatest(h.seq, excluded.seq)",
            list(heads.keys()),
            list(heads.values()),
        )


async def head(session: AsyncSession, channel: str) -> int:
    """The newest seq of a channel, 0 when it never had one."""
    found = await session.scalar(text("SELECT seq FROM channel_heads WHERE channel = :channel"), {"channel": channel})
    return int(found or 0)


async def after(session: AsyncSession, channel: str, seq: int, limit: int) -> list[Told]:
    """Kept rows of a channel beyond `seq`, oldest first."""
    rows = await session.execute(
        text(
            "SELECT channel, type, seq, data::text, created_at FROM outbox "
            "WHERE channel = :channel AND seq > :seq ORDER BY seq LIMIT :limit"
        ),
        {"channel": channel, "seq": seq, "limit": limit},
    )
    return [Told(*row) for row in rows]


async def delete_older(session: AsyncSession, age: timedelta, limit: int) -> int:
    """Forget at most `limit` rows numbered longer ago than `age`; returns how many."""
    deleted = await session.execute(
        text(
            "WITH old AS (SELECT id FROM outbox WHERE published_at < now() - CAST(:age AS interval) "
            "ORDER BY published_at LIMIT :limit), "
            "gone AS (DELETE FROM outbox USING old WHERE outbox.id = old.id RETURNING 1) SELECT count(*) FROM gone"
        ),
        {"age": age, "limit": limit},
    )
    return int(deleted.scalar_one())
