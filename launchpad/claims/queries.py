"""All SQL of what waits for a wallet that no other slice lists."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncSession

_LIMIT = 20


async def refundable(session: AsyncSession, wallet: str) -> Sequence[RowMapping]:
    """Tokens of a wallet whose sale missed its goal: mint, name, symbol, decimals and balance."""
    statement = """SELECT t.mint, t.name, t.symbol, t.decimals, h.balance
    FROM holders h JOIN tokens t ON t.mint = h.mint JOIN curves c ON c.mint = h.mint
    WHERE h.owner = :wallet AND h.balance > 0
      AND (c.status = 'refunding' OR (c.status = 'trading' AND c.deadline <= now()))
    ORDER BY t.mint LIMIT :limit"""
    return await _rows(session, statement, wallet=wallet)


async def open_positions(session: AsyncSession, wallet: str) -> Sequence[RowMapping]:
    """A wallet's places in openings whose rules are over, the newest first: mint, name, and its pledge.

    `pledge` are base units, null without one, of a token with `pledge_symbol` and `pledge_decimals`, where it is
    known. The chain's clock is a little behind ours.
    """
    statement = """SELECT t.mint, t.name,
      CASE WHEN p.pledged_at IS NOT NULL THEN (s.sale -> 'opening' -> 'holders' ->> 'minimum')::numeric END AS pledge,
      k.symbol AS pledge_symbol, k.decimals AS pledge_decimals
    FROM positions p JOIN tokens t ON t.mint = p.mint JOIN curves c ON c.mint = p.mint
    LEFT JOIN sale_terms s ON s.address = c.terms
    LEFT JOIN tokens k ON k.mint = s.sale -> 'opening' -> 'holders' ->> 'mint'
    WHERE p.wallet = :wallet AND p.closed_at IS NULL AND c.rules_end <= now() - interval '2 seconds'
    ORDER BY c.rules_end DESC, t.mint LIMIT :limit"""
    return await _rows(session, statement, wallet=wallet)


async def names(session: AsyncSession, mints: Sequence[str]) -> Sequence[RowMapping]:
    """What mints are: name, symbol and decimals of tokens; shares of pools have their token's and `shares` true."""
    statement = """SELECT t.mint, t.name, t.symbol, t.decimals, false AS shares FROM tokens t WHERE t.mint = ANY(:mints)
    UNION ALL SELECT p.lp_mint, t.name, t.symbol, 9, true FROM pools p JOIN tokens t ON t.mint = p.mint
    WHERE p.lp_mint = ANY(:mints)"""
    return (await session.execute(text(statement), {"mints": list(mints)})).mappings().all()


async def _rows(session: AsyncSession, statement: str, **given: Any) -> Sequence[RowMapping]:
    return (await session.execute(text(statement), given | {"limit": _LIMIT})).mappings().all()
