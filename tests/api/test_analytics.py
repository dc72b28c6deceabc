"""Analytics of a token and of the market over HTTP, of what was really traded."""

from decimal import Decimal

import pytest

from launchpad.chain import keys


@pytest.fixture(scope="module", name="market")
async def market_alone(open_market, make_cluster):
    """A market in which nobody else launches or trades."""
    async with open_market(make_cluster("--slot-ms", "150")) as opened:
        yield opened


async def test_who_holds_it_is_told_with_roles(market):
    found = await market.get(f"/api/v1/tokens/{market.mint}/distribution")
    assert found["holders"] == 2
    roles = {holder["owner"]: holder["role"] for holder in found["largest"]}
    assert roles[market.creator.address] == "creator"
    assert list(roles.values()).count("curve") == 1
    assert int(found["held"]) == sum(
        int(holder["balance"]) for holder in found["largest"] if holder["role"] not in ("curve", "pool", "locked")
    )


async def test_activity_holds_every_trade(market):
    found = await market.get(f"/api/v1/tokens/{market.mint}/activity", span="1h")
    assert sum(point["trades"] for point in found["data"]) == 4
    assert sum(point["sells"] for point in found["data"]) == 1
    assert (found["buyers"], found["sellers"]) == (2, 1)
    await market.get(f"/api/v1/tokens/{market.mint}/activity", 422, span="2h")


async def test_depth_agrees_with_a_quote(market):
    found = await market.get(f"/api/v1/tokens/{market.mint}/depth")
    for step, lamports in zip(found["steps"], (1, 5, 10, 25, 50), strict=True):
        body = {"mint": market.mint, "side": "buy", "amount": str(lamports * 10**9)}
        answer = await market.client.post("/api/trade/quote", json=body)
        quote = answer.json()
        assert (step["base_amount"], step["lamports"]) == (quote["amount_out"], quote["amount_in"])
        assert Decimal(step["price_after_sol"]) == Decimal(quote["price_sol_after"])


async def test_traders_made_what_their_portfolios_say(market):
    found = await market.get(f"/api/v1/tokens/{market.mint}/traders", order="bought")
    assert {row["wallet"] for row in found["data"]} == {market.creator.address, market.trader.address}
    for row in found["data"]:
        portfolio = await market.get(f"/api/v1/portfolio/{row['wallet']}")
        (position,) = (one for one in portfolio["data"] if one["mint"] == market.mint)
        for name in ("realized_pnl", "unrealized_pnl", "balance", "value"):
            assert row[name] == position[name], name
    assert found["data"][0]["wallet"] == market.trader.address


async def test_risks_are_told_with_their_shares(market):
    found = await market.get(f"/api/v1/tokens/{market.mint}/risk")
    assert {"LITTLE_LIQUIDITY", "YOUNG"} <= {risk["code"] for risk in found["risk"]}
    assert found["as_of"]


@pytest.mark.parametrize("what", ["distribution", "activity", "depth", "traders", "risk"])
async def test_analytics_of_an_unknown_token_are_not_found(market, what):
    missing = keys.address_of(keys.generate())
    found = await market.get(f"/api/v1/tokens/{missing}/{what}", 404)
    assert found["error"]["code"] == "TOKEN_NOT_FOUND"


async def test_the_market_counts_what_was_traded(market):
    found = await market.get("/api/v1/market")
    day = found["windows"]["24h"]
    assert (day["trades"], day["traders"], day["traders_complete"]) == (4, 2, True)
    assert day["launches"] == found["tokens"] == 2
    assert {token["mint"] for token in found["newest"]} == {market.mint, market.second}
    assert sum(day["launches"] for day in found["days"]) == 2
    assert {fee["kind"]: int(fee["earned"]) for fee in found["fees"]}["creator"] > 0


async def test_the_treemap_is_sized_by_what_is_asked_for(market):
    by_volume = await market.get("/api/v1/market/treemap", size="volume_24h")
    assert [tile["mint"] for tile in by_volume["data"]] == [market.mint]
    by_worth = await market.get("/api/v1/market/treemap", size="market_cap", limit=1)
    assert (len(by_worth["data"]), by_worth["others"]) == (1, 1)
    await market.get("/api/v1/market/treemap", 422, size="beauty")


async def test_a_wallet_is_told_with_its_labels_trades_and_profit(market):
    wallet = market.trader.address
    found = await market.get(f"/api/v1/wallets/{wallet}")
    portfolio = await market.get(f"/api/v1/portfolio/{wallet}")
    assert found["totals"] == portfolio["totals"]
    assert (found["trades"], found["tokens_traded"], found["launched"]) == (3, 1, 0)
    assert found["first_seen"] <= found["last_trade_at"]
    trades = await market.get(f"/api/v1/wallets/{wallet}/trades")
    assert trades == await market.get(f"/api/v1/portfolio/{wallet}/trades")
    made = await market.get(f"/api/v1/wallets/{wallet}/pnl", span="1h", limit=1)
    assert made["data"] == portfolio["data"][:1]
    assert len(made["history"]) >= 60
    labels = (await market.get(f"/api/v1/wallets/{market.creator.address}"))["labels"]
    assert {label["mint"] for label in labels if label["kind"] == "creator"} == {market.mint, market.second}
    await market.get("/api/v1/wallets/nonsense", 422)
