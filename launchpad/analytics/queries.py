"""All SQL of one token's analytics. Every statement reads one token's rows, by an index, and bounded."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

import asyncpg

from launchpad.db import Look
from launchpad.metrics.queries_store import FRESH, FRESH_HOLDERS, KINDS
from launchpad.tokens.queries import LARGEST_FIRST, PEOPLE, POOLS

# As many as are looked at for fresh wallets.
BUBBLES = FRESH_HOLDERS
LORENZ_STEPS = 40
# Beyond so many trades of a span only candles are read.
MOST_TRADES = 20_000
# Beyond so many trades of one wallet its sums are all that is told.
MOST_FILLS = 2_000

# Escrows hold for others; of people, what they did first names them.
_ROLE = f"""CASE WHEN p.owner = t.creator THEN 'creator' WHEN p.owner = c.address THEN 'curve'
  WHEN p.owner = ANY ({POOLS}) THEN 'pool'
  WHEN p.owner = t.launch_record OR EXISTS (SELECT FROM vesting_schedules v WHERE v.schedule = p.owner) THEN 'locked'
  WHEN k.bundler THEN 'bundler' WHEN k.sniper THEN 'sniper' WHEN {FRESH} THEN 'fresh' ELSE 'other' END"""

_BUBBLES = f"""WITH {KINDS}), top AS MATERIALIZED (
  SELECT h.mint, h.owner, h.balance, h.first_trade_at FROM holders h
  WHERE h.mint = :mint AND h.magnitude > 0 ORDER BY {LARGEST_FIRST} LIMIT {BUBBLES})
SELECT p.owner, {_ROLE} AS role, p.balance::text AS balance,
  div(p.balance * 10000, greatest(t.supply, 1))::int AS share_bps, p.first_trade_at
FROM top p JOIN tokens t ON t.mint = p.mint JOIN curves c ON c.mint = p.mint
LEFT JOIN kinds k ON k.trader = p.owner ORDER BY p.balance DESC, p.owner DESC""".replace(  # noqa: S608 - fixed text
    "$1::text[]", "ARRAY[CAST(:mint AS text)]"
)

_SPREAD = f"""WITH people AS MATERIALIZED (
  SELECT h.balance, row_number() OVER place AS rank, sum(h.balance) OVER (place ROWS UNBOUNDED PRECEDING) AS running
  FROM tokens t JOIN curves c ON c.mint = t.mint JOIN holders h ON h.mint = t.mint
  WHERE t.mint = :mint AND {PEOPLE} WINDOW place AS (ORDER BY h.balance, h.owner)
), sums AS (
  SELECT count(*)::int AS holders, coalesce(sum(balance), 0) AS total, sum(balance * rank) AS weighted FROM people)
SELECT s.holders, s.total, s.weighted, t.supply,
  (SELECT coalesce(sum(balance), 0) FROM people WHERE rank > s.holders - 1) AS top_1,
  (SELECT coalesce(sum(balance), 0) FROM people WHERE rank > s.holders - 10) AS top_10,
  (SELECT coalesce(sum(balance), 0) FROM people WHERE rank > s.holders - 50) AS top_50,
  ARRAY(SELECT ARRAY[p.rank::numeric, p.running] FROM people p
    WHERE p.rank IN (SELECT ceil(s.holders * g / {LORENZ_STEPS}.0) FROM generate_series(1, {LORENZ_STEPS}) g)
    ORDER BY p.rank) AS lorenz
FROM sums s JOIN tokens t ON t.mint = :mint"""  # noqa: S608 - fixed text


async def bubbles(look: Look, mint: str) -> list[dict[str, Any]]:
    """The largest holders with what each is to the token: the fields of a HolderBubble."""
    return [dict(row) for row in await look.rows(_BUBBLES, mint=mint)]


async def spread(look: Look, mint: str) -> asyncpg.Record | None:
    """How what people hold is divided: sums in base units, and points of the Lorenz curve as (wallets, sum)."""
    return await look.row(_SPREAD, mint=mint)


_ACTIVITY = """WITH newest AS MATERIALIZED (
  SELECT x.traded_at, x.position, x.trader, x.side = 'buy' AS is_buy, x.quote_amount,
    CASE x.venue WHEN 'curve' THEN x.quote_reserve ELSE 2 * x.virtual_quote END AS liquidity
  FROM trades x WHERE x.mint = :mint AND x.counted AND x.traded_at >= to_timestamp(:first)
  ORDER BY x.position DESC LIMIT :most
), placed AS (
  SELECT n.*, div(extract(epoch FROM n.traded_at), :step)::bigint * :step AS time FROM newest n)
SELECT time, count(*)::int AS trades, count(*) FILTER (WHERE is_buy)::int AS buys,
  count(*) FILTER (WHERE NOT is_buy)::int AS sells,
  count(DISTINCT trader) FILTER (WHERE is_buy)::int AS buyers,
  count(DISTINCT trader) FILTER (WHERE NOT is_buy)::int AS sellers,
  coalesce(sum(quote_amount) FILTER (WHERE is_buy), 0)::text AS buy_volume,
  coalesce(sum(quote_amount) FILTER (WHERE NOT is_buy), 0)::text AS sell_volume,
  ((array_agg(liquidity ORDER BY position DESC))[1])::text AS liquidity
FROM placed GROUP BY GROUPING SETS ((time), ()) ORDER BY time NULLS FIRST"""


async def activity(look: Look, mint: str, first: int, step: int, most: int = MOST_TRADES) -> list[dict[str, Any]]:
    """Trades since a Unix second in buckets of `step` seconds, oldest first, after a row without `time` of them all.

    Only the newest `most` trades are counted.
    """
    rows = await look.rows(_ACTIVITY, mint=mint, first=first, step=step, most=most)
    return [dict(row) for row in rows]


_SOURCE = """SELECT t.mint, t.decimals, t.supply, c.status, c.price, c.segments::text AS segments, c.sold,
  c.sale_supply, c.quote_reserve, c.raise_target, c.protocol_fee_bps, c.creator_fee_bps, c.opened_at, c.deadline,
  (SELECT s.sale FROM sale_terms s WHERE s.address = c.terms)::text AS sale,
  p.venue, p.base_reserve AS pool_base, p.quote_reserve AS pool_quote,
  (SELECT x.fees * 10000 / x.quote_amount FROM (SELECT x.quote_amount,
      x.protocol_fee + x.creator_fee + x.referrer_fee + x.liquidity_fee AS fees FROM trades x
    WHERE x.pool = p.address AND x.traded_at >= p.last_trade_at - interval '1 minute' AND x.side = 'buy'
      AND x.quote_amount > 1000000 ORDER BY x.position DESC LIMIT 1) x)::int AS pool_fee_bps
FROM tokens t JOIN curves c ON c.mint = t.mint LEFT JOIN pools p ON p.mint = t.mint AND p.canonical
WHERE t.mint = :mint"""


async def depth_source(look: Look, mint: str) -> asyncpg.Record | None:
    """The curve and the pool of a token as indexed; `segments` and `sale` are JSON text."""
    return await look.row(_SOURCE, mint=mint)


class Trader(NamedTuple):
    """What one wallet did with one token: sums in base units and lamports, fees settled."""

    owner: str
    balance: int
    bought: int
    sold: int
    spent: int
    received: int
    first_trade_at: datetime
    last_trade_at: datetime
    is_creator: bool


# By the average of all buys, of which what was sent away took its part along.
_SOLD = "least(h.base_sold, h.base_bought)"
_RESULT = f"""h.quote_received + floor(h.balance * c.price)
  - h.quote_spent * ({_SOLD} + least(h.balance, h.base_bought - {_SOLD})) / greatest(h.base_bought, 1)"""
_ORDERS = {
    "profit": f"{_RESULT} DESC",
    "loss": f"{_RESULT} ASC",
    "bought": "h.quote_spent DESC",
    "sold": "h.quote_received DESC",
    "held": "h.balance DESC",
}
_TRADERS = f"""SELECT h.owner, h.balance::text, h.base_bought::text, h.base_sold::text, h.quote_spent, h.quote_received,
  coalesce(h.first_trade_at, t.launched_at), h.last_trade_at, h.owner = t.creator
FROM tokens t JOIN curves c ON c.mint = t.mint JOIN holders h ON h.mint = t.mint
WHERE t.mint = :mint AND h.last_trade_at IS NOT NULL AND h.owner <> ALL ({POOLS}) AND h.owner <> c.address
ORDER BY {{order}}, h.owner LIMIT :limit"""  # noqa: S608 - fixed text


async def traders(look: Look, mint: str, order: str, limit: int) -> list[Trader]:
    """Wallets that traded a token, first by `order`: profit, loss, bought, sold or held."""
    rows = await look.rows(_TRADERS.format(order=_ORDERS[order]), mint=mint, limit=limit)
    return [Trader(row[0], int(row[1]), int(row[2]), int(row[3]), *list(row)[4:]) for row in rows]


class Fill(NamedTuple):
    """A wallet's trade of the token: base units, and lamports with fees settled."""

    trader: str
    is_buy: bool
    base: Decimal
    lamports: int


# A claim of a batch launch is a buy at what the tokens cost.
_FILLS = """SELECT f.trader, f.is_buy, f.base, f.lamports FROM unnest(
    CAST(:wallets AS text[]), CAST(:since AS timestamptz[]), CAST(:until AS timestamptz[])) AS w (wallet, since, until)
  CROSS JOIN LATERAL (
    (SELECT x.trader, x.side = 'buy' AS is_buy, x.base_amount AS base, x.quote_amount + CASE x.side WHEN 'buy' THEN 1
        ELSE -1 END * (x.protocol_fee + x.creator_fee + x.referrer_fee + x.launch_fee + x.liquidity_fee) AS lamports,
      x.position, x.signature, x.instruction, x.inner
    FROM trades x WHERE x.mint = :mint AND x.trader = w.wallet
      AND x.traded_at >= w.since AND x.traded_at <= w.until ORDER BY x.position LIMIT :most + 1)
    UNION ALL
    SELECT d.wallet, true, d.base_amount, d.paid, d.position, '', 0, 0 FROM deposits d
    WHERE d.mint = :mint AND d.wallet = w.wallet AND d.claimed_at IS NOT NULL AND d.base_amount IS NOT NULL) f
  ORDER BY f.position, f.signature, f.instruction, f.inner"""


async def fills(look: Look, mint: str, of: Sequence[Trader], most: int = MOST_FILLS) -> list[Fill]:
    """The trades of these wallets in a token, in chain order; at most `most` + 1 of each wallet."""
    rows = await look.rows(
        _FILLS,
        mint=mint,
        wallets=[one.owner for one in of],
        since=[one.first_trade_at for one in of],
        until=[one.last_trade_at for one in of],
        most=most,
    )
    return [Fill(*row) for row in rows]
