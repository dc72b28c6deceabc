"""Sign-in over HTTP: cookies, CSRF, origin, sessions."""

import base64

import httpx
import pytest

from launchpad.chain import keys

ORIGIN = {"Origin": "http://127.0.0.1:8000"}


async def _sign_in(client, keypair=None, headers=ORIGIN):
    keypair = keypair or keys.generate()
    address = keys.address_of(keypair)
    challenge = (await client.post("/api/auth/nonce", json={"address": address}, headers=headers)).json()
    text = challenge["message"].encode()
    body = {
        "request_id": challenge["request_id"],
        "address": address,
        "signed_message": base64.b64encode(text).decode(),
        "signature": base64.b64encode(keys.sign_message(keypair, text)).decode(),
    }
    return await client.post("/api/auth/verify", json=body, headers=headers)


@pytest.fixture
async def visitor(api):
    """A client with a cookie jar of its own."""
    async with httpx.AsyncClient(transport=api._transport, base_url="http://127.0.0.1:8000") as client:
        yield client


async def test_a_guest_is_nobody(visitor):
    me = (await visitor.get("/api/auth/me")).json()
    assert me == {"address": None, "display_name": None, "csrf_token": None, "expires_at": None}


async def test_signing_in_sets_one_safe_cookie(visitor):
    answer = await _sign_in(visitor)
    assert answer.status_code == 200
    cookies = answer.headers.get_list("set-cookie")
    session = next(cookie for cookie in cookies if cookie.startswith("sid="))
    for part in ("HttpOnly", "SameSite=lax", "Path=/", "Max-Age=1209600"):
        assert part in session
    assert "Domain" not in session
    assert (await visitor.get("/api/auth/me")).json()["address"] == answer.json()["address"]


async def test_over_https_the_cookie_is_bound_to_the_host(open_api, settings):
    secure = settings.model_copy(update={"public_url": "https://launch.example"})
    async with open_api(secure) as client:
        answer = await _sign_in(client, headers={"Origin": "https://launch.example"})
    session = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("__Host-sid="))
    assert "Secure" in session
    assert "max-age=31536000" in answer.headers["strict-transport-security"]


async def test_the_challenge_names_the_page_that_asks(visitor):
    answer = await visitor.post("/api/auth/nonce", json={}, headers={"Origin": "http://127.0.0.1:8000"})
    assert answer.json()["input"]["domain"] == "127.0.0.1:8000"
    assert answer.json()["message"] is None


async def test_another_site_cannot_even_ask(visitor):
    answer = await visitor.post("/api/auth/nonce", json={}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "CSRF_FAILED"


async def test_an_unsafe_request_needs_the_sessions_token(visitor):
    token = (await _sign_in(visitor)).json()["csrf_token"]
    change = {"display_name": "Ada"}
    for headers in (
        ORIGIN,
        {"X-CSRF-Token": token},
        ORIGIN | {"X-CSRF-Token": "made.up"},
        {"Origin": "https://evil.example", "X-CSRF-Token": token},
        {"Origin": "null", "X-CSRF-Token": token},
    ):
        refused = await visitor.patch("/api/auth/me", json=change, headers=headers)
        assert refused.status_code == 403
        assert refused.json()["error"]["code"] == "CSRF_FAILED"
    for headers in (ORIGIN | {"X-CSRF-Token": token}, {"Sec-Fetch-Site": "same-origin", "X-CSRF-Token": token}):
        changed = await visitor.patch("/api/auth/me", json=change, headers=headers)
        assert changed.json()["display_name"] == "Ada"


async def test_a_token_of_another_session_does_not_fit(visitor, api):
    first = (await _sign_in(api)).json()["csrf_token"]
    await _sign_in(visitor)
    answer = await visitor.post("/api/auth/logout", headers=ORIGIN | {"X-CSRF-Token": first})
    assert answer.status_code == 403


async def test_signing_out_takes_the_cookie_back(visitor):
    token = (await _sign_in(visitor)).json()["csrf_token"]
    answer = await visitor.post("/api/auth/logout", headers=ORIGIN | {"X-CSRF-Token": token})
    assert answer.status_code == 204
    assert (await visitor.get("/api/auth/me")).json()["address"] is None


async def test_a_dead_cookie_is_taken_back(visitor):
    visitor.cookies.set("sid", "x" * 43)
    answer = await visitor.get("/api/auth/me")
    assert answer.json()["address"] is None
    assert "Max-Age=0" in answer.headers["set-cookie"]
    visitor.cookies.set("sid", "x" * 43)
    again = await _sign_in(visitor)
    assert again.status_code == 200


async def test_a_cookie_that_cannot_be_one_is_ignored(api):
    for value in ("sid=short", "sid=", "=;;", 'sid="unclosed'):
        answer = await api.get("/api/auth/me", headers={"Cookie": value})
        assert answer.json()["address"] is None


async def test_a_replayed_answer_is_refused(visitor):
    keypair = keys.generate()
    challenge = (
        await visitor.post("/api/auth/nonce", json={"address": keys.address_of(keypair)}, headers=ORIGIN)
    ).json()
    text = challenge["message"].encode()
    body = {
        "request_id": challenge["request_id"],
        "address": keys.address_of(keypair),
        "signed_message": base64.b64encode(text).decode(),
        "signature": base64.b64encode(keys.sign_message(keypair, text)).decode(),
    }
    assert (await visitor.post("/api/auth/verify", json=body, headers=ORIGIN)).status_code == 200
    again = await visitor.post("/api/auth/verify", json=body, headers=ORIGIN)
    assert again.status_code == 401
    assert again.json()["error"]["code"] == "SIGN_IN_EXPIRED"


async def test_sessions_can_be_seen_and_ended(visitor, api):
    keypair = keys.generate()
    await _sign_in(api, keypair)
    token = (await _sign_in(visitor, keypair)).json()["csrf_token"]
    headers = ORIGIN | {"X-CSRF-Token": token}
    sessions = (await visitor.get("/api/auth/sessions")).json()["data"]
    assert [session["current"] for session in sessions] == [True, False]
    assert [session["name"] for session in sessions] == ["python-httpx", "python-httpx"]
    assert (await api.get("/api/auth/me")).json()["address"]
    ended = await visitor.delete(f"/api/auth/sessions/{sessions[1]['id']}", headers=headers)
    assert ended.status_code == 204
    again = await visitor.delete(f"/api/auth/sessions/{sessions[1]['id']}", headers=headers)
    assert again.json()["error"]["code"] == "SESSION_NOT_FOUND"
    assert (await api.get("/api/auth/me")).json()["address"] is None
    assert (await visitor.delete("/api/auth/sessions", headers=headers)).status_code == 204
    assert len((await visitor.get("/api/auth/sessions")).json()["data"]) == 1


async def test_guests_have_no_sessions(visitor):
    answer = await visitor.get("/api/auth/sessions")
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "AUTH_REQUIRED"
