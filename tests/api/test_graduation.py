"""One token's life through the API alone: on its curve, through graduation, in its pool, as one and the same market."""

import asyncio
from decimal import Decimal
from itertools import pairwise

import pytest

from launchpad.chain import pda
from tests.api.conftest import Wallet, eventually
from tests.api.life import Life

# A whole sale for two SOL.
SEGMENT = {
    "base_reserve": str(1_073_000_000 * 10**9),
    "quote_reserve": "706000000",
    "base_for_sale": str(793_100_000 * 10**9),
}
SALE = {"kind": "segments", "segments": [SEGMENT]}


@pytest.fixture(scope="module")
async def life(market):
    creator, trader = await asyncio.gather(Wallet(market.client).fund(), Wallet(market.client).fund())
    built = await creator.launch(name="Grown Up", symbol="GRWN", curve=SALE)
    found = Life(market.client, creator, trader, built["mint"])
    await found.live()
    return found


def test_quotes_say_where_each_trade_happened(life):
    venues = [quote["venue"] for quote in life.quotes]
    assert venues == ["curve"] * 3 + ["amm"] * 4
    pool = pda.canonical_pool(life.mint)
    assert [quote["route"][0]["address"] for quote in life.quotes[3:]] == [pool] * 4
    assert life.quotes[2]["completes_curve"]


async def test_the_list_of_trades_is_what_was_quoted_in_order(life):
    listed = (await life.get(f"/api/v1/tokens/{life.mint}/trades"))["data"][::-1]
    assert [trade["venue"] for trade in listed] == [quote["venue"] for quote in life.quotes]
    for trade, quote in zip(listed, life.quotes, strict=True):
        paid = quote["amount_in"] if quote["side"] == "buy" else quote["amount_out"]
        assert (trade["side"], trade["total"]) == (quote["side"], paid)
    for before, after in pairwise(listed):
        assert before["slot"] <= after["slot"]


async def test_price_candles_and_market_value_have_no_seam(life):
    token = await life.get(f"/api/v1/tokens/{life.mint}")
    chart = await life.get(f"/api/v1/tokens/{life.mint}/chart", interval="1s")
    for before, after in pairwise(chart["data"]):
        close = Decimal(before["close"])
        assert abs(Decimal(after["open"]) - close) <= close / 10**8
    assert abs(Decimal(chart["data"][-1]["close"]) - Decimal(token["price_sol"])) <= Decimal(token["price_sol"]) / 10**8
    assert Decimal(life.quotes[3]["price_before"]) >= Decimal(life.quotes[2]["price_after"])
    assert sum(candle["trades"] for candle in chart["data"]) == token["trades_total"] == len(life.quotes)
    assert sum(int(candle["volume"]) for candle in chart["data"]) == int(token["volume_total"])
    sync = await life.get(f"/api/sync/launchpad/{life.mint}")
    assert (sync["source"], sync["venue"], sync["status"]) == ("chain", "amm", "graduated")
    assert abs(Decimal(sync["price"]) - Decimal(token["price"])) <= Decimal(token["price"]) / 10**8


async def test_the_graduate_is_described_as_one(life):
    token = await life.get(f"/api/launchpad/token/{life.mint}")
    pool = await life.get(f"/api/pools/{life.mint}", wallet=life.trader.address)
    assert (token["status"], token["venue"], token["state"]) == ("graduated", "amm", "ended")
    assert token["liquidity"] == pool["liquidity"]
    assert (pool["canonical"], pool["position"]["shares"], pool["trades_total"]) == (True, "0", 4)
    assert pool["average_price"]["last_hour"] is not None
    roles = {holder["owner"]: holder["role"] for holder in token["top_holders"]}
    assert roles[pool["address"]] == "pool"
    assert token["holders"] == 1
    listed = await life.get("/api/v1/tokens", program="amm")
    assert life.mint in [row["mint"] for row in listed["data"]]


async def test_the_traders_portfolio_knows_no_seam(life):
    portfolio = await life.get(f"/api/v1/portfolio/{life.trader.address}")
    [position] = [one for one in portfolio["data"] if one["mint"] == life.mint]
    assert int(position["balance"]) == await life.held()
    bought = sum(int(quote["amount_out"]) for quote in life.quotes if quote["side"] == "buy")
    spent = sum(int(quote["amount_in"]) for quote in life.quotes if quote["side"] == "buy")
    received = sum(int(quote["amount_out"]) for quote in life.quotes if quote["side"] == "sell")
    assert (position["base_bought"], position["quote_spent"]) == (str(bought), str(spent))
    assert position["quote_received"] == str(received)
    assert int(position["base_bought"]) - int(position["base_sold"]) == int(position["balance"])
    trades = await life.get(f"/api/v1/portfolio/{life.trader.address}/trades")
    assert len(trades["data"]) == len(life.quotes)


async def test_the_creator_is_owed_by_curve_and_pool_and_claims_once(life):
    async def owed():
        portfolio = await life.get(f"/api/v1/portfolio/{life.creator.address}")
        [fees] = [one for one in portfolio["creator_fees"] if one["mint"] == life.mint]
        return fees

    fees = sum(int(quote["fees"]["creator"]) for quote in life.quotes)
    assert (await owed())["claimable"] == str(fees)
    body = {"mint": life.mint, "creator": life.creator.address}
    claim = (await life.client.post("/api/claims/creator-fees", json=body)).json()
    assert claim["amount"] == str(fees)
    await life.creator.send(claim)

    async def paid():
        told = await owed()
        return told["claimable"] == "0" and told["claimed"] == str(fees)

    assert await eventually(paid)


async def test_liquidity_is_given_and_taken_by_anybody(life):
    body = {"mint": life.mint, "wallet": life.trader.address}
    built = await life.client.post("/api/liquidity/deposit", json=body | {"quote_amount": "50000000"})
    await life.trader.send(built.json())
    shown = (await life.get(f"/api/pools/{life.mint}", wallet=life.trader.address, after="1"))["position"]
    assert shown["shares"] == built.json()["shares"]
    leave = await life.client.post("/api/liquidity/withdraw", json=body | {"shares": shown["shares"]})
    await life.trader.send(leave.json())
    gone = (await life.get(f"/api/pools/{life.mint}", wallet=life.trader.address, after="2"))["position"]
    assert (gone["shares"], gone["value"]) == ("0", "0")
