"""The outbox: what happened, waiting to be told, and told in order."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Identity, Index, Integer, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from launchpad.tables.base import Instant, Table


class OutboxEntry(Table):
    """Live events of one transaction, waiting for the publisher; written in that transaction, gone once numbered.

    `events` is JSON as launchpad.live.packed writes it, `frames` how many rows of the outbox it makes.
    """

    __tablename__ = "outbox_entries"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    frames: Mapped[int] = mapped_column(Integer)
    of_chain: Mapped[bool]  # else of rooms and people, who stay when the chain is another one
    events: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=text("now()"))


class OutboxRow(Table):
    """One live event for one channel, as it was or will be told: never changed, deleted after some days.

    The publisher alone writes it, with the channel's next `seq` (rooms bring theirs), so ids are in the
    order of commits. `data` is told as it was written.
    """

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    channel: Mapped[str] = mapped_column(String(64))
    type: Mapped[str] = mapped_column(String(32))
    seq: Mapped[int] = mapped_column(BigInteger)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=text("now()"))
    published_at: Mapped[datetime] = mapped_column(Instant, server_default=text("now()"))

    __table_args__ = (
        Index("uq_outbox_channel_seq", "channel", "seq", unique=True),
        Index("ix_outbox_retracted", "id", postgresql_where=text("type = 'trade.retracted'")),
        Index("ix_outbox_published_at", "published_at"),
    )


class OutboxPosition(Table):
    """How far Redis has been told: everything up to the row `told`. One row, `id` 1."""

    __tablename__ = "outbox_position"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    told: Mapped[int] = mapped_column(BigInteger)


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
