"""The first tables: chain, tokens, trades, candles, vesting, rooms, accounts, media, outbox.

Revision: 0001, after nothing.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("address", sa.String(length=44), nullable=False),
        sa.Column("display_name", sa.String(length=32), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_accounts")),
    )
    op.create_table(
        "allocations",
        sa.Column("mint", sa.String(length=44), nullable=False),
        sa.Column("bucket", sa.String(length=16), nullable=False),
        sa.Column("bps", sa.SmallInteger(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=0), nullable=False),
        sa.Column("owner", sa.String(length=44), nullable=True),
        sa.PrimaryKeyConstraint("mint", "bucket", name=op.f("pk_allocations")),
    )
    op.create_table(
        "candles",
        sa.Column("mint", sa.String(length=44), nullable=False),
        sa.Column("interval", sa.Integer(), nullable=False),
        sa.Column("bucket", sa.DateTime(timezone=True), nullable=False),
        sa.Column("open", sa.Numeric(precision=40, scale=20), nullable=False),
        sa.Column("high", sa.Numeric(precision=40, scale=20), nullable=False),
        sa.Column("low", sa.Numeric(precision=40, scale=20), nullable=False),
        sa.Column("close", sa.Numeric(precision=40, scale=20), nullable=False),
        sa.Column("volume_base", sa.Numeric(precision=20, scale=0), nullable=False),
        sa.Column("volume_quote", sa.BigInteger(), nullable=False),
        sa.Column("buys", sa.Integer(), nullable=False),
        sa.Column("sells", sa.Integer(), nullable=False),
        sa.Column("first_position", sa.BigInteger(), nullable=False),
        sa.Column("last_position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("mint", "interval", "bucket", name=op.f("pk_candles")),
    )
    op.create_table(
        "chain_events",
        sa.Column("signature", sa.String(length=88), nullable=False),
        sa.Column("instruction", sa.SmallInteger(), nullable=False),
        sa.Column("inner", sa.SmallInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("slot", sa.BigInteger(), nullable=False),
        sa.Column("block_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("program", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("mint", sa.String(length=44), nullable=True),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("finalized", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("signature", "instruction", "inner", name=op.f("pk_chain_events")),
    )
    op.create_index("ix_chain_events_mint_position", "chain_events", ["mint", "position"], unique=False)
    op.create_index(
        "ix_chain_events_unfinalized", "chain_events", ["slot"], unique=False, postgresql_where=sa.text("NOT finalized")
    )
    op.create_table(
        "channel_heads",
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_channel_heads")),
    )
    op.create_table(
        "cursors",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=88), nullable=True),
        sa.Column("slot", sa.BigInteger(), nullable=False),
        sa.Column("finalized_slot", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("genesis_hash", sa.String(length=44), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_cursors")),
    )
    op.create_table(
        "curves",
        sa.Column("mint", sa.String(length=44), nullable=False),
        sa.Column("address", sa.String(length=44), nullable=False),
        sa.Column("creator", sa.String(length=44), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("decimals", sa.SmallInteger(), nullable=False),
        sa.Column("sale_supply", sa.Numeric(precision=20, scale=0), nullable=False),
        sa.Column("liquidity_supply", sa.Numeric(precision=20, scale=0), nullable=False),
        sa.Column("sold", sa.Numeric(precision=20, scale=0), nullable=False),
        sa.Column("quote_reserve", sa.BigInteger(), nullable=False),
        sa.Column("raise_target", sa.BigInteger(), nullable=False),
        sa.Column("virtual_base", sa.Numeric(precision=20, scale=0), nullable=False),
        sa.Column("virtual_quote", sa.Numeric(precision=20, scale=0), nullable=False),
        sa.Column("protocol_fee_bps", sa.SmallInteger(), nullable=False),
        sa.Column("creator_fee_bps", sa.SmallInteger(), nullable=False),
        sa.Column("referrer_share_bps", sa.SmallInteger(), nullable=False),
        sa.Column("protocol_fees", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("creator_fees", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("segments", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("price", sa.Numeric(precision=40, scale=20), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("graduated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_trade_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trade_count", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("volume_quote", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("mint", name=op.f("pk_curves")),
        sa.UniqueConstraint("address", name=op.f("uq_curves_address")),
    )
    op.create_index(op.f("ix_curves_last_trade_at"), "curves", ["last_trade_at"], unique=False)
    op.create_index(op.f("ix_curves_status"), "curves", ["status"], unique=False)
    op.create_table(
        "fee_events",
        sa.Column("signature", sa.String(length=88), nullable=False),
        sa.Column("instruction", sa.SmallInteger(), nullable=False),
        sa.Column("inner", sa.SmallInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("slot", sa.BigInteger(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mint", sa.String(length=44), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("recipient", sa.String(length=44), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("finalized", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("signature", "instruction", "inner", name=op.f("pk_fee_events")),
    )
    op.create_index(op.f("ix_fee_events_mint"), "fee_events", ["mint"], unique=False)
    op.create_index(op.f("ix_fee_events_recipient"), "fee_events", ["recipient"], unique=False)
    op.create_table(
        "holders",
        sa.Column("mint", sa.String(length=44), nullable=False),
        sa.Column("owner", sa.String(length=44), nullable=False),
        sa.Column("balance", sa.Numeric(precision=20, scale=0), server_default="0", nullable=False),
        sa.Column("base_bought", sa.Numeric(precision=20, scale=0), server_default="0", nullable=False),
        sa.Column("base_sold", sa.Numeric(precision=20, scale=0), server_default="0", nullable=False),
        sa.Column("quote_spent", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("quote_received", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("first_trade_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_trade_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("balance_position", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("mint", "owner", name=op.f("pk_holders")),
    )
    op.create_index(
        "ix_holders_mint_balance",
        "holders",
        ["mint", sa.literal_column("balance DESC")],
        unique=False,
        postgresql_where=sa.text("balance > 0"),
    )
    op.create_index("ix_holders_owner", "holders", ["owner"], unique=False)
    op.create_table(
        "media",
        sa.Column("cid", sa.String(length=80), nullable=False),
        sa.Column("content_type", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("uploader", sa.String(length=44), nullable=True),
        sa.Column("pinned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("archived_uri", sa.String(length=256), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("cid", name=op.f("pk_media")),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("mint", sa.String(length=44), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.String(length=44), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("reply_to", sa.Uuid(), nullable=True),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("author", "client_id", name=op.f("uq_messages_author_client_id")),
        sa.UniqueConstraint("mint", "seq", name=op.f("uq_messages_mint_seq")),
    )
    op.create_index("ix_messages_author_created", "messages", ["author", "created_at"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("type", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index(
        "ix_outbox_published_at",
        "outbox",
        ["published_at"],
        unique=False,
        postgresql_where=sa.text("published_at IS NOT NULL"),
    )
    op.create_index(
        "ix_outbox_unpublished", "outbox", ["id"], unique=False, postgresql_where=sa.text("published_at IS NULL")
    )
    op.create_index(
        "uq_outbox_channel_seq", "outbox", ["channel", "seq"], unique=True, postgresql_where=sa.text("seq IS NOT NULL")
    )
    op.create_table(
        "rooms",
        sa.Column("mint", sa.String(length=44), nullable=False),
        sa.Column("head_seq", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("slow_mode_seconds", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("mint", name=op.f("pk_rooms")),
    )
    op.create_table(
        "sent_transactions",
        sa.Column("signature", sa.String(length=88), nullable=False),
        sa.Column("payer", sa.String(length=44), nullable=False),
        sa.Column("wire", sa.String(), nullable=False),
        sa.Column("last_valid_block_height", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("error", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("slot", sa.BigInteger(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("signature", name=op.f("pk_sent_transactions")),
    )
    op.create_index(
        "ix_sent_transactions_open",
        "sent_transactions",
        ["sent_at"],
        unique=False,
        postgresql_where=sa.text("status = 'sent'"),
    )
    op.create_index(op.f("ix_sent_transactions_payer"), "sent_transactions", ["payer"], unique=False)
    op.create_table(
        "sign_in_challenges",
        sa.Column("request_id", sa.String(length=43), nullable=False),
        sa.Column("message_input", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_sign_in_challenges")),
    )
    op.create_index(op.f("ix_sign_in_challenges_expires_at"), "sign_in_challenges", ["expires_at"], unique=False)
    op.create_table(
        "token_accounts",
        sa.Column("account", sa.String(length=44), nullable=False),
        sa.Column("mint", sa.String(length=44), nullable=False),
        sa.Column("owner", sa.String(length=44), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=0), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_token_accounts")),
    )
    op.create_index("ix_token_accounts_mint_owner", "token_accounts", ["mint", "owner"], unique=False)
    op.create_table(
        "tokens",
        sa.Column("mint", sa.String(length=44), nullable=False),
        sa.Column("creator", sa.String(length=44), nullable=False),
        sa.Column("curve", sa.String(length=44), nullable=False),
        sa.Column("launch_record", sa.String(length=44), nullable=True),
        sa.Column("token_program", sa.String(length=44), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("symbol", sa.String(length=32), nullable=False),
        sa.Column("uri", sa.String(length=256), nullable=False),
        sa.Column("metadata_hash", sa.String(length=64), nullable=True),
        sa.Column("decimals", sa.SmallInteger(), nullable=False),
        sa.Column("supply", sa.Numeric(precision=20, scale=0), nullable=False),
        sa.Column("supply_mode", sa.String(length=16), nullable=False),
        sa.Column("update_authority", sa.String(length=44), nullable=True),
        sa.Column("first_buy_lock", sa.String(length=44), nullable=True),
        sa.Column("creation_fee", sa.BigInteger(), nullable=False),
        sa.Column("description", sa.String(), nullable=True),
        sa.Column("image_uri", sa.String(length=512), nullable=True),
        sa.Column("banner_uri", sa.String(length=512), nullable=True),
        sa.Column(
            "links", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column("metadata_fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("metadata_attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("launched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("slot", sa.BigInteger(), nullable=False),
        sa.Column("signature", sa.String(length=88), nullable=False),
        sa.PrimaryKeyConstraint("mint", name=op.f("pk_tokens")),
        sa.UniqueConstraint("curve", name=op.f("uq_tokens_curve")),
    )
    op.create_index(op.f("ix_tokens_creator"), "tokens", ["creator"], unique=False)
    op.create_index(op.f("ix_tokens_launched_at"), "tokens", ["launched_at"], unique=False)
    op.create_index("ix_tokens_search", "tokens", [sa.literal_column("lower(name) text_pattern_ops")], unique=False)
    op.create_index(
        "ix_tokens_symbol_search", "tokens", [sa.literal_column("lower(symbol) text_pattern_ops")], unique=False
    )
    op.create_table(
        "trades",
        sa.Column("signature", sa.String(length=88), nullable=False),
        sa.Column("instruction", sa.SmallInteger(), nullable=False),
        sa.Column("inner", sa.SmallInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("slot", sa.BigInteger(), nullable=False),
        sa.Column("traded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mint", sa.String(length=44), nullable=False),
        sa.Column("trader", sa.String(length=44), nullable=False),
        sa.Column("program", sa.String(length=16), nullable=False),
        sa.Column("side", sa.String(length=4), nullable=False),
        sa.Column("base_amount", sa.Numeric(precision=20, scale=0), nullable=False),
        sa.Column("quote_amount", sa.BigInteger(), nullable=False),
        sa.Column("protocol_fee", sa.BigInteger(), nullable=False),
        sa.Column("creator_fee", sa.BigInteger(), nullable=False),
        sa.Column("referrer_fee", sa.BigInteger(), nullable=False),
        sa.Column("referrer", sa.String(length=44), nullable=True),
        sa.Column("price", sa.Numeric(precision=40, scale=20), nullable=False),
        sa.Column("sold", sa.Numeric(precision=20, scale=0), nullable=False),
        sa.Column("quote_reserve", sa.BigInteger(), nullable=False),
        sa.Column("virtual_base", sa.Numeric(precision=20, scale=0), nullable=False),
        sa.Column("virtual_quote", sa.Numeric(precision=20, scale=0), nullable=False),
        sa.Column("compute_units", sa.BigInteger(), nullable=True),
        sa.Column("finalized", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("signature", "instruction", "inner", name=op.f("pk_trades")),
    )
    op.create_index("ix_trades_mint_position", "trades", ["mint", sa.literal_column("position DESC")], unique=False)
    op.create_index("ix_trades_traded_at", "trades", ["traded_at"], unique=False)
    op.create_index("ix_trades_trader_position", "trades", ["trader", sa.literal_column("position DESC")], unique=False)
    op.create_index(
        "ix_trades_unfinalized", "trades", ["slot"], unique=False, postgresql_where=sa.text("NOT finalized")
    )
    op.create_table(
        "vesting_schedules",
        sa.Column("schedule", sa.String(length=44), nullable=False),
        sa.Column("mint", sa.String(length=44), nullable=False),
        sa.Column("grantor", sa.String(length=44), nullable=False),
        sa.Column("beneficiary", sa.String(length=44), nullable=False),
        sa.Column("amount", sa.Numeric(precision=20, scale=0), nullable=False),
        sa.Column("claimed", sa.Numeric(precision=20, scale=0), server_default="0", nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cliff_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("period_seconds", sa.BigInteger(), nullable=False),
        sa.Column("revocable", sa.Boolean(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("index", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("schedule", name=op.f("pk_vesting_schedules")),
    )
    op.create_index(op.f("ix_vesting_schedules_beneficiary"), "vesting_schedules", ["beneficiary"], unique=False)
    op.create_index(op.f("ix_vesting_schedules_mint"), "vesting_schedules", ["mint"], unique=False)
    op.create_table(
        "reactions",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.String(length=44), nullable=False),
        sa.Column("emoji", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_reactions_message_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("message_id", "author", "emoji", name=op.f("pk_reactions")),
    )
    op.create_table(
        "sessions",
        sa.Column("id_hash", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=44), nullable=False),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["address"], ["accounts.address"], name=op.f("fk_sessions_address"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_address"), "sessions", ["address"], unique=False)
    op.create_index(op.f("ix_sessions_expires_at"), "sessions", ["expires_at"], unique=False)


def downgrade() -> None:
    op.drop_table("sessions")
    op.drop_table("reactions")
    op.drop_table("vesting_schedules")
    op.drop_table("trades")
    op.drop_table("tokens")
    op.drop_table("token_accounts")
    op.drop_table("sign_in_challenges")
    op.drop_table("sent_transactions")
    op.drop_table("rooms")
    op.drop_table("outbox")
    op.drop_table("messages")
    op.drop_table("media")
    op.drop_table("holders")
    op.drop_table("fee_events")
    op.drop_table("curves")
    op.drop_table("cursors")
    op.drop_table("channel_heads")
    op.drop_table("chain_events")
    op.drop_table("candles")
    op.drop_table("allocations")
    op.drop_table("accounts")
