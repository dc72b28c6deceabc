"""Pools, as the chain has them."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from launchpad.tables.base import Base_u64, Instant, Lamports, Table


class Pool(Table):
    """The present state of a token's pool against SOL, after its newest indexed event.

    `canonical` is the one pool of a graduate. `lp_supply` counts the shares that nobody holds;
    the fees are what is not claimed yet and not part of the reserves.
    """

    __tablename__ = "pools"

    address: Mapped[str] = mapped_column(String(44), primary_key=True)
    mint: Mapped[str] = mapped_column(String(44))
    lp_mint: Mapped[str] = mapped_column(String(44))
    canonical: Mapped[bool]
    opener: Mapped[str] = mapped_column(String(44))
    creator: Mapped[str | None] = mapped_column(String(44), index=True)
    creator_fee_bps: Mapped[int] = mapped_column(SmallInteger)
    venue: Mapped[str] = mapped_column(String(8), server_default="amm")  # amm, raydium
    base_reserve: Mapped[Decimal] = mapped_column(Base_u64)
    quote_reserve: Mapped[int] = mapped_column(Lamports)
    lp_supply: Mapped[Decimal] = mapped_column(Base_u64)
    protocol_fees: Mapped[int] = mapped_column(Lamports, server_default=text("0"))
    creator_fees: Mapped[int] = mapped_column(Lamports, server_default=text("0"))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    last_trade_at: Mapped[datetime | None] = mapped_column(Instant)
    trade_count: Mapped[int] = mapped_column(Lamports, server_default=text("0"))
    volume_quote: Mapped[int] = mapped_column(Lamports, server_default=text("0"))
    # The event that wrote this row last: later events win, replays change nothing.
    position: Mapped[int] = mapped_column(Lamports)
    fees_position: Mapped[int] = mapped_column(Lamports, server_default=text("0"))

    __table_args__ = (
        Index("ix_pools_mint", "mint"),
        Index("ix_pools_canonical", "mint", unique=True, postgresql_where=text("canonical")),
    )
