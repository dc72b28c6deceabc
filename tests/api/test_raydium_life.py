"""A token that graduates to Raydium's real program, through the API alone: chosen, priced, opened, traded there."""

import asyncio
from contextlib import ExitStack
from decimal import Decimal
from itertools import pairwise

import pytest

from launchpad.chain import pda
from tests.api.conftest import Wallet
from tests.api.life import Life
from tests.raydium import POOL_FEE

# A whole sale for six SOL, and one for two.
SEGMENT = {
    "base_reserve": str(1_073_000_000 * 10**9),
    "quote_reserve": "2118000000",
    "base_for_sale": str(793_100_000 * 10**9),
}
SALE = {"kind": "segments", "segments": [SEGMENT]}
TOO_SMALL = {"kind": "segments", "segments": [SEGMENT | {"quote_reserve": "706000000"}]}
AT_RAYDIUM = {"venue": "raydium"}
SUPPLY = str(10**18)
# What five accounts of the pool hold, and who graduates it gets.
RENT, BOUNTY = 40_117_440, 10_000_000


@pytest.fixture(scope="module")
async def client(raydium_cluster, make_database, make_redis, launch_process, open_api):
    settings = raydium_cluster.settings(database_url=make_database(), redis_url=make_redis(), rate_limits=False)
    with ExitStack() as ending:
        for name in ("indexer", "outbox"):
            ending.callback(launch_process(name, settings=settings).stop)
        async with open_api(settings) as opened:
            yield opened


@pytest.fixture(scope="module")
async def life(client):
    creator, trader = await asyncio.gather(Wallet(client).fund(), Wallet(client).fund(20))
    built = await creator.launch(name="Far Away", symbol="FAR", curve=SALE, graduation=AT_RAYDIUM)
    found = Life(client, creator, trader, built["mint"])
    await found.live()
    return found


async def preview(client, status=200, **asked):
    answer = await client.post("/api/launchpad/curve-preview", json={"supply": SUPPLY, "curve": SALE} | asked)
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_the_venue_is_offered_with_what_it_costs(client):
    own, raydium = (await client.get("/api/launchpad/venues")).json()
    assert (own["venue"], own["available"], own["fee"]) == ("amm", True, "0")
    assert (raydium["venue"], raydium["available"], raydium["reason"]) == ("raydium", True, None)
    assert (raydium["fee"], raydium["rent"]) == (str(POOL_FEE), str(RENT))
    assert raydium["minimum_raise"] == str(3 * 10**9)


async def test_a_preview_names_the_cost_before_anybody_signs(client):
    told = await preview(client, graduation=AT_RAYDIUM)
    ending = told["graduation"]
    total = POOL_FEE + RENT + BOUNTY
    assert {name: ending[name] for name in ("venue", "fee", "rent", "bounty", "total")} == {
        "venue": "raydium",
        "fee": str(POOL_FEE),
        "rent": str(RENT),
        "bounty": str(BOUNTY),
        "total": str(total),
    }
    assert ending["liquidity"] == str(int(told["raise_target"]) - total)
    words = " ".join(told["buyers"]["words"])
    assert "opens at Raydium" in words
    assert "takes 0.2001 SOL of the raise" in words
    usual = (await preview(client))["graduation"]
    assert (usual["venue"], usual["fee"]) == ("amm", "0")


async def test_a_raise_that_cannot_carry_it_is_refused_with_what_to_change(client):
    told = await preview(client, 422, curve=TOO_SMALL, graduation=AT_RAYDIUM)
    assert "at least 3 SOL" in told["error"]["message"]
    assert told["error"]["field"] == "venue"


def test_quotes_say_where_each_trade_happened(life):
    assert [quote["venue"] for quote in life.quotes] == ["curve"] * 3 + ["raydium"] * 4
    assert [quote["route"][0]["address"] for quote in life.quotes[3:]] == [pda.raydium_pool(life.mint)] * 4


async def test_the_list_of_trades_is_what_was_quoted_in_order(life):
    listed = (await life.get(f"/api/v1/tokens/{life.mint}/trades"))["data"][::-1]
    assert [trade["venue"] for trade in listed] == [quote["venue"] for quote in life.quotes]
    for trade, quote in zip(listed, life.quotes, strict=True):
        paid = quote["amount_in"] if quote["side"] == "buy" else quote["amount_out"]
        assert (trade["side"], trade["total"]) == (quote["side"], paid)


async def test_the_chart_goes_on_where_the_curve_ended(life):
    token = await life.get(f"/api/v1/tokens/{life.mint}")
    chart = (await life.get(f"/api/v1/tokens/{life.mint}/chart", interval="1s"))["data"]
    for before, after in pairwise(chart):
        close = Decimal(before["close"])
        assert abs(Decimal(after["open"]) - close) <= close / 10**8
    assert abs(Decimal(chart[-1]["close"]) - Decimal(token["price_sol"])) <= Decimal(token["price_sol"]) / 10**8
    assert sum(candle["trades"] for candle in chart) == len(life.quotes)


async def test_the_graduate_is_described_as_one_of_raydiums(life):
    token = await life.get(f"/api/launchpad/token/{life.mint}")
    assert (token["status"], token["venue"]) == ("graduated", "raydium")
    assert (token["graduation"]["venue"], token["graduation"]["pool"]) == ("raydium", pda.raydium_pool(life.mint))
    sync = await life.get(f"/api/sync/launchpad/{life.mint}")
    assert (sync["venue"], sync["status"]) == ("raydium", "graduated")


async def test_the_best_way_is_the_pool_itself_where_there_is_no_aggregator(life):
    body = {"mint": life.mint, "side": "buy", "amount": "100000000", "wallet": life.trader.address}
    built = await life.client.post("/api/dex/route/build", json=body)
    assert built.status_code == 200, built.text
    assert built.json()["quote"]["way"] == "swap_only_amm"
    before = await life.held()
    assert (await life.trader.send(built.json()["step"]))["status"] != "failed"
    assert await life.held() - before == int(built.json()["quote"]["amount_out"])
