"""Bringing alerts to their targets: a queue per way of delivering, each with its own bounds.

A delivery is taken for as long as a lease lasts, sent, and then noted as done. Whoever dies in
between leaves it to the next one after the lease: it is sent at least once, always under the
same id, by which receivers know a repeat.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

import structlog
from sqlalchemy import RowMapping

from launchpad.alerts import push, webhooks
from launchpad.alerts import queries_delivery as queries
from launchpad.alerts.service import alert_view
from launchpad.config import Settings
from launchpad.db import Database
from launchpad.outbound import Answer, Poster, UnansweredError, UnsafeAddressError
from launchpad.rooms import service as rooms
from launchpad.tables.alerts import Alert, PushSubscription, Webhook

log = structlog.get_logger(__name__)

# After each attempt that failed; after the last one a delivery is dead.
DELAYS = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 300, 1800, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600)
)
LEASE = timedelta(seconds=60)
AT_ONCE = 20
EACH = 5
_GONE = 410
_NOT_FOUND = 404
_NOWHERE = "There is no such target any more."


class Outcome(NamedTuple):
    """How an attempt ended: delivered, failed (to be tried again) or dead; why, and the status if one came."""

    status: str
    answer: str | None = None
    code: int = 0


@dataclass
class Courier(ABC):
    """One way of delivering. `run` sends what is due, at most AT_ONCE at a time and EACH to one target."""

    channel: ClassVar[str]
    database: Database
    delays: Sequence[timedelta] = DELAYS

    async def run(self) -> int:
        """Send what is due; how many were tried."""
        tried = 0
        while claimed := await self._claim():
            await asyncio.gather(*map(self._deliver, claimed))
            tried += len(claimed)
        return tried

    async def _claim(self) -> Sequence[RowMapping]:
        async with self.database.session() as session:
            return await queries.claim(session, self.channel, limit=AT_ONCE, each=EACH, lease=LEASE)

    async def _deliver(self, item: RowMapping) -> None:
        outcome = await self._attempt(item)
        if outcome is not None:
            await self._note(item, outcome)

    @abstractmethod
    async def _attempt(self, item: RowMapping) -> Outcome | None:
        """Try once; None where the outcome is noted already."""

    async def _note(self, item: RowMapping, outcome: Outcome) -> None:
        async with self.database.session() as session:
            if outcome.status != "failed":
                await queries.finish(session, item["id"], outcome.status, outcome.answer)
            elif item["attempts"] > len(self.delays):
                log.info("alerts.dead", channel=self.channel, target=item["target"], answer=outcome.answer)
                await queries.finish(session, item["id"], "dead", outcome.answer)
            else:
                delay = self.delays[item["attempts"] - 1]
                # Spread by the id, so that what failed together does not come back together.
                spread = 1 + (item["id"].int % 100) / 1000
                await queries.postpone(session, item["id"], delay * spread, outcome.answer or "")


@dataclass
class WebhookCourier(Courier):
    """Posts alerts to webhooks, signed."""

    channel = "webhook"
    poster: Poster | None = None

    async def _attempt(self, item: RowMapping) -> Outcome | None:
        async with self.database.read() as session:
            hook = await queries.webhook(session, UUID(item["target"]))
            alert = await queries.alert(session, item["alert_id"])
        if hook is None or alert is None or not hook.enabled or self.poster is None:
            return Outcome("dead", _NOWHERE if hook is None else "The webhook is switched off.")
        outcome = await _posted(self._post(self.poster, hook, alert, item["id"]))
        if outcome.code == _GONE:
            await self._switch_off(hook)
        return outcome

    async def _post(self, poster: Poster, hook: Webhook, alert: Alert, message_id: UUID) -> Answer:
        data = alert_view(alert).model_dump(exclude={"read"})
        return await webhooks.post(
            poster, hook, message_id, webhooks.body_of("alert.triggered", alert.created_at, data)
        )

    async def _switch_off(self, hook: Webhook) -> None:
        """410 Gone is how a receiver unsubscribes."""
        async with self.database.session() as session:
            await webhooks.switch(session, hook.owner, hook.id, enabled=False)


async def _posted(posting: Any) -> Outcome:
    try:
        answer: Answer = await posting
    except UnansweredError as error:
        return Outcome("failed", str(error)[:200])
    except UnsafeAddressError as error:
        return Outcome("failed", error.message[:200])
    if webhooks.is_taken(answer):
        return Outcome("delivered", str(answer.status))
    return Outcome("dead" if answer.status == _GONE else "failed", webhooks.in_words(answer), answer.status)


@dataclass
class PushCourier(Courier):
    """Posts alerts to the push services of browsers. A browser that unsubscribed is forgotten."""

    channel = "push"
    poster: Poster | None = None
    settings: Settings | None = None

    async def _attempt(self, item: RowMapping) -> Outcome | None:
        if self.settings is None or self.poster is None:  # pragma: no cover - it is always made with both
            return Outcome("failed", "No way to push.")
        async with self.database.session() as session:
            key = await push.server_key(session, self.settings)
            browser = await queries.subscription(session, UUID(item["target"]))
            alert = await queries.alert(session, item["alert_id"])
        if browser is None or alert is None:
            return Outcome("dead", _NOWHERE)
        outcome = await _posted(push.post(self.poster, self.settings, key, browser, _notice(alert)))
        if outcome.code in {_GONE, _NOT_FOUND}:
            await self._forget(browser)
            return Outcome("dead", "The browser unsubscribed.")
        return outcome

    async def _forget(self, browser: PushSubscription) -> None:
        async with self.database.session() as session:
            await queries.forget_subscription(session, browser.id)


def _notice(alert: Alert) -> dict[str, Any]:
    """What the service worker shows; `id` lets it show a repeat in the place of the first."""
    return {
        "id": str(alert.id),
        "title": alert.symbol,
        "body": alert.message,
        "url": f"/token/{alert.mint}",
        "at": int(alert.happened_at.timestamp() * 1000),
    }


@dataclass
class RoomCourier(Courier):
    """Writes alerts into the rooms of their tokens, in the transaction that notes them as delivered."""

    channel = "room"

    async def _attempt(self, item: RowMapping) -> Outcome | None:
        async with self.database.session() as session:
            alert = await queries.alert(session, item["alert_id"])
            if alert is None:  # pragma: no cover - deliveries go with their alerts
                return Outcome("dead", _NOWHERE)
            refused = await rooms.post_alert(session, item["owner"], alert.mint, alert.message, item["id"])
            await queries.finish(session, item["id"], "dropped" if refused else "delivered", refused)
        return None
