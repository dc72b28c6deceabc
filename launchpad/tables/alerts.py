"""Alert rules, what fired, and how it is delivered."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, Numeric, SmallInteger, String, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from launchpad.tables.base import Instant, Table

# Prices need their zeros, volumes their digits.
Measure = Numeric(40, 20)


class AlertRule(Table):
    """What somebody wants to hear of: of some tokens, or of all tokens of a creator.

    `unit` is that of `threshold`: usd, sol, percent or times. A removed rule keeps its row for a
    while, so that who evaluates hears of the removal by `changed_at` as of any other change.
    """

    __tablename__ = "alert_rules"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(String(44))
    type: Mapped[str] = mapped_column(String(16))
    mints: Mapped[list[str]] = mapped_column(ARRAY(String(44)))
    creator: Mapped[str | None] = mapped_column(String(44))
    threshold: Mapped[Decimal | None] = mapped_column(Measure)
    unit: Mapped[str | None] = mapped_column(String(8))
    window: Mapped[str | None] = mapped_column(String(4))
    channels: Mapped[list[str]] = mapped_column(ARRAY(String(8)))
    repeats: Mapped[bool]
    cooldown_seconds: Mapped[int] = mapped_column(Integer)
    enabled: Mapped[bool] = mapped_column(server_default=text("true"))
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    fired: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    last_fired_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=text("clock_timestamp()"))
    changed_at: Mapped[datetime] = mapped_column(Instant, server_default=text("clock_timestamp()"))
    deleted_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        Index("ix_alert_rules_owner", "owner", text("created_at DESC"), postgresql_where=text("deleted_at IS NULL")),
        Index("ix_alert_rules_changed_at", "changed_at"),
    )


class AlertState(Table):
    """What a rule remembers of one token.

    `beyond` is whether its threshold is passed, so that it fires on the crossing alone; `reference`
    is the value that changes are measured from; `fired_at` begins the cooldown.
    """

    __tablename__ = "alert_states"

    rule_id: Mapped[UUID] = mapped_column(ForeignKey("alert_rules.id", ondelete="CASCADE"), primary_key=True)
    mint: Mapped[str] = mapped_column(String(44), primary_key=True)
    beyond: Mapped[bool | None]
    reference: Mapped[Decimal | None] = mapped_column(Measure)
    fired_at: Mapped[datetime | None] = mapped_column(Instant)


class AlertPosition(Table):
    """How far the rules are evaluated in the outbox, which is told in the order of `published_at` and id."""

    __tablename__ = "alert_positions"

    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    published_at: Mapped[datetime] = mapped_column(Instant)
    outbox_id: Mapped[int] = mapped_column(BigInteger)


class Alert(Table):
    """A rule that fired. The id is made of the rule and of what it fired on, so that nothing fires twice."""

    __tablename__ = "alerts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    rule_id: Mapped[UUID]
    owner: Mapped[str] = mapped_column(String(44))
    mint: Mapped[str] = mapped_column(String(44))
    symbol: Mapped[str] = mapped_column(String(32))
    type: Mapped[str] = mapped_column(String(16))
    value: Mapped[Decimal | None] = mapped_column(Measure)
    threshold: Mapped[Decimal | None] = mapped_column(Measure)
    unit: Mapped[str | None] = mapped_column(String(8))
    window: Mapped[str | None] = mapped_column(String(4))
    message: Mapped[str] = mapped_column(String(300))
    trade: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    happened_at: Mapped[datetime] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=text("clock_timestamp()"))
    read_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        Index("ix_alerts_owner_created", "owner", text("created_at DESC"), text("id DESC")),
        Index("ix_alerts_unread", "owner", postgresql_where=text("read_at IS NULL")),
        Index("ix_alerts_created_at", "created_at"),
    )


class AlertDelivery(Table):
    """One alert on its way to one webhook, one browser or one room; the id is made of the alert and the target.

    `status` is waiting, delivered, dead (every attempt failed) or dropped (it came too often).
    """

    __tablename__ = "alert_deliveries"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    alert_id: Mapped[UUID] = mapped_column(ForeignKey("alerts.id", ondelete="CASCADE"), index=True)
    owner: Mapped[str] = mapped_column(String(44))
    channel: Mapped[str] = mapped_column(String(8))  # push, webhook, room
    target: Mapped[str] = mapped_column(String(44))
    status: Mapped[str] = mapped_column(String(9), server_default="waiting")
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    next_at: Mapped[datetime] = mapped_column(Instant, server_default=text("clock_timestamp()"))
    answer: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=text("clock_timestamp()"))
    done_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        Index("ix_alert_deliveries_due", "channel", "next_at", postgresql_where=text("status = 'waiting'")),
        Index("ix_alert_deliveries_target", "target", text("created_at DESC")),
    )


class Webhook(Table):
    """An address that alerts are posted to, and what they are signed with.

    After a rotation the secret before it signs beside the new one until `old_secret_until`.
    """

    __tablename__ = "webhooks"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(String(44), index=True)
    url: Mapped[str] = mapped_column(String(500))
    secret: Mapped[str] = mapped_column(String(80))
    old_secret: Mapped[str | None] = mapped_column(String(80))
    old_secret_until: Mapped[datetime | None] = mapped_column(Instant)
    enabled: Mapped[bool] = mapped_column(server_default=text("true"))
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=text("clock_timestamp()"))


class PushSubscription(Table):
    """A browser that shows alerts although no page is open."""

    __tablename__ = "push_subscriptions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(String(44), index=True)
    endpoint: Mapped[str] = mapped_column(String(1000), unique=True)
    p256dh: Mapped[str] = mapped_column(String(120))
    auth: Mapped[str] = mapped_column(String(40))
    device: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=text("clock_timestamp()"))


class ServerKey(Table):
    """A key that the servers made themselves and share."""

    __tablename__ = "server_keys"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[str]
