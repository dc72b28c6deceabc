"""Webhooks: made, listed, switched, rotated, tried; and their messages, signed."""

import time
from datetime import datetime, timedelta
from typing import Any, Literal, cast
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.alerts import queries_delivery as queries
from launchpad.alerts import signing
from launchpad.alerts.delivery_schemas import (
    DeliveryPage,
    DeliveryView,
    TriedView,
    WebhookPage,
    WebhookSecretView,
    WebhookView,
)
from launchpad.alerts.errors import AlertQuotaError, DeliveryNotFoundError, WebhookNotFoundError
from launchpad.alerts.queries import lock_owner
from launchpad.ids import uuid7
from launchpad.outbound import Answer, Poster, UnansweredError
from launchpad.schemas import PageMeta
from launchpad.tables.alerts import AlertDelivery, Webhook

MOST_WEBHOOKS = 5
# So long the secret before the newest signs beside it.
OVERLAP = timedelta(hours=24)
_LISTED = 100
_SHOWN = 200


async def create(session: AsyncSession, poster: Poster, owner: str, url: str) -> WebhookSecretView:
    """Register a webhook; its secret is shown this once. Raises UnsafeAddressError and AlertQuotaError."""
    await poster.check(url)
    await lock_owner(session, owner)
    if len(await queries.webhooks(session, owner)) >= MOST_WEBHOOKS:
        raise AlertQuotaError(f"You have {MOST_WEBHOOKS} webhooks, which is as many as one may have: remove one first.")
    now = await queries.database_now(session)
    made = Webhook(id=uuid7(now), owner=owner, url=url, secret=signing.new_secret(), enabled=True, created_at=now)
    session.add(made)
    await session.flush()
    return _with_secret(made)


async def list_webhooks(session: AsyncSession, owner: str) -> WebhookPage:
    """Somebody's webhooks, newest first."""
    data = [_view(row) for row in await queries.webhooks(session, owner)]
    return WebhookPage(data=data, meta=PageMeta(limit=MOST_WEBHOOKS, has_more=False))


async def switch(session: AsyncSession, owner: str, webhook_id: UUID, *, enabled: bool) -> WebhookView:
    """Turn a webhook on or off; what is due while it is off is dead. Raises WebhookNotFoundError."""
    found = await _own(session, owner, webhook_id)
    found.enabled = enabled
    return _view(found)


async def rotate(session: AsyncSession, owner: str, webhook_id: UUID) -> WebhookSecretView:
    """Give a webhook a new secret; for a day messages are signed with the old one too. Raises WebhookNotFoundError."""
    found = await _own(session, owner, webhook_id)
    found.old_secret, found.secret = found.secret, signing.new_secret()
    found.old_secret_until = await queries.database_now(session) + OVERLAP
    return _with_secret(found)


async def remove(session: AsyncSession, owner: str, webhook_id: UUID) -> None:
    """Remove a webhook; nothing is posted there any more. Raises WebhookNotFoundError."""
    found = await _own(session, owner, webhook_id)
    await queries.end_waiting(session, str(webhook_id), "The webhook was removed.")
    await session.delete(found)


async def _own(session: AsyncSession, owner: str, webhook_id: UUID) -> Webhook:
    found = await queries.webhook(session, webhook_id, owner)
    if found is None:
        raise WebhookNotFoundError("There is no such webhook: it was removed, or is not yours.")
    return found


def _view(row: Webhook) -> WebhookView:
    return WebhookView(
        id=str(row.id),
        url=row.url,
        enabled=row.enabled,
        created_at=row.created_at,
        old_secret_until=row.old_secret_until,
    )


def _with_secret(row: Webhook) -> WebhookSecretView:
    return WebhookSecretView(**_view(row).model_dump(), secret=row.secret)


async def own_webhook(session: AsyncSession, owner: str, webhook_id: UUID) -> Webhook:
    """One of somebody's webhooks, to post to. Raises WebhookNotFoundError."""
    return await _own(session, owner, webhook_id)


async def post(poster: Poster, hook: Webhook, message_id: UUID, body: dict[str, Any]) -> Answer:
    """Post a message, signed; raises UnsafeAddressError and UnansweredError."""
    content = orjson.dumps(body, option=orjson.OPT_UTC_Z)
    now = int(time.time())
    told = signing.headers(f"msg_{message_id.hex}", now, content, _secrets(hook, now))
    return await poster.post(hook.url, content, {"Content-Type": "application/json", **told})


def _secrets(hook: Webhook, now: int) -> list[str]:
    old = hook.old_secret if hook.old_secret_until and hook.old_secret_until.timestamp() > now else None
    return [hook.secret, *([old] if old else [])]


def body_of(kind: str, moment: datetime, data: dict[str, Any]) -> dict[str, Any]:
    """A message in the form that Standard Webhooks recommends."""
    return {"type": kind, "timestamp": moment, "data": data}


async def try_out(poster: Poster, hook: Webhook, now: datetime) -> TriedView:
    """Post a test message at once, and tell what was answered. Raises UnsafeAddressError."""
    body = body_of("webhook.test", now, {"message": "This is a test. Alerts will look like alert.triggered."})
    try:
        answer = await post(poster, hook, uuid7(now), body)
    except UnansweredError as error:
        return TriedView(delivered=False, answer=str(error)[:_SHOWN])
    return TriedView(delivered=is_taken(answer), answer=in_words(answer))


def is_taken(answer: Answer) -> bool:
    """Whether the receiver took the message: any 2xx. Redirects are not followed, so they are refusals."""
    return 200 <= answer.status < 300  # noqa: PLR2004 - the range of HTTP


def in_words(answer: Answer) -> str:
    """Status and the beginning of the answer, one line."""
    return " ".join(f"{answer.status} {answer.text}".replace("\0", "").split())[:_SHOWN]


async def list_deliveries(session: AsyncSession, owner: str, webhook_id: UUID) -> DeliveryPage:
    """The newest deliveries to a webhook. Raises WebhookNotFoundError."""
    await _own(session, owner, webhook_id)
    rows = await queries.deliveries(session, owner, str(webhook_id), _LISTED)
    data = [_delivery(row, message) for row, message in rows]
    return DeliveryPage(data=data, meta=PageMeta(limit=_LISTED, has_more=False))


async def send_again(session: AsyncSession, owner: str, delivery: UUID) -> DeliveryView:
    """Put a dead delivery back into its queue. Raises DeliveryNotFoundError."""
    row = await queries.send_again(session, owner, delivery)
    if row is None:
        raise DeliveryNotFoundError("There is no dead delivery of this id: it may be on its way already.")
    return _delivery(row, await queries.message_of(session, row.alert_id))


def _delivery(row: AlertDelivery, message: str) -> DeliveryView:
    return DeliveryView(
        id=str(row.id),
        alert_id=str(row.alert_id),
        channel=cast("Literal['push', 'webhook', 'room']", row.channel),
        target=row.target,
        status=cast("Literal['waiting', 'delivered', 'dead', 'dropped']", row.status),
        attempts=row.attempts,
        next_at=row.next_at if row.status == "waiting" else None,
        answer=row.answer,
        message=message,
        created_at=row.created_at,
        done_at=row.done_at,
    )
