"""Keys for programs: made once, told once, counted by their own limits, refused once revoked."""

import httpx
import pytest
import websockets

from api.graphql import sockets
from launchpad.api_keys import memory, service
from launchpad.api_keys.errors import ApiKeyNotFoundError, UnknownTierError
from tests.api.graphql.test_subscriptions import _serving
from tests.api.test_accounts import _sign_in

ORIGIN = "http://127.0.0.1:8000"
TOKENS = "/api/v1/tokens"


class Owner:
    """A signed-in browser of an application."""

    def __init__(self, client, services):
        self.client, self.services = client, services
        self.address = ""

    async def sign_in(self):
        me = (await _sign_in(self.client)).json()
        self.address = me["address"]
        self.client.headers.update({"Origin": ORIGIN, "X-CSRF-Token": me["csrf_token"]})
        return self

    async def make(self, name="my bot"):
        answer = await self.client.post("/api/v1/api-keys", json={"name": name})
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def keys(self):
        return (await self.client.get("/api/v1/api-keys")).json()["data"]


@pytest.fixture
async def limited(open_api, settings):
    few = settings.model_copy(update={"rate_limits": True, "rate_limit_per_second": 20, "api_tiers": "free=4,pro=1000"})
    async with open_api(few) as client:
        yield client


@pytest.fixture
async def owner(limited):
    async with httpx.AsyncClient(transport=limited._transport, base_url=ORIGIN) as client:
        yield await Owner(client, limited.app.state.services).sign_in()


async def test_a_key_is_told_once_and_then_only_named(owner):
    made = await owner.make("  my   bot ")
    assert made["key"].startswith("lp_")
    assert made["key"].startswith(made["start"])
    (listed,) = await owner.keys()
    assert listed == {name: value for name, value in made.items() if name != "key"}
    assert (listed["name"], listed["tier"], listed["requests_per_second"]) == ("my bot", "free", 4)
    assert listed["last_used_at"] is None


async def test_keys_are_for_those_who_are_signed_in(limited):
    assert (await limited.get("/api/v1/api-keys")).status_code == 401
    answer = await limited.post("/api/v1/api-keys", json={"name": "x"})
    assert answer.json()["error"]["code"] == "AUTH_REQUIRED"


@pytest.mark.parametrize("name", [" ", "\x00", "a\u202eb", "x" * 49])
async def test_a_name_that_cannot_be_shown_is_refused(owner, name):
    answer = await owner.client.post("/api/v1/api-keys", json={"name": name})
    assert answer.status_code == 422


@pytest.mark.parametrize("headers", [lambda key: {"X-API-Key": key}, lambda key: {"Authorization": f"Bearer {key}"}])
async def test_a_key_is_counted_by_its_own_tier(limited, owner, headers):
    sent = headers((await owner.make())["key"])
    answer = await limited.get(TOKENS, headers=sent)
    assert answer.headers["ratelimit-policy"] == '"key-free";q=4;w=1'
    (listed,) = await owner.keys()
    assert listed["last_used_at"] is not None
    answers = [await limited.get(TOKENS, headers=sent) for _ in range(12)]
    refused = answers[-1]
    assert refused.status_code == 429
    assert 50 <= int(refused.headers["retry-after"]) <= 60
    # The address that it came from is not shut out with it.
    assert (await limited.get(TOKENS)).status_code == 200


async def test_a_better_tier_holds_at_once_and_raises_the_other_limits_too(limited, owner):
    made = await owner.make()
    headers, services = {"X-API-Key": made["key"]}, owner.services
    await limited.get(TOKENS, headers=headers)
    await service.set_tier(services.database, services.redis, services.settings, made["id"], "pro")
    answer = await limited.get(TOKENS, headers=headers)
    assert answer.headers["x-ratelimit-limit"] == "1000"
    query = await limited.get("/api/graphql", params={"query": "{ __typename }"}, headers=headers)
    assert query.headers["x-ratelimit-limit"] in ("1000", str(300 * 1000 // 20))


async def test_only_tiers_and_keys_that_exist_can_be_named(owner):
    made, services = await owner.make(), owner.services
    where = (services.database, services.redis, services.settings)
    with pytest.raises(UnknownTierError):
        await service.set_tier(*where, made["id"], "gold")
    await service.revoke(services.database, services.redis, owner.address, made["id"])
    with pytest.raises(ApiKeyNotFoundError):
        await service.set_tier(*where, made["id"], "pro")


async def test_a_revoked_key_is_refused_at_once_also_where_it_was_just_used(limited, owner):
    made = await owner.make()
    headers = {"X-API-Key": made["key"]}
    assert (await limited.get(TOKENS, headers=headers)).status_code == 200
    assert (await owner.client.delete(f"/api/v1/api-keys/{made['id']}")).status_code == 204
    answer = await limited.get(TOKENS, headers=headers)
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "API_KEY_REFUSED"
    assert await owner.keys() == []
    again = await owner.client.delete(f"/api/v1/api-keys/{made['id']}")
    assert again.json()["error"]["code"] == "API_KEY_NOT_FOUND"


async def test_a_lookup_that_began_before_a_revocation_cannot_bring_the_key_back(owner):
    made, services = await owner.make(), owner.services
    holder = await service.holder_of(services.database, services.redis, made["key"])
    await owner.client.delete(f"/api/v1/api-keys/{made['id']}")
    await memory.remember(services.redis, service.hash_of(made["key"]), holder)
    assert await service.recalled(services.redis, made["key"]) == memory.Recalled(known=True)


@pytest.mark.parametrize("key", ["", "lp_", "nonsense", "lp_" + "x" * 43])
async def test_what_is_no_key_is_never_taken_for_an_anonymous_request(limited, key):
    for headers in ({"X-API-Key": key}, {"Authorization": f"Bearer {key} "}):
        for path in (TOKENS, "/health"):
            answer = await limited.get(path, headers=headers)
            assert answer.status_code == 401, (path, headers)
            assert answer.json()["error"]["code"] == "API_KEY_REFUSED"


async def test_guessing_is_slowed_down(limited):
    answers = [await limited.get("/api/health", headers={"X-API-Key": f"lp_{n:043d}"}) for n in range(61)]
    assert [answer.status_code for answer in answers] == [401] * 60 + [429]


async def test_nobody_revokes_the_key_of_another(limited, owner):
    made = await owner.make()
    async with httpx.AsyncClient(transport=limited._transport, base_url=ORIGIN) as client:
        other = await Owner(client, owner.services).sign_in()
        answer = await other.client.delete(f"/api/v1/api-keys/{made['id']}")
        assert answer.status_code == 404
    assert len(await owner.keys()) == 1


async def test_an_account_has_ten_keys_and_no_more(owner):
    services = owner.services
    for number in range(service.MAX_KEYS):
        await service.create(services.database, services.settings, owner.address, f"key {number}")
    answer = await owner.client.post("/api/v1/api-keys", json={"name": "one more"})
    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "TOO_MANY_API_KEYS"


async def test_without_redis_keys_are_told_by_postgres(open_api, settings, owner):
    made = await owner.make()
    away = owner.services.settings.model_copy(update={"redis_url": "redis://127.0.0.1:9/0"})
    async with open_api(away) as client:
        assert (await client.get(TOKENS, headers={"X-API-Key": made["key"]})).status_code == 200
        gone = client.app.state.services
        await service.revoke(gone.database, gone.redis, owner.address, made["id"])
        assert (await client.get(TOKENS, headers={"X-API-Key": made["key"]})).status_code == 401


async def test_a_socket_with_a_key_that_does_not_hold_is_closed(limited):
    async with _serving(limited.app) as url:
        options = {"subprotocols": ["graphql-transport-ws"], "additional_headers": {"X-API-Key": "lp_no"}}
        async with websockets.connect(url, **options) as socket:
            with pytest.raises(websockets.ConnectionClosed) as closed:
                await socket.recv()
    assert closed.value.rcvd.code == sockets.REFUSED
