"""The screener over HTTP: filters, forms, kept views."""

import base64
from contextlib import asynccontextmanager

import httpx
import pytest

from launchpad.chain import keys
from tests.screener import rows
from tests.screener.rows import mint_of

ORIGIN = {"Origin": "http://127.0.0.1:8000"}
PATH = "/api/v1/screener"
VIEW = {"name": "Busy", "preset": "trending", "filter": "holders > 5", "sort": "volume_1h", "window": "1h"}


@pytest.fixture
async def screener(open_api, database_url, redis_url, cluster):
    """A client over twenty tokens."""
    await rows.fill(database_url, 20)
    settings = cluster.settings(database_url=database_url, redis_url=redis_url, rate_limits=False)
    async with open_api(settings) as client:
        yield client


@asynccontextmanager
async def member_of(client):
    """A client that has signed in, with the token that changes need."""
    visitor = httpx.AsyncClient(transport=client._transport, base_url="http://127.0.0.1:8000", headers=ORIGIN)
    keypair = keys.generate()
    address = keys.address_of(keypair)
    challenge = (await visitor.post("/api/auth/nonce", json={"address": address})).json()
    text = challenge["message"].encode()
    body = {
        "request_id": challenge["request_id"],
        "address": address,
        "signed_message": base64.b64encode(text).decode(),
        "signature": base64.b64encode(keys.sign_message(keypair, text)).decode(),
    }
    told = (await visitor.post("/api/auth/verify", json=body)).json()
    visitor.headers["X-CSRF-Token"] = told["csrf_token"]
    visitor.address = address
    yield visitor
    await visitor.aclose()


async def test_rows_come_as_objects_and_page_by_cursor(screener):
    first = (await screener.get(PATH, params={"filter": "holders > 10", "limit": 6})).json()
    assert [row["symbol"] for row in first["data"]] == ["T20", "T19", "T18", "T17", "T16", "T15"]
    assert first["meta"]["total"] == 10
    more = {"filter": "holders > 10", "limit": 6, "cursor": first["meta"]["next"], "total": "false"}
    second = (await screener.get(PATH, params=more)).json()
    assert [row["symbol"] for row in second["data"]] == ["T14", "T13", "T12", "T11"]
    assert second["meta"]["total"] is None
    assert not second["meta"]["hasMore"]


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
async def test_compact_rows_are_the_same_with_and_without_compression(screener, encoding):
    asked = {"form": "compact", "limit": 10_000, "columns": "symbol,holders", "sort": "holders", "order": "asc"}
    answer = await screener.get(PATH, params=asked, headers={"Accept-Encoding": encoding})
    assert answer.headers.get("content-encoding", "identity") == encoding
    told = answer.json()
    assert told["columns"] == ["mint", "symbol", "holders"]
    assert told["data"][2] == [mint_of(3), "T3", 3]
    assert len(told["data"]) == told["meta"]["total"] == 20


async def test_an_expression_that_cannot_be_read_is_answered_with_its_place(screener):
    answer = await screener.get(PATH, params={"filter": "holders > 5 and volum > 3"})
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert (error["code"], error["field"], error["column"], error["length"]) == ("SCREENER_EXPRESSION", "filter", 17, 5)
    assert "volume_24h" in error["known"]


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"limit": 501}, "limit"),
        ({"limit": 10_001, "form": "compact"}, "limit"),
        ({"sort": "nonsense"}, "sort"),
        ({"columns": "nonsense"}, "columns"),
        ({"columns": ",".join(["holders"] * 91)}, "columns"),
        ({"mints": "nonsense"}, "mints"),
        ({"preset": "nonsense"}, "preset"),
        ({"cursor": "x"}, "cursor"),
    ],
)
async def test_what_cannot_be_asked_is_refused_with_the_field_at_fault(screener, params, field):
    answer = await screener.get(PATH, params=params)
    assert answer.status_code == 422
    assert answer.json()["error"]["field"] == field


async def test_a_few_tokens_are_asked_for_by_mint(screener):
    answer = await screener.get(PATH, params={"mints": f"{mint_of(3)},{mint_of(7)}"})
    assert [row["symbol"] for row in answer.json()["data"]] == ["T7", "T3"]


async def test_fields_are_listed(screener):
    told = (await screener.get(f"{PATH}/fields")).json()
    assert {"name": "age", "kind": "seconds"}.items() <= next(f for f in told["fields"] if f["name"] == "age").items()


async def test_views_are_kept_replaced_shared_and_forgotten(screener):
    async with member_of(screener) as alice, member_of(screener) as bob:
        kept = (await alice.post(f"{PATH}/views", json=VIEW)).json()
        assert kept["owner"] == alice.address
        again = await alice.post(f"{PATH}/views", json=VIEW | {"filter": "holders > 6"})
        assert again.status_code == 201
        assert again.json()["id"] == kept["id"]
        shared = (await screener.get(f"{PATH}/views/{kept['id']}")).json()
        assert (shared["name"], shared["filter"], shared["window"]) == ("Busy", "holders > 6", "1h")
        assert (await bob.get(f"{PATH}/views")).json() == {"data": []}
        assert (await bob.delete(f"{PATH}/views/{kept['id']}")).status_code == 404
        assert [view["id"] for view in (await alice.get(f"{PATH}/views")).json()["data"]] == [kept["id"]]
        assert (await alice.delete(f"{PATH}/views/{kept['id']}")).status_code == 204
        assert (await screener.get(f"{PATH}/views/{kept['id']}")).status_code == 404


async def test_views_need_an_account_a_name_and_a_filter_that_can_be_read(screener):
    assert (await screener.get(f"{PATH}/views")).status_code == 401
    assert (await screener.get(f"{PATH}/views/nonsense")).status_code == 404
    async with member_of(screener) as alice:
        for change in ({"name": " "}, {"filter": "holders >"}, {"sort": "age"}, {"unknown": 1}):
            assert (await alice.post(f"{PATH}/views", json=VIEW | change)).status_code == 422


async def test_an_account_keeps_fifty_views_and_no_more(screener):
    async with member_of(screener) as alice:
        for number in range(50):
            assert (await alice.post(f"{PATH}/views", json=VIEW | {"name": f"View {number}"})).status_code == 201
        answer = await alice.post(f"{PATH}/views", json=VIEW | {"name": "One more"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "VIEW_QUOTA")
        assert (await alice.post(f"{PATH}/views", json=VIEW | {"name": "View 7"})).status_code == 201
