"""SQL of replays and checksums: which tokens have events, and what tables hold, whatever the order of their rows."""

import asyncpg


async def mints(connection: asyncpg.Connection) -> list[str]:
    """Every token that a stored event is about."""
    rows = await connection.fetch("SELECT DISTINCT mint FROM chain_events WHERE mint IS NOT NULL ORDER BY mint")
    return [row["mint"] for row in rows]


async def checksum(connection: asyncpg.Connection, table: str) -> tuple[int, int]:
    """How many rows a table has, and the sum of their hashes modulo 2**64: the same in whatever order they lie."""
    row = await connection.fetchrow(
        f"SELECT count(*) AS rows, coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) AS sum FROM {table} t"  # noqa: S608 - our own names
    )
    return row["rows"], int(row["sum"]) % 2**64
