"""All SQL that reads trades."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Select, select, tuple_
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.tables.tokens import Curve, Token
from launchpad.tables.trades import Trade

_AnySelect = TypeVar("_AnySelect", bound=Select[Any])

# Position orders trades across the chain; the rest of the key makes the order total.
_ORDER = (Trade.position, Trade.signature, Trade.instruction, Trade.inner)


# Columns instead of objects: a list of a hundred trades is read often and changed never.
_COLUMNS = (
    *_ORDER,
    Trade.mint,
    Trade.side,
    Trade.trader,
    Trade.base_amount,
    Trade.quote_amount,
    Trade.protocol_fee,
    Trade.creator_fee,
    Trade.referrer_fee,
    Trade.price,
    Trade.slot,
    Trade.traded_at,
    Trade.finalized,
)


@dataclass(frozen=True)
class TradePlace:
    """Where a trade stands in lists."""

    position: int
    signature: str
    instruction: int
    inner: int

    @classmethod
    def of(cls, trade: Row[Any]) -> "TradePlace":
        """The place of a trade's row."""
        return cls(trade.position, trade.signature, trade.instruction, trade.inner)


async def of_token(
    session: AsyncSession, mint: str, limit: int, after: TradePlace | None = None, offset: int = 0
) -> Sequence[Row[Any]]:
    """Trades of a token with its decimals, newest first."""
    trades = select(*_COLUMNS, Token.decimals).join(Token, Token.mint == Trade.mint).where(Trade.mint == mint)
    statement = _newest_first(trades, after).limit(limit).offset(offset)
    return (await session.execute(statement)).all()


async def count_of_token(session: AsyncSession, mint: str) -> int:
    """How often a token was traded."""
    return int(await session.scalar(select(Curve.trade_count).where(Curve.mint == mint)) or 0)


async def of_wallet(
    session: AsyncSession, wallet: str, limit: int, after: TradePlace | None = None
) -> Sequence[Row[Any]]:
    """Trades of a wallet with their tokens' names, newest first."""
    names = (Token.name, Token.symbol, Token.image_uri, Token.decimals)
    statement = select(*_COLUMNS, *names).join(Token, Token.mint == Trade.mint).where(Trade.trader == wallet)
    return (await session.execute(_newest_first(statement, after).limit(limit))).all()


def _newest_first(statement: _AnySelect, after: TradePlace | None) -> _AnySelect:
    if after is not None:
        place = (after.position, after.signature, after.instruction, after.inner)
        statement = statement.where(tuple_(*_ORDER) < place)
    return statement.order_by(*(column.desc() for column in _ORDER))


class WalletFill(NamedTuple):
    """One trade of a wallet, bare: base units, lamports without fees, and the sum of its fees."""

    mint: str
    side: str
    base: int
    quote: int
    fees: int
    traded_at: datetime

    @property
    def lamports(self) -> int:
        """What was paid for a buy or received for a sell, fees settled."""
        return self.quote + self.fees if self.side == "buy" else self.quote - self.fees


async def fills_of_wallet(session: AsyncSession, wallet: str) -> list[WalletFill]:
    """Every trade of a wallet, oldest first: what cost bases are folded from."""
    fees = Trade.protocol_fee + Trade.creator_fee + Trade.referrer_fee
    statement = (
        select(Trade.mint, Trade.side, Trade.base_amount, Trade.quote_amount, fees, Trade.traded_at)
        .where(Trade.trader == wallet)
        .order_by(*_ORDER)
    )
    rows = await session.execute(statement)
    return [WalletFill(mint, side, int(base), quote, int(fee), at) for mint, side, base, quote, fee, at in rows]
