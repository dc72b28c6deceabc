"""The SQL of keeping figures: what is read of the chain's rows, and how figures are written.

All of it runs on one bare connection; reads of one turn share a snapshot. Prices come as text and
become whole numbers, and what is only written again stays text: a Decimal costs ten times as much to make.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import NamedTuple

import asyncpg

from launchpad.copying import source_of
from launchpad.metrics.scores import Distribution
from launchpad.metrics.windows import PRICE_PLACES, Trade
from launchpad.tables.metrics import WINDOW_COLUMNS
from launchpad.tokens.queries import MARKET, PEOPLE

# Any constant will do; it only has to be the same for all who keep figures.
KEEPER_LOCK = 0x4C50_4D45_5452
PAGE = 20_000

_TRADE = f"""SELECT mint, trader, side = 'buy' AS is_buy, quote_amount AS amount,
  trunc(price * 1e{PRICE_PLACES})::text AS price, extract(epoch FROM traded_at)::bigint AS time, position
  FROM trades WHERE counted"""  # noqa: S608 - fixed text


async def try_lock(connection: asyncpg.Connection) -> bool:
    """Whether this connection now is, or already was, the only one that keeps figures."""
    return bool(await connection.fetchval("SELECT pg_try_advisory_lock($1)", KEEPER_LOCK))


async def genesis(connection: asyncpg.Connection) -> str | None:
    """Which chain the rows are of; None before anything was indexed."""
    found: str | None = await connection.fetchval("SELECT genesis_hash FROM cursors ORDER BY name LIMIT 1")
    return found


async def newest_position(connection: asyncpg.Connection) -> int:
    """The position of the newest trade, 0 without any."""
    return int(await connection.fetchval("SELECT position FROM trades ORDER BY position DESC LIMIT 1") or 0)


async def trades_after(connection: asyncpg.Connection, position: int) -> list[Trade]:
    """The trades beyond a position, in order."""
    return _trades(await connection.fetch(f"{_TRADE} AND position > $1 ORDER BY position", position))


async def trades_since(
    connection: asyncpg.Connection, since: datetime, mints: Sequence[str] | None
) -> AsyncIterator[list[Trade]]:
    """The trades of these tokens, or of all, from a moment on: in order, in pages."""
    whose = "" if mints is None else "AND mint = ANY($2::text[])"
    values = (since,) if mints is None else (since, mints)
    cursor = await connection.cursor(f"{_TRADE} AND traded_at >= $1 {whose} ORDER BY position", *values)
    while rows := await cursor.fetch(PAGE):
        yield _trades(rows)


def _trades(rows: Sequence[asyncpg.Record]) -> list[Trade]:
    return [
        Trade(mint, trader, is_buy, amount, int(price), time, position)
        for mint, trader, is_buy, amount, price, time, position in rows
    ]


async def traded_since(connection: asyncpg.Connection, since: datetime) -> list[str]:
    """Tokens that were traded from a moment on."""
    rows = await connection.fetch("SELECT DISTINCT mint FROM trades WHERE traded_at >= $1 AND counted", since)
    return [row["mint"] for row in rows]


# Candles, because trades lie in a partition for each day: the last one may be a year of them back.
_PRICES_BEFORE = f"""SELECT c.mint, trunc(1e{PRICE_PLACES} * coalesce(
      (SELECT k.close FROM candles k WHERE k.mint = c.mint AND k.interval = 60 AND k.bucket < $2
       ORDER BY k.bucket DESC LIMIT 1),
      (SELECT k.close FROM candles k WHERE k.mint = c.mint AND k.interval = 86400
         AND k.bucket <= $2 - interval '1 day' ORDER BY k.bucket DESC LIMIT 1),
      round((c.segments -> 0 ->> 'quote_reserve')::numeric / (c.segments -> 0 ->> 'base_reserve')::numeric, 20),
      c.price))::text AS price
    FROM unnest($1::text[]) AS m (mint) JOIN curves c ON c.mint = m.mint"""  # noqa: S608 - fixed text


async def prices_before(connection: asyncpg.Connection, mints: Sequence[str], since: datetime) -> dict[str, int]:
    """What each token cost at a moment, a whole minute: where its last candle before closed, else when it opened."""
    rows = await connection.fetch(_PRICES_BEFORE, mints, since)
    return {row["mint"]: int(row["price"]) for row in rows}


# The publisher alone stores rows of the outbox, so their ids are in the order of commits. A trade is gone
# before its retraction is there.
_RETRACTED = """SELECT id, substr(channel, 7) AS mint FROM outbox_events
  WHERE type = 'trade.retracted' AND channel LIKE 'token:%' AND id > $1 ORDER BY id"""


async def retractions(connection: asyncpg.Connection, after: int) -> tuple[int, set[str]]:
    """The tokens of which trades were taken back after an outbox row, and the newest such row."""
    rows = await connection.fetch(_RETRACTED, after)
    return (rows[-1]["id"] if rows else after), {row["mint"] for row in rows}


async def newest_retraction(connection: asyncpg.Connection) -> int:
    """The newest outbox row that takes a trade back, 0 without any."""
    return int(await connection.fetchval("SELECT max(id) FROM outbox_events WHERE type = 'trade.retracted'") or 0)


async def without_figures(connection: asyncpg.Connection) -> list[str]:
    """Tokens of the last minutes that have no row yet."""
    rows = await connection.fetch(
        """SELECT t.mint FROM tokens t WHERE t.launched_at > now() - interval '5 minutes'
           AND NOT EXISTS (SELECT FROM token_metrics m WHERE m.mint = t.mint)"""
    )
    return [row["mint"] for row in rows]


_DIFFERING = """SELECT c.mint FROM curves c JOIN tokens t ON t.mint = c.mint
  LEFT JOIN token_metrics m ON m.mint = c.mint
  LEFT JOIN pools p ON p.mint = c.mint AND p.canonical
  WHERE m.mint IS NULL OR m.trades <> c.trade_count OR m.volume <> c.volume_quote OR m.status <> c.status
    OR m.price <> c.price OR m.supply <> t.supply OR m.creator <> t.creator OR m.opened_at <> c.opened_at
    OR m.liquidity <> coalesce(2 * p.quote_reserve, c.quote_reserve)"""


async def differing(connection: asyncpg.Connection) -> list[str]:
    """Tokens whose row does not say what the chain's rows say: new, moved otherwise than by trades, or out of order."""
    return [row["mint"] for row in await connection.fetch(_DIFFERING)]


async def trading(connection: asyncpg.Connection) -> list[str]:
    """Tokens whose stored figures hold trades."""
    rows = await connection.fetch("SELECT mint FROM token_metrics WHERE buys_24h + sells_24h > 0")
    return [row["mint"] for row in rows]


async def stale_distributions(connection: asyncpg.Connection, limit: int) -> list[str]:
    """Tokens whose distribution was worked out longest ago, if that is over ten minutes."""
    rows = await connection.fetch(
        """SELECT mint FROM token_metrics WHERE distribution_at < now() - interval '10 minutes'
           ORDER BY distribution_at LIMIT $1""",
        limit,
    )
    return [row["mint"] for row in rows]


class Facts(NamedTuple):
    """What the chain's rows say of a token now. `price` as windows take it; `line` is the beginning of its row."""

    mint: str
    line: str
    price: int
    circulating: str
    liquidity: int
    trades: int
    volume: int
    last_trade_at: datetime | None


# The columns that `line` holds as COPY takes them: nothing in them needs an escape.
_LINE = (
    *("mint", "creator", "launched_at", "opened_at", "last_trade_at", "status", "venue", "price", "price_sol"),
    *("supply", "circulating", "market_cap", "liquidity", "progress_ppm", "trades", "volume"),
)
NULL = "\\N"
_FACTS = f"""SELECT mint,
    concat_ws(E'\t', {", ".join(f"coalesce({name}::text, '{NULL}')" for name in _LINE)}) AS line,
    trunc(price * 1e{PRICE_PLACES})::text AS price, circulating::text, liquidity, trades, volume, last_trade_at
  FROM (SELECT f.*, price * 10::numeric ^ decimals / 1000000000 AS price_sol, supply - locked AS circulating,
      floor(price * (supply - locked)) AS market_cap,
      coalesce(floor(sold * 1000000 / nullif(sale_supply, 0)), 0)::int AS progress_ppm
    FROM (SELECT t.mint, t.creator, t.launched_at, t.supply, t.decimals, c.opened_at, c.last_trade_at, c.status,
        c.price, c.sold, c.sale_supply, c.trade_count AS trades, c.volume_quote AS volume, {MARKET},
        coalesce((SELECT sum(h.balance) FROM vesting_schedules v
          JOIN holders h ON h.mint = v.mint AND h.owner = v.schedule WHERE v.mint = t.mint), 0) AS locked
      FROM unnest($1::text[]) AS m (mint) JOIN tokens t ON t.mint = m.mint JOIN curves c ON c.mint = m.mint) f) g"""  # noqa: S608 - fixed text


async def facts(connection: asyncpg.Connection, mints: Sequence[str]) -> dict[str, Facts]:
    """What the chain's rows say of these tokens."""
    if not mints:
        return {}
    rows = await connection.fetch(_FACTS, mints)
    return {
        mint: Facts(mint, line, int(price), circulating, liquidity, trades, volume, last)
        for mint, line, price, circulating, liquidity, trades, volume, last in rows
    }


# How many of a token's first buys are looked at for snipers and bundles, and of its holders for fresh wallets.
FIRST_BUYS = 300
FIRST_MINUTES = 10  # more than BUNDLE_SLOTS take, so that one partition of trades has them
FRESH_HOLDERS = 100
SNIPER_SLOTS = 10
SNIPER_SECONDS = 4
BUNDLE_SLOTS = 150
BUNDLE_WALLETS = 3
FRESH_MINUTES = 10
_SLOT_BITS = 29  # of a position below its slot, see launchpad.indexer.position

# Who bought early and how: `kinds` says it of each buyer among the first of the tokens $1 but their creators.
KINDS = f"""early AS MATERIALIZED (
  SELECT e.*, t.creator, e.slot <= t.slot + {SNIPER_SLOTS} OR (c.opened_at > t.launched_at
      AND e.traded_at <= c.opened_at + interval '{SNIPER_SECONDS} seconds') AS quick,
    e.slot <= t.slot + {BUNDLE_SLOTS} AS first_minute
  FROM unnest($1::text[]) AS m (mint) JOIN tokens t ON t.mint = m.mint JOIN curves c ON c.mint = m.mint
  CROSS JOIN LATERAL (SELECT x.mint, x.trader, x.slot, x.signature, x.traded_at FROM trades x
    WHERE x.mint = m.mint AND x.counted AND x.side = 'buy' AND x.position >= t.slot << {_SLOT_BITS}
      AND x.traded_at >= t.launched_at
      AND x.traded_at <= greatest(t.launched_at, c.opened_at) + interval '{FIRST_MINUTES} minutes'
    ORDER BY x.position LIMIT {FIRST_BUYS}) e
), together AS (
  SELECT mint, signature, NULL::bigint AS slot FROM early WHERE first_minute
  GROUP BY mint, signature HAVING count(DISTINCT trader) > 1
  UNION ALL
  SELECT mint, NULL, slot FROM early WHERE first_minute
  GROUP BY mint, slot HAVING count(DISTINCT trader) >= {BUNDLE_WALLETS} AND bool_or(trader = creator)
), kinds AS (
  SELECT e.mint, e.trader, bool_or(e.quick) AS sniper, bool_or(EXISTS (SELECT FROM together b
      WHERE b.mint = e.mint AND (b.signature = e.signature OR b.slot = e.slot))) AS bundler
  FROM early e WHERE e.trader <> e.creator GROUP BY e.mint, e.trader"""  # noqa: S608 - fixed text
# Whether somebody p of a token's people had not traded before, which their first trade of it tells.
FRESH = f"""p.first_trade_at IS NOT NULL AND NOT EXISTS (SELECT FROM holders o WHERE o.owner = p.owner
        AND o.first_trade_at < p.first_trade_at - interval '{FRESH_MINUTES} minutes')"""

_DISTRIBUTION = f"""WITH people AS MATERIALIZED (
  SELECT h.mint, h.owner, h.balance, h.first_trade_at,
    row_number() OVER (PARTITION BY h.mint ORDER BY h.balance, h.owner) AS rank,
    count(*) OVER (PARTITION BY h.mint) AS holders
  FROM unnest($1::text[]) AS m (mint) JOIN tokens t ON t.mint = m.mint JOIN curves c ON c.mint = m.mint
  JOIN holders h ON h.mint = m.mint WHERE {PEOPLE}
), {KINDS}
), sums AS (
  SELECT p.mint, count(*) AS holders, sum(p.balance) AS total, sum(p.balance * p.rank) AS weighted,
    sum(p.balance) FILTER (WHERE p.holders - p.rank < 10) AS top_10,
    sum(p.balance) FILTER (WHERE p.owner = t.creator) AS creators,
    sum(p.balance) FILTER (WHERE k.sniper) AS snipers,
    sum(p.balance) FILTER (WHERE k.bundler) AS bundlers,
    sum(p.balance) FILTER (WHERE p.holders - p.rank < {FRESH_HOLDERS} AND p.owner <> t.creator
      AND {FRESH}) AS fresh
  FROM people p JOIN tokens t ON t.mint = p.mint LEFT JOIN kinds k ON k.mint = p.mint AND k.trader = p.owner
  GROUP BY p.mint
)
SELECT t.mint, coalesce(s.holders, 0)::int AS holders, {{shares}},
  coalesce(floor(10000 * (2 * s.weighted / nullif(s.holders * s.total, 0)
    - (s.holders + 1)::numeric / nullif(s.holders, 0))), 0)::int AS gini_bps
FROM unnest($1::text[]) AS m (mint) JOIN tokens t ON t.mint = m.mint LEFT JOIN sums s ON s.mint = t.mint"""  # noqa: S608 - (same)
_SHARES = {
    "top_10_bps": "top_10",
    "creator_bps": "creators",
    "sniper_bps": "snipers",
    "bundler_bps": "bundlers",
    "fresh_bps": "fresh",
}
_DISTRIBUTION = _DISTRIBUTION.format(
    shares=", ".join(
        f"coalesce(floor(s.{column} * 10000 / nullif(t.supply, 0)), 0)::int AS {name}"
        for name, column in _SHARES.items()
    )
)


async def distributions(connection: asyncpg.Connection, mints: Sequence[str]) -> dict[str, Distribution]:
    """Who holds these tokens, worked out anew."""
    rows = await connection.fetch(_DISTRIBUTION, mints)
    return {row["mint"]: Distribution(**{key: value for key, value in row.items() if key != "mint"}) for row in rows}


class StoredDistribution(NamedTuple):
    """A distribution as it is stored, with when it was worked out."""

    held: Distribution
    at: datetime | None


async def stored_distributions(connection: asyncpg.Connection, mints: Sequence[str]) -> dict[str, StoredDistribution]:
    """What the rows of these tokens say of their holders."""
    rows = await connection.fetch(
        """SELECT mint, distribution_at, holders, top_10_bps, gini_bps, creator_bps, sniper_bps, bundler_bps, fresh_bps
           FROM token_metrics WHERE mint = ANY($1::text[])""",
        mints,
    )
    return {row["mint"]: StoredDistribution(Distribution(*row[2:]), row["distribution_at"]) for row in rows}


# In the order in which rows come in.
COLUMNS = (
    *_LINE,
    *WINDOW_COLUMNS,
    *("holders", "top_10_bps", "gini_bps", "creator_bps", "sniper_bps", "bundler_bps", "fresh_bps", "distribution_at"),
    *("organic", "momentum_bps", "score", "updated_at"),
)
_INCOMING = "figures_in"
_MAKE_ROOM = f"""CREATE TEMPORARY TABLE IF NOT EXISTS {_INCOMING} ON COMMIT DELETE ROWS AS
  SELECT {", ".join(COLUMNS)}, 0 AS piece FROM token_metrics WITH NO DATA"""  # noqa: S608 - names are literals
_VALUES = ", ".join(f"v.{name}" for name in COLUMNS)
# Nearly every row is there already: changing it costs less than an INSERT that meets it.
_CHANGE = f"""UPDATE token_metrics m SET {", ".join(f"{name} = v.{name}" for name in COLUMNS[1:])}
  FROM {_INCOMING} v WHERE v.piece = $1 AND m.mint = v.mint"""  # noqa: S608 - names are literals
_ADD = f"""INSERT INTO token_metrics ({", ".join(COLUMNS)}) SELECT {_VALUES} FROM {_INCOMING} v
  WHERE v.piece = $1 AND EXISTS (SELECT FROM tokens t WHERE t.mint = v.mint)
  ON CONFLICT (mint) DO NOTHING"""  # noqa: S608 - (same)


async def make_room(connection: asyncpg.Connection) -> None:
    """Prepare a connection for `hand_in` and `save`."""
    await connection.execute(_MAKE_ROOM)


async def hand_in(connection: asyncpg.Connection, lines: Sequence[str], piece: int) -> None:
    """Bring rows to the server, each the columns COLUMNS as COPY takes text; in a transaction, after `make_room`."""
    ending = f"\t{piece}\n"
    source = source_of(ending.join(lines) + ending)
    await connection.copy_to_table(_INCOMING, source=source, columns=(*COLUMNS, "piece"))


async def save(connection: asyncpg.Connection, piece: int, rows: int) -> None:
    """Write the rows of a piece that was handed in within this transaction; those of tokens that are gone are not."""
    if int((await connection.execute(_CHANGE, piece)).split()[1]) < rows:
        await connection.execute(_ADD, piece)


async def forget_gone(connection: asyncpg.Connection) -> None:
    """Remove the figures and milestones of tokens whose launch was taken back."""
    for table in ("token_metrics", "token_milestones"):
        await connection.execute(
            f"DELETE FROM {table} m WHERE NOT EXISTS (SELECT FROM tokens t WHERE t.mint = m.mint)"  # noqa: S608 - names are literals
        )


async def milestones(connection: asyncpg.Connection) -> set[tuple[str, int]]:
    """Every milestone that was reached: mint and dollars."""
    return {(row["mint"], row["usd"]) for row in await connection.fetch("SELECT mint, usd FROM token_milestones")}
