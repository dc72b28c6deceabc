"""What sales promise, and the wallets that they admit first."""

from datetime import datetime
from typing import Any

from sqlalchemy import String, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from launchpad.tables.base import Instant, Table


class SaleTerms(Table):
    """Terms that sales name (`TermsCreated`); `curves.terms` is their address, and their address their content."""

    __tablename__ = "sale_terms"

    address: Mapped[str] = mapped_column(String(44), primary_key=True)
    sale: Mapped[dict[str, Any]] = mapped_column(JSONB)


class Allowlist(Table):
    """The wallets behind a Merkle root, which anybody may ask for a proof. Hex; what it says is its name."""

    __tablename__ = "allowlists"

    root: Mapped[str] = mapped_column(String(64), primary_key=True)
    wallets: Mapped[list[str]] = mapped_column(ARRAY(String(44)))
    stored_at: Mapped[datetime] = mapped_column(Instant, server_default=text("now()"))
