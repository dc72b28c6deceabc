"""All SQL of fees: money by its transaction, and the routers that events tell of."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from launchpad.db import Look

_MOST = 100
_KINDS = 8
# What a trade left for whom; the liquidity's and the launch fee's lamports stay where they are, and what
# another venue takes is that venue's.
_OURS = "CASE WHEN t.venue <> 'raydium' THEN"
_OF_TRADE = f"""(VALUES ('protocol', {_OURS} t.protocol_fee ELSE 0 END, NULL),
  ('creator', {_OURS} t.creator_fee ELSE 0 END, NULL),
  ('venue', {_OURS} 0 ELSE t.protocol_fee + t.creator_fee END, t.pool),
  ('referrer', t.referrer_fee, t.referrer), ('lp', t.liquidity_fee, t.pool), ('launch', t.launch_fee, NULL))
  AS f (kind, amount, recipient)"""
# What other events are about: kind, flow, source, the payload's amount and who got it.
_OF_EVENT = """(VALUES
  ('TokenLaunched', 'protocol', 'paid', 'creation', 'creation_fee', ''),
  ('Graduated', 'keeper', 'paid', 'graduation', 'reward', 'keeper'),
  ('FeesCollected', 'router', 'earned', 'collected', 'amount', 'router'),
  ('LamportsReceived', 'router', 'earned', 'received', 'amount', 'router'),
  ('SharePaid', 'router', 'paid', 'share', 'amount', 'recipient'))
  AS f (name, kind, flow, source, amount, recipient)"""
_EVENT_NAMES = "('TokenLaunched', 'Graduated', 'FeesCollected', 'LamportsReceived', 'SharePaid')"

_TRADES = f"""SELECT f.kind, 'earned' AS flow, 'trade' AS source, f.amount::numeric AS amount, t.mint, f.recipient,
  t.signature, t.instruction, t.inner, t.position, t.traded_at AS at
  FROM trades t CROSS JOIN LATERAL {_OF_TRADE} WHERE f.amount > 0"""  # noqa: S608 - our own text
# A claim of another pool of a token names no mint: its pool does.
_CLAIMS = """SELECT t.kind, 'paid' AS flow, 'claim' AS source, t.amount::numeric AS amount,
  coalesce(t.mint, p.mint) AS mint, t.recipient, t.signature, t.instruction, t.inner, t.position, t.claimed_at AS at
  FROM fee_events t LEFT JOIN pools p ON p.address = t.pool WHERE t.amount > 0"""
_EVENTS = f"""SELECT f.kind, f.flow, f.source, (t.payload ->> f.amount)::numeric AS amount, t.mint,
  t.payload ->> f.recipient AS recipient, t.signature, t.instruction, t.inner, t.position, t.block_time AS at
  FROM chain_events t JOIN {_OF_EVENT} ON f.name = t.name
  WHERE t.name IN {_EVENT_NAMES} AND (t.payload ->> f.amount)::numeric > 0"""  # noqa: S608 - our own text
# Who an event makes creator, owner or next owner of a router, as the index of it says.
_PERSON = "coalesce(e.payload ->> 'new_owner', e.payload ->> 'pending_owner', e.payload ->> 'creator')"
_ORDER = 'position DESC, signature DESC, instruction DESC, "inner" DESC, kind DESC'


class MoneyPlace(NamedTuple):
    """Where a row of money stands in lists."""

    position: int
    signature: str
    instruction: int
    inner: int
    kind: str


async def money(
    look: Look, limit: int, mint: str | None, kind: str | None, after: MoneyPlace | None
) -> list[Mapping[str, Any]]:
    """Every lamport that was earned or paid, newest first, of one token or kind where they are named."""
    reached = "AND t.position <= :position" if after else ""
    parts = [f"({part} {_mint(part, mint)} {reached} {_kind(part, kind)})" for part in (_TRADES, _CLAIMS, _EVENTS)]
    older = """WHERE (m.position, m.signature, m.instruction, m."inner", m.kind)
        < (:position, :signature, :instruction, :inner, :last)"""
    newest = f"AS p ORDER BY {_ORDER} LIMIT :reach"
    united = " UNION ALL ".join(f"(SELECT * FROM {part} {newest})" for part in parts)  # noqa: S608 - our own text
    statement = f"""SELECT m.*, k.symbol FROM ({united}) m LEFT JOIN tokens k ON k.mint = m.mint
      {older if after else ""} ORDER BY {_ORDER} LIMIT :limit"""  # noqa: S608 - our own text
    # The last position shown can have a row of each kind, which come again and are left out.
    values: dict[str, Any] = {"limit": limit, "reach": limit + _KINDS}
    values |= {"mint": mint} if mint else {}
    values |= {"kind": kind} if kind else {}
    if after:
        values |= {"position": after.position, "signature": after.signature, "instruction": after.instruction}
        values |= {"inner": after.inner, "last": after.kind}
    return [dict(row) for row in await look.rows(statement, **values)]


async def fee_facts(look: Look, mint: str) -> Mapping[str, Any] | None:
    """What is stored of a token that its fees depend on; `sale` are its terms as JSON text."""
    statement = """
    SELECT c.mint, c.creator, c.protocol_fee_bps, c.creator_fee_bps, c.referrer_share_bps, c.opened_at,
      c.graduated_into, c.pool_address AS pool, p.creator AS pool_creator, p.creator_fee_bps AS pool_creator_bps,
      (SELECT s.sale FROM sale_terms s WHERE s.address = c.terms)::text AS sale,
      EXISTS (SELECT FROM chain_events e WHERE e.program = 'fee_router' AND e.name = 'RouterCreated'
        AND e.payload ->> 'router' = c.creator) AS routed
    FROM curves c LEFT JOIN pools p ON p.mint = c.mint AND p.canonical AND c.graduated_into = 'amm'
    WHERE c.mint = :mint"""
    return await look.row(statement, mint=mint)


async def routers_of(look: Look, wallet: str) -> list[Mapping[str, Any]]:
    """Routers that a wallet created, owned, was offered or had a share in, newest first."""
    statement = f"""
    WITH named AS (
      SELECT e.payload ->> 'router' AS router FROM chain_events e
      WHERE {_PERSON} = :wallet AND e.name IN ('RouterCreated', 'OwnerProposed', 'OwnerChanged')
      UNION SELECT e.payload ->> 'router' FROM chain_events e
      WHERE e.name = 'SharesApplied'
        AND e.payload -> 'shares' @> jsonb_build_array(jsonb_build_object('wallet', cast(:wallet AS text))))
    SELECT c.payload ->> 'router' AS address, c.payload ->> 'creator' AS creator, c.block_time AS created_at,
      coalesce((SELECT o.payload ->> 'new_owner' FROM chain_events o WHERE o.program = 'fee_router'
        AND o.name = 'OwnerChanged' AND o.payload ->> 'router' = n.router
        ORDER BY o.position DESC LIMIT 1), c.payload ->> 'owner') AS owner
    FROM named n JOIN chain_events c
      ON c.program = 'fee_router' AND c.name = 'RouterCreated' AND c.payload ->> 'router' = n.router
    ORDER BY c.position DESC LIMIT :most"""  # noqa: S608 - our own text
    return [dict(row) for row in await look.rows(statement, wallet=wallet, most=_MOST)]


async def tokens_of(look: Look, router: str) -> list[Mapping[str, Any]]:
    """Tokens whose creator a router is, or that it was to release; newest first, with what they owe it."""
    statement = """
    SELECT t.mint, t.name, t.symbol, t.creator, coalesce(c.creator_fees, 0) + coalesce(
      (SELECT sum(p.creator_fees) FROM pools p WHERE p.mint = t.mint AND p.canonical), 0) AS owed
    FROM tokens t LEFT JOIN curves c ON c.mint = t.mint
    WHERE t.creator = :router OR t.mint IN (
      SELECT e.payload ->> 'mint' FROM chain_events e
      WHERE e.program = 'fee_router' AND e.name = 'ReleaseProposed' AND e.payload ->> 'router' = :router)
    ORDER BY t.creator = :router DESC, t.launched_at DESC, t.mint LIMIT :most"""
    return [dict(row) for row in await look.rows(statement, router=router, most=_MOST)]


def _mint(part: str, mint: str | None) -> str:
    if mint is None:
        return ""
    pools = " OR t.pool IN (SELECT address FROM pools WHERE mint = :mint)" if part is _CLAIMS else ""
    return f"AND (t.mint = :mint{pools})"


def _kind(part: str, kind: str | None) -> str:
    if kind is None:
        return ""
    return "AND t.kind = :kind" if part is _CLAIMS else "AND f.kind = :kind"
