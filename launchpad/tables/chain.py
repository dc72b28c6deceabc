"""What the indexer knows about its own progress, and what was sent through us."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, SmallInteger, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from launchpad.tables.base import Instant, Lamports, Table

_OF_ROUTERS = text("program = 'fee_router'")
_OF_OWNERS = text("name IN ('RouterCreated', 'OwnerProposed', 'OwnerChanged')")
_OF_LIQUIDITY = text("name IN ('PoolCreated', 'LiquidityAdded', 'LiquidityRemoved', 'Graduated')")
_OF_MONEY = text("name IN ('TokenLaunched', 'Graduated', 'FeesCollected', 'LamportsReceived', 'SharePaid')")


class Cursor(Table):
    """How far one source of one program has been indexed; moves in the rows' transaction."""

    __tablename__ = "cursors"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    signature: Mapped[str | None] = mapped_column(String(88))
    slot: Mapped[int] = mapped_column(Lamports)
    finalized_slot: Mapped[int] = mapped_column(Lamports, server_default="0")
    genesis_hash: Mapped[str | None] = mapped_column(String(44))
    updated_at: Mapped[datetime] = mapped_column(Instant, server_default=text("now()"))


class SlotSpan(Table):
    """Slots of one fate: the ledger of what the indexer has looked at; written in the rows' transaction."""

    __tablename__ = "slot_spans"

    first_slot: Mapped[int] = mapped_column(Lamports, primary_key=True, autoincrement=False)
    last_slot: Mapped[int] = mapped_column(Lamports)
    status: Mapped[str] = mapped_column(String(8))  # indexed, skipped, dead


class ChainEvent(Table):
    """Every decoded event, as it was: what rebuilding after a dead fork starts from.

    `ordinal` is the order in which events were committed, which the lock of those who write makes it:
    who has taken in everything up to one has missed nothing, however late it came. What is not
    finalized can still go.
    """

    __tablename__ = "chain_events"

    signature: Mapped[str] = mapped_column(String(88), primary_key=True)
    instruction: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    inner: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    position: Mapped[int] = mapped_column(Lamports)
    slot: Mapped[int] = mapped_column(Lamports)
    block_time: Mapped[datetime] = mapped_column(Instant)
    program: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(32))
    mint: Mapped[str | None] = mapped_column(String(44))
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    finalized: Mapped[bool] = mapped_column(server_default=text("false"))
    # Postgres gives it, from a sequence that this column owns.
    ordinal: Mapped[int] = mapped_column(Lamports, index=True)

    __table_args__ = (
        Index("ix_chain_events_mint_position", "mint", "position"),
        Index("ix_chain_events_unfinalized", "slot", postgresql_where=text("NOT finalized")),
        # Events of liquidity name their pool, not its token.
        Index(
            "ix_chain_events_pool",
            text("(payload ->> 'pool')"),
            postgresql_where=text("name IN ('PoolCreated', 'LiquidityAdded', 'LiquidityRemoved')"),
        ),
        Index("ix_chain_events_liquidity", "position", postgresql_where=_OF_LIQUIDITY),
        Index("ix_chain_events_router", text("(payload ->> 'router')"), postgresql_where=_OF_ROUTERS),
        Index(
            "ix_chain_events_router_people",
            text("coalesce(payload ->> 'new_owner', payload ->> 'pending_owner', payload ->> 'creator')"),
            postgresql_where=_OF_OWNERS,
        ),
        Index(
            "ix_chain_events_shares",
            text("(payload -> 'shares')"),
            postgresql_using="gin",
            postgresql_where=text("name = 'SharesApplied'"),
        ),
        Index("ix_chain_events_money", text("position DESC"), postgresql_where=_OF_MONEY),
    )


class SentTransaction(Table):
    """A transaction that was handed to us to send: kept before it is sent, resent until it expires."""

    __tablename__ = "sent_transactions"

    signature: Mapped[str] = mapped_column(String(88), primary_key=True)
    payer: Mapped[str] = mapped_column(String(44), index=True)
    wire: Mapped[str]  # base64
    last_valid_block_height: Mapped[int] = mapped_column(Lamports)
    executor: Mapped[str] = mapped_column(String(8), server_default="legacy")  # legacy, jito
    status: Mapped[str] = mapped_column(String(16))  # sent, confirmed, finalized, failed, expired
    error: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    slot: Mapped[int | None] = mapped_column(Lamports)
    sent_at: Mapped[datetime] = mapped_column(Instant, server_default=text("now()"))
    settled_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (Index("ix_sent_transactions_open", "sent_at", postgresql_where=text("status = 'sent'")),)
