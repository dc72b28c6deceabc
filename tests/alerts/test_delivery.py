"""What fired arrives at least once and under the same id, at webhooks, browsers and rooms."""

import asyncio
import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import http_ece
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02
from sqlalchemy import insert, text

from launchpad.alerts import firing, push, webhooks
from launchpad.alerts.couriers import PushCourier, RoomCourier, WebhookCourier
from launchpad.alerts.delivery_schemas import PushKeys, Subscribe
from launchpad.alerts.errors import (
    AlertQuotaError,
    DeliveryNotFoundError,
    PushSubscriptionNotFoundError,
    WebhookNotFoundError,
)
from launchpad.alerts.rules import Hit, Rule, Token
from launchpad.outbound import Poster, UnansweredError, UnsafeAddressError
from launchpad.processes import free_port
from launchpad.rooms import service as rooms
from launchpad.rooms.errors import NotYourMessageError
from launchpad.rooms.schemas import EditMessage, HistoryRequest, PostMessage
from launchpad.tables.tokens import Token as TokenRow
from tests.rooms.conftest import token_row

from .conftest import OTHER, OWNER
from .receiver import receiving

MINT = "Mint111111111111111111111111111111111111111"
NOW = datetime(2026, 11, 21, tzinfo=UTC)
AT_ONCE = [timedelta(0)] * 2


@pytest.fixture
async def receiver():
    async with receiving() as receiver:
        yield receiver


@pytest.fixture
async def poster():
    poster = Poster(loopback=True)
    yield poster
    await poster.close()


@pytest.fixture
def hook(database, poster, receiver):
    """`await hook()`: a webhook of the owner's at the receiver, with its secret."""

    async def hook(owner=OWNER, url=None):
        async with database.session() as session:
            return await webhooks.create(session, poster, owner, url or receiver.url)

    return hook


@pytest.fixture
def raise_alert(database):
    """`await raise_alert("webhook")`: a rule with these channels fires; the alert's id."""

    async def raise_alert(*channels, owner=OWNER, cause="trade:1"):
        values = {"cooldown_seconds": 0, "enabled": True, "expires_at": None, "changed_at": NOW, "deleted_at": None}
        rule = Rule(
            id=uuid4(), owner=owner, type="whale_trade", mints=(MINT,), creator=None, threshold=Decimal(1), unit="sol",
            window=None, channels=("page", *channels), repeats=True, **values,
        )  # fmt: skip
        hit = Hit(rule, Token(MINT, "ROOM", OWNER, 9, Decimal(1)), Decimal("2.5"), cause, NOW)
        async with database.session() as session:
            await firing.fire(session, [hit], NOW)
        return hit.id

    return raise_alert


async def due_now(database):
    """As if time had passed."""
    async with database.session() as session:
        await session.execute(text("UPDATE alert_deliveries SET next_at = now()"))


async def deliveries(database, hook_id):
    async with database.read() as session:
        return (await webhooks.list_deliveries(session, OWNER, UUID(hook_id))).data


def signatures(post, secret):
    """By the words of the specification, on its own."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = b".".join([post.headers["webhook-id"].encode(), post.headers["webhook-timestamp"].encode(), post.body])
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


async def test_a_webhook_is_signed_by_the_standard(database, poster, receiver, hook, raise_alert):
    made = await hook()
    alert = await raise_alert("webhook")
    assert await WebhookCourier(database, poster=poster).run() == 1
    [post] = receiver.posts
    assert post.headers["webhook-signature"] == signatures(post, made.secret)
    assert abs(int(post.headers["webhook-timestamp"]) - datetime.now(UTC).timestamp()) < 60
    body = json.loads(post.body)
    assert (body["type"], body["data"]["id"], body["data"]["value"]) == ("alert.triggered", str(alert), "2.5")
    assert {"rule_id", "user_id", "mint", "type", "threshold", "timestamp", "trade"} <= set(body["data"])
    [row] = await deliveries(database, made.id)
    assert (row.status, row.attempts, row.answer) == ("delivered", 1, "204")
    assert await WebhookCourier(database, poster=poster).run() == 0


async def test_after_a_rotation_both_secrets_sign(database, poster, receiver, hook, raise_alert):
    made = await hook()
    async with database.session() as session:
        fresh = await webhooks.rotate(session, OWNER, UUID(made.id))
    await raise_alert("webhook")
    await WebhookCourier(database, poster=poster).run()
    [post] = receiver.posts
    told = post.headers["webhook-signature"].split(" ")
    assert told == [signatures(post, fresh.secret), signatures(post, made.secret)]
    async with database.session() as session:
        await session.execute(text("UPDATE webhooks SET old_secret_until = now() - interval '1 second'"))
    await raise_alert("webhook")
    await WebhookCourier(database, poster=poster).run()
    assert receiver.posts[1].headers["webhook-signature"] == signatures(receiver.posts[1], fresh.secret)


async def test_what_fails_is_tried_again_then_dead_then_sent_again_by_hand(
    database, poster, receiver, hook, raise_alert
):
    made = await hook()
    await raise_alert("webhook")
    courier = WebhookCourier(database, poster=poster)
    receiver.answers = [500, 302]
    assert await courier.run() == 1
    [row] = await deliveries(database, made.id)
    assert (row.status, row.answer) == ("waiting", "500")
    assert timedelta(seconds=2) < row.next_at - datetime.now(UTC) < timedelta(seconds=7)
    # It is not followed anywhere: a redirect is a refusal.
    await due_now(database)
    await courier.run()
    [row] = await deliveries(database, made.id)
    assert row.answer == "302"
    assert row.next_at - datetime.now(UTC) > timedelta(seconds=250)
    receiver.answers = [503] * 2
    impatient = WebhookCourier(database, poster=poster, delays=AT_ONCE)
    await due_now(database)
    await impatient.run()
    [row] = await deliveries(database, made.id)
    assert (row.status, row.attempts) == ("dead", 3)
    async with database.session() as session:
        again = await webhooks.send_again(session, OWNER, UUID(row.id))
    assert again.status == "waiting"
    receiver.answers = []
    await impatient.run()
    assert (await deliveries(database, made.id))[0].status == "delivered"
    assert len({post.headers["webhook-id"] for post in receiver.posts}) == 1
    async with database.session() as session:
        with pytest.raises(DeliveryNotFoundError):
            await webhooks.send_again(session, OWNER, UUID(row.id))


async def test_a_receiver_that_is_gone_is_switched_off(database, poster, receiver, hook, raise_alert):
    made = await hook()
    receiver.answers = [410]
    await raise_alert("webhook")
    await WebhookCourier(database, poster=poster).run()
    async with database.read() as session:
        [view] = (await webhooks.list_webhooks(session, OWNER)).data
    assert not view.enabled
    assert (await deliveries(database, made.id))[0].status == "dead"
    await raise_alert("webhook")
    assert await WebhookCourier(database, poster=poster).run() == 0


async def test_webhooks_are_counted_owned_and_removed(database, poster, receiver, hook, raise_alert):
    made = [await hook() for _ in range(webhooks.MOST_WEBHOOKS)]
    with pytest.raises(AlertQuotaError):
        await hook()
    async with database.session() as session:
        with pytest.raises(WebhookNotFoundError):
            await webhooks.remove(session, OTHER, UUID(made[0].id))
    await raise_alert("webhook")
    async with database.session() as session:
        await webhooks.remove(session, OWNER, UUID(made[0].id))
    await WebhookCourier(database, poster=poster).run()
    assert len(receiver.posts) == webhooks.MOST_WEBHOOKS - 1


async def test_one_target_that_hangs_holds_up_no_other(database, poster, receiver, hook, raise_alert):
    async with receiving() as slow:
        slow.answers = [None] * 100
        await hook(url=slow.url)
        await hook(owner=OTHER)
        for _ in range(30):
            await raise_alert("webhook")
        await raise_alert("webhook", owner=OTHER)
        task = asyncio.create_task(WebhookCourier(database, poster=poster).run())
        await receiver.wait(1)
        assert len(slow.posts) <= 5
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_full_queue_takes_no_more(database, poster, hook, raise_alert, monkeypatch):
    made = await hook()
    monkeypatch.setattr(firing, "MOST_WAITING", 2)
    for _ in range(4):
        await raise_alert("webhook")
    assert sorted(row.status for row in await deliveries(database, made.id)) == ["dead", "dead", "waiting", "waiting"]


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "https://user:word@example.org/",
        "https://example.org:22/",
        "https://10.0.0.1/",
        "https://[::1]/",
        "https://0x7f.1/",
        "ftp://example.org/",
        "https:///nothing",
    ],
)
async def test_addresses_that_may_not_be_posted_to_are_refused(url):
    poster = Poster()
    with pytest.raises(UnsafeAddressError):
        await poster.check(url)
    await poster.close()


@pytest.mark.parametrize(
    "found", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.0.1", "::1", "fe80::1", "::ffff:10.0.0.1", "fd00::1"]
)
async def test_a_name_that_leads_inside_is_refused_when_it_is_posted_to(found):
    answers = [["93.184.216.34"], ["93.184.216.34", found]]

    async def resolve(_host, _port):
        return answers.pop(0)

    poster = Poster(resolve=resolve)
    await poster.check("https://example.org/hook")
    with pytest.raises(UnsafeAddressError):
        await poster.post("https://example.org/hook", b"{}", {})
    await poster.close()


async def test_loopback_lets_nothing_else_in_and_a_silent_host_is_told():
    async def resolve(_host, _port):
        return ["10.0.0.1"]

    inside = Poster(loopback=True, resolve=resolve)
    with pytest.raises(UnsafeAddressError):
        await inside.post("http://example.org:8080/", b"", {})
    await inside.close()
    poster = Poster(loopback=True)
    with pytest.raises(UnansweredError):
        await poster.post(f"http://127.0.0.1:{free_port()}/", b"", {})
    await poster.close()


# Crashes of the real worker


@pytest.fixture
def start_worker(launch_process, alert_settings, tmp_path):
    def start():
        changes = {"launchpad_home": tmp_path, "rpc_url": "http://127.0.0.1:9", "watched_tokens": 0}
        return launch_process("worker", settings=alert_settings.model_copy(update=changes))

    return start


async def test_killed_before_and_after_delivering_a_worker_loses_nothing(
    database, poster, hook, raise_alert, start_worker
):
    port = free_port()
    made = await hook(url=f"http://127.0.0.1:{port}/hook")
    alert = await raise_alert("webhook")
    # Evaluated, but nobody takes it yet.
    first = start_worker()
    async with asyncio.timeout(90):
        while not (await deliveries(database, made.id))[0].answer:
            await asyncio.sleep(0.05)
    first.kill()
    async with receiving(port) as receiver:
        receiver.answers = [None]
        await due_now(database)
        second = start_worker()
        # Delivered, but not recorded: it dies while it waits for the answer.
        await receiver.wait(1)
        second.kill()
        assert (await deliveries(database, made.id))[0].status == "waiting"
        await due_now(database)
        third = start_worker()
        await receiver.wait(2)
        async with asyncio.timeout(30):
            while (await deliveries(database, made.id))[0].status != "delivered":
                await asyncio.sleep(0.05)
        third.stop()
    assert len({post.headers["webhook-id"] for post in receiver.posts}) == 1
    assert {json.loads(post.body)["data"]["id"] for post in receiver.posts} == {str(alert)}


# Browsers


class Browser:
    """A browser with its keys: it can read what is pushed to it."""

    def __init__(self, url):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = b"0123456789abcdef"
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = PushKeys(p256dh=_text(point), auth=_text(self.auth))
        self.subscription = Subscribe(endpoint=url, keys=keys)

    def read(self, body):
        return json.loads(http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth, version="aes128gcm"))


def _text(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@pytest.fixture
def subscribe(database, poster):
    async def subscribe(browser, owner=OWNER):
        async with database.session() as session:
            return await push.subscribe(session, poster, owner, browser.subscription, "Firefox/130 (Linux)")

    return subscribe


async def test_a_browser_alone_reads_what_is_pushed(database, poster, receiver, subscribe, raise_alert, alert_settings):
    browser = Browser(receiver.url)
    first = await subscribe(browser)
    assert (await subscribe(browser)).id == first.id
    alert = await raise_alert("push")
    assert await PushCourier(database, poster=poster, settings=alert_settings).run() == 1
    [post] = receiver.posts
    told = browser.read(post.body)
    assert (told["id"], told["title"], told["url"]) == (str(alert), "ROOM", f"/token/{MINT}")
    assert b"ROOM" not in post.body
    assert post.headers["content-encoding"] == "aes128gcm"
    async with database.session() as session:
        page = await push.list_browsers(session, alert_settings, OWNER)
    scheme, _, rest = post.headers["authorization"].partition(" ")
    token, key = (part.partition("=")[2] for part in rest.split(","))
    assert (scheme, key) == ("vapid", page.public_key)
    _verify(token, key)
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    assert claims["aud"] == receiver.url.removesuffix("/hook")


def _verify(token, key):
    """Raises unless the token was signed (ES256) by the key that stands beside it."""
    signed, _, signature = token.rpartition(".")
    raw = base64.urlsafe_b64decode(signature + "==")
    whole = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    point = base64.urlsafe_b64decode(key + "==")
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    public.verify(whole, signed.encode(), ec.ECDSA(hashes.SHA256()))


async def test_the_key_of_the_server_is_made_once_and_may_be_given(database, alert_settings):
    async with database.session() as session:
        first = push.public_key(await push.server_key(session, alert_settings))
    async with database.session() as session:
        assert push.public_key(await push.server_key(session, alert_settings)) == first
    given = Vapid02()
    given.generate_keys()
    number = given.private_key.private_numbers().private_value.to_bytes(32, "big")
    settings = alert_settings.model_copy(update={"vapid_private_key": _text(number), "vapid_subject": "mailto:a@b.c"})
    async with database.read() as session:
        assert push.public_key(await push.server_key(session, settings)) == push.public_key(given)


async def test_a_browser_that_left_is_forgotten(database, poster, receiver, subscribe, raise_alert, alert_settings):
    await subscribe(Browser(receiver.url))
    receiver.answers = [410]
    await raise_alert("push")
    courier = PushCourier(database, poster=poster, settings=alert_settings)
    await courier.run()
    async with database.session() as session:
        assert (await push.list_browsers(session, alert_settings, OWNER)).data == []
    kept = await subscribe(Browser(receiver.url))
    await raise_alert("push")
    async with database.session() as session:
        with pytest.raises(PushSubscriptionNotFoundError):
            await push.unsubscribe(session, OTHER, UUID(kept.id))
        await push.unsubscribe(session, OWNER, UUID(kept.id))
    assert await courier.run() == 0
    assert len(receiver.posts) == 1


# Rooms


@pytest.fixture
async def room(database):
    async with database.session() as session:
        await session.execute(insert(TokenRow).values(**token_row(MINT, OWNER)))
    return MINT


async def said(database):
    async with database.session() as session:
        return (await rooms.history(session, HistoryRequest(mint=MINT))).messages


async def test_a_room_hears_of_an_alert_once_and_not_often(database, room, raise_alert):
    await raise_alert("room")
    await raise_alert("room")
    courier = RoomCourier(database)
    await courier.run()
    [line] = await said(database)
    assert (line.kind, line.author, line.badges) == ("alert", OWNER, ["creator"])
    assert "ROOM" in line.body
    async with database.read() as session:
        statuses = (await session.scalars(text("SELECT status FROM alert_deliveries ORDER BY status"))).all()
    assert statuses == ["delivered", "dropped"]
    async with database.session() as session:
        with pytest.raises(NotYourMessageError):
            await rooms.edit_message(session, OWNER, EditMessage(id=UUID(line.id), body="better news"))
        await rooms.post_message(session, OWNER, PostMessage(mint=MINT, body="gm", client_id=uuid4()))
    assert [message.kind for message in await said(database)] == ["alert", "said"]


async def test_a_repeat_writes_no_second_line_and_a_stranger_none(database, room, raise_alert):
    key = uuid4()
    async with database.session() as session:
        assert await rooms.post_alert(session, OWNER, MINT, "up", key) is None
        assert await rooms.post_alert(session, OWNER, MINT, "up", key) is None
        assert await rooms.post_alert(session, OTHER, MINT, "up", uuid4())
    assert len(await said(database)) == 1
