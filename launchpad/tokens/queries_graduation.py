"""The SQL of what a graduation did and what its curve released afterwards, and of who was admitted before."""

from typing import Any

import asyncpg

from launchpad.db import Look

_RELEASES = """(SELECT json_agg(json_build_object('kind', r.kind, 'amount', r.amount::text, 'schedule', r.schedule,
    'beneficiary', r.beneficiary, 'until', r.until, 'released_at', r.released_at, 'signature', r.signature)
    ORDER BY r.released_at, r.kind)
  FROM graduation_releases r WHERE r.mint = c.mint)::text AS releases"""


async def graduation(look: Look, mint: str) -> asyncpg.Record | None:
    """What a token's graduation did; `releases` is JSON text, `payout` that of its terms. None before it."""
    statement = f"""SELECT c.graduation_signature, c.graduation_slot, {_RELEASES},
      (SELECT s.sale -> 'graduation' -> 'payout' FROM sale_terms s WHERE s.address = c.terms)::text AS payout
    FROM curves c WHERE c.mint = :mint AND c.graduated_at IS NOT NULL"""  # noqa: S608  fixed text
    return await look.row(statement, mint=mint)


async def admissions(look: Look, mint: str) -> dict[str, Any]:
    """How many wallets took a place in an opening with rules, and by which tier they were admitted."""
    statement = """SELECT count(*) AS positions, count(allowlisted_at) AS allowlist, count(pledged_at) AS holders
    FROM positions WHERE mint = :mint"""
    return dict((await look.rows(statement, mint=mint))[0])


async def position(look: Look, mint: str, wallet: str) -> asyncpg.Record | None:
    """A wallet's place in an opening with rules, with what it bought until they ended."""
    statement = """SELECT p.address, p.opened_at, p.allowlisted_at, p.pledged_at, p.closed_at,
      coalesce(p.bought, (SELECT coalesce(sum(t.base_amount), 0) FROM trades t
        WHERE t.mint = p.mint AND t.trader = p.wallet AND t.side = 'buy' AND t.venue = 'curve'
          AND t.traded_at < c.rules_end))::text AS bought
    FROM positions p JOIN curves c ON c.mint = p.mint WHERE p.mint = :mint AND p.wallet = :wallet"""
    return await look.row(statement, mint=mint, wallet=wallet)
