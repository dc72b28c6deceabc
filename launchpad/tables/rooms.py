"""Rooms and what is said in them."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from launchpad.tables.base import Instant, Table


class Room(Table):
    """The room of one token. `head_seq` counts every event of the room without gaps."""

    __tablename__ = "rooms"

    mint: Mapped[str] = mapped_column(String(44), primary_key=True)
    head_seq: Mapped[int] = mapped_column(BigInteger, server_default="0")
    slow_mode_seconds: Mapped[int] = mapped_column(Integer, server_default="0")
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=text("now()"))


class Message(Table):
    """One message. `seq` is the room event that posted it; edits and deletions are events of their own.

    `kind` is said, or alert: a line that a rule of the author's wrote.
    """

    __tablename__ = "messages"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    mint: Mapped[str] = mapped_column(String(44))
    seq: Mapped[int] = mapped_column(BigInteger)
    author: Mapped[str] = mapped_column(String(44))
    body: Mapped[str]
    kind: Mapped[str] = mapped_column(String(5), server_default="said")
    reply_to: Mapped[uuid.UUID | None]
    client_id: Mapped[uuid.UUID]
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=text("now()"))
    edited_at: Mapped[datetime | None] = mapped_column(Instant)
    deleted_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        UniqueConstraint("mint", "seq"),
        UniqueConstraint("author", "client_id"),
        Index("ix_messages_author_created", "author", "created_at"),
    )


class Reaction(Table):
    """One emoji of one person on one message."""

    __tablename__ = "reactions"

    message_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    author: Mapped[str] = mapped_column(String(44), primary_key=True)
    emoji: Mapped[str] = mapped_column(String(16), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=text("now()"))

    __table_args__ = (ForeignKeyConstraint(["message_id"], ["messages.id"], ondelete="CASCADE"),)
