"""All SQL of the trade processor: what the live cache is filled from."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from launchpad.db import Look
from launchpad.tables.metrics import WINDOW_NAMES

_FACTS = """SELECT t.mint, t.decimals, coalesce(m.circulating, t.supply) AS circulating
  FROM tokens t LEFT JOIN token_metrics m ON m.mint = t.mint WHERE t.mint = ANY(CAST(:mints AS text[]))"""

# Seconds, because they are written with their trades; coarser candles may come later.
_MINUTES = """SELECT w.mint, extract(epoch FROM w.minute)::bigint AS minute, sum(k.volume_quote)::bigint AS volume,
    (array_agg(k.close ORDER BY k.last_position DESC))[1] AS close, max(k.last_position) AS position
  FROM unnest(CAST(:mints AS text[]), CAST(:minutes AS timestamptz[])) AS w (mint, minute)
  JOIN candles k ON k.mint = w.mint AND k.interval = 1
    AND k.bucket >= w.minute AND k.bucket < w.minute + interval '1 minute'
  GROUP BY w.mint, w.minute ORDER BY w.minute"""

_DAY = """SELECT k.mint, extract(epoch FROM k.bucket)::bigint AS minute, k.volume_quote AS volume, k.close,
    k.last_position AS position
  FROM candles k WHERE k.mint = ANY(CAST(:mints AS text[])) AND k.interval = 60
    AND k.bucket > now() - interval '24 hours' ORDER BY k.bucket"""

_WINDOWS = ", ".join(
    f"m.ranked_volume_{name}, m.volume_{name}, m.buys_{name} + m.sells_{name} AS trades_{name}, m.change_bps_{name}"
    for name in WINDOW_NAMES
)
_FIGURES = (
    f"SELECT m.mint, m.market_cap, m.liquidity, m.holders, m.score, m.updated_at, {_WINDOWS} FROM token_metrics m"  # noqa: S608 - our own names
)


async def facts(look: Look, mints: Sequence[str]) -> Sequence[asyncpg.Record]:
    """Decimals and circulating supply (base units) of these tokens."""
    return await look.rows(_FACTS, mints=list(mints))


async def minutes(look: Look, mints: Sequence[str], starts: Sequence[datetime]) -> Sequence[asyncpg.Record]:
    """What was traded of each token in each minute (pairs): volume in lamports, last price, last position."""
    return await look.rows(_MINUTES, mints=list(mints), minutes=list(starts))


async def day(look: Look, mints: Sequence[str]) -> Sequence[asyncpg.Record]:
    """The same for every minute of the last 24 hours, the newest minute perhaps not whole."""
    return await look.rows(_DAY, mints=list(mints))


async def figures_after(look: Look, moment: datetime | None) -> Sequence[asyncpg.Record]:
    """The figures that were written after a moment, in the order of writing; all without one."""
    if moment is None:
        return await look.rows(f"{_FIGURES} ORDER BY m.updated_at")
    return await look.rows(f"{_FIGURES} WHERE m.updated_at > :moment ORDER BY m.updated_at", moment=moment)


async def largest(look: Look, limit: int) -> Sequence[asyncpg.Record]:
    """The figures of the tokens with the largest volume of the last 24 hours."""
    return await look.rows(f"{_FIGURES} ORDER BY m.volume_24h DESC, m.mint DESC LIMIT :limit", limit=limit)
