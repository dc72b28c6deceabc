"""Questions in GraphQL about a market that was really traded."""

import json
from decimal import Decimal

import pytest

from api.graphql.limits import MAX_COST
from api.limits import GRAPHQL, class_of
from launchpad.db import Look

ALL = """query ($mint: String!, $first: Int! = 2, $after: String) { token(mintAddress: $mint) {
  mintAddress symbol name decimals currentPrice { lamports sol usd } priceChange5m priceChange1h priceChange24h
  volume5m volume1h volume24h marketCap liquidity holders createdAt graduatedAt isGraduated status venue
  trades(first: $first, after: $after) { nodes { signature side trader baseAmount quoteAmount fees total priceSol
    tradedAt } pageInfo { endCursor hasNextPage } }
  chart(interval: M1) { time open high low close volume volumeBase trades }
  topHolders(limit: 3) { owner balance share role } } }"""
LIST = """query ($first: Int! = 20, $after: String, $filter: TokenFilter) {
  tokens(first: $first, after: $after, filter: $filter, sort: LAUNCHED_AT, order: ASC) {
    nodes { mintAddress symbol volume5m volume1h trades(first: 2) { nodes { signature } }
      chart(interval: M1) { volume } topHolders { owner } }
    pageInfo { endCursor hasNextPage } } }"""

LIQUIDITY = "query ($mint: String!) { token(mintAddress: $mint) { liquidity } }"


async def ask(client, query, **variables):
    """The answer to a POST that is understood."""
    answer = await client.post("/api/graphql", json={"query": query, "variables": variables})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def data(client, query, **variables):
    """What was found, without any error."""
    told = await ask(client, query, **variables)
    assert "errors" not in told, told
    return told["data"]


async def refusal(client, query, **variables):
    """The extensions of the first error."""
    told = await ask(client, query, **variables)
    return told["errors"][0]["extensions"]


async def test_a_token_tells_the_same_as_the_rest_api(market):
    token = (await data(market.client, ALL, mint=market.mint))["token"]
    rest = await market.get(f"/api/v1/tokens/{market.mint}")
    assert token["currentPrice"]["sol"] == rest["price_sol"]
    assert token["currentPrice"]["lamports"] == rest["price"]
    assert token["symbol"] == "MKT"
    assert token["volume24h"] == rest["volume_24h"]
    assert token["volume1h"] == rest["metrics"]["1h"]["volume"]
    assert token["liquidity"] == rest["liquidity"]
    assert token["marketCap"] == str(int(Decimal(rest["market_cap_sol"]) * 10**9))
    assert token["isGraduated"] is False
    holders = [(each["owner"], each["balance"], each["role"]) for each in rest["top_holders"][:3]]
    assert [(each["owner"], each["balance"], each["role"]) for each in token["topHolders"]] == holders


async def test_trades_and_candles_tell_the_same_as_the_rest_api(market):
    token = (await data(market.client, ALL, mint=market.mint, first=100))["token"]
    trades = (await market.get(f"/api/v1/tokens/{market.mint}/trades"))["data"]
    assert [each["signature"] for each in token["trades"]["nodes"]] == [each["signature"] for each in trades]
    assert [each["total"] for each in token["trades"]["nodes"]] == [each["total"] for each in trades]
    assert [each["priceSol"] for each in token["trades"]["nodes"]] == [each["price_sol"] for each in trades]
    candles = (await market.get(f"/api/v1/tokens/{market.mint}/chart"))["data"]
    names = ("open", "high", "low", "close", "volume", "trades")
    assert [[each[name] for name in names] for each in token["chart"]] == [
        [each[name] for name in names] for each in candles
    ]


async def test_trades_come_page_by_page_without_a_gap(market):
    whole = (await data(market.client, ALL, mint=market.mint, first=100))["token"]["trades"]
    found, after = [], None
    while True:
        page = (await data(market.client, ALL, mint=market.mint, first=2, after=after))["token"]["trades"]
        found += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert found == whole["nodes"]
    assert len(found) >= 4


async def test_tokens_are_paged_filtered_and_searched(market):
    own = {"creator": market.creator.address}
    first = (await data(market.client, LIST, first=1, filter=own))["tokens"]
    second = (await data(market.client, LIST, first=1, filter=own, after=first["pageInfo"]["endCursor"]))["tokens"]
    # Both may have been launched in the same second.
    assert {page["nodes"][0]["mintAddress"] for page in (first, second)} == {market.mint, market.second}
    traded, second = [await data(market.client, LIQUIDITY, mint=mint) for mint in (market.mint, market.second)]
    assert int(traded["token"]["liquidity"]) > int(second["token"]["liquidity"])
    least = {"minLiquidity": traded["token"]["liquidity"]}
    liquid = (await data(market.client, LIST, filter=own | least))["tokens"]["nodes"]
    assert [each["mintAddress"] for each in liquid] == [market.mint]
    search = "query ($text: String!) { search(query: $text) { symbol } }"
    assert (await data(market.client, search, text="other"))["search"] == [{"symbol": "OTH"}]
    assert (await data(market.client, search, text=" "))["search"] == []


async def test_what_one_field_cannot_answer_leaves_the_others_whole(market):
    query = """query ($mint: String!) { token(mintAddress: $mint) { symbol
      bad: trades(after: "nonsense") { nodes { side } }
      good: trades(first: 1) { nodes { side } } chart(interval: M1, limit: 0) { time } topHolders(limit: 1) { owner } }
      tokens(after: "nonsense") { nodes { symbol } } }"""
    told = await ask(market.client, query, mint=market.mint)
    token = told["data"]["token"]
    assert (token["symbol"], token["bad"], token["chart"], told["data"]["tokens"]) == ("MKT", None, None, None)
    assert token["good"]["nodes"]
    assert token["topHolders"]
    places = {tuple(each["path"]): each["extensions"]["code"] for each in told["errors"]}
    assert places == {
        ("token", "bad"): "INVALID_CURSOR",
        ("token", "chart"): "INVALID_INPUT",
        ("tokens",): "INVALID_CURSOR",
    }


async def test_a_mint_that_nobody_launched_is_null(market):
    assert await data(market.client, ALL, mint=market.trader.address) == {"token": None}


async def test_what_rows_ask_for_is_read_with_one_statement_each(market, monkeypatch):
    statements = []
    plain = Look.rows

    async def counted(look, statement, **values):
        statements.append(statement)
        return await plain(look, statement, **values)

    monkeypatch.setattr(Look, "rows", counted)
    own = {"creator": market.creator.address}
    one = (await data(market.client, LIST, first=1, filter=own))["tokens"]["nodes"]
    of_one = len(statements)
    statements.clear()
    both = (await data(market.client, LIST, first=2, filter=own))["tokens"]["nodes"]
    assert (len(one), len(both)) == (1, 2)
    # The list, its figures, trades, candles and holders.
    assert len(statements) == of_one == 5


async def test_a_get_answers_as_a_post_does(market):
    query = "query One($mint: String!) { token(mintAddress: $mint) { symbol } }"
    params = {"query": query, "variables": json.dumps({"mint": market.mint}), "operationName": "One"}
    assert (await market.get("/api/graphql", **params))["data"] == {"token": {"symbol": "MKT"}}


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"query": "{ __typename }", "variables": "{"}, "variables"),
        ({"query": "{ __typename }", "variables": "[1]"}, "variables"),
        ({"query": "query A { __typename } query B { __typename }", "operationName": "C"}, "operationName"),
    ],
)
async def test_a_request_that_cannot_be_read_says_which_part(market, params, field):
    told = await market.get("/api/graphql", 400, **params)
    assert told["error"]["code"] == "BAD_REQUEST"
    assert told["error"]["field"] == field


async def test_the_schema_can_be_asked_for(market):
    found = await data(market.client, "{ __schema { queryType { name } types { name fields { name } } } }")
    named = {"Token", "Price", "Trade", "TradeConnection", "Candle", "ChartInterval", "Holder", "GraduationEvent"}
    assert named | {"DateTime"} <= {each["name"] for each in found["__schema"]["types"]}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ tokens { nodes { nothing } } }", "INVALID_QUERY"),
        ("{ tokens {", "INVALID_QUERY"),
        ("{ " + "a { " * 1500, "INVALID_QUERY"),
        ("{ " + "a " * 2001 + "}", "INVALID_QUERY"),
        ('{ token(mintAddress: "nonsense") { symbol } }', "INVALID_INPUT"),
        ("{ tokens(first: 101) { pageInfo { hasNextPage } } }", "INVALID_INPUT"),
        ("{ tokens(first: 0) { pageInfo { hasNextPage } } }", "INVALID_INPUT"),
        ('{ tokens(after: "nonsense") { pageInfo { hasNextPage } } }', "INVALID_CURSOR"),
        ('{ tokens(filter: {minLiquidity: "-1"}) { pageInfo { hasNextPage } } }', "INVALID_QUERY"),
        ('{ tokens(filter: {minLiquidity: "9999999999999999999"}) { pageInfo { hasNextPage } } }', "INVALID_INPUT"),
        ("{ tokens(filter: {maxAgeSeconds: 0}) { pageInfo { hasNextPage } } }", "INVALID_INPUT"),
        ('{ search(query: "' + "x" * 65 + '") { symbol } }', "INVALID_INPUT"),
        ("{ tokens(first: 100) { nodes { trades(first: 100) { nodes { signature } } } } }", "QUERY_TOO_EXPENSIVE"),
        (
            "query ($n: Int! = 100) { tokens(first: $n) { nodes { chart(interval: M1) { open } } } }",
            "QUERY_TOO_EXPENSIVE",
        ),
        (
            "{ tokens(first: 100) { nodes {" + "".join(f" a{n}: symbol" for n in range(150)) + "} } }",
            "QUERY_TOO_EXPENSIVE",
        ),
        ("{ __schema { types { a: name } } }", "QUERY_TOO_EXPENSIVE"),
        ("{ __schema { ...A } } fragment A on __Schema { types { ...B a: kind } ...A }", "QUERY_TOO_EXPENSIVE"),
        ("{ " + "... { " * 9 + "__typename" + " }" * 9 + " }", "QUERY_TOO_DEEP"),
        ("query { ...A } fragment A on Query { ...B } fragment B on Query { ...A }", "INVALID_QUERY"),
    ],
)
async def test_what_cannot_be_answered_is_refused_in_the_houses_words(market, query, code):
    told = await refusal(market.client, query)
    assert told["code"] == code
    assert told["request_id"]


async def test_a_cost_is_told_beside_its_limit(market):
    query = "query ($n: Int!) { tokens(first: $n) { nodes { trades(first: $n) { nodes { signature } } } } }"
    told = await refusal(market.client, query, n=100)
    assert told["limit"] == MAX_COST < told["cost"]
    assert await data(market.client, query, n=10)


async def test_a_fault_of_ours_tells_nothing_from_inside(market, monkeypatch):
    async def broken(*_args, **_values):
        message = "the password is swordfish"
        raise RuntimeError(message)

    monkeypatch.setattr(Look, "rows", broken)
    told = await ask(market.client, "{ tokens { nodes { symbol } } }")
    assert told["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert "swordfish" not in json.dumps(told)


async def test_subscriptions_are_not_for_requests(market):
    query = "subscription { __typename }"
    answer = await market.client.post("/api/graphql", json={"query": query})
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "BAD_REQUEST"


def test_queries_have_a_limit_of_their_own():
    assert class_of("GET", "/api/graphql") is class_of("POST", "/api/graphql") is GRAPHQL
