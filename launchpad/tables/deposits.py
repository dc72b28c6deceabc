"""Batch launches and their deposits, as the chain has them."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from launchpad.tables.base import Base_u64, Instant, Lamports, Table


class BatchLaunch(Table):
    """A sale that begins with a window of deposits. `deposits` is what is neither taken back nor claimed for.

    From the settlement on `settled_deposits` is what was in it then, and the amounts say what it bought.
    """

    __tablename__ = "batches"

    mint: Mapped[str] = mapped_column(String(44), primary_key=True)
    address: Mapped[str] = mapped_column(String(44), unique=True)
    status: Mapped[str] = mapped_column(String(8))  # open, settled, failed
    opened_at: Mapped[datetime] = mapped_column(Instant)
    closes_at: Mapped[datetime] = mapped_column(Instant)
    withdraw_until: Mapped[datetime] = mapped_column(Instant)
    minimum: Mapped[Decimal] = mapped_column(Base_u64)
    max_deposit: Mapped[Decimal] = mapped_column(Base_u64)
    deposits: Mapped[int] = mapped_column(Lamports, server_default=text("0"))
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    settled_deposits: Mapped[int | None] = mapped_column(Lamports)
    base_amount: Mapped[Decimal | None] = mapped_column(Base_u64)
    quote_amount: Mapped[int | None] = mapped_column(Lamports)
    fees: Mapped[int | None] = mapped_column(Lamports)
    refund: Mapped[int | None] = mapped_column(Lamports)

    __table_args__ = (Index("ix_batches_open", "closes_at", postgresql_where=text("status = 'open'")),)


class Deposit(Table):
    """One wallet's deposit in a batch. `amount` is on its receipt now; after the claim the rest says what it got.

    `paid` is what the tokens cost in all: the deposit less the refund.
    """

    __tablename__ = "deposits"

    mint: Mapped[str] = mapped_column(String(44), primary_key=True)
    wallet: Mapped[str] = mapped_column(String(44), primary_key=True)
    amount: Mapped[int] = mapped_column(Lamports)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    position: Mapped[int] = mapped_column(Lamports)
    claimed_at: Mapped[datetime | None] = mapped_column(Instant)
    base_amount: Mapped[Decimal | None] = mapped_column(Base_u64)
    refund: Mapped[int | None] = mapped_column(Lamports)
    paid: Mapped[int | None] = mapped_column(Lamports)

    __table_args__ = (
        Index("ix_deposits_wallet", "wallet"),
        Index("ix_deposits_mint_amount", "mint", text("amount DESC"), postgresql_where=text("amount > 0")),
    )
