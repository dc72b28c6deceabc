"""Alert rules, what fired, and where it is delivered."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Path, Response

from api.deps import CursorQuery, Member, ServicesDep, limit_query
from api.errors import documented
from launchpad.alerts import push, service, webhooks
from launchpad.alerts.delivery_schemas import (
    ChangeWebhook,
    CreateWebhook,
    DeliveryPage,
    DeliveryView,
    PushPage,
    PushView,
    Subscribe,
    TriedView,
    WebhookPage,
    WebhookSecretView,
    WebhookView,
)
from launchpad.alerts.schemas import (
    AlertPage,
    AlertRulePage,
    AlertRuleView,
    ChangeAlert,
    CreateAlert,
    MarkRead,
    UnreadView,
)


async def _private(response: Response) -> None:
    response.headers["Cache-Control"] = "no-store"


router = APIRouter(prefix="/api/v1/alerts", tags=["alerts"])
_READ = documented(401)
_CHANGE = documented(401, 403, 404)
_MAKE = documented(401, 403, 409)
RulePath = Annotated[UUID, Path(description="The rule's id.")]
WebhookPath = Annotated[UUID, Path(description="The webhook's id.")]
DeliveryPath = Annotated[UUID, Path(description="The delivery's id.")]
BrowserPath = Annotated[UUID, Path(description="The id out of the list of browsers.")]
LimitQuery = Annotated[int, limit_query(200)]
_PAGE = 50


@router.post("", summary="Make an alert rule", responses=_MAKE, status_code=201)
async def create_rule(body: CreateAlert, member: Member, services: ServicesDep) -> AlertRuleView:
    """A rule that is evaluated from now on. A price rule fires when its price is crossed, not while it is beyond it."""
    async with services.database.session() as session:
        return await service.create_rule(session, services.settings, member.address, body)


@router.get("", summary="Your alert rules", responses=_READ)
async def list_rules(member: Member, response: Response, services: ServicesDep) -> AlertRulePage:
    """Every rule of the account, newest first."""
    await _private(response)
    async with services.database.read() as session:
        return await service.list_rules(session, member.address)


@router.get("/triggered", summary="What fired", responses=_READ)
async def list_triggered(
    member: Member, response: Response, services: ServicesDep, cursor: CursorQuery = None, limit: LimitQuery = _PAGE
) -> AlertPage:
    """The alerts of the last 30 days, newest first, and how many are unread."""
    await _private(response)
    async with services.database.read() as session:
        return await service.list_alerts(session, member.address, limit, cursor)


@router.post("/triggered/read", summary="Mark alerts as read", responses=documented(401, 403))
async def mark_read(body: MarkRead, member: Member, services: ServicesDep) -> UnreadView:
    """Some, or without `ids` all of them; answered with how many are unread then."""
    async with services.database.session() as session:
        return await service.mark_read(session, member.address, body)


@router.get("/webhooks", summary="Your webhooks", responses=_READ)
async def list_webhooks(member: Member, response: Response, services: ServicesDep) -> WebhookPage:
    """Every webhook of the account, newest first, without secrets."""
    await _private(response)
    async with services.database.read() as session:
        return await webhooks.list_webhooks(session, member.address)


@router.post("/webhooks", summary="Register a webhook", responses=_MAKE, status_code=201)
async def create_webhook(
    body: CreateWebhook, member: Member, response: Response, services: ServicesDep
) -> WebhookSecretView:
    """A public https address that alerts are posted to, signed after Standard Webhooks. The secret is shown once."""
    await _private(response)
    async with services.database.session() as session:
        return await webhooks.create(session, services.poster, member.address, body.url)


@router.patch("/webhooks/{webhook}", summary="Switch a webhook", responses=_CHANGE)
async def switch_webhook(
    webhook: WebhookPath, body: ChangeWebhook, member: Member, services: ServicesDep
) -> WebhookView:
    """Turn a webhook on or off."""
    async with services.database.session() as session:
        return await webhooks.switch(session, member.address, webhook, enabled=body.enabled)


@router.delete("/webhooks/{webhook}", summary="Remove a webhook", responses=_CHANGE, status_code=204)
async def remove_webhook(webhook: WebhookPath, member: Member, services: ServicesDep) -> None:
    """Nothing is posted there any more, not even what waits."""
    async with services.database.session() as session:
        await webhooks.remove(session, member.address, webhook)


@router.post("/webhooks/{webhook}/rotate", summary="Give a webhook a new secret", responses=_CHANGE)
async def rotate_webhook(
    webhook: WebhookPath, member: Member, response: Response, services: ServicesDep
) -> WebhookSecretView:
    """The new secret is shown once; for 24 hours messages are signed with the old one too."""
    await _private(response)
    async with services.database.session() as session:
        return await webhooks.rotate(session, member.address, webhook)


@router.post("/webhooks/{webhook}/test", summary="Try a webhook out", responses=_CHANGE)
async def try_webhook(webhook: WebhookPath, member: Member, services: ServicesDep) -> TriedView:
    """Posts a message of type `webhook.test` at once, and tells what was answered."""
    async with services.database.read() as session:
        hook = await webhooks.own_webhook(session, member.address, webhook)
    return await webhooks.try_out(services.poster, hook, datetime.now(UTC))


@router.get("/webhooks/{webhook}/deliveries", summary="Deliveries to a webhook", responses=documented(401, 404))
async def list_deliveries(
    webhook: WebhookPath, member: Member, response: Response, services: ServicesDep
) -> DeliveryPage:
    """The newest hundred: waiting, delivered, or dead after the last attempt."""
    await _private(response)
    async with services.database.read() as session:
        return await webhooks.list_deliveries(session, member.address, webhook)


@router.post("/deliveries/{delivery}/retry", summary="Send a dead delivery again", responses=_CHANGE)
async def send_again(delivery: DeliveryPath, member: Member, services: ServicesDep) -> DeliveryView:
    """Puts it back into its queue, under the same message id."""
    async with services.database.session() as session:
        return await webhooks.send_again(session, member.address, delivery)


@router.get("/push", summary="Browsers that hear of your alerts", responses=_READ)
async def list_browsers(member: Member, response: Response, services: ServicesDep) -> PushPage:
    """Every browser of the account, and the key (VAPID) that a browser subscribes with."""
    await _private(response)
    async with services.database.session() as session:
        return await push.list_browsers(session, services.settings, member.address)


@router.post("/push", summary="Let a browser hear of your alerts", responses=_MAKE, status_code=201)
async def subscribe_browser(
    body: Subscribe,
    member: Member,
    services: ServicesDep,
    user_agent: Annotated[str, Header(max_length=1000, include_in_schema=False)] = "",
) -> PushView:
    """Takes the browser's PushSubscription as `toJSON()` writes it; the same again changes nothing."""
    async with services.database.session() as session:
        return await push.subscribe(session, services.poster, member.address, body, user_agent)


@router.delete("/push/{browser}", summary="Let a browser hear nothing more", responses=_CHANGE, status_code=204)
async def unsubscribe_browser(browser: BrowserPath, member: Member, services: ServicesDep) -> None:
    """Ends one of the account's subscriptions."""
    async with services.database.session() as session:
        await push.unsubscribe(session, member.address, browser)


@router.patch("/{rule}", summary="Change an alert rule", responses=_CHANGE)
async def change_rule(rule: RulePath, body: ChangeAlert, member: Member, services: ServicesDep) -> AlertRuleView:
    """What is absent stays. A rule that changed begins anew: it forgets its cooldown and where the price stood."""
    async with services.database.session() as session:
        return await service.change_rule(session, member.address, rule, body)


@router.delete("/{rule}", summary="Remove an alert rule", responses=_CHANGE, status_code=204)
async def remove_rule(rule: RulePath, member: Member, services: ServicesDep) -> None:
    """What it fired stays in the list."""
    async with services.database.session() as session:
        await service.remove_rule(session, member.address, rule)
