"""What one SOL cost, minute by minute."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import Numeric, String
from sqlalchemy.orm import Mapped, mapped_column

from launchpad.tables.base import Instant, Table


class SolPriceMinute(Table):
    """The newest price that a source told within one minute. US dollars per SOL.

    `as_of` is when the price held by the word of the source, `source` says where it came from.
    """

    __tablename__ = "sol_prices"

    minute: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    usd: Mapped[Decimal] = mapped_column(Numeric(20, 8))
    as_of: Mapped[datetime] = mapped_column(Instant)
    source: Mapped[str] = mapped_column(String(128))
