"""Tokens, their curves and their allocations, as the chain has them."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Index, SmallInteger, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from launchpad.tables.base import Base_u64, Instant, Lamports, Price, Table


class Token(Table):
    """One launched token (`TokenLaunched`) with what its metadata document says."""

    __tablename__ = "tokens"

    mint: Mapped[str] = mapped_column(String(44), primary_key=True)
    creator: Mapped[str] = mapped_column(String(44), index=True)
    curve: Mapped[str] = mapped_column(String(44), unique=True)
    launch_record: Mapped[str | None] = mapped_column(String(44))
    token_program: Mapped[str] = mapped_column(String(44))
    name: Mapped[str] = mapped_column(String(64))
    symbol: Mapped[str] = mapped_column(String(32))
    uri: Mapped[str] = mapped_column(String(256))
    metadata_hash: Mapped[str | None] = mapped_column(String(64))
    decimals: Mapped[int] = mapped_column(SmallInteger)
    supply: Mapped[Decimal] = mapped_column(Base_u64)
    supply_mode: Mapped[str] = mapped_column(String(16))
    update_authority: Mapped[str | None] = mapped_column(String(44))
    first_buy_lock: Mapped[str | None] = mapped_column(String(44))
    creation_fee: Mapped[int] = mapped_column(Lamports)
    # From the metadata document behind `uri`; null until it has been fetched.
    description: Mapped[str | None]
    image_uri: Mapped[str | None] = mapped_column(String(512))
    banner_uri: Mapped[str | None] = mapped_column(String(512))
    links: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    metadata_fetched_at: Mapped[datetime | None] = mapped_column(Instant)
    metadata_attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    launched_at: Mapped[datetime] = mapped_column(Instant, index=True)
    slot: Mapped[int] = mapped_column(Lamports)
    signature: Mapped[str] = mapped_column(String(88))

    __table_args__ = (
        Index("ix_tokens_search", text("lower(name) text_pattern_ops")),
        Index("ix_tokens_symbol_search", text("lower(symbol) text_pattern_ops")),
    )


class Curve(Table):
    """The present state of a token's bonding curve, after the newest indexed event."""

    __tablename__ = "curves"

    mint: Mapped[str] = mapped_column(String(44), primary_key=True)
    address: Mapped[str] = mapped_column(String(44), unique=True)
    creator: Mapped[str] = mapped_column(String(44))
    # trading, complete, graduated, refunding, depositing, failed
    status: Mapped[str] = mapped_column(String(16), index=True)
    decimals: Mapped[int] = mapped_column(SmallInteger)
    sale_supply: Mapped[Decimal] = mapped_column(Base_u64)
    liquidity_supply: Mapped[Decimal] = mapped_column(Base_u64)
    sold: Mapped[Decimal] = mapped_column(Base_u64)
    quote_reserve: Mapped[int] = mapped_column(Lamports)
    raise_target: Mapped[int] = mapped_column(Lamports)
    virtual_base: Mapped[Decimal] = mapped_column(Base_u64)
    virtual_quote: Mapped[Decimal] = mapped_column(Base_u64)
    protocol_fee_bps: Mapped[int] = mapped_column(SmallInteger)
    creator_fee_bps: Mapped[int] = mapped_column(SmallInteger)
    referrer_share_bps: Mapped[int] = mapped_column(SmallInteger)
    protocol_fees: Mapped[int] = mapped_column(Lamports, server_default="0")
    creator_fees: Mapped[int] = mapped_column(Lamports, server_default="0")
    segments: Mapped[list[Any]] = mapped_column(JSONB)
    price: Mapped[Decimal] = mapped_column(Price)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    completed_at: Mapped[datetime | None] = mapped_column(Instant)
    graduated_at: Mapped[datetime | None] = mapped_column(Instant)
    # What graduation did; null before.
    pool_address: Mapped[str | None] = mapped_column(String(44))
    graduated_into: Mapped[str | None] = mapped_column(String(8))  # amm, raydium
    burned: Mapped[Decimal | None] = mapped_column(Base_u64)
    graduation_signature: Mapped[str | None] = mapped_column(String(88))
    graduation_slot: Mapped[int | None] = mapped_column(Lamports)
    # Lamports that wait for the schedules of team and treasury.
    team_payout: Mapped[int | None] = mapped_column(Lamports)
    treasury_payout: Mapped[int | None] = mapped_column(Lamports)
    # When the pool's shares become the creator's; null for never.
    locked_until: Mapped[datetime | None] = mapped_column(Instant)
    deadline: Mapped[datetime | None] = mapped_column(Instant)
    terms: Mapped[str | None] = mapped_column(String(44))  # in sale_terms; null for the usual ones
    rules_end: Mapped[datetime | None] = mapped_column(Instant)
    last_trade_at: Mapped[datetime | None] = mapped_column(Instant)
    trade_count: Mapped[int] = mapped_column(Lamports, server_default="0")
    volume_quote: Mapped[int] = mapped_column(Lamports, server_default="0")
    # The event that wrote this row last: later events win, replays change nothing.
    position: Mapped[int] = mapped_column(Lamports)
    # The same of the price alone, which goes on in the pool when the curve is done.
    price_position: Mapped[int] = mapped_column(Lamports, server_default=text("0"))

    __table_args__ = (
        Index("ix_curves_graduated_at", "graduated_at", postgresql_where=text("graduated_at IS NOT NULL")),
    )


class Allocation(Table):
    """What one bucket of a launch received."""

    __tablename__ = "allocations"

    mint: Mapped[str] = mapped_column(String(44), primary_key=True)
    bucket: Mapped[str] = mapped_column(String(16), primary_key=True)  # public, liquidity, team, ecosystem, treasury
    bps: Mapped[int] = mapped_column(SmallInteger)
    amount: Mapped[Decimal] = mapped_column(Base_u64)
    owner: Mapped[str | None] = mapped_column(String(44))
