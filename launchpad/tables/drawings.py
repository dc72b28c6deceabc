"""What people draw on charts."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from launchpad.tables.base import Instant, Table


class ChartDrawings(Table):
    """All drawings of one account on one token's chart; `size` is what they take of its room, in bytes."""

    __tablename__ = "chart_drawings"

    address: Mapped[str] = mapped_column(ForeignKey("accounts.address", ondelete="CASCADE"), primary_key=True)
    mint: Mapped[str] = mapped_column(String(44), primary_key=True)
    revision: Mapped[int]
    drawings: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    size: Mapped[int]
    updated_at: Mapped[datetime] = mapped_column(Instant, server_default=text("now()"))
