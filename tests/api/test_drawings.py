"""Drawings over HTTP: for the signed-in account alone, and never over what it has not seen."""

import base64

import pytest

from launchpad.chain import keys
from tests.web.market import new_address

ORIGIN = {"Origin": "http://127.0.0.1:8000"}
LEVEL = {"id": "a", "kind": "level", "points": [{"time": 1_790_000_000, "price": "0.000000028"}]}


@pytest.fixture
async def headers(api):
    """What a signed-in page sends with each change."""
    keypair = keys.generate()
    address = keys.address_of(keypair)
    challenge = (await api.post("/api/auth/nonce", json={"address": address}, headers=ORIGIN)).json()
    text = challenge["message"].encode()
    body = {
        "request_id": challenge["request_id"],
        "address": address,
        "signed_message": base64.b64encode(text).decode(),
        "signature": base64.b64encode(keys.sign_message(keypair, text)).decode(),
    }
    answer = await api.post("/api/auth/verify", json=body, headers=ORIGIN)
    return ORIGIN | {"X-CSRF-Token": answer.json()["csrf_token"]}


async def test_a_guest_has_no_drawings_here(api):
    path = f"/api/v1/drawings/{new_address()}"
    for answer in (await api.get(path), await api.put(path, json={"revision": 0, "drawings": []}, headers=ORIGIN)):
        assert answer.status_code == 401
        assert answer.json()["error"]["code"] == "AUTH_REQUIRED"


async def test_drawings_are_kept_and_a_conflict_says_what_is_stored(api, headers):
    path = f"/api/v1/drawings/{new_address()}"
    assert (await api.get(path)).json()["revision"] == 0
    kept = await api.put(path, json={"revision": 0, "drawings": [LEVEL]}, headers=headers)
    assert kept.status_code == 200
    found = await api.get(path)
    assert found.headers["cache-control"] == "no-store"
    assert found.json()["drawings"] == [LEVEL | {"text": ""}]
    late = await api.put(path, json={"revision": 0, "drawings": []}, headers=headers)
    assert late.status_code == 409
    error = late.json()["error"]
    assert (error["code"], error["revision"], len(error["drawings"])) == ("DRAWINGS_CONFLICT", 1, 1)


async def test_a_change_needs_the_sessions_token(api, headers):
    del headers
    path = f"/api/v1/drawings/{new_address()}"
    answer = await api.put(path, json={"revision": 0, "drawings": [LEVEL]}, headers=ORIGIN)
    assert answer.json()["error"]["code"] == "CSRF_FAILED"


async def test_what_is_no_drawing_is_refused(api, headers):
    path = f"/api/v1/drawings/{new_address()}"
    broken = [
        {"revision": 0, "drawings": [LEVEL | {"kind": "ray"}]},
        {"revision": -1, "drawings": []},
        {"drawings": []},
    ]
    for body in broken:
        assert (await api.put(path, json=body, headers=headers)).status_code == 422
