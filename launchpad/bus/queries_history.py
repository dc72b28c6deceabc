"""SQL of history on the bus: final events in the order in which they were committed, with what stood beside them."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

_NAME = "history"

_EVENTS = """SELECT ordinal, signature, instruction, "inner", position, slot, block_time, program, name, mint,
    payload::text AS payload, finalized
  FROM chain_events WHERE ordinal > $1 ORDER BY ordinal LIMIT $2"""
_COSTS = """SELECT signature, max(compute_units) AS compute_units, max(priority_fee) AS priority_fee FROM trades
  WHERE signature = ANY($1::text[]) AND traded_at >= $2 AND traded_at <= $3 GROUP BY signature"""
_BALANCES = """SELECT position, owner, mint, account, amount FROM token_accounts
  WHERE mint = ANY($1::text[]) AND position = ANY($2::bigint[]) ORDER BY account"""


async def position(connection: asyncpg.Connection) -> int:
    """The ordinal up to which everything is on the bus; history begins with the first event."""
    found = await connection.fetchval("SELECT outbox_id FROM bus_positions WHERE name = $1", _NAME)
    return int(found or 0)


async def move(connection: asyncpg.Connection, ordinal: int) -> None:
    """Everything up to here is on the bus."""
    await connection.execute(
        "INSERT INTO bus_positions (name, published_at, outbox_id) VALUES ($1, now(), $2) "
        "ON CONFLICT (name) DO UPDATE SET published_at = now(), outbox_id = excluded.outbox_id",
        _NAME,
        ordinal,
    )


async def events_after(connection: asyncpg.Connection, ordinal: int, limit: int) -> list[asyncpg.Record]:
    """The stored events beyond an ordinal, in order; the caller stops at the first that is not final."""
    rows: list[asyncpg.Record] = await connection.fetch(_EVENTS, ordinal, limit)
    return rows


async def costs(
    connection: asyncpg.Connection, signatures: Sequence[str], first: datetime, last: datetime
) -> dict[str, asyncpg.Record]:
    """Compute units and priority fee of the transactions of trades within a time."""
    rows = await connection.fetch(_COSTS, signatures, first, last)
    return {row["signature"]: row for row in rows}


async def balances(
    connection: asyncpg.Connection, mints: Sequence[str], positions: Sequence[int]
) -> list[asyncpg.Record]:
    """Token accounts of these mints that these transactions were the last to move."""
    rows: list[asyncpg.Record] = await connection.fetch(_BALANCES, mints, positions)
    return rows
