"""Operations on many tokens or recipients at once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, SmallInteger, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from launchpad.tables.base import Instant, Lamports, Table


class BulkOperation(Table):
    """What one wallet asked for. `items` as they were checked; `problems` by index, of the newest attempt."""

    __tablename__ = "bulk_operations"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    payer: Mapped[str] = mapped_column(String(44), index=True)
    mark: Mapped[str] = mapped_column(String(16))  # in the memo of each of its transactions
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    tokens: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    cost: Mapped[dict[str, Any]] = mapped_column(JSONB)
    problems: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=text("now()"))


class BulkTransaction(Table):
    """A transaction that was built for some of the items. No two that can still land have an item in common."""

    __tablename__ = "bulk_transactions"

    operation_id: Mapped[UUID] = mapped_column(ForeignKey("bulk_operations.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    items: Mapped[list[int]] = mapped_column(JSONB)
    wire: Mapped[str]  # base64, unsigned
    last_valid_block_height: Mapped[int] = mapped_column(Lamports)
    status: Mapped[str] = mapped_column(String(9))  # built, sent, confirmed, failed, expired
    signature: Mapped[str | None] = mapped_column(String(88))
    error: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
