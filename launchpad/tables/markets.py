"""Candles: trades folded by time."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import Integer, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from launchpad.tables.base import Base_u64, Instant, Lamports, Price, Table


class Candle(Table):
    """One bucket of one interval of one token.

    `interval` is in seconds (1, 15, 60, 300, 900, 3600, 14400, 86400); other intervals are
    merged from these as they are read. `open` is the
    price that the first trade met: the close of the bucket before, or the launch price.
    Seconds are partitioned by `bucket` (see launchpad.store), coarser candles lie in one table.
    `first_position` and `last_position` are those of the trades behind open and
    close, so that trades may arrive in any order.
    """

    __tablename__ = "candles"

    mint: Mapped[str] = mapped_column(String(44), primary_key=True)
    interval: Mapped[int] = mapped_column(Integer, primary_key=True)
    bucket: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    open: Mapped[Decimal] = mapped_column(Price)
    high: Mapped[Decimal] = mapped_column(Price)
    low: Mapped[Decimal] = mapped_column(Price)
    close: Mapped[Decimal] = mapped_column(Price)
    volume_base: Mapped[Decimal] = mapped_column(Base_u64)
    volume_quote: Mapped[int] = mapped_column(Lamports)
    buys: Mapped[int] = mapped_column(Integer)
    sells: Mapped[int] = mapped_column(Integer)
    first_position: Mapped[int] = mapped_column(Lamports)
    last_position: Mapped[int] = mapped_column(Lamports)

    __table_args__ = ({"postgresql_partition_by": 'LIST ("interval")'},)


class CandleBacklog(Table):
    """Since which second the coarser candles may lack something: one row, none when they lack nothing."""

    __tablename__ = "candle_backlog"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    since: Mapped[int] = mapped_column(Lamports)
