"""The SQL of deliveries and of where they go."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.tables.alerts import Alert, AlertDelivery, PushSubscription, ServerKey, Webhook

# Nobody's backlog keeps the others waiting: of each target some are taken in a turn, the oldest first.
_CLAIM = text(
    """WITH due AS (
         SELECT id, target, next_at FROM alert_deliveries
         WHERE status = 'waiting' AND channel = :channel AND next_at <= clock_timestamp()
         ORDER BY next_at LIMIT 2000
       ), fair AS (
         SELECT id FROM (SELECT *, row_number() OVER (PARTITION BY target ORDER BY next_at) AS turn FROM due) d
         WHERE turn <= :each ORDER BY next_at LIMIT :limit
       ), held AS (
         SELECT d.id FROM alert_deliveries d JOIN fair ON fair.id = d.id
         WHERE d.status = 'waiting' AND d.next_at <= clock_timestamp() FOR UPDATE OF d SKIP LOCKED
       )
       UPDATE alert_deliveries d SET attempts = d.attempts + 1, next_at = clock_timestamp() + CAST(:lease AS interval)
       FROM held WHERE d.id = held.id RETURNING d.id, d.alert_id, d.owner, d.target, d.attempts"""
)


async def claim(
    session: AsyncSession, channel: str, *, limit: int, each: int, lease: timedelta
) -> Sequence[RowMapping]:
    """Take deliveries that are due: id, alert_id, owner, target, attempts. Who dies with them loses them to `lease`."""
    values = {"channel": channel, "limit": limit, "each": each, "lease": lease}
    return (await session.execute(_CLAIM, values)).mappings().all()


async def finish(session: AsyncSession, delivery: UUID, status: str, answer: str | None) -> None:
    """Note how a delivery ended."""
    statement = update(AlertDelivery).where(AlertDelivery.id == delivery)
    await session.execute(statement.values(status=status, answer=answer, done_at=func.clock_timestamp()))


async def postpone(session: AsyncSession, delivery: UUID, delay: timedelta, answer: str) -> None:
    """Note that a delivery failed and is to be tried again."""
    statement = update(AlertDelivery).where(AlertDelivery.id == delivery, AlertDelivery.status == "waiting")
    await session.execute(statement.values(answer=answer, next_at=func.clock_timestamp() + delay))


async def alert(session: AsyncSession, alert_id: UUID) -> Alert | None:
    """What a delivery tells of."""
    return await session.get(Alert, alert_id)


async def deliveries(session: AsyncSession, owner: str, target: str, limit: int) -> Sequence[tuple[AlertDelivery, str]]:
    """Deliveries to one of somebody's targets, newest first, with what the alert says."""
    statement = (
        select(AlertDelivery, Alert.message)
        .join(Alert, Alert.id == AlertDelivery.alert_id)
        .where(AlertDelivery.owner == owner, AlertDelivery.target == target)
        .order_by(AlertDelivery.created_at.desc())
        .limit(limit)
    )
    return [(row[0], row[1]) for row in await session.execute(statement)]


async def send_again(session: AsyncSession, owner: str, delivery: UUID) -> AlertDelivery | None:
    """Put a dead delivery of somebody back into its queue; None where there is none."""
    statement = (
        update(AlertDelivery)
        .where(AlertDelivery.id == delivery, AlertDelivery.owner == owner, AlertDelivery.status == "dead")
        .values(status="waiting", attempts=0, next_at=func.clock_timestamp(), done_at=None)
        .returning(AlertDelivery)
    )
    found: AlertDelivery | None = await session.scalar(statement)
    return found


async def message_of(session: AsyncSession, alert_id: UUID) -> str:
    """What an alert says."""
    return await session.scalar(select(Alert.message).where(Alert.id == alert_id)) or ""


async def end_waiting(session: AsyncSession, target: str, answer: str) -> None:
    """Nothing is sent to this target any more: what waits for it is dead."""
    statement = update(AlertDelivery).where(AlertDelivery.target == target, AlertDelivery.status == "waiting")
    await session.execute(statement.values(status="dead", answer=answer, done_at=func.clock_timestamp()))


async def webhooks(session: AsyncSession, owner: str) -> Sequence[Webhook]:
    """Somebody's webhooks, newest first."""
    statement = select(Webhook).where(Webhook.owner == owner).order_by(Webhook.created_at.desc())
    return (await session.scalars(statement)).all()


async def webhook(session: AsyncSession, webhook_id: UUID, owner: str | None = None) -> Webhook | None:
    """A webhook, if it is `owner`'s where one is named."""
    found = await session.get(Webhook, webhook_id, populate_existing=True)
    return found if found is not None and owner in (None, found.owner) else None


async def subscriptions(session: AsyncSession, owner: str) -> Sequence[PushSubscription]:
    """Somebody's browsers, newest first."""
    statement = select(PushSubscription).where(PushSubscription.owner == owner)
    return (await session.scalars(statement.order_by(PushSubscription.created_at.desc()))).all()


async def subscription(
    session: AsyncSession, subscription_id: UUID, owner: str | None = None
) -> PushSubscription | None:
    """A browser's subscription, if it is `owner`'s where one is named."""
    found = await session.get(PushSubscription, subscription_id)
    return found if found is not None and owner in (None, found.owner) else None


async def save_subscription(session: AsyncSession, values: dict[str, Any]) -> PushSubscription:
    """Store a browser's subscription; the same endpoint again is the same browser, whoever signed in on it now."""
    statement = insert(PushSubscription).values(values)
    changed = {name: values[name] for name in ("owner", "p256dh", "auth", "device")}
    kept = statement.on_conflict_do_update(index_elements=["endpoint"], set_=changed).returning(PushSubscription)
    found: PushSubscription = (await session.scalars(kept, execution_options={"populate_existing": True})).one()
    return found


async def forget_subscription(session: AsyncSession, subscription_id: UUID) -> None:
    """Remove a browser's subscription."""
    await session.execute(delete(PushSubscription).where(PushSubscription.id == subscription_id))


async def server_key(session: AsyncSession, name: str, fresh: str) -> str:
    """The key of this name; `fresh`, kept from now on, where there was none."""
    await session.execute(insert(ServerKey).values(name=name, value=fresh).on_conflict_do_nothing())
    found: str = (await session.execute(select(ServerKey.value).where(ServerKey.name == name))).scalar_one()
    return found


async def known_key(session: AsyncSession, name: str) -> str | None:
    """The key of this name, None where there is none yet."""
    found: str | None = await session.scalar(select(ServerKey.value).where(ServerKey.name == name))
    return found


async def database_now(session: AsyncSession) -> datetime:
    """The database's clock."""
    now: datetime = (await session.execute(select(func.clock_timestamp()))).scalar_one()
    return now
