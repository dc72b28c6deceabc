"""All SQL of the market as a whole: sums of stored figures, and what indexes of time count."""

from collections.abc import Sequence

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.db import Look

WINDOWS = ("1h", "6h", "24h")
_SPANS = {"1h": "1 hour", "6h": "6 hours", "24h": "24 hours"}
# Wallets are counted among so many trades at most.
MOST_TRADES = 100_000
HOURS = 168
DAYS = 30

_SUMS = ", ".join(
    f"coalesce(sum(volume_{name}), 0) AS volume_{name}, coalesce(sum(buys_{name} + sells_{name}), 0) AS trades_{name}"
    for name in WINDOWS
)
_TOTALS = f"""SELECT {_SUMS}, count(*)::int AS tokens, (count(*) FILTER (WHERE status = 'trading'))::int AS trading,
  coalesce(sum(liquidity), 0) AS liquidity, coalesce(sum(market_cap), 0) AS market_cap, now() AS as_of
FROM token_metrics"""  # noqa: S608 - fixed text


def _counted(column: str, what: str = "count(*)") -> str:
    return ", ".join(
        f"({what} FILTER (WHERE {column} > now() - interval '{span}'))::int AS \"{name}\""
        for name, span in _SPANS.items()
    )


_LAUNCHES = f"SELECT {_counted('launched_at')} FROM tokens WHERE launched_at > now() - interval '24 hours'"  # noqa: S608 - (same)
_GRADUATIONS = f"SELECT {_counted('graduated_at')} FROM curves WHERE graduated_at > now() - interval '24 hours'"  # noqa: S608 - (same)
_TRADERS = f"""SELECT {_counted("traded_at", "count(DISTINCT trader)")}, count(*)::int AS trades,
  extract(epoch FROM now() - min(traded_at))::float8 AS reach
FROM (SELECT trader, traded_at FROM trades WHERE counted AND traded_at > now() - interval '24 hours'
  ORDER BY position DESC LIMIT :most) newest"""  # noqa: S608 - (same)


async def totals(look: Look) -> asyncpg.Record:
    """Sums over all tokens' stored figures."""
    return (await look.rows(_TOTALS))[0]


async def launches(look: Look) -> asyncpg.Record:
    """Launches by window."""
    return (await look.rows(_LAUNCHES))[0]


async def graduations(look: Look) -> asyncpg.Record:
    """Graduations by window."""
    return (await look.rows(_GRADUATIONS))[0]


async def traders(look: Look, most: int = MOST_TRADES) -> asyncpg.Record:
    """Different wallets by window among the newest `most` trades: how many these were, how many seconds they reach."""
    return (await look.rows(_TRADERS, most=most))[0]


_DAYS = f"""SELECT d.day AT TIME ZONE 'UTC' AS day, coalesce(l.launches, 0)::int AS launches,
  coalesce(g.graduations, 0)::int AS graduations
FROM generate_series(date_trunc('day', now() AT TIME ZONE 'UTC') - interval '{DAYS - 1} days',
  date_trunc('day', now() AT TIME ZONE 'UTC'), interval '1 day') AS d (day)
LEFT JOIN (SELECT date_trunc('day', launched_at AT TIME ZONE 'UTC') AS day, count(*) AS launches FROM tokens
  WHERE launched_at > now() - interval '{DAYS} days' GROUP BY 1) l USING (day)
LEFT JOIN (SELECT date_trunc('day', graduated_at AT TIME ZONE 'UTC') AS day, count(*) AS graduations FROM curves
  WHERE graduated_at > now() - interval '{DAYS} days' GROUP BY 1) g USING (day) ORDER BY d.day"""  # noqa: S608 - (same)


async def days(look: Look) -> Sequence[asyncpg.Record]:
    """Launches and graduations of each of the last days, oldest first."""
    return await look.rows(_DAYS)


async def hours(look: Look) -> Sequence[asyncpg.Record]:
    """The hours that were looked at, oldest first."""
    rows = await look.rows(
        """SELECT hour, volume::text, trades, liquidity::text, market_cap::text FROM market_hours
           WHERE hour > now() - interval '7 days' ORDER BY hour DESC LIMIT :hours""",
        hours=HOURS,
    )
    return rows[::-1]


_LOOK = text("""INSERT INTO market_hours AS h (hour, taken_at, volume, trades, liquidity, market_cap, tokens)
  SELECT date_trunc('hour', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC', now(), coalesce(sum(volume_1h), 0),
    coalesce(sum(buys_1h + sells_1h), 0), coalesce(sum(liquidity), 0), coalesce(sum(market_cap), 0), count(*)
  FROM token_metrics
  ON CONFLICT (hour) DO UPDATE SET taken_at = excluded.taken_at, volume = excluded.volume, trades = excluded.trades,
    liquidity = excluded.liquidity, market_cap = excluded.market_cap, tokens = excluded.tokens
  WHERE h.taken_at <= excluded.taken_at""")


async def keep_hour(session: AsyncSession) -> None:
    """Write down what the market comes to now as that of this hour."""
    await session.execute(_LOOK)
