"""Keys that programs send with their requests."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from launchpad.tables.base import Instant, Table


class ApiKey(Table):
    """A key of an account. Only the SHA-256 of it is kept."""

    __tablename__ = "api_keys"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    owner: Mapped[str] = mapped_column(String(44))
    name: Mapped[str] = mapped_column(String(48))
    start: Mapped[str] = mapped_column(String(12))  # so that people tell their keys apart
    tier: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=text("now()"))
    last_used_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        ForeignKeyConstraint(["owner"], ["accounts.address"], ondelete="CASCADE"),
        Index("ix_api_keys_owner", "owner", "created_at"),
    )
