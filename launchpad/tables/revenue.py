"""Running totals of what everybody earned and was paid."""

from decimal import Decimal

from sqlalchemy import Index, Numeric, String, text
from sqlalchemy.orm import Mapped, mapped_column

from launchpad.tables.base import Table

# A sum of lamports over all time: they are counted again whenever they move.
_Sum = Numeric(38, 0)


class RevenueTotal(Table):
    """Lamports of one kind, of one token and venue; of all together where `mint` is empty.

    Only what is final is in it. `known` is false for pools of a mint whose curve nobody has seen:
    they count for nothing until it is, and are no part of the total of all.
    """

    __tablename__ = "revenue_totals"

    mint: Mapped[str] = mapped_column(String(44), primary_key=True)
    venue: Mapped[str] = mapped_column(String(8), primary_key=True)  # curve, pool, router
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    earned: Mapped[Decimal] = mapped_column(_Sum)
    paid: Mapped[Decimal] = mapped_column(_Sum)
    at_once: Mapped[Decimal] = mapped_column(_Sum)  # the part of `paid` that never waited
    known: Mapped[bool]

    __table_args__ = (Index("ix_revenue_totals_unknown", "mint", postgresql_where=text("NOT known")),)
