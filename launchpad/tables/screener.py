"""Views of the screener that people keep."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, String, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from launchpad.tables.base import Instant, Table


class ScreenerView(Table):
    """One view: what is screened for, how it is sorted and which columns are shown."""

    __tablename__ = "screener_views"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    owner: Mapped[str] = mapped_column(String(44))
    name: Mapped[str] = mapped_column(String(48))
    settings: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=text("now()"))
    updated_at: Mapped[datetime] = mapped_column(Instant, server_default=text("now()"))

    __table_args__ = (
        ForeignKeyConstraint(["owner"], ["accounts.address"], ondelete="CASCADE"),
        Index("ix_screener_views_owner_name", "owner", "name", unique=True),
    )
