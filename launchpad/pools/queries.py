"""All SQL that reads pools."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.tables.pools import Pool

OTHERS = 20

# From an hour ago, or the opening: the price that stood then, and each that a trade left, until the next one.
_HOUR = """
WITH marks AS (
  SELECT greatest(now() - interval '1 hour', p.opened_at) AS moment, 0::bigint AS position, (
    SELECT k.close FROM candles k WHERE k.mint = p.mint AND k.interval = 1
      AND k.bucket <= greatest(now() - interval '1 hour', p.opened_at) ORDER BY k.bucket DESC LIMIT 1) AS price
  FROM pools p WHERE p.address = :pool AND p.canonical
  UNION ALL
  SELECT t.traded_at, t.position, t.price FROM trades t JOIN pools p ON p.address = t.pool AND p.canonical
  WHERE t.pool = :pool AND t.traded_at > now() - interval '1 hour'
), spans AS (
  SELECT price, extract(epoch FROM lead(moment, 1, now()) OVER (ORDER BY position) - moment) AS seconds
  FROM marks WHERE price IS NOT NULL
) SELECT round(sum(price * seconds) / nullif(sum(seconds), 0), 20) FROM spans WHERE seconds > 0"""


async def hour_average(session: AsyncSession, pool: str) -> Decimal | None:
    """The price of a graduate's pool over the last hour, by how long each stood: lamports per base unit."""
    average: Decimal | None = await session.scalar(text(_HOUR), {"pool": pool})
    return average


async def of_mint(session: AsyncSession, mint: str) -> Sequence[Pool]:
    """The indexed pools of a token, the deepest first."""
    statement = select(Pool).where(Pool.mint == mint).order_by(Pool.quote_reserve.desc(), Pool.address)
    return list(await session.scalars(statement.limit(OTHERS + 1)))
