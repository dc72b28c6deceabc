"""Web push: the server's key (VAPID, RFC 8292), browsers, and messages that only the browser can read (RFC 8291)."""

import time
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import orjson
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02  # type: ignore[import-untyped]
from py_vapid.utils import b64urlencode  # type: ignore[import-untyped]
from pywebpush import WebPusher  # type: ignore[import-untyped]
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.accounts.devices import device_name
from launchpad.alerts import queries_delivery as queries
from launchpad.alerts.delivery_schemas import PushPage, PushView, Subscribe
from launchpad.alerts.errors import AlertQuotaError, PushSubscriptionNotFoundError
from launchpad.alerts.queries import lock_owner
from launchpad.config import Settings
from launchpad.errors import ConfigError
from launchpad.ids import uuid7
from launchpad.outbound import Answer, Poster
from launchpad.schemas import PageMeta
from launchpad.tables.alerts import PushSubscription

MOST_BROWSERS = 10
# How long a push service keeps a message for a browser that is closed: news that is older is in the list.
KEPT_SECONDS = 6 * 3600
_TOKEN_SECONDS = 12 * 3600
_KEY = "vapid"


async def server_key(session: AsyncSession, settings: Settings) -> Vapid02:
    """The key that push services know this server by: as configured, else made once and kept in the database."""
    if settings.vapid_private_key:
        try:
            return Vapid02.from_string(settings.vapid_private_key)
        except Exception as error:  # the library raises whatever its parser does
            raise ConfigError("VAPID_PRIVATE_KEY is no key: make one with `vapid --gen`, or leave it empty.") from error
    known = await queries.known_key(session, _KEY)
    if known is None:
        fresh = Vapid02()
        fresh.generate_keys()
        known = await queries.server_key(session, _KEY, fresh.private_pem().decode())
    return Vapid02.from_pem(known.encode())


def public_key(key: Vapid02) -> str:
    """What a browser subscribes with: the uncompressed point, base64url."""
    return str(b64urlencode(key.public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)))


async def list_browsers(session: AsyncSession, settings: Settings, owner: str) -> PushPage:
    """Somebody's browsers, and the key to subscribe another with."""
    data = [_view(row) for row in await queries.subscriptions(session, owner)]
    key = public_key(await server_key(session, settings))
    return PushPage(data=data, public_key=key, meta=PageMeta(limit=MOST_BROWSERS, has_more=False))


async def subscribe(session: AsyncSession, poster: Poster, owner: str, asked: Subscribe, agent: str) -> PushView:
    """Let a browser hear of alerts; the same again changes nothing. Raises UnsafeAddressError and AlertQuotaError."""
    await poster.check(asked.endpoint)
    await lock_owner(session, owner)
    known = await queries.subscriptions(session, owner)
    if len(known) >= MOST_BROWSERS and all(row.endpoint != asked.endpoint for row in known):
        raise AlertQuotaError(f"{MOST_BROWSERS} browsers hear of your alerts, which is as many as may: remove one.")
    now = await queries.database_now(session)
    values = {
        "id": uuid7(now),
        "owner": owner,
        "endpoint": asked.endpoint,
        "p256dh": asked.keys.p256dh,
        "auth": asked.keys.auth,
        "device": device_name(agent),
    }
    return _view(await queries.save_subscription(session, values))


async def unsubscribe(session: AsyncSession, owner: str, subscription_id: UUID) -> None:
    """Let a browser hear nothing any more. Raises PushSubscriptionNotFoundError."""
    if await queries.subscription(session, subscription_id, owner) is None:
        raise PushSubscriptionNotFoundError("This browser hears of no alerts of yours.")
    await queries.end_waiting(session, str(subscription_id), "The browser was removed.")
    await queries.forget_subscription(session, subscription_id)


def _view(row: PushSubscription) -> PushView:
    return PushView(id=str(row.id), device=row.device, endpoint=row.endpoint, created_at=row.created_at)


async def post(
    poster: Poster, settings: Settings, key: Vapid02, browser: PushSubscription, message: dict[str, Any]
) -> Answer:
    """Post an encrypted message to the browser's push service; raises UnsafeAddressError and UnansweredError."""
    keys = {"p256dh": browser.p256dh, "auth": browser.auth}
    sealed = WebPusher({"endpoint": browser.endpoint, "keys": keys}).encode(orjson.dumps(message))
    parts = urlsplit(browser.endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(time.time()) + _TOKEN_SECONDS,
        "sub": _subject(settings),
    }
    headers = {
        **key.sign(claims),
        "Content-Type": "application/octet-stream",
        "Content-Encoding": "aes128gcm",
        "TTL": str(KEPT_SECONDS),
        "Urgency": "high",
    }
    return await poster.post(browser.endpoint, sealed["body"], headers)


def _subject(settings: Settings) -> str:
    """Whom push services may turn to."""
    if settings.vapid_subject:
        return settings.vapid_subject
    return settings.origin if settings.origin.startswith("https://") else "mailto:nobody@localhost.localdomain"
