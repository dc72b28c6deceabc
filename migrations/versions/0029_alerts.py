"""Alert rules, what fired, webhooks and browsers that hear of it; lines that rules write in rooms.

Revision: 0029, after 0028.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_MEASURE = sa.Numeric(40, 20)
_INSTANT = sa.DateTime(timezone=True)
_NOW = sa.text("clock_timestamp()")
_ZERO = sa.text("0")


def upgrade() -> None:
    op.add_column("messages", sa.Column("kind", sa.String(5), nullable=False, server_default="said"))
    _create_rules()
    _create_alerts()
    _create_targets()


def _create_rules() -> None:
    op.create_table(
        "alert_rules",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("owner", sa.String(44), nullable=False),
        sa.Column("type", sa.String(16), nullable=False),
        sa.Column("mints", ARRAY(sa.String(44)), nullable=False),
        sa.Column("creator", sa.String(44)),
        sa.Column("threshold", _MEASURE),
        sa.Column("unit", sa.String(8)),
        sa.Column("window", sa.String(4)),
        sa.Column("channels", ARRAY(sa.String(8)), nullable=False),
        sa.Column("repeats", sa.Boolean(), nullable=False),
        sa.Column("cooldown_seconds", sa.Integer(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False, server_default=sa.text("true")),
        sa.Column("expires_at", _INSTANT),
        sa.Column("fired", sa.Integer(), nullable=False, server_default=_ZERO),
        sa.Column("last_fired_at", _INSTANT),
        sa.Column("created_at", _INSTANT, nullable=False, server_default=_NOW),
        sa.Column("changed_at", _INSTANT, nullable=False, server_default=_NOW),
        sa.Column("deleted_at", _INSTANT),
    )
    alive = sa.text("deleted_at IS NULL")
    op.create_index(
        "ix_alert_rules_owner", "alert_rules", ["owner", sa.text("created_at DESC")], postgresql_where=alive
    )
    op.create_index("ix_alert_rules_changed_at", "alert_rules", ["changed_at"])
    op.create_table(
        "alert_states",
        sa.Column("rule_id", sa.Uuid(), sa.ForeignKey("alert_rules.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("mint", sa.String(44), primary_key=True),
        sa.Column("beyond", sa.Boolean()),
        sa.Column("reference", _MEASURE),
        sa.Column("fired_at", _INSTANT),
    )
    op.create_table(
        "alert_positions",
        sa.Column("name", sa.String(16), primary_key=True),
        sa.Column("published_at", _INSTANT, nullable=False),
        sa.Column("outbox_id", sa.BigInteger(), nullable=False),
    )


def _create_alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("rule_id", sa.Uuid(), nullable=False),
        sa.Column("owner", sa.String(44), nullable=False),
        sa.Column("mint", sa.String(44), nullable=False),
        sa.Column("symbol", sa.String(32), nullable=False),
        sa.Column("type", sa.String(16), nullable=False),
        sa.Column("value", _MEASURE),
        sa.Column("threshold", _MEASURE),
        sa.Column("unit", sa.String(8)),
        sa.Column("window", sa.String(4)),
        sa.Column("message", sa.String(300), nullable=False),
        sa.Column("trade", JSONB()),
        sa.Column("happened_at", _INSTANT, nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False, server_default=_NOW),
        sa.Column("read_at", _INSTANT),
    )
    newest = [sa.text("created_at DESC"), sa.text("id DESC")]
    op.create_index("ix_alerts_owner_created", "alerts", ["owner", *newest])
    op.create_index("ix_alerts_unread", "alerts", ["owner"], postgresql_where=sa.text("read_at IS NULL"))
    op.create_index("ix_alerts_created_at", "alerts", ["created_at"])
    op.create_table(
        "alert_deliveries",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("alert_id", sa.Uuid(), sa.ForeignKey("alerts.id", ondelete="CASCADE"), nullable=False),
        sa.Column("owner", sa.String(44), nullable=False),
        sa.Column("channel", sa.String(8), nullable=False),
        sa.Column("target", sa.String(44), nullable=False),
        sa.Column("status", sa.String(9), nullable=False, server_default="waiting"),
        sa.Column("attempts", sa.SmallInteger(), nullable=False, server_default=_ZERO),
        sa.Column("next_at", _INSTANT, nullable=False, server_default=_NOW),
        sa.Column("answer", sa.String(200)),
        sa.Column("created_at", _INSTANT, nullable=False, server_default=_NOW),
        sa.Column("done_at", _INSTANT),
    )
    op.create_index("ix_alert_deliveries_alert_id", "alert_deliveries", ["alert_id"])
    waiting = sa.text("status = 'waiting'")
    op.create_index("ix_alert_deliveries_due", "alert_deliveries", ["channel", "next_at"], postgresql_where=waiting)
    op.create_index("ix_alert_deliveries_target", "alert_deliveries", ["target", sa.text("created_at DESC")])


def _create_targets() -> None:
    op.create_table(
        "webhooks",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("owner", sa.String(44), nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("secret", sa.String(80), nullable=False),
        sa.Column("old_secret", sa.String(80)),
        sa.Column("old_secret_until", _INSTANT),
        sa.Column("enabled", sa.Boolean(), nullable=False, server_default=sa.text("true")),
        sa.Column("created_at", _INSTANT, nullable=False, server_default=_NOW),
    )
    op.create_index("ix_webhooks_owner", "webhooks", ["owner"])
    op.create_table(
        "push_subscriptions",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("owner", sa.String(44), nullable=False),
        sa.Column("endpoint", sa.String(1000), nullable=False),
        sa.Column("p256dh", sa.String(120), nullable=False),
        sa.Column("auth", sa.String(40), nullable=False),
        sa.Column("device", sa.String(200), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False, server_default=_NOW),
        sa.UniqueConstraint("endpoint"),
    )
    op.create_index("ix_push_subscriptions_owner", "push_subscriptions", ["owner"])
    op.create_table(
        "server_keys",
        sa.Column("name", sa.String(32), primary_key=True),
        sa.Column("value", sa.String(), nullable=False),
    )


def downgrade() -> None:
    for table in (
        "server_keys",
        "push_subscriptions",
        "webhooks",
        "alert_deliveries",
        "alerts",
        "alert_positions",
        "alert_states",
        "alert_rules",
    ):
        op.drop_table(table)
    op.drop_column("messages", "kind")
