"""What sales promise, and the wallets that they admit first."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import String, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from launchpad.tables.base import Base_u64, Instant, Lamports, Table


class SaleTerms(Table):
    """Terms that sales name (`TermsCreated`); `curves.terms` is their address, and their address their content."""

    __tablename__ = "sale_terms"

    address: Mapped[str] = mapped_column(String(44), primary_key=True)
    sale: Mapped[dict[str, Any]] = mapped_column(JSONB)


class Allowlist(Table):
    """The wallets behind a Merkle root, which anybody may ask for a proof. Hex; what it says is its name."""

    __tablename__ = "allowlists"

    root: Mapped[str] = mapped_column(String(64), primary_key=True)
    wallets: Mapped[list[str]] = mapped_column(ARRAY(String(44)))
    stored_at: Mapped[datetime] = mapped_column(Instant, server_default=text("now()"))


class Position(Table):
    """A wallet's place in an opening with rules: admitted where a tier's time is set. `bought` is told at the end."""

    __tablename__ = "positions"

    mint: Mapped[str] = mapped_column(String(44), primary_key=True)
    wallet: Mapped[str] = mapped_column(String(44), primary_key=True, index=True)
    address: Mapped[str | None] = mapped_column(String(44))
    opened_at: Mapped[datetime | None] = mapped_column(Instant)
    allowlisted_at: Mapped[datetime | None] = mapped_column(Instant)
    pledged_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    bought: Mapped[Decimal | None] = mapped_column(Base_u64)
    # The event that wrote this row last.
    position: Mapped[int] = mapped_column(Lamports)


class GraduationRelease(Table):
    """What a graduate's curve kept and gave into a vesting schedule: a payout of the raise, or the pool's shares.

    `amount` is lamports (as wrapped SOL) or shares; `asset` is the mint of what lies there.
    """

    __tablename__ = "graduation_releases"

    schedule: Mapped[str] = mapped_column(String(44), primary_key=True)
    mint: Mapped[str] = mapped_column(String(44), index=True)
    kind: Mapped[str] = mapped_column(String(9))  # team, treasury, liquidity
    asset: Mapped[str] = mapped_column(String(44))
    amount: Mapped[Decimal] = mapped_column(Base_u64)
    beneficiary: Mapped[str | None] = mapped_column(String(44))
    until: Mapped[datetime | None] = mapped_column(Instant)
    released_at: Mapped[datetime] = mapped_column(Instant)
    slot: Mapped[int] = mapped_column(Lamports)
    signature: Mapped[str] = mapped_column(String(88))
