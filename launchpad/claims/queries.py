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


async def bought_under_rules(session: AsyncSession, wallet: str) -> Sequence[RowMapping]:
    """Tokens that a wallet bought and whose opening rules are over, the newest first: mint, name, symbol."""
    statement = """SELECT t.mint, t.name, t.symbol
    FROM holders h JOIN tokens t ON t.mint = h.mint JOIN curves c ON c.mint = h.mint
    WHERE h.owner = :wallet AND h.base_bought > 0 AND c.rules_end <= now()
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
