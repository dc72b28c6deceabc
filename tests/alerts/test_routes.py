"""The routes of alerts: signed in alone, one's own alone, within what one may have."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import insert

from api.app import create_app
from launchpad.alerts import service
from launchpad.alerts.kinds import KINDS
from launchpad.config import Settings
from launchpad.tables.accounts import Account, Session
from tests.alerts.receiver import receiving
from tests.rules.conftest import REPOSITORY

from .conftest import OTHER, OWNER

MISSING = "01900000-0000-7000-8000-000000000000"


@pytest.fixture
async def app(database_url, redis_url, tmp_path):
    settings = Settings(
        _env_file=None,
        database_url=database_url,
        redis_url=redis_url,
        launchpad_home=tmp_path,
        rate_limits=False,
        alert_loopback=True,
        alert_rules_per_wallet=3,
    )
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
def signed_in(app, database):
    """`await signed_in(address)`: a client with that person's session."""

    async def signed_in(address=OWNER):
        secret = secrets.token_urlsafe(32)
        values = {
            "id_hash": hashlib.sha256(secret.encode()).hexdigest(),
            "address": address,
            "device": "test",
            "expires_at": datetime.now(UTC) + timedelta(days=1),
        }
        async with database.session() as session:
            await session.execute(insert(Account).values(address=address))
            await session.execute(insert(Session).values(**values))
        origin = app.state.settings.origin
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=origin, cookies={"sid": secret})
        me = (await client.get("/api/auth/me")).json()
        client.headers.update({"X-CSRF-Token": me["csrf_token"], "Origin": origin})
        return client

    return signed_in


@pytest.fixture
async def mint(connection, trades):
    return await connection.fetchval("SELECT mint FROM tokens ORDER BY mint LIMIT 1")


async def made(client, status=201, **body):
    answer = await client.post("/api/v1/alerts", json=body)
    assert answer.status_code == status, answer.text
    return answer.json() if status == 201 else answer.json()["error"]


async def test_rules_are_made_listed_changed_and_removed_by_their_owner(signed_in, mint, app):
    client, other = await signed_in(), await signed_in(OTHER)
    rule = await made(client, type="price_above", mint=mint, threshold="1.5", unit="sol", channels=["webhook"])
    assert (rule["status"], rule["title"], rule["channels"]) == (
        "active",
        "Price rises to 1.5 SOL",
        ["page", "webhook"],
    )
    assert (await other.get("/api/v1/alerts")).json()["data"] == []
    for method, body in (("PATCH", {"enabled": False}), ("DELETE", None)):
        answer = await other.request(method, f"/api/v1/alerts/{rule['id']}", json=body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "ALERT_NOT_FOUND")
    path = f"/api/v1/alerts/{rule['id']}"
    soon = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    change = {"enabled": False, "threshold": "2", "expires_at": soon, "channels": [], "cooldown_seconds": 60}
    changed = (await client.patch(path, json=change)).json()
    assert (changed["status"], changed["threshold"], changed["channels"]) == ("off", "2", ["page"])
    assert [each["id"] for each in (await client.get("/api/v1/alerts")).json()["data"]] == [rule["id"]]
    assert (await client.delete(path)).status_code == 204
    assert (await client.get("/api/v1/alerts")).json()["data"] == []


async def test_what_cannot_be_evaluated_is_refused_with_the_field(signed_in, mint):
    client = await signed_in()
    whale = {"type": "whale_trade", "mint": mint, "threshold": "1"}
    for field, body in {
        "threshold": {"type": "price_change", "mint": mint},
        "creator": {"type": "price_above", "creator": OWNER, "threshold": "1", "unit": "sol"},
        "window": {**whale, "window": "5m"},
        "unit": {"type": "price_below", "mint": mint, "threshold": "1"},
        "expires_at": {**whale, "expires_at": "2020-01-01T00:00:00Z"},
        "mint": {**whale, "mint": OTHER},
    }.items():
        error = await made(client, 422, **body)
        assert (error["code"], error["field"]) == ("INVALID_ALERT", field)
    for body in (
        {"type": "graduation", "mint": mint, "threshold": "1"},
        {"type": "volume_spike", "mint": mint, "multiplier": "1"},
        {"type": "new_holder", "mint": mint, "unit": "usd"},
        {**whale, "creator": OWNER},
        {**whale, "multiplier": "2"},
        {**whale, "expires_at": "2030-01-01T00:00:00"},
    ):
        await made(client, 422, **body)
    assert (await made(client, 403, **whale, channels=["room"]))["code"] == "NOT_YOUR_ROOM"


async def test_a_creators_rules_may_be_told_in_rooms_and_rules_are_counted(signed_in, mint):
    client = await signed_in()
    for _ in range(3):
        await made(client, type="graduation", creator=OWNER, channels=["room", "push"])
    assert (await made(client, 409, type="graduation", mint=mint))["code"] == "ALERT_QUOTA"


async def test_what_fired_is_paged_and_read(signed_in, mint, add_rule, trades, tell, engine, database):
    client = await signed_in()
    await add_rule(type="whale_trade", mint=mint, threshold="0.000001", unit="sol", repeats=True)
    await tell(trades)
    assert await engine.run() > 5
    page = (await client.get("/api/v1/alerts/triggered", params={"limit": 5})).json()
    assert (len(page["data"]), page["meta"]["hasMore"]) == (5, True)
    rest = (await client.get("/api/v1/alerts/triggered", params={"cursor": page["meta"]["next"], "limit": 200})).json()
    ids = [each["id"] for each in [*page["data"], *rest["data"]]]
    assert len(set(ids)) == len(ids) == page["unread"]
    answer = await client.get("/api/v1/alerts/triggered", params={"cursor": "nonsense"})
    assert answer.status_code == 422
    read = await client.post("/api/v1/alerts/triggered/read", json={"ids": ids[:2]})
    assert read.json() == {"unread": len(ids) - 2}
    assert (await client.post("/api/v1/alerts/triggered/read", json={})).json() == {"unread": 0}
    assert await service.forget_old(database) == 0


async def test_webhooks_and_browsers_have_their_routes(signed_in):
    client = await signed_in()
    async with receiving() as receiver:
        hook = (await client.post("/api/v1/alerts/webhooks", json={"url": receiver.url})).json()
        assert hook["secret"].startswith("whsec_")
        path = f"/api/v1/alerts/webhooks/{hook['id']}"
        assert (await client.post(f"{path}/test")).json() == {"delivered": True, "answer": "204"}
        assert (await client.post(f"{path}/rotate")).json()["secret"] != hook["secret"]
        [listed] = (await client.get("/api/v1/alerts/webhooks")).json()["data"]
        assert "secret" not in listed
        assert not (await client.patch(path, json={"enabled": False})).json()["enabled"]
        assert (await client.get(f"{path}/deliveries")).json()["data"] == []
        assert (await client.post(f"/api/v1/alerts/deliveries/{MISSING}/retry")).status_code == 404
        point, auth = "B" + "A" * 86, "A" * 22
        body = {"endpoint": receiver.url, "keys": {"p256dh": point, "auth": auth}, "expirationTime": None}
        browser = (await client.post("/api/v1/alerts/push", json=body)).json()
        page = (await client.get("/api/v1/alerts/push")).json()
        assert ([each["id"] for each in page["data"]], len(page["public_key"])) == ([browser["id"]], 87)
        assert (await client.delete(f"/api/v1/alerts/push/{browser['id']}")).status_code == 204
        body["keys"] = {"p256dh": "A", "auth": "!"}
        assert (await client.post("/api/v1/alerts/push", json=body)).status_code == 422
    assert not (await client.post(f"{path}/test")).json()["delivered"]
    assert (await client.delete(path)).status_code == 204
    refused = await client.post("/api/v1/alerts/webhooks", json={"url": "https://10.0.0.1/x"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "UNSAFE_ADDRESS")


async def test_a_guest_is_asked_to_sign_in(app):
    origin = app.state.settings.origin
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=origin) as guest:
        for path in ("", "/triggered", "/webhooks", "/push"):
            assert (await guest.get(f"/api/v1/alerts{path}")).status_code == 401


def test_the_dialog_offers_the_kinds_that_there_are():
    script = (REPOSITORY / "web/static/js/alerts/kinds.js").read_text(encoding="utf-8")
    for name, kind in KINDS.items():
        [line] = [line for line in script.splitlines() if line.startswith(f"  {name}: ")]
        assert f'title: "{kind.title}"' in line
        assert f"needed: {str(kind.needs_threshold).lower()}" in line
        assert f"byCreator: {str(kind.of_creators).lower()}" in line
        assert all(f'"{window}"' in line for window in kind.windows)
