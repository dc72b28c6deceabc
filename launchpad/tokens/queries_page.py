"""The SQL of a token's page: all of it in one statement, and its holders."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.db import Look
from launchpad.tokens.queries import (
    ESCROWS,
    ESCROWS_THAT_HOLD,
    FIGURES,
    LARGEST_FIRST,
    MARKET,
    POOLS,
    TRADING_FROM,
    WORTH,
)

_ABOUT = """t.mint, t.name, t.symbol, t.image_uri, t.creator, t.decimals, t.supply, t.launched_at, t.description,
  t.banner_uri, t.links, t.uri, t.metadata_hash, t.token_program, t.launch_record, t.supply_mode, t.update_authority,
  t.first_buy_lock, t.creation_fee, t.signature,
  c.address, c.status, c.price, c.sold, c.sale_supply, c.liquidity_supply, c.quote_reserve, c.raise_target,
  c.last_trade_at, c.trade_count, c.volume_quote, c.opened_at, c.deadline, c.completed_at, c.graduated_at,
  c.pool_address, c.graduated_into, c.burned, c.team_payout, c.treasury_payout, c.locked_until,
  c.virtual_base, c.virtual_quote, c.protocol_fee_bps, c.creator_fee_bps, c.referrer_share_bps,
  c.protocol_fees, c.creator_fees, c.segments, c.rules_end,
  (SELECT s.sale FROM sale_terms s WHERE s.address = c.terms)::text AS sale"""

# What someone who holds the token is to it.
_ROLE = f"""CASE WHEN h.owner = c.address THEN 'curve' WHEN h.owner = t.launch_record THEN 'launcher'
  WHEN h.owner = t.creator THEN 'creator'
  WHEN EXISTS (SELECT 1 FROM vesting_schedules v WHERE v.schedule = h.owner) THEN 'vesting'
  WHEN h.owner = ANY ({POOLS}) THEN 'pool' ELSE 'holder' END"""  # noqa: S608  fixed text

_ALLOCATIONS = """(SELECT json_agg(json_build_object('bucket', a.bucket, 'bps', a.bps, 'amount', a.amount::text,
    'owner', a.owner) ORDER BY a.bps DESC, a.bucket)
  FROM allocations a WHERE a.mint = t.mint)::text AS allocations"""

_WINDOWS = """(SELECT json_agg(json_build_object('name', w.name, 'buys', w.buys, 'sells', w.sells,
    'volume', w.volume::text, 'high', w.high::text, 'low', w.low::text, 'before', coalesce(
      (SELECT k.close FROM candles k WHERE k.mint = t.mint AND k.interval = w.step
         AND k.bucket <= now() - w.span ORDER BY k.bucket DESC LIMIT 1),
      (SELECT k.open FROM candles k WHERE k.mint = t.mint AND k.interval = 60 ORDER BY k.bucket LIMIT 1),
      c.price)::text))
  FROM (
    SELECT v.name, v.span, v.step, coalesce(sum(k.buys), 0) AS buys, coalesce(sum(k.sells), 0) AS sells,
      coalesce(sum(k.volume_quote), 0)::bigint AS volume, max(k.high) AS high, min(k.low) AS low
    FROM (VALUES ('5m', interval '5 minutes', 15), ('1h', interval '1 hour', 60),
                 ('6h', interval '6 hours', 300), ('24h', interval '24 hours', 900)) AS v (name, span, step)
    LEFT JOIN candles k ON k.mint = t.mint AND k.interval = v.step AND k.bucket > now() - v.span
    GROUP BY v.name, v.span, v.step) w)::text AS windows"""

_TOTALS = f"""
  people.traders,
  (SELECT coalesce(sum(f.amount), 0)::bigint FROM fee_events f WHERE f.mint = t.mint AND f.kind = 'protocol')
    AS protocol_claimed,
  (SELECT coalesce(sum(f.amount), 0)::bigint FROM fee_events f WHERE f.mint = t.mint AND f.kind = 'creator')
    AS creator_claimed,
  (SELECT coalesce(sum(p.protocol_fees), 0)::bigint FROM pools p WHERE p.mint = t.mint AND p.canonical)
    AS pool_protocol_fees,
  (SELECT coalesce(sum(p.creator_fees), 0)::bigint FROM pools p WHERE p.mint = t.mint AND p.canonical)
    AS pool_creator_fees,
  (SELECT coalesce(sum(top.balance), 0) FROM (
     SELECT h.balance FROM holders h WHERE h.mint = t.mint AND h.magnitude > 0 AND h.owner <> ALL ({ESCROWS})
     ORDER BY {LARGEST_FIRST} LIMIT 10) top)
    AS top_10"""  # noqa: S608  fixed text

_TOP_HOLDERS = f"""(SELECT json_agg(json_build_object('owner', h.owner, 'balance', h.balance::text,
    'share_bps', div(h.balance * 10000, greatest(t.supply, 1))::int, 'role', h.role))
  FROM (SELECT h.owner, h.balance, {_ROLE} AS role FROM holders h
        WHERE h.mint = t.mint AND h.magnitude > 0 ORDER BY {LARGEST_FIRST} LIMIT 20) h)::text
  AS top_holders"""  # noqa: S608  fixed text

# Both counts in one pass: of all that the page tells these alone take longer the more holders there are.
_PEOPLE = f"""LATERAL (
  SELECT count(*) FILTER (WHERE h.balance > 0) - {ESCROWS_THAT_HOLD} AS holders,
    count(*) FILTER (WHERE h.base_bought > 0 OR h.base_sold > 0) AS traders
  FROM holders h WHERE h.mint = t.mint) people"""  # noqa: S608  fixed text

_PAGE = f"""SELECT {_ABOUT}, {MARKET}, {WORTH}, {FIGURES}, {_ALLOCATIONS}, {_WINDOWS}, {_TOTALS}, {_TOP_HOLDERS},
  EXISTS (SELECT 1 FROM vesting_schedules v WHERE v.mint = t.mint) AS vests,
  EXISTS (SELECT 1 FROM batches b WHERE b.mint = t.mint) AS has_batch
FROM tokens t JOIN curves c ON c.mint = t.mint LEFT JOIN token_metrics m ON m.mint = t.mint
  CROSS JOIN {TRADING_FROM} CROSS JOIN {_PEOPLE}
WHERE t.mint = :mint"""  # noqa: S608  (same)


async def token_page(look: Look, mint: str) -> asyncpg.Record | None:
    """Everything about one token; `allocations`, `windows` and `top_holders` are JSON text with amounts as strings."""
    return await look.row(_PAGE, mint=mint)


async def sale_terms(look: Look, mint: str) -> str | None:
    """The terms of a token's sale as JSON text; None where it names none."""
    statement = """SELECT s.sale::text AS sale FROM curves c JOIN sale_terms s ON s.address = c.terms
    WHERE c.mint = :mint"""
    row = await look.row(statement, mint=mint)
    return row["sale"] if row else None


async def investors(session: AsyncSession, mint: str) -> int:
    """How many wallets ever bought the token."""
    statement = "SELECT count(*) FROM holders WHERE mint = :mint AND base_bought > 0"
    return int(await session.scalar(text(statement), {"mint": mint}) or 0)


async def referrals(look: Look, mint: str) -> asyncpg.Record:
    """What referrers brought and earned with a token."""
    statement = """SELECT count(DISTINCT referrer) AS referrers, count(*) AS trades,
      coalesce(sum(quote_amount), 0)::bigint AS volume, coalesce(sum(referrer_fee), 0)::bigint AS earned
    FROM trades WHERE mint = :mint AND referrer IS NOT NULL"""
    return (await look.rows(statement, mint=mint))[0]


async def holders(look: Look, mint: str, limit: int, after: tuple[Decimal, str] | None = None) -> list[dict[str, Any]]:
    """Wallets that hold some, largest first: the fields of a HolderView."""
    beyond = (
        "AND (h.magnitude, h.balance, h.owner) < "
        "(length(trunc(CAST(:balance AS numeric))::text), CAST(:balance AS numeric), CAST(:owner AS text))"
        if after
        else ""
    )
    statement = f"""
    SELECT h.owner, h.balance::text AS balance, div(h.balance * 10000, greatest(t.supply, 1))::int AS share_bps,
      {_ROLE} AS role
    FROM holders h JOIN tokens t ON t.mint = h.mint JOIN curves c ON c.mint = h.mint
    WHERE h.mint = :mint AND h.magnitude > 0 {beyond}
    ORDER BY {LARGEST_FIRST} LIMIT :limit"""  # noqa: S608  fixed text
    place = {"balance": after[0], "owner": after[1]} if after else {}
    return [dict(row) for row in await look.rows(statement, mint=mint, limit=limit, **place)]


async def largest_holders(look: Look, mints: Sequence[str], limit: int) -> list[dict[str, Any]]:
    """The largest `limit` of each of several tokens, with `mint`, in one statement."""
    statement = f"""
    SELECT v.* FROM unnest(CAST(:mints AS text[])) AS asked (mint) CROSS JOIN LATERAL (
      SELECT h.mint, h.owner, h.balance::text AS balance,
        div(h.balance * 10000, greatest(t.supply, 1))::int AS share_bps, {_ROLE} AS role
      FROM holders h JOIN tokens t ON t.mint = h.mint JOIN curves c ON c.mint = h.mint
      WHERE h.mint = asked.mint AND h.magnitude > 0 ORDER BY {LARGEST_FIRST} LIMIT :limit) v"""  # noqa: S608  fixed text
    return [dict(row) for row in await look.rows(statement, mints=list(mints), limit=limit)]
