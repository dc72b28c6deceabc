"""SQL of the bus: what was told to live channels and not yet to the bus."""

import asyncpg

from launchpad.bus.tail import Trade
from launchpad.tables.live import NEWEST_ROW


async def position(connection: asyncpg.Connection, name: str) -> int:
    """The row of the outbox up to which a bus has everything; one that is new begins with what is told from now on."""
    found = await connection.fetchval(
        f"INSERT INTO bus_positions (name, published_at, outbox_id) VALUES ($1, now(), {NEWEST_ROW}) "  # noqa: S608 - fixed text
        "ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING outbox_id",
        name,
    )
    return int(found)


async def move(connection: asyncpg.Connection, name: str, to: int) -> None:
    """Everything up to here is on the bus."""
    await connection.execute("UPDATE bus_positions SET published_at = now(), outbox_id = $2 WHERE name = $1", name, to)


async def trades_after(connection: asyncpg.Connection, after: int, limit: int) -> list[Trade]:
    """Trades beyond a position, in order."""
    rows = await connection.fetch(
        "SELECT id, channel, data, created_at FROM outbox_events "
        "WHERE id > $1 AND type = 'trade' AND channel LIKE 'token:%' ORDER BY id LIMIT $2",
        after,
        limit,
    )
    return [Trade(*row) for row in rows]
