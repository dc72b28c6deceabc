"""What verification found, as it was read from the chain."""

from datetime import datetime
from typing import Any

from sqlalchemy import String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from launchpad.tables.base import Instant, Lamports, Table


class Verification(Table):
    """The newest report about an address."""

    __tablename__ = "verifications"

    address: Mapped[str] = mapped_column(String(44), primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))  # token, program
    verdict: Mapped[str] = mapped_column(String(8))  # good, warning, danger
    slot: Mapped[int] = mapped_column(Lamports)
    report: Mapped[dict[str, Any]] = mapped_column(JSONB)
    checked_at: Mapped[datetime] = mapped_column(Instant, server_default=text("now()"))
