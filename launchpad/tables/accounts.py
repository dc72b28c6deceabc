"""People, known by their wallet, and their sessions."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from launchpad.tables.base import Instant, Table


class Account(Table):
    """A person: the wallet that signed in."""

    __tablename__ = "accounts"

    address: Mapped[str] = mapped_column(String(44), primary_key=True)
    display_name: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=text("now()"))
    last_seen_at: Mapped[datetime] = mapped_column(Instant, server_default=text("now()"))


class Session(Table):
    """A signed-in device. Only the SHA-256 of the cookie's value is kept."""

    __tablename__ = "sessions"

    id_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    address: Mapped[str] = mapped_column(String(44), index=True)
    device: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=text("now()"))
    last_seen_at: Mapped[datetime] = mapped_column(Instant, server_default=text("now()"))
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)

    __table_args__ = (ForeignKeyConstraint(["address"], ["accounts.address"], ondelete="CASCADE"),)


class SignInChallenge(Table):
    """What a wallet is asked to sign; used once, then gone."""

    __tablename__ = "sign_in_challenges"

    request_id: Mapped[str] = mapped_column(String(43), primary_key=True)
    message_input: Mapped[dict[str, Any]] = mapped_column(JSONB)
    browser_hash: Mapped[str] = mapped_column(String(64))  # binds it to the pre-session cookie
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)
