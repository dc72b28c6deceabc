"""Pairs in the shape of public screeners, key by key, beside what the rest of the API tells."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from launchpad.chain import keys
from launchpad.chain.addresses import WRAPPED_SOL
from launchpad.prices import queries

MISSING = keys.address_of(keys.generate())
WINDOWS = {"m5", "h1", "h6", "h24"}


@pytest.fixture
async def dollars(market):
    """A fresh price of SOL."""
    async with market.client.app.state.services.database.session() as session:
        await queries.save(session, Decimal(150), datetime.now(UTC), "test")


async def test_a_pair_has_the_shape_and_the_figures(market, dollars):
    told = await market.get(f"/api/latest/dex/tokens/{market.mint}?a=1")
    token = await market.get(f"/api/v1/tokens/{market.mint}?a=1")
    assert set(told) == {"schemaVersion", "pairs"}
    assert told["schemaVersion"] == "1.0.0"
    (pair,) = told["pairs"]
    assert (pair["chainId"], pair["dexId"], pair["labels"]) == ("solana", "launchpad", ["curve"])
    assert pair["baseToken"] == {"address": market.mint, "name": "Market Token", "symbol": "MKT"}
    assert pair["quoteToken"] == {"address": WRAPPED_SOL, "name": "Wrapped SOL", "symbol": "SOL"}
    assert pair["url"].endswith(f"/token/{market.mint}")
    assert pair["priceNative"] == token["price_sol"]
    assert pair["priceUsd"] == token["price_usd"]
    assert isinstance(pair["priceUsd"], str)
    assert set(pair["txns"]) == set(pair["volume"]) == set(pair["priceChange"]) == WINDOWS
    day = token["metrics"]["24h"]
    assert pair["txns"]["h24"] == {"buys": day["buys"], "sells": day["sells"]}
    assert pair["volume"]["h24"] == pytest.approx(int(day["volume"]) / 10**9 * 150)
    assert pair["priceChange"]["h24"] == day["price_change_bps"] / 100
    assert pair["liquidity"]["usd"] == float(token["liquidity_usd"])
    assert pair["liquidity"]["quote"] == int(token["quote_reserve"]) / 10**9
    assert pair["marketCap"] == float(token["market_cap_usd"])
    assert pair["fdv"] == float(token["fdv_usd"])
    assert pair["pairCreatedAt"] > 10**12
    assert pair["boosts"] == {"active": 0}


async def test_a_pair_is_found_by_each_of_its_names(market):
    (pair,) = (await market.get(f"/api/latest/dex/tokens/{market.mint}"))["pairs"]
    address = pair["pairAddress"]
    names = [
        (await market.get(f"/api/latest/dex/pairs/solana/{address}"))["pairs"],
        (await market.get("/api/latest/dex/search", q="MKT"))["pairs"],
        (await market.get("/api/latest/dex/search", q=market.mint))["pairs"],
        await market.get(f"/api/tokens/v1/solana/{market.mint}"),
        await market.get(f"/api/token-pairs/v1/solana/{market.mint}"),
    ]
    for found in names:
        assert [each["pairAddress"] for each in found] == [address]


async def test_several_are_answered_in_the_order_asked(market):
    both = f"{market.second},{MISSING},{market.mint},{market.second}"
    found = await market.get(f"/api/tokens/v1/solana/{both}")
    assert [each["baseToken"]["address"] for each in found] == [market.second, market.mint]


async def test_what_is_unknown_is_null_or_an_empty_list(market):
    for path in (f"tokens/{MISSING}", f"pairs/solana/{MISSING}", f"pairs/ethereum/{market.mint}", "search?q="):
        assert await market.get(f"/api/latest/dex/{path}") == {"schemaVersion": "1.0.0", "pairs": None}
    for path in (f"tokens/v1/solana/{MISSING}", f"token-pairs/v1/base/{market.mint}"):
        assert await market.get(f"/api/{path}") == []


async def test_dollars_are_absent_without_a_fresh_price(market):
    async with market.client.app.state.services.database.session() as session:
        await queries.save(session, Decimal(150), datetime(2020, 1, 1, tzinfo=UTC), "test")
    (pair,) = await market.get(f"/api/token-pairs/v1/solana/{market.second}")
    if "priceUsd" not in pair:
        assert not {"volume", "liquidity", "fdv", "marketCap"} & set(pair)
    assert None not in pair.values()


@pytest.mark.parametrize(
    "addresses", ["nonsense", ",", ",".join([MISSING[:-1] + c for c in "123456789ABCDEFGHJKLMNPQRSTUVWXYZ"])]
)
async def test_addresses_that_cannot_be_asked_for_are_refused(market, addresses):
    told = await market.get(f"/api/latest/dex/tokens/{addresses}", 422)
    assert told["error"]["field"] == "addresses"
