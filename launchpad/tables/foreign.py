"""Trades of programs that are not ours, and the curves and pools in which they happened."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import Index, Numeric, SmallInteger, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from launchpad.tables.base import Base_u64, Instant, Lamports, Price, Table


class ForeignTradeRow(Table):
    """One trade of a foreign program; amounts of both sides in base units, for quotes are not always lamports."""

    __tablename__ = "foreign_trades"

    signature: Mapped[str] = mapped_column(String(88), primary_key=True)
    instruction: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    inner: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    program: Mapped[str] = mapped_column(String(32), primary_key=True)  # a name of launchpad/chain/foreign/data
    kind: Mapped[str] = mapped_column(String(8))  # curve, pool
    position: Mapped[int] = mapped_column(Lamports)
    slot: Mapped[int] = mapped_column(Lamports)
    traded_at: Mapped[datetime] = mapped_column(Instant)
    pool: Mapped[str] = mapped_column(String(44))
    mint: Mapped[str] = mapped_column(String(44))
    quote_mint: Mapped[str] = mapped_column(String(44))
    trader: Mapped[str] = mapped_column(String(44))
    side: Mapped[str] = mapped_column(String(4))  # buy, sell
    base_amount: Mapped[Decimal] = mapped_column(Base_u64)
    quote_amount: Mapped[Decimal] = mapped_column(Base_u64)
    fees: Mapped[dict[str, str]] = mapped_column(JSONB)  # amounts as decimal strings, by name
    base_reserve: Mapped[Decimal | None] = mapped_column(Base_u64)
    quote_reserve: Mapped[Decimal | None] = mapped_column(Base_u64)
    price: Mapped[Decimal] = mapped_column(Price)
    finalized: Mapped[bool] = mapped_column(server_default=text("false"))

    __table_args__ = (
        Index("ix_foreign_trades_mint_position", "mint", text("position DESC")),
        Index("ix_foreign_trades_pool_position", "pool", text("position DESC")),
        Index("ix_foreign_trades_unfinalized", "slot", postgresql_where=text("NOT finalized")),
    )


class ForeignPool(Table):
    """A curve or pool of a foreign program, as its trades leave it. `position` is that of the newest one."""

    __tablename__ = "foreign_pools"

    pool: Mapped[str] = mapped_column(String(44), primary_key=True)
    program: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(8))
    mint: Mapped[str] = mapped_column(String(44), index=True)
    quote_mint: Mapped[str] = mapped_column(String(44))
    position: Mapped[int] = mapped_column(Lamports)
    price: Mapped[Decimal] = mapped_column(Price)
    base_reserve: Mapped[Decimal | None] = mapped_column(Base_u64)
    quote_reserve: Mapped[Decimal | None] = mapped_column(Base_u64)
    trade_count: Mapped[int] = mapped_column(Lamports)
    volume_quote: Mapped[Decimal] = mapped_column(Numeric(40, 0))
    first_trade_at: Mapped[datetime] = mapped_column(Instant)
    last_trade_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (Index("ix_foreign_pools_last_trade_at", text("last_trade_at DESC")),)
