"""The outbox: what happened, waiting to be told, and told in order."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Identity, Index, Integer, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from launchpad.tables.base import Instant, Table

# The id of the newest row that there ever was, for statements; rows are forgotten, the position stays.
NEWEST_ROW = "greatest(0, (SELECT max(id) FROM outbox_events), (SELECT max(told) FROM outbox_position))"


class OutboxEntry(Table):
    """Live events of one transaction, waiting for the publisher; written in that transaction, gone once numbered.

    `events` is text as launchpad.live.packed writes it, `frames` on how many channels it is told in all.
    """

    __tablename__ = "outbox_entries"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    frames: Mapped[int] = mapped_column(Integer)
    of_chain: Mapped[bool]  # else of rooms and people, who stay when the chain is another one
    events: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=text("now()"))


class OutboxRow(Table):
    """One live event, as it was or will be told: never changed, deleted after some days.

    The publisher alone writes it and counts the ids, which are in the order of commits. `seq` is its
    number on its channel (rooms bring theirs), `market_seq` the one on `market`, if that hears it too;
    `data` is told as it was written. The view `outbox` has a row for each of the two.
    """

    __tablename__ = "outbox_events"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    channel: Mapped[str] = mapped_column(String(64))
    type: Mapped[str] = mapped_column(String(32))
    seq: Mapped[int] = mapped_column(BigInteger)
    market_seq: Mapped[int | None] = mapped_column(BigInteger)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=text("now()"))
    published_at: Mapped[datetime] = mapped_column(Instant, server_default=text("now()"))

    __table_args__ = (
        Index("uq_outbox_channel_seq", "channel", "seq", unique=True),
        Index("uq_outbox_market_seq", "market_seq", unique=True, postgresql_where=text("market_seq IS NOT NULL")),
        Index("ix_outbox_retracted", "id", postgresql_where=text("type = 'trade.retracted'")),
    )


class OutboxPosition(Table):
    """How far Redis has been told: everything up to the row `told`. One row, `id` 1."""

    __tablename__ = "outbox_position"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    told: Mapped[int] = mapped_column(BigInteger)


class BusPosition(Table):
    """How far a bus (redis, kafka) is in the outbox: everything up to the row `outbox_id`, noted at `published_at`."""

    __tablename__ = "bus_positions"

    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    published_at: Mapped[datetime] = mapped_column(Instant)
    outbox_id: Mapped[int] = mapped_column(BigInteger)


class ChannelHead(Table):
    """The newest sequence number of a channel whose rows are forgotten; where there are any, the newest has it."""

    __tablename__ = "channel_heads"

    channel: Mapped[str] = mapped_column(String(64), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
