"""SQL of the bus: what was told to live channels and not yet to the bus."""

from datetime import datetime
from typing import NamedTuple

import asyncpg


class Position(NamedTuple):
    """A place in the outbox: rows are stored in this order, by one process at a time."""

    published_at: datetime
    id: int


async def position(connection: asyncpg.Connection, name: str) -> Position:
    """How far a bus is; one that is new begins with what is told from now on."""
    row = await connection.fetchrow(
        "INSERT INTO bus_positions (name, published_at, outbox_id) VALUES ($1, now(), 0) "
        "ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING published_at, outbox_id",
        name,
    )
    return Position(*row)


async def move(connection: asyncpg.Connection, name: str, to: Position) -> None:
    """Everything up to here is on the bus."""
    await connection.execute(
        "UPDATE bus_positions SET published_at = $2, outbox_id = $3 WHERE name = $1", name, to.published_at, to.id
    )


async def trades_after(connection: asyncpg.Connection, after: Position, limit: int) -> list[asyncpg.Record]:
    """Trades beyond a position: id, channel, data, created_at, published_at; in order."""
    rows: list[asyncpg.Record] = await connection.fetch(
        "SELECT id, channel, data, created_at, published_at FROM outbox "
        "WHERE published_at >= $1 AND (published_at, id) > ($1, $2) "
        "AND type = 'trade' AND channel LIKE 'token:%' ORDER BY published_at, id LIMIT $3",
        after.published_at,
        after.id,
        limit,
    )
    return rows
