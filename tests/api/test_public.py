"""Market data is for everybody: any origin may read it, and nothing is sent twice."""

from datetime import datetime

import pytest

from api.public import is_public

ELSEWHERE = {"Origin": "https://charts.example"}


def _paths(mint):
    return [
        "/api/v1/tokens",
        f"/api/v1/tokens/{mint}",
        f"/api/v1/tokens/{mint}/trades",
        f"/api/v1/tokens/{mint}/chart",
        f"/api/v1/tokens/{mint}/holders",
        f"/api/udf/symbols?symbol={mint}",
        "/api/udf/config",
        "/api/udf/search?query=mkt",
        f"/api/dexscreener/asset?id={mint}",
        "/api/graphql?query=%7B__typename%7D",
    ]


async def test_what_a_reader_has_is_not_sent_again(market):
    for path in _paths(market.mint):
        first = await market.client.get(path, headers=ELSEWHERE)
        assert first.status_code == 200, (path, first.text)
        assert first.headers["access-control-allow-origin"] == "*"
        assert first.headers["cross-origin-resource-policy"] == "cross-origin"
        assert "access-control-allow-credentials" not in first.headers
        again = await market.client.get(path, headers=ELSEWHERE | {"If-None-Match": first.headers["etag"]})
        if again.headers["etag"] == first.headers["etag"]:
            assert (again.status_code, again.content) == (304, b""), path
            assert again.headers["access-control-allow-origin"] == "*"
        other = await market.client.get(path, headers={"If-None-Match": '"other"'})
        assert other.status_code == 200


async def test_head_tells_all_but_the_body(market):
    path = f"/api/v1/tokens/{market.mint}/trades"
    whole = await market.client.get(path)
    head = await market.client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert (head.headers["content-length"], head.headers["etag"]) == (str(len(whole.content)), whole.headers["etag"])


async def test_any_page_may_ask_before_it_asks(market):
    headers = ELSEWHERE | {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "x-api-key"}
    answer = await market.client.options("/api/v1/tokens", headers=headers)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "X-API-Key" in answer.headers["access-control-allow-headers"]


async def test_any_page_may_ask_in_graphql(market):
    answer = await market.client.post("/api/graphql", json={"query": "{ __typename }"}, headers=ELSEWHERE)
    assert answer.json() == {"data": {"__typename": "Query"}}
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"] == "no-store"


async def test_errors_can_be_read_from_elsewhere_too(market):
    answer = await market.client.get("/api/v1/tokens/nonsense", headers=ELSEWHERE)
    assert answer.status_code == 422
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "etag" not in answer.headers
    refused = await market.client.get("/api/v1/tokens", headers=ELSEWHERE | {"X-API-Key": "lp_no"})
    assert refused.status_code == 401
    assert refused.headers["access-control-allow-origin"] == "*"


async def test_a_file_is_sent_as_it_is_made(market):
    path = f"/api/v1/tokens/{market.mint}/trades/export"
    answer = await market.client.get(path, headers=ELSEWHERE)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.content


async def test_a_file_of_what_is_final_is_not_sent_twice(market, eventually):
    newest = (await market.get(f"/api/v1/tokens/{market.mint}/trades"))["data"][0]
    end = int(datetime.fromisoformat(newest["traded_at"]).timestamp())
    for kind in ("trades", "candles"):
        path = f"/api/v1/tokens/{market.mint}/{kind}/export?from=0&to={end}"

        async def tagged(path=path):
            answer = await market.client.get(path)
            return answer if "etag" in answer.headers else None

        first = await eventually(tagged, 90)
        again = await market.client.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        other = await market.client.get(f"{path}&format=parquet", headers={"If-None-Match": first.headers["etag"]})
        assert other.status_code == 200


async def test_an_application_of_a_listed_origin_reads_the_same(open_api, settings):
    listed = settings.model_copy(update={"cors_origins": "https://charts.example"})
    async with open_api(listed) as client:
        public = await client.get("/api/v1/tokens", headers=ELSEWHERE)
        own = await client.get("/api/auth/me", headers=ELSEWHERE)
    assert public.headers.get_list("access-control-allow-origin") == ["*"]
    assert own.headers.get_list("access-control-allow-origin") == ["https://charts.example"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/auth/me",
        "/api/v1/api-keys",
        "/api/v1/screener/views",
        "/api/v1/portfolio/x",
        "/api/transactions",
        "/api/v1/alerts",
        "/api/v1/watchlists",
        "/api/graphql/x",
    ],
)
def test_what_is_somebodys_own_is_not_for_everybody(path):
    assert not is_public(path)
