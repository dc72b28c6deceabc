"""What every answer has: one shape of errors, an id, and headers that keep browsers safe."""

import asyncio

import pytest
from sqlalchemy.exc import OperationalError

from api.errors import outage
from launchpad.errors import LaunchpadError


async def test_health_names_what_answers(api):
    answer = await api.get("/api/health")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert answer.json()["chain_slot"] >= 0
    assert (await api.get("/health")).json() == {"status": "ok"}


async def test_health_says_when_the_cluster_is_away(open_api, settings):
    async with open_api(settings.model_copy(update={"rpc_url": "http://127.0.0.1:9"})) as client:
        answer = await client.get("/api/health")
    assert answer.status_code == 200
    assert answer.json()["status"] == "degraded"


async def test_health_says_when_a_store_is_away(open_api, settings):
    async with open_api(settings.model_copy(update={"redis_url": "redis://127.0.0.1:9/0"})) as client:
        answer = await client.get("/api/health")
    assert answer.status_code == 503
    assert not answer.json()["components"]["redis"]["ok"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/nothing", 404, "ROUTE_NOT_FOUND"),
        ("PUT", "/api/v1/tokens", 405, "METHOD_NOT_ALLOWED"),
        ("GET", "/api/trade/quote", 405, "METHOD_NOT_ALLOWED"),
        ("GET", "/ipfs/nonsense", 404, "MEDIA_NOT_FOUND"),
        ("GET", "/api/transactions/short", 422, "INVALID_INPUT"),
    ],
)
async def test_every_error_has_one_shape(api, method, path, status, code):
    answer = await api.request(method, path)
    assert answer.status_code == status
    error = answer.json()["error"]
    assert error["code"] == code
    assert error["message"].endswith(".")
    assert error["request_id"] == answer.headers["x-request-id"]


async def test_bad_json_and_bad_fields_are_told_apart(api):
    broken = await api.post("/api/trade/quote", content=b"{", headers={"Content-Type": "application/json"})
    assert broken.status_code == 422
    wrong = await api.post("/api/trade/quote", json={"mint": "x", "side": "hold", "amount": "1", "extra": 1})
    fields = wrong.json()["error"]["fields"]
    assert set(fields) == {"mint", "side", "extra"}
    many = await api.post("/api/trade/quote", json={"mint": "1" * 32, "side": "buy", "amount": str(2**64)})
    assert many.json()["error"]["field"] == "amount"


async def test_answers_carry_what_keeps_browsers_safe(api):
    answer = await api.get("/api/v1/tokens")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["referrer-policy"]
    assert "strict-transport-security" not in answer.headers


async def test_a_callers_own_request_id_is_kept_when_it_is_harmless(api):
    assert (await api.get("/health", headers={"X-Request-Id": "client-12345"})).headers[
        "x-request-id"
    ] == "client-12345"
    assert (await api.get("/health", headers={"X-Request-Id": "<script>"})).headers["x-request-id"] != "<script>"


async def test_other_origins_see_what_is_ones_own_only_when_listed(open_api, settings, api):
    foreign = {"Origin": "https://partner.example"}
    assert "access-control-allow-origin" not in (await api.get("/api/auth/me", headers=foreign)).headers
    async with open_api(settings.model_copy(update={"cors_origins": "https://partner.example"})) as client:
        answer = await client.get("/api/auth/me", headers=foreign)
        assert answer.headers["access-control-allow-origin"] == "https://partner.example"
        assert "access-control-allow-credentials" not in answer.headers
        other = await client.get("/api/auth/me", headers={"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in other.headers


async def test_a_body_that_is_too_large_is_refused(api):
    declared = await api.post("/api/trade/quote", content=b"x" * 70_000)
    assert declared.status_code == 413

    async def chunks():
        for _ in range(8):
            yield b"x" * 10_000

    streamed = await api.post("/api/trade/quote", content=chunks(), headers={"Content-Type": "application/json"})
    assert streamed.status_code == 413
    assert streamed.json()["error"]["code"] == "TOO_LARGE"


async def test_what_nobody_expected_is_logged_and_not_shown(open_api, settings, monkeypatch):
    async with open_api(settings, raise_app_exceptions=False) as client:

        async def explode(*_, **__):
            raise RuntimeError("secret detail")

        monkeypatch.setattr("api.tokens.catalog.token_rows", explode)
        answer = await client.get("/api/v1/tokens")
        assert answer.status_code == 500
        assert answer.json()["error"]["code"] == "INTERNAL"
        assert "secret" not in answer.text

        async def lose(*_, **__):
            raise OperationalError("SELECT secret", {}, Exception("gone"))

        monkeypatch.setattr("api.tokens.catalog.token_rows", lose)
        answer = await client.get("/api/v1/tokens")
        assert answer.status_code == 503
        assert answer.headers["retry-after"]
        assert "secret" not in answer.text


async def test_the_database_away_is_an_outage(open_api, settings):
    away = settings.model_copy(update={"database_url": "postgresql+asyncpg://nobody@127.0.0.1:9/none"})
    async with open_api(away) as client:
        answer = await client.get("/api/v1/tokens")
    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "UNAVAILABLE"


def test_only_outages_are_outages():
    assert outage(ConnectionRefusedError()) is not None
    assert outage(TimeoutError()) is not None
    assert outage(ValueError("x")) is None
    assert outage(LaunchpadError("x")) is None


async def test_the_cluster_away_is_told_without_its_address(open_api, settings):
    async with open_api(settings.model_copy(update={"rpc_url": "http://127.0.0.1:9/?key=secret"})) as client:
        client.app.state.services.chain.rpc._attempts = 1
        body = {"mint": "11111111111111111111111111111112", "side": "buy", "amount": "1"}
        answer = await client.post("/api/trade/quote", json=body)
    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "RPC_UNAVAILABLE"
    assert "secret" not in answer.text


async def test_the_reference_page_lists_every_route_without_scripts(api):
    page = await api.get("/api/docs")
    assert page.status_code == 200
    assert "<script" not in page.text
    assert "script-src" not in page.headers["content-security-policy"]
    for path in (await api.get("/api/openapi.json")).json()["paths"]:
        assert path in page.text


async def test_every_route_is_described(api):
    schema = (await api.get("/api/openapi.json")).json()
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"], (method, path)
            assert operation["description"], (method, path)
            assert operation["tags"], (method, path)
            assert "422" in operation["responses"], (method, path)


async def test_figures_are_counted(api):
    await api.get("/api/v1/tokens")
    await api.get("/api/v1/tokens")
    figures = (await api.get("/metrics")).text
    assert 'launchpad_api_requests_total{method="GET",route="/api/v1/tokens",status="200"}' in figures
    assert 'launchpad_api_cache_events{where="memory"} 1.0' in figures


async def test_play_money_is_for_local_clusters_alone(open_api, settings):
    async with open_api(settings.model_copy(update={"cluster": "devnet"})) as client:
        answer = await client.post("/api/local/airdrop", json={"address": "11111111111111111111111111111112"})
        assert answer.status_code == 404


async def test_limits_are_told_and_kept(open_api, settings):
    limited = settings.model_copy(update={"rate_limits": True})
    async with open_api(limited) as client:
        first = await client.get("/api/v1/tokens")
        assert first.headers["x-ratelimit-limit"] in ("100", "600")
        assert int(first.headers["x-ratelimit-remaining"]) < 600
        answers = [await client.post("/api/auth/nonce", json={}) for _ in range(11)]
        refused = answers[-1]
        assert [answer.status_code for answer in answers] == [200] * 10 + [429]
        assert refused.json()["error"]["code"] == "RATE_LIMITED"
        assert refused.json()["error"]["retry_after_ms"] > 0
        assert int(refused.headers["retry-after"]) > 0
        assert refused.headers["x-ratelimit-remaining"] == "0"
        assert (await client.get("/health")).status_code == 200


async def test_too_many_requests_in_a_second_shut_an_address_out(open_api, settings):
    limited = settings.model_copy(
        update={"rate_limits": True, "rate_limit_per_second": 5, "trusted_proxies": "127.0.0.1"}
    )
    async with open_api(limited) as client:
        one, other = {"X-Forwarded-For": "203.0.113.7"}, {"X-Forwarded-For": "203.0.113.8"}
        answers = await asyncio.gather(*(client.get("/api/v1/tokens", headers=one) for _ in range(20)))
        assert 429 in [answer.status_code for answer in answers]
        refused = await client.get("/api/v1/tokens", headers=one)
        assert refused.status_code == 429
        assert 50 <= int(refused.headers["retry-after"]) <= 60
        assert (await client.get("/api/v1/tokens", headers=other)).status_code == 200


async def test_without_redis_reads_go_on_and_sign_in_waits(open_api, settings):
    away = settings.model_copy(update={"rate_limits": True, "redis_url": "redis://127.0.0.1:9/0"})
    async with open_api(away) as client:
        assert (await client.get("/api/v1/tokens")).status_code == 200
        answer = await client.post("/api/auth/nonce", json={})
    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "UNAVAILABLE"
