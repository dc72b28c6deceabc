"""The outbox: what happened, waiting to be told, and told in order."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Identity, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from launchpad.tables.base import Instant, Table


class OutboxRow(Table):
    """One live event for one channel.

    Written in the transaction of the change itself. The publisher gives it the
    channel's next `seq` (rooms bring theirs) and sets `published_at`. `data` is told as it was written.
    """

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    channel: Mapped[str] = mapped_column(String(64))
    type: Mapped[str] = mapped_column(String(32))
    seq: Mapped[int | None] = mapped_column(BigInteger)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=text("now()"))
    published_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        Index("ix_outbox_unpublished", "id", postgresql_where=text("published_at IS NULL")),
        Index("uq_outbox_channel_seq", "channel", "seq", unique=True, postgresql_where=text("seq IS NOT NULL")),
        Index("ix_outbox_retracted", "id", postgresql_where=text("type = 'trade.retracted'")),
        Index("ix_outbox_published_at", "published_at", postgresql_where=text("published_at IS NOT NULL")),
    )


class BusPosition(Table):
    """How far a bus (redis, kafka) is in the outbox, which is told in the order of `published_at` and id."""

    __tablename__ = "bus_positions"

    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    published_at: Mapped[datetime] = mapped_column(Instant)
    outbox_id: Mapped[int] = mapped_column(BigInteger)


class ChannelHead(Table):
    """The newest sequence number of a channel."""

    __tablename__ = "channel_heads"

    channel: Mapped[str] = mapped_column(String(64), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
