"""Lists of tokens that accounts follow."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, SmallInteger, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from launchpad.tables.base import Instant, Table


class Watchlist(Table):
    """A list by name; `place` puts the lists of an account in order."""

    __tablename__ = "watchlists"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    owner: Mapped[str] = mapped_column(String(44))
    name: Mapped[str] = mapped_column(String(32))
    place: Mapped[int] = mapped_column(SmallInteger)
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=text("now()"))

    __table_args__ = (
        ForeignKeyConstraint(["owner"], ["accounts.address"], ondelete="CASCADE"),
        Index("ix_watchlists_owner_name", "owner", "name", unique=True),
    )


class WatchlistToken(Table):
    """A token on a list."""

    __tablename__ = "watchlist_tokens"

    watchlist_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    mint: Mapped[str] = mapped_column(String(44), primary_key=True)
    place: Mapped[int] = mapped_column(SmallInteger)
    added_at: Mapped[datetime] = mapped_column(Instant, server_default=text("now()"))

    __table_args__ = (ForeignKeyConstraint(["watchlist_id"], ["watchlists.id"], ondelete="CASCADE"),)
