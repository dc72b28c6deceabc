"""The market as a whole, hour by hour."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import BigInteger, Integer, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from launchpad.tables.base import Instant, Lamports, Table


class MarketHour(Table):
    """What all tokens together came to when an hour was last looked at. Money in lamports.

    `volume` and `trades` are those of the sixty minutes before `taken_at`, so that a whole hour holds its own.
    """

    __tablename__ = "market_hours"

    hour: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    taken_at: Mapped[datetime] = mapped_column(Instant)
    volume: Mapped[Decimal] = mapped_column(Numeric(40, 0))
    trades: Mapped[int] = mapped_column(BigInteger)
    liquidity: Mapped[int] = mapped_column(Lamports)
    market_cap: Mapped[Decimal] = mapped_column(Numeric(40, 0))
    tokens: Mapped[int] = mapped_column(Integer)
