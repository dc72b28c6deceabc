"""All SQL of the outbox."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.outbox.envelope import Told

# Any constant will do; it only has to be the same for every publisher.
LEADER_LOCK = 0x4C50_4F42_4F58


async def try_lead(connection: asyncpg.Connection) -> bool:
    """Whether this connection now is, or already was, the only publisher."""
    return bool(await connection.fetchval("SELECT pg_try_advisory_lock($1)", LEADER_LOCK))


async def mark_published(connection: asyncpg.Connection, ids: Sequence[int]) -> None:
    """Note that these rows have reached Redis."""
    await connection.execute("UPDATE outbox SET published_at = now() WHERE id = ANY($1::bigint[])", ids)


async def numbered(connection: asyncpg.Connection, limit: int) -> list[Told]:
    """The oldest unpublished rows that already have a seq."""
    rows = await connection.fetch(
        "SELECT id, channel, type, seq, data, created_at FROM outbox "
        "WHERE published_at IS NULL AND seq IS NOT NULL ORDER BY seq LIMIT $1",
        limit,
    )
    return [Told(*row) for row in rows]


async def take(connection: asyncpg.Connection, limit: int) -> list[Told]:
    """The oldest rows not yet published, each with its seq; runs inside the caller's transaction.

    A row gets its channel's next number once and keeps it, so that publishing it
    again after a crash repeats what was said and never says something else.
    """
    pending = await connection.fetch(
        "SELECT id, channel, type, seq, data, created_at FROM outbox WHERE published_at IS NULL ORDER BY id LIMIT $1",
        limit,
    )
    fresh = [row for row in pending if row["seq"] is None]
    numbers = await _number(connection, fresh)
    await _note_rooms(connection, [row for row in pending if row["seq"] is not None])
    return [
        Told(
            row["id"], row["channel"], row["type"], numbers.get(row["id"]) or row["seq"], row["data"], row["created_at"]
        )
        for row in pending
    ]


async def _number(connection: asyncpg.Connection, fresh: list[asyncpg.Record]) -> dict[int, int]:
    """Give rows without a seq the next ones of their channels, in the order of their ids."""
    if not fresh:
        return {}
    counts = Counter(row["channel"] for row in fresh)
    heads = await connection.fetch(
        "INSERT INTO channel_heads AS h (channel, seq) SELECT * FROM unnest($1::text[], $2::bigint[]) "
        "ON CONFLICT (channel) DO UPDATE SET seq = h.seq + excluded.seq RETURNING channel, seq",
        list(counts.keys()),
        list(counts.values()),
    )
    last = {head["channel"]: head["seq"] - counts[head["channel"]] for head in heads}
    numbers: dict[int, int] = {}
    for row in fresh:
        last[row["channel"]] += 1
        numbers[row["id"]] = last[row["channel"]]
    await connection.execute(
        "UPDATE outbox SET seq = v.seq FROM unnest($1::bigint[], $2::bigint[]) AS v (id, seq) WHERE outbox.id = v.id",
        list(numbers.keys()),
        list(numbers.values()),
    )
    return numbers


async def _note_rooms(connection: asyncpg.Connection, numbered: list[asyncpg.Record]) -> None:
    """Move the heads of channels whose rows bring their own seq."""
    heads: dict[str, int] = {}
    for row in numbered:
        heads[row["channel"]] = max(heads.get(row["channel"], 0), row["seq"])
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
            "SELECT id, channel, type, seq, data::text, created_at FROM outbox "
            "WHERE channel = :channel AND seq > :seq ORDER BY seq LIMIT :limit"
        ),
        {"channel": channel, "seq": seq, "limit": limit},
    )
    return [Told(*row) for row in rows]


async def delete_older(session: AsyncSession, age: timedelta, limit: int) -> int:
    """Forget at most `limit` rows published longer ago than `age`; returns how many."""
    deleted = await session.execute(
        text(
            "WITH old AS (SELECT id FROM outbox WHERE published_at < now() - CAST(:age AS interval) "
            "ORDER BY published_at LIMIT :limit), "
            "gone AS (DELETE FROM outbox USING old WHERE outbox.id = old.id RETURNING 1) SELECT count(*) FROM gone"
        ),
        {"age": age, "limit": limit},
    )
    return int(deleted.scalar_one())
