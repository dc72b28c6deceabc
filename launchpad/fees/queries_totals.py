"""All SQL of running totals: what is final is folded into them once, what is not yet is added when they are read."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.chain.addresses import WRAPPED_SOL
from launchpad.db import Look

_JOB = "revenue"
# Which field of which event is whose money; 'once' is what was paid without ever waiting. What a name
# with a plus says is worked out below.
_FIELDS = """(VALUES
  ('bonding_curve', 'Traded', NULL, 'protocol', 'earned', 'protocol_fee'),
  ('bonding_curve', 'Traded', NULL, 'creator', 'earned', 'creator_fee'),
  ('bonding_curve', 'Traded', NULL, 'referrer', 'earned', 'referrer_fee'),
  ('bonding_curve', 'Traded', NULL, 'launch', 'earned', 'launch_fee'),
  ('amm', 'Swapped', NULL, 'protocol', 'earned', 'protocol_fee'),
  ('amm', 'Swapped', NULL, 'creator', 'earned', 'creator_fee'),
  ('amm', 'Swapped', NULL, 'lp', 'earned', 'lp_fee'),
  ('raydium', 'Swapped', NULL, 'lp', 'earned', '+liquidity'),
  ('raydium', 'Swapped', NULL, 'venue', 'earned', '+venue'),
  ('bonding_curve', 'FeesClaimed', 'protocol', 'protocol', 'paid', 'amount'),
  ('bonding_curve', 'FeesClaimed', 'creator', 'creator', 'paid', 'amount'),
  ('bonding_curve', 'FeesClaimed', 'referrer', 'referrer', 'paid', 'amount'),
  ('amm', 'FeesClaimed', 'protocol', 'protocol', 'paid', 'amount'),
  ('amm', 'FeesClaimed', 'creator', 'creator', 'paid', 'amount'),
  ('token_launcher', 'TokenLaunched', NULL, 'protocol', 'once', 'creation_fee'),
  ('bonding_curve', 'Graduated', NULL, 'keeper', 'once', 'reward'),
  ('fee_router', 'FeesCollected', NULL, 'router', 'earned', 'amount'),
  ('fee_router', 'LamportsReceived', NULL, 'router', 'earned', 'amount'),
  ('fee_router', 'SharePaid', NULL, 'router', 'paid', 'amount'))
  AS f (program, name, claim, kind, flow, amount)"""
# Raydium takes its parts, in millionths, out of the trade fee; of sales it takes it in tokens.
_KEPT = """(div((e.payload ->> 'trade_fee')::numeric * (e.payload ->> 'protocol_rate')::numeric, 1000000)
  + div((e.payload ->> 'trade_fee')::numeric * (e.payload ->> 'fund_rate')::numeric, 1000000))"""
_AMOUNT = f"""CASE
  WHEN f.amount = '+liquidity' AND (e.payload ->> 'is_buy')::boolean THEN (e.payload ->> 'trade_fee')::numeric - {_KEPT}
  WHEN f.amount = '+venue' AND (e.payload ->> 'is_buy')::boolean
    THEN {_KEPT} + (e.payload ->> 'creator_fee_in')::numeric
  WHEN f.amount = '+venue' THEN (e.payload ->> 'creator_fee_out')::numeric
  ELSE (e.payload ->> f.amount)::numeric END"""
# The money of some events `e`, a line for each field; pools against anything but SOL earn no lamports.
_LINES = f"""SELECT coalesce(e.mint, '') AS mint, f.kind, f.flow, {_AMOUNT} AS amount,
  CASE WHEN e.program IN ('amm', 'raydium') THEN 'pool' WHEN e.program = 'fee_router' THEN 'router' ELSE 'curve' END
    AS venue
  FROM {{events}} e JOIN {_FIELDS} ON f.program = e.program AND f.name = e.name
    AND (f.claim IS NULL OR f.claim = lower(e.payload ->> 'kind'))
  WHERE {_AMOUNT} > 0 AND (e.program <> 'amm' OR e.payload ->> 'quote_mint' = :sol)"""  # noqa: S608 - our own text
_SUMS = """coalesce(sum(amount) FILTER (WHERE flow = 'earned'), 0) AS earned,
  coalesce(sum(amount) FILTER (WHERE flow <> 'earned'), 0) AS paid,
  coalesce(sum(amount) FILTER (WHERE flow = 'once'), 0) AS at_once"""
_ADD = """ON CONFLICT (mint, venue, kind) DO UPDATE SET earned = t.earned + excluded.earned,
  paid = t.paid + excluded.paid, at_once = t.at_once + excluded.at_once"""
_KNOWN = "(d.venue <> 'pool' OR EXISTS (SELECT FROM curves c WHERE c.mint = d.mint))"

_FOLD = f"""
WITH page AS MATERIALIZED (
  SELECT ordinal, program, name, mint, payload FROM chain_events
  WHERE ordinal > :position
    AND ordinal < coalesce((SELECT min(ordinal) FROM chain_events WHERE NOT finalized), 9223372036854775807)
  ORDER BY ordinal LIMIT :limit),
lines AS ({_LINES.format(events="page")}),
delta AS (SELECT mint, venue, kind, {_SUMS} FROM lines GROUP BY mint, venue, kind),
put AS (
  INSERT INTO revenue_totals AS t (mint, venue, kind, earned, paid, at_once, known)
  SELECT d.mint, d.venue, d.kind, d.earned, d.paid, d.at_once, {_KNOWN} FROM delta d WHERE d.mint <> ''
  {_ADD} RETURNING t.mint, t.venue, t.kind, t.known),
whole AS (
  INSERT INTO revenue_totals AS t (mint, venue, kind, earned, paid, at_once, known)
  SELECT '', venue, kind, sum(d.earned), sum(d.paid), sum(d.at_once), true
  FROM delta d LEFT JOIN put USING (mint, venue, kind) WHERE d.mint = '' OR put.known GROUP BY venue, kind
  {_ADD})
SELECT count(*) AS events, max(ordinal) AS position FROM page"""  # noqa: S608 - our own text

_RECOGNISE = f"""
WITH seen AS (
  UPDATE revenue_totals t SET known = true FROM curves c WHERE NOT t.known AND c.mint = t.mint
  RETURNING t.venue, t.kind, t.earned, t.paid, t.at_once)
INSERT INTO revenue_totals AS t (mint, venue, kind, earned, paid, at_once, known)
SELECT '', venue, kind, sum(earned), sum(paid), sum(at_once), true FROM seen GROUP BY venue, kind
{_ADD}"""  # noqa: S608 - our own text


async def fold_final(session: AsyncSession, limit: int) -> int:
    """Fold the next final events, at most `limit`, into the totals, each once; how many they were.

    Whoever else does it at the same time waits. Nothing final is ever undone, so that no total has to be corrected.
    """
    await session.execute(
        text("INSERT INTO worker_positions (name, position) VALUES (:job, 0) ON CONFLICT DO NOTHING"), {"job": _JOB}
    )
    position = await session.scalar(
        text("SELECT position FROM worker_positions WHERE name = :job FOR UPDATE"), {"job": _JOB}
    )
    given = {"position": position, "limit": limit, "sol": WRAPPED_SOL}
    page = (await session.execute(text(_FOLD), given)).one()
    await session.execute(text(_RECOGNISE))
    if page.events:
        await session.execute(
            text("UPDATE worker_positions SET position = :position WHERE name = :job"),
            {"position": page.position, "job": _JOB},
        )
    return int(page.events)


async def totals(look: Look, mint: str | None) -> list[Mapping[str, Any]]:
    """What each kind earned by waiting for it, was paid, and was paid of it at once; of one token or of all.

    The running totals with what came since, all of one moment.
    """
    wanted = "AND mint = :mint" if mint else ""
    newer = f"""(SELECT * FROM chain_events WHERE ordinal > (
      SELECT coalesce(max(position), 0) FROM worker_positions WHERE name = :job) {wanted})"""  # noqa: S608 - our own text
    since = f"""SELECT kind, {_SUMS} FROM ({_LINES.format(events=newer)}) d
      WHERE {"true" if mint else _KNOWN} GROUP BY kind"""  # noqa: S608 - our own text
    statement = f"""SELECT kind, sum(earned) AS earned, sum(paid) AS paid, sum(at_once) AS at_once FROM (
      SELECT kind, earned, paid, at_once FROM revenue_totals WHERE mint = :mint UNION ALL {since}
    ) m GROUP BY kind"""  # noqa: S608 - our own text
    return [dict(row) for row in await look.rows(statement, mint=mint or "", sol=WRAPPED_SOL, job=_JOB)]
