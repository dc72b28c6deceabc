"""SQL that writes candles: seconds are added to, coarser buckets are derived from the finer ones below them."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import asyncpg

from launchpad.copying import Writes
from launchpad.indexer.writer import Statement
from launchpad.markets.service import INTERVALS

_SECONDS = Statement(
    (
        *("mint", "start", "open", "high", "low", "close", "volume_base", "volume_quote"),
        *("buys", "sells", "first_position", "last_position"),
    ),
    """
    INSERT INTO candles AS c (mint, "interval", bucket, open, high, low, close, volume_base, volume_quote,
                              buys, sells, first_position, last_position)
    SELECT v.mint, 1, to_timestamp(v.start), v.open::numeric, v.high::numeric, v.low::numeric, v.close::numeric,
           v.volume_base::numeric, v.volume_quote, v.buys, v.sells, v.first_position, v.last_position
    FROM {v}
    ON CONFLICT (mint, "interval", bucket) DO UPDATE SET
        open = CASE WHEN excluded.first_position < c.first_position THEN excluded.open ELSE c.open END,
        close = CASE WHEN excluded.last_position > c.last_position THEN excluded.close ELSE c.close END,
        high = greatest(c.high, excluded.high),
        low = least(c.low, excluded.low),
        volume_base = c.volume_base + excluded.volume_base,
        volume_quote = c.volume_quote + excluded.volume_quote,
        buys = c.buys + excluded.buys,
        sells = c.sells + excluded.sells,
        first_position = least(c.first_position, excluded.first_position),
        last_position = greatest(c.last_position, excluded.last_position)
    """,
)

# A bucket holds no fewer trades than it did, unless it was cleared: where finer ones are no longer kept it stays.
# The finer ones of each span are looked up apart (which is what OFFSET 0 is for): as a join they are read all at
# once, and each compared with each span, for as long as Postgres has not counted the rows.
_ROLL = """
    INSERT INTO candles AS c (mint, "interval", bucket, open, high, low, close, volume_base, volume_quote,
                              buys, sells, first_position, last_position)
    SELECT v.mint, {interval}, date_bin('{interval} seconds', k.bucket, 'epoch'),
           (array_agg(k.open ORDER BY k.first_position))[1], max(k.high), min(k.low),
           (array_agg(k.close ORDER BY k.last_position DESC))[1], sum(k.volume_base), sum(k.volume_quote),
           sum(k.buys), sum(k.sells), min(k.first_position), max(k.last_position)
    FROM unnest($1::text[], $2::int8[], $3::int8[]) AS v (mint, first, last) CROSS JOIN LATERAL (
        SELECT * FROM candles f WHERE f.mint = v.mint AND f."interval" = {finer}
            AND f.bucket >= to_timestamp(v.first - v.first % {interval})
            AND f.bucket < to_timestamp(v.last - v.last % {interval} + {interval})
        OFFSET 0
    ) k
    GROUP BY 1, 3
    ON CONFLICT (mint, "interval", bucket) DO UPDATE SET
        open = excluded.open, high = excluded.high, low = excluded.low, close = excluded.close,
        volume_base = excluded.volume_base, volume_quote = excluded.volume_quote,
        buys = excluded.buys, sells = excluded.sells,
        first_position = excluded.first_position, last_position = excluded.last_position
    WHERE excluded.buys + excluded.sells >= c.buys + c.sells
"""
_ROLLS = tuple(_ROLL.format(finer=finer, interval=interval) for finer, interval in pairwise(INTERVALS))


async def add_seconds(connection: Writes, rows: Iterable[Sequence[Any]]) -> None:
    """Add trades to one-second buckets: mint, start, prices, volumes, counts and positions of each."""
    await _SECONDS.run(connection, rows)


async def roll(connection: asyncpg.Connection, mints: Sequence[str], first: Sequence[int], last: Sequence[int]) -> None:
    """Derive every coarser bucket that seconds from `first` to `last` of each token belong to.

    The spans of one token must not share a UTC day. Doing it again changes nothing.
    """
    for statement in _ROLLS:
        await connection.execute(statement, mints, first, last)


async def behind_since(connection: asyncpg.Connection) -> int | None:
    """The oldest second that coarser candles may lack; None when they lack nothing."""
    found: int | None = await connection.fetchval("SELECT min(since) FROM candle_backlog")
    return found


async def note_behind(connection: asyncpg.Connection, since: int | None) -> None:
    """Remember, for whoever comes after a crash, since when coarser candles may be incomplete."""
    if since is None:
        await connection.execute("DELETE FROM candle_backlog")
    else:
        await connection.execute(
            "INSERT INTO candle_backlog (id, since) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET since = $1",
            since,
        )


async def traded_since(connection: asyncpg.Connection, since: int) -> list[asyncpg.Record]:
    """The tokens traded from a second on: mint, first and last second of each UTC day."""
    rows: list[asyncpg.Record] = await connection.fetch(
        "SELECT mint, extract(epoch FROM min(bucket))::bigint AS first, "
        "extract(epoch FROM max(bucket))::bigint AS last "
        'FROM candles WHERE "interval" = 1 AND bucket >= to_timestamp($1::bigint) '
        "GROUP BY mint, date_bin('1 day', bucket, 'epoch') ORDER BY 2",
        since,
    )
    return rows
