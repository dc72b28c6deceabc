"""Webhooks, browsers that hear of alerts, and deliveries, as they go in and come out."""

import base64
import binascii
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field

from launchpad.schemas import PageMeta, Request

_POINT_BYTES = 65
_AUTH_BYTES = 16


class CreateWebhook(Request):
    """Where alerts shall be posted to."""

    url: str = Field(min_length=8, max_length=500, examples=["https://example.org/hooks/launchpad"])


class ChangeWebhook(Request):
    """Whether a webhook is posted to."""

    enabled: bool


class WebhookView(BaseModel):
    """A webhook without its secret."""

    id: str
    url: str
    enabled: bool
    created_at: datetime
    old_secret_until: datetime | None = Field(description="Until then the secret before the newest signs too.")


class WebhookSecretView(WebhookView):
    """A webhook with its secret, which is shown this once."""

    secret: str = Field(description="`whsec_` and the key in base64. Keep it: it is not shown again.")


class WebhookPage(BaseModel):
    """Every webhook of the account, newest first."""

    data: list[WebhookView]
    meta: PageMeta


class TriedView(BaseModel):
    """What a webhook answered to a test message."""

    delivered: bool
    answer: str


class DeliveryView(BaseModel):
    """An alert on its way to one target."""

    id: str
    alert_id: str
    channel: Literal["push", "webhook", "room"]
    target: str
    status: Literal["waiting", "delivered", "dead", "dropped"]
    attempts: int
    next_at: datetime | None = Field(description="When it is tried again, while it waits.")
    answer: str | None
    message: str
    created_at: datetime
    done_at: datetime | None


class DeliveryPage(BaseModel):
    """Deliveries, newest first."""

    data: list[DeliveryView]
    meta: PageMeta


def _point(text: str) -> str:
    if len(_bytes(text)) != _POINT_BYTES:
        raise ValueError("This is no key of a push subscription.")
    return text


def _secret(text: str) -> str:
    if len(_bytes(text)) != _AUTH_BYTES:
        raise ValueError("This is no secret of a push subscription.")
    return text


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("This is not base64url.") from error


class PushKeys(Request):
    """The keys of a PushSubscription of the browser, base64url."""

    p256dh: Annotated[str, Field(max_length=120), AfterValidator(_point)]
    auth: Annotated[str, Field(max_length=40), AfterValidator(_secret)]


class Subscribe(Request):
    """A PushSubscription as the browser's `toJSON()` writes it."""

    endpoint: str = Field(min_length=8, max_length=1000)
    keys: PushKeys
    expirationTime: float | None = Field(None, description="Of no use here; browsers send it.")  # noqa: N815 - its name


class PushView(BaseModel):
    """A browser that hears of alerts."""

    id: str
    device: str
    endpoint: str
    created_at: datetime


class PushPage(BaseModel):
    """The browsers of the account, and the key that a browser subscribes with."""

    data: list[PushView]
    public_key: str = Field(description="VAPID: `applicationServerKey`, base64url.")
    meta: PageMeta
