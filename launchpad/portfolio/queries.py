"""All SQL of portfolios."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import and_, case, func, or_, select, text
from sqlalchemy.engine import Row, RowMapping
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.tables.accounts import Account
from launchpad.tables.markets import Candle
from launchpad.tables.pools import Pool
from launchpad.tables.tokens import Curve, Token
from launchpad.tables.trades import FeeEvent


async def holdings(session: AsyncSession, wallet: str) -> Sequence[RowMapping]:
    """Every token that the wallet holds or ever traded, with its present price and that of a day ago."""
    statement = """
    SELECT h.mint, h.balance, h.first_trade_at, h.last_trade_at, t.name, t.symbol, t.image_uri, t.decimals,
      c.status, c.price, coalesce(
        (SELECT k.close FROM candles k WHERE k.mint = h.mint AND k.interval = 60
           AND k.bucket <= now() - interval '24 hours' ORDER BY k.bucket DESC LIMIT 1),
        (SELECT k.open FROM candles k WHERE k.mint = h.mint AND k.interval = 60 ORDER BY k.bucket LIMIT 1),
        c.price) AS price_24h_ago
    FROM holders h JOIN tokens t ON t.mint = h.mint JOIN curves c ON c.mint = h.mint
    WHERE h.owner = :wallet AND (h.balance > 0 OR h.base_bought > 0 OR h.base_sold > 0)"""
    return (await session.execute(text(statement), {"wallet": wallet})).mappings().all()


async def display_name(session: AsyncSession, wallet: str) -> str | None:
    """The name that the wallet's owner chose, if any."""
    return (await session.scalars(select(Account.display_name).where(Account.address == wallet))).one_or_none()


async def creator_fees(session: AsyncSession, wallet: str) -> Sequence[Row[tuple[str, str, str, int, int]]]:
    """Mint, name, symbol, claimable and claimed fees of every token whose curve or own pool pays this wallet.

    Largest first.
    """
    claimed = (
        select(func.coalesce(func.sum(FeeEvent.amount), 0))
        .where(FeeEvent.mint == Curve.mint, FeeEvent.kind == "creator", FeeEvent.recipient == wallet)
        .scalar_subquery()
    )
    on_curve = case((Curve.creator == wallet, Curve.creator_fees), else_=0)
    in_pool = case((Pool.creator == wallet, Pool.creator_fees), else_=0)
    claimable = (on_curve + in_pool).label("claimable")
    statement = (
        select(Curve.mint, Token.name, Token.symbol, claimable, claimed)
        .join(Token, Token.mint == Curve.mint)
        .outerjoin(Pool, and_(Pool.mint == Curve.mint, Pool.canonical))
        .where(or_(Curve.creator == wallet, Pool.creator == wallet))
        .order_by(claimable.desc(), Curve.mint)
        .limit(100)
    )
    return (await session.execute(statement)).all()


async def created(session: AsyncSession, wallet: str) -> list[str]:
    """Mints that the wallet launched, newest first."""
    statement = select(Token.mint).where(Token.creator == wallet).order_by(Token.launched_at.desc()).limit(100)
    return list(await session.scalars(statement))


async def closes(
    session: AsyncSession, mints: Sequence[str], interval: int, since: datetime
) -> Sequence[Row[tuple[str, datetime, Decimal]]]:
    """Closing prices of several tokens from `since` on, oldest first, each with the last one before."""
    before = (
        select(Candle.mint, func.max(Candle.bucket).label("bucket"))
        .where(Candle.mint.in_(mints), Candle.interval == interval, Candle.bucket < since)
        .group_by(Candle.mint)
        .subquery()
    )
    first = func.coalesce(before.c.bucket, since)
    statement = (
        select(Candle.mint, Candle.bucket, Candle.close)
        .outerjoin(before, before.c.mint == Candle.mint)
        .where(Candle.mint.in_(mints), Candle.interval == interval, Candle.bucket >= first)
        .order_by(Candle.bucket)
    )
    return (await session.execute(statement)).all()
