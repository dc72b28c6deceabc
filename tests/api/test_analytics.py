"""Analytics of a token and of the market over HTTP, of what was really traded."""

from decimal import Decimal

import pytest

from launchpad.chain import keys


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
