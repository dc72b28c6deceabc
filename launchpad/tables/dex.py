"""Launches on several venues at once."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, SmallInteger, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from launchpad.tables.base import Base_u64, Instant, Lamports, Table


class MultiLaunch(Table):
    """Liquidity of one wallet that was divided between venues."""

    __tablename__ = "multi_launches"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    wallet: Mapped[str] = mapped_column(String(44), index=True)
    mint: Mapped[str] = mapped_column(String(44))
    base_amount: Mapped[Decimal] = mapped_column(Base_u64)
    quote_amount: Mapped[int] = mapped_column(Lamports)
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=text("now()"))


class MultiLaunchItem(Table):
    """One venue's part. `address` is the pool or the coin; nothing can land after `last_valid_block_height`."""

    __tablename__ = "multi_launch_items"

    launch_id: Mapped[UUID] = mapped_column(ForeignKey("multi_launches.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    venue: Mapped[str] = mapped_column(String(16))
    share_bps: Mapped[int] = mapped_column(SmallInteger)
    base_amount: Mapped[Decimal] = mapped_column(Base_u64)
    quote_amount: Mapped[int] = mapped_column(Lamports)
    status: Mapped[str] = mapped_column(String(8))  # built, open, expired, refused
    address: Mapped[str | None] = mapped_column(String(44))
    last_valid_block_height: Mapped[int | None] = mapped_column(Lamports)
    error: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    opened_at: Mapped[datetime | None] = mapped_column(Instant)
