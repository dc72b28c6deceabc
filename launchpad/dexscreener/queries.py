"""All SQL of the DexScreener adapter. Only final rows are read."""

from collections.abc import Sequence

import asyncpg

from launchpad.chain.addresses import PROGRAMS
from launchpad.db import Look

# As ix_chain_events_liquidity has it, whose condition a statement must repeat.
_OF_LIQUIDITY = "e.name IN ('PoolCreated', 'LiquidityAdded', 'LiquidityRemoved', 'Graduated')"

# How far all sources have come that bring events of ours, as far as that is final, up to the first row that is not.
# Cursors of other programs' trades do not count: they stand still where nobody follows these any more.
_COMPLETE = """SELECT least(
    max(finalized_slot), min(slot), (SELECT min(slot) - 1 FROM chain_events WHERE NOT finalized)) AS slot
FROM cursors WHERE name = ANY(:programs) OR name IN (SELECT address FROM pools WHERE venue = 'raydium')"""

_NEWEST = f"""SELECT slot, extract(epoch FROM block_time)::bigint AS timestamp FROM (
  (SELECT t.slot, t.position, e.block_time FROM trades t JOIN chain_events e USING (signature, instruction, "inner")
   WHERE t.position < :end AND t.finalized ORDER BY t.position DESC LIMIT 1)
  UNION ALL
  (SELECT e.slot, e.position, e.block_time FROM chain_events e
   WHERE {_OF_LIQUIDITY} AND e.position < :end AND e.finalized ORDER BY e.position DESC LIMIT 1)
) newest ORDER BY position DESC LIMIT 1"""  # noqa: S608  fixed text

# A trade of which one side is less than a unit moved nothing that a price could be made of.
SWAPS = """SELECT t.position, t.signature, t.instruction, t.inner, t.slot, t.mint, t.venue, t.side, k.decimals,
  extract(epoch FROM e.block_time)::bigint AS timestamp, coalesce(t.pool, c.address) AS pair, b.address AS batch,
  CASE WHEN b.address IS NULL THEN t.trader ELSE (
    SELECT o.payload ->> 'creator' FROM chain_events o WHERE o.mint = t.mint AND o.name = 'CurveOpened'
    ORDER BY o.position LIMIT 1
  ) END AS maker,
  t.base_amount AS base, t.quote_amount + CASE t.side WHEN 'buy' THEN 1 ELSE -1 END * t.liquidity_fee AS quote,
  t.virtual_base, t.virtual_quote,
  CASE t.venue WHEN 'curve' THEN c.sale_supply - t.sold ELSE t.virtual_base END AS base_reserve,
  CASE t.venue WHEN 'curve' THEN t.quote_reserve ELSE t.virtual_quote END AS quote_reserve
FROM trades t JOIN chain_events e USING (signature, instruction, "inner")
JOIN tokens k ON k.mint = t.mint JOIN curves c ON c.mint = t.mint
LEFT JOIN batches b ON b.mint = t.mint AND b.address = t.trader
WHERE t.position >= :start AND t.position < :end AND t.finalized
  AND t.base_amount > 0 AND t.quote_amount > t.liquidity_fee AND t.virtual_base > 0 AND t.virtual_quote > 0
  AND (t.pool IS NULL OR EXISTS (SELECT FROM pools p WHERE p.address = t.pool))"""

# A graduate's pool is opened by its curve; the wallet that sent the transaction is the keeper.
LIQUIDITY = f"""SELECT e.position, e.signature, e.instruction, e.inner, e.slot, e.name, p.address AS pair, k.decimals,
  extract(epoch FROM e.block_time)::bigint AS timestamp,
  coalesce(e.payload ->> 'provider', e.payload ->> 'keeper', e.payload ->> 'opener') AS maker,
  coalesce(e.payload ->> 'base_amount', e.payload ->> 'base_reserve')::numeric AS base,
  coalesce(e.payload ->> 'quote_amount', e.payload ->> 'quote_reserve')::numeric AS quote,
  coalesce(e.payload ->> 'base_reserve', e.payload ->> 'base_amount')::numeric AS base_reserve,
  coalesce(e.payload ->> 'quote_reserve', e.payload ->> 'quote_amount')::numeric AS quote_reserve
FROM chain_events e JOIN pools p ON p.address = e.payload ->> 'pool' JOIN tokens k ON k.mint = p.mint
WHERE {_OF_LIQUIDITY} AND e.position >= :start AND e.position < :end AND e.finalized
  AND NOT (e.name = 'PoolCreated' AND p.canonical)"""  # noqa: S608  fixed text

_ASSET = """SELECT k.mint, k.name, k.symbol, k.decimals, k.supply, m.circulating
FROM tokens k LEFT JOIN token_metrics m ON m.mint = k.mint
WHERE k.mint = :mint AND EXISTS (
  SELECT FROM chain_events e WHERE e.mint = k.mint AND e.name = 'CurveOpened' AND e.finalized)"""

# A curve's opening is among the first events of its token.
_OPENING = """LATERAL (SELECT o.slot, o.signature, o.block_time, o.payload ->> 'creator' AS creator, o.finalized
  FROM chain_events o WHERE o.mint = k.mint AND o.name = 'CurveOpened' ORDER BY o.position LIMIT 1) o"""

_CURVE = f"""SELECT k.address, k.mint, 'curve' AS venue, o.slot, o.signature, o.creator,
  extract(epoch FROM o.block_time)::bigint AS timestamp, k.protocol_fee_bps + k.creator_fee_bps AS fee_bps
FROM curves k CROSS JOIN {_OPENING} WHERE k.address = :address AND o.finalized"""  # noqa: S608  fixed text

_POOL = f"""SELECT p.address, p.mint, p.venue, e.slot, e.signature, NULL::int AS fee_bps,
  extract(epoch FROM e.block_time)::bigint AS timestamp,
  CASE WHEN p.canonical THEN o.creator ELSE p.opener END AS creator
FROM pools p JOIN curves k ON k.mint = p.mint CROSS JOIN {_OPENING} CROSS JOIN LATERAL (
  SELECT c.slot, c.signature, c.block_time, c.finalized FROM chain_events c
  WHERE p.venue = 'amm' AND c.name = 'PoolCreated' AND c.payload ->> 'pool' = p.address
  UNION ALL
  SELECT g.slot, g.signature, g.block_time, g.finalized FROM chain_events g
  WHERE p.venue = 'raydium' AND g.name = 'Graduated' AND g.signature = k.graduation_signature
) e WHERE p.address = :address AND o.finalized AND e.finalized LIMIT 1"""  # noqa: S608  fixed text


async def complete_slot(look: Look) -> int | None:
    """The last slot up to which every event is stored and final; None where nothing is indexed."""
    row = await look.row(_COMPLETE, programs=list(PROGRAMS))
    return row["slot"] if row else None


async def newest_before(look: Look, end: int) -> asyncpg.Record | None:
    """Slot and time of the newest event before a position."""
    return await look.row(_NEWEST, end=end)


async def swaps(look: Look, start: int, end: int) -> Sequence[asyncpg.Record]:
    """Trades from one position to before another: base units and lamports, with the pair after each."""
    return await look.rows(SWAPS, start=start, end=end)


async def liquidity(look: Look, start: int, end: int) -> Sequence[asyncpg.Record]:
    """Liquidity that came to pools or left them, from one position to before another.

    Who moved it at Raydium is not known; what graduates open there with is.
    """
    return await look.rows(LIQUIDITY, start=start, end=end)


async def asset(look: Look, mint: str) -> asyncpg.Record | None:
    """A token whose launch is final."""
    return await look.row(_ASSET, mint=mint)


async def pair(look: Look, address: str) -> asyncpg.Record | None:
    """A curve or pool whose opening is final."""
    return await look.row(_CURVE, address=address) or await look.row(_POOL, address=address)
