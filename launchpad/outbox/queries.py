"""All SQL of the outbox."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import itemgetter
from typing import NamedTuple

import asyncpg
import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad import live
from launchpad.copying import source_of
from launchpad.db import Look
from launchpad.outbox.envelope import MARKET, Told
from launchpad.tables.live import NEWEST_ROW

log = structlog.get_logger(__name__)

# Any constant will do; it only has to be the same for every publisher.
LEADER_LOCK = 0x4C50_4F42_4F58

_STORE = ("id", "channel", "type", "seq", "market_seq", "data", "created_at")
# The oldest that wait, as many as hold a number of frames, one at least.
_TAKE = """DELETE FROM outbox_entries WHERE id IN (SELECT id FROM
    (SELECT id, sum(frames) OVER (ORDER BY id) - frames AS before FROM outbox_entries ORDER BY id LIMIT $1) waiting
    WHERE before < $1)
  RETURNING id, events, created_at"""
# The newest number of a channel: among its rows, or what was noted as the last of them was forgotten.
HEAD_OF = """greatest(0, (SELECT h.seq FROM channel_heads h WHERE h.channel = {channel}),
    (SELECT max(e.seq) FROM outbox_events e WHERE e.channel = {channel}),
    CASE WHEN {channel} = 'market' THEN (SELECT max(e.market_seq) FROM outbox_events e) END)"""
_HEADS = f"SELECT c.name, {HEAD_OF.format(channel='c.name')} FROM unnest($1::text[]) AS c (name)"  # noqa: S608 - fixed text
# Of more channels than that the one publisher forgets the numbers, and looks them up as they speak.
HEADS_KEPT = 200_000


@dataclass(slots=True)
class Numbers:
    """What the only publisher knows without asking: the id of the newest row, the newest number of each channel.

    It holds as long as the lock does and whatever it was moved for is committed.
    """

    last: int
    heads: dict[str, int] = field(default_factory=dict)


class _Event(NamedTuple):
    """One event for one channel, and perhaps for `market` too, before it has its numbers."""

    channel: str
    in_market: bool
    type: str
    seq: int | None
    data: str
    created_at: datetime


async def try_lead(connection: asyncpg.Connection) -> bool:
    """Whether this connection now is, or already was, the only publisher."""
    return bool(await connection.fetchval("SELECT pg_try_advisory_lock($1)", LEADER_LOCK))


async def begin(connection: asyncpg.Connection) -> Numbers:
    """What a publisher that begins to lead has to know."""
    return Numbers(int(await connection.fetchval(f"SELECT {NEWEST_ROW}")))


async def told_through(connection: asyncpg.Connection) -> int:
    """The id of the last row that has surely reached Redis."""
    return int(await connection.fetchval("SELECT max(told) FROM outbox_position") or 0)


async def note_told(connection: asyncpg.Connection, last: int) -> None:
    """Note that every row up to one has reached Redis."""
    await connection.execute(
        "INSERT INTO outbox_position (id, told) VALUES (1, $1) "
        "ON CONFLICT (id) DO UPDATE SET told = greatest(outbox_position.told, excluded.told)",
        last,
    )


async def is_waiting(connection: asyncpg.Connection) -> bool:
    """Whether there is anything to take."""
    return bool(await connection.fetchval("SELECT EXISTS (SELECT FROM outbox_entries)"))


async def numbered(connection: asyncpg.Connection, after: int, limit: int) -> tuple[list[Told], int]:
    """Rows beyond an id, in the order in which they got their numbers, and the id of the last of them."""
    rows = await connection.fetch(
        "SELECT id, channel, type, seq, market_seq, data, created_at FROM outbox_events "
        "WHERE id > $1 ORDER BY id LIMIT $2",
        after,
        limit,
    )
    return [Told(*row[1:]) for row in map(tuple, rows)], rows[-1]["id"] if rows else after


async def take(connection: asyncpg.Connection, limit: int, numbers: Numbers | None = None) -> list[Told]:
    """The events of about so many of the oldest frames that wait, stored with their numbers, in the order of ids.

    Runs inside the caller's transaction; `numbers` moves with it. An event gets its channels' next
    numbers once and keeps them, so that publishing it again after a crash repeats what was said and
    never says something else.
    """
    known = numbers or await begin(connection)
    entries = await connection.fetch(_TAKE, limit)
    entries.sort(key=itemgetter("id"))
    events = await _unused(connection, [event for entry in entries for event in _events(entry)])
    if not events:
        return []
    await _learn(connection, known, events)
    told = list(_numbered(known.heads, events))
    await _store(connection, known.last, told)
    known.last += len(told)
    return told


def _events(entry: asyncpg.Record) -> Iterator[_Event]:
    at = entry["created_at"]
    for channels, kind, seq, data in live.unpacked(entry["events"]):
        if len(channels) == 2 and channels[1] == MARKET:  # noqa: PLR2004 - a pair
            yield _Event(channels[0], True, kind, seq, data, at)
            continue
        for channel in channels:
            yield _Event(channel, False, kind, seq, data, at)


async def _unused(connection: asyncpg.Connection, events: list[_Event]) -> list[_Event]:
    """Without events that bring a number which their channel has had: one faulty writer must not stop all others."""
    brought = [(event.channel, event.seq) for event in events if event.seq is not None]
    if not brought:
        return events
    used = await connection.fetch(
        "SELECT channel, seq FROM outbox_events WHERE (channel, seq) IN "
        "(SELECT * FROM unnest($1::text[], $2::bigint[]))",
        *zip(*brought, strict=True),
    )
    had = {tuple(row) for row in used}
    unused = []
    for event in events:
        key = (event.channel, event.seq)
        if key in had:
            log.error("outbox.number_had", channel=event.channel, seq=event.seq, type=event.type, action="Left out.")
            continue
        if event.seq is not None:
            had.add(key)
        unused.append(event)
    return unused


async def _learn(connection: asyncpg.Connection, known: Numbers, events: Sequence[_Event]) -> None:
    """Look up the newest numbers of channels that get one now and are not known yet."""
    if len(known.heads) > HEADS_KEPT:
        known.heads.clear()
    channels = {event.channel for event in events if event.seq is None}
    if any(event.in_market for event in events):
        channels.add(MARKET)
    unknown = [channel for channel in channels if channel not in known.heads]
    if unknown:
        known.heads.update(map(tuple, await connection.fetch(_HEADS, unknown)))


def _numbered(heads: dict[str, int], events: Sequence[_Event]) -> Iterator[Told]:
    """These with their numbers; `heads` moves with them."""
    for channel, in_market, kind, given, data, at in events:
        if given is None:
            heads[channel] = seq = heads[channel] + 1
        else:
            seq = given
            if channel in heads:
                heads[channel] = max(heads[channel], seq)
        if in_market:
            heads[MARKET] = heads[MARKET] + 1
        yield Told(channel, kind, seq, heads[MARKET] if in_market else None, data, at)


async def _store(connection: asyncpg.Connection, last: int, told: Sequence[Told]) -> None:
    """Append rows behind the id of the last one; the text of COPY is put together here, for what it takes is known."""
    lines = []
    for number, (channel, kind, seq, market, data, at) in enumerate(told, last + 1):
        place = "\\N" if market is None else market
        body = data.replace("\\", "\\\\") if "\\" in data else data
        lines.append(f"{number}\t{channel}\t{kind}\t{seq}\t{place}\t{body}\t{at.isoformat()}\n")
    source = source_of("".join(lines))
    await connection.copy_to_table("outbox_events", source=source, columns=_STORE, format="text")


_HEAD = f"SELECT {HEAD_OF.format(channel=':channel')} AS seq"


async def head(session: AsyncSession, channel: str) -> int:
    """The newest seq of a channel, 0 when it never had one."""
    return int(await session.scalar(text(_HEAD), {"channel": channel}) or 0)


async def newest(look: Look, channel: str) -> int:
    """The same, for many who ask."""
    found = await look.row(_HEAD, channel=channel)
    return int(found["seq"]) if found else 0


_AFTER = """SELECT type, seq, data::text AS data, created_at FROM outbox
  WHERE channel = :channel AND seq > :seq ORDER BY seq LIMIT :limit"""


async def after(look: Look, channel: str, seq: int, limit: int) -> Sequence[asyncpg.Record]:
    """Kept events of a channel beyond `seq`, oldest first: type, seq, data (JSON), created_at."""
    return await look.rows(_AFTER, channel=channel, seq=seq, limit=limit)


# What is the last of its channel leaves its number behind.
_FORGET = """WITH old AS (SELECT id, published_at FROM outbox_events ORDER BY id LIMIT :limit),
  gone AS (DELETE FROM outbox_events e USING old WHERE e.id = old.id
    AND old.published_at < now() - CAST(:age AS interval) RETURNING e.channel, e.seq, e.market_seq),
  newest AS (SELECT channel, max(seq) AS seq FROM
    (SELECT channel, seq FROM gone UNION ALL SELECT 'market', market_seq FROM gone WHERE market_seq IS NOT NULL) told
    GROUP BY channel),
  noted AS (INSERT INTO channel_heads AS h (channel, seq) SELECT n.channel, n.seq FROM newest n
    WHERE n.channel = 'market'
      OR NOT EXISTS (SELECT FROM outbox_events e WHERE e.channel = n.channel AND e.seq > n.seq)
    ON CONFLICT (channel) DO UPDATE SET seq = greatest(h.seq, excluded.seq))
  SELECT count(*) FROM gone"""


async def delete_older(session: AsyncSession, age: timedelta, limit: int) -> int:
    """Forget at most `limit` rows numbered longer ago than `age`; returns how many."""
    deleted = await session.execute(text(_FORGET), {"age": age, "limit": limit})
    return int(deleted.scalar_one())
