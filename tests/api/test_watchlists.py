"""Watchlists over HTTP."""

import pytest

from tests.api.test_screener import member_of
from tests.screener import rows
from tests.screener.rows import mint_of

PATH = "/api/v1/watchlists"


@pytest.fixture
async def client(open_api, database_url, redis_url, cluster):
    """A client over twenty tokens."""
    await rows.fill(database_url, 20)
    settings = cluster.settings(database_url=database_url, redis_url=redis_url, rate_limits=False)
    async with open_api(settings) as client:
        yield client


async def test_a_list_is_made_filled_ordered_renamed_and_deleted(client):
    async with member_of(client) as alice:
        made = (await alice.post(PATH, json={"name": "Mine"})).json()
        for number in (1, 2):
            answer = await alice.put(f"{PATH}/{made['id']}/tokens/{mint_of(number)}")
            assert answer.status_code == 200
        ordered = await alice.put(f"{PATH}/{made['id']}/order", json={"mints": [mint_of(1), mint_of(2)]})
        assert ordered.json()["mints"] == [mint_of(1), mint_of(2)]
        renamed = await alice.patch(f"{PATH}/{made['id']}", json={"name": "Ours"})
        assert renamed.json()["name"] == "Ours"
        await alice.delete(f"{PATH}/{made['id']}/tokens/{mint_of(1)}")
        assert (await alice.get(PATH)).json()["data"] == [{"id": made["id"], "name": "Ours", "mints": [mint_of(2)]}]
        assert (await alice.delete(f"{PATH}/{made['id']}")).status_code == 204
        assert (await alice.get(PATH)).json() == {"data": []}


async def test_what_a_browser_kept_is_merged(client):
    async with member_of(client) as alice:
        body = {"lists": [{"name": "Watchlist", "mints": [mint_of(3)]}]}
        for _ in range(2):
            told = (await alice.post(f"{PATH}/merge", json=body)).json()
            assert [(each["name"], each["mints"]) for each in told["data"]] == [("Watchlist", [mint_of(3)])]


async def test_guests_have_no_lists_here_and_errors_have_codes(client):
    assert (await client.get(PATH)).status_code == 401
    async with member_of(client) as alice:
        assert (await alice.post(PATH, json={"name": " "})).status_code == 422
        missing = await alice.put(f"{PATH}/nonsense/tokens/{mint_of(1)}")
        assert (missing.status_code, missing.json()["error"]["code"]) == (404, "WATCHLIST_NOT_FOUND")
        await alice.post(PATH, json={"name": "Mine"})
        twice = await alice.post(PATH, json={"name": "Mine"})
        assert (twice.status_code, twice.json()["error"]["code"]) == (409, "WATCHLIST_NAME")
