"""Vesting schedules as the chain has them."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import BigInteger, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from launchpad.tables.base import Base_u64, Instant, Lamports, Table


class VestingSchedule(Table):
    """One schedule; `amount` shrinks to what had vested when it is revoked."""

    __tablename__ = "vesting_schedules"

    schedule: Mapped[str] = mapped_column(String(44), primary_key=True)
    mint: Mapped[str] = mapped_column(String(44), index=True)
    grantor: Mapped[str] = mapped_column(String(44))
    beneficiary: Mapped[str] = mapped_column(String(44), index=True)
    amount: Mapped[Decimal] = mapped_column(Base_u64)
    claimed: Mapped[Decimal] = mapped_column(Base_u64, server_default="0")
    starts_at: Mapped[datetime] = mapped_column(Instant)
    cliff_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    period_seconds: Mapped[int] = mapped_column(BigInteger)
    revocable: Mapped[bool]
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    index: Mapped[int] = mapped_column(Integer)
    position: Mapped[int] = mapped_column(Lamports)
