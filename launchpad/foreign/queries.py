"""All SQL of foreign trades: written in the indexer's transaction, read by pages."""

from collections.abc import Sequence
from typing import Any

import asyncpg
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.tables.foreign import ForeignTradeRow

_COLUMNS = (
    'signature text, instruction smallint, "inner" smallint, program text, kind text, position bigint, slot bigint, '
    "traded_at timestamptz, pool text, mint text, quote_mint text, trader text, side text, base_amount numeric, "
    "quote_amount numeric, fees jsonb, base_reserve numeric, quote_reserve numeric, price numeric, finalized boolean"
)
_NAMES = ", ".join(column.split()[0] for column in _COLUMNS.split(", "))

# What the newest trade of each pool left, and what all of them come to.
_POOLS = """
newest AS (SELECT DISTINCT ON (pool) * FROM fresh ORDER BY pool, position DESC),
sums AS (
    SELECT pool, count(*) AS trade_count, sum(quote_amount) AS volume_quote,
           min(traded_at) AS first_trade_at, max(traded_at) AS last_trade_at
    FROM fresh GROUP BY pool
)
INSERT INTO foreign_pools AS p (pool, program, kind, mint, quote_mint, position, price, base_reserve, quote_reserve,
                                trade_count, volume_quote, first_trade_at, last_trade_at)
SELECT n.pool, n.program, n.kind, n.mint, n.quote_mint, n.position, n.price, n.base_reserve, n.quote_reserve,
       s.trade_count, s.volume_quote, s.first_trade_at, s.last_trade_at
FROM newest n JOIN sums s USING (pool)
"""

_STORE = f"""
WITH fresh AS (
    INSERT INTO foreign_trades ({_NAMES})
    SELECT {_NAMES} FROM jsonb_to_recordset($1::jsonb) AS given ({_COLUMNS})
    ON CONFLICT DO NOTHING RETURNING *
), {_POOLS}
ON CONFLICT (pool) DO UPDATE SET
    price = CASE WHEN excluded.position > p.position THEN excluded.price ELSE p.price END,
    base_reserve = CASE WHEN excluded.position > p.position
        THEN coalesce(excluded.base_reserve, p.base_reserve) ELSE p.base_reserve END,
    quote_reserve = CASE WHEN excluded.position > p.position
        THEN coalesce(excluded.quote_reserve, p.quote_reserve) ELSE p.quote_reserve END,
    position = greatest(p.position, excluded.position),
    trade_count = p.trade_count + excluded.trade_count,
    volume_quote = p.volume_quote + excluded.volume_quote,
    first_trade_at = least(p.first_trade_at, excluded.first_trade_at),
    last_trade_at = greatest(p.last_trade_at, excluded.last_trade_at)
"""  # noqa: S608 - put together out of literals

_SUM_UP = f"WITH fresh AS (SELECT * FROM foreign_trades WHERE pool = ANY($1::text[])), {_POOLS}"  # noqa: S608 - (the same)


async def store(connection: asyncpg.Connection, rows: str) -> None:
    """Store trades (a JSON array of rows) that are not stored yet, and what they leave of their pools."""
    await connection.execute(_STORE, rows)


async def undo(connection: asyncpg.Connection, signatures: Sequence[str]) -> int:
    """Remove the trades of transactions and sum their pools up anew; how many there were."""
    rows = await connection.fetch(
        "DELETE FROM foreign_trades WHERE signature = ANY($1::text[]) RETURNING pool", signatures
    )
    pools = sorted({row["pool"] for row in rows})
    if pools:
        await connection.execute("DELETE FROM foreign_pools WHERE pool = ANY($1::text[])", pools)
        await connection.execute(_SUM_UP, pools)
    return len(rows)


async def trades_of(
    session: AsyncSession, mint: str, program: str | None, before: int | None, limit: int
) -> Sequence[Any]:
    """A mint's trades, newest first, at most one more than `limit`."""
    statement = select(ForeignTradeRow).where(ForeignTradeRow.mint == mint)
    if program is not None:
        statement = statement.where(ForeignTradeRow.program == program)
    if before is not None:
        statement = statement.where(ForeignTradeRow.position < before)
    rows = await session.scalars(statement.order_by(ForeignTradeRow.position.desc()).limit(limit + 1))
    return list(rows)
