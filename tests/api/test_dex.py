"""Pools at Raydium through the API, on a cluster with the real program; and clear words where a venue is missing."""

import pytest

from launchpad.chain.venues.raydium.pools import POOL_FEE_RECEIVER
from tests.api.conftest import Wallet, eventually
from tests.raydium import POOL_FEE

SOL = 10**9
# Rent of everything that a pool consists of, by Raydium's own accounts.
RENTS = 42_156_720


@pytest.fixture(scope="module")
async def venue(raydium_cluster, make_database, make_redis, open_api):
    """A client of an application on a cluster with Raydium."""
    settings = raydium_cluster.settings(database_url=make_database(), redis_url=make_redis(), rate_limits=False)
    async with open_api(settings) as client:
        yield client


@pytest.fixture(scope="module")
async def creator(venue):
    """A wallet with SOL and a tenth of a launched token; `creator.mint` names it."""
    wallet = await Wallet(venue).fund(90)
    shares = {"public_bps": 7_000, "liquidity_bps": 2_000, "ecosystem_bps": 1_000}
    owner = {"ecosystem_owner": wallet.address}
    wallet.mint = (await wallet.launch(supply=str(10**15), decimals=6, allocations=shares, **owner))["mint"]
    return wallet


def opening(creator, **changes):
    body = {"mint": creator.mint, "wallet": creator.address, "base_amount": str(10**13), "quote_amount": str(5 * SOL)}
    return body | {"accept_price": True} | changes


@pytest.fixture(scope="module")
async def pool(venue, creator):
    """The token's pool, opened through the API; the answer that built it."""
    answer = await venue.post("/api/dex/raydium/create-pool", json=opening(creator))
    assert answer.status_code == 200, answer.text
    built = answer.json()
    before = await lamports(venue, creator.address)
    told = await creator.send(built["steps"][0])
    assert told["status"] in ("confirmed", "finalized"), told
    built["taken"] = before - await lamports(venue, creator.address)

    async def swaps():
        body = {"pool": built["pool"], "side": "buy", "amount": "1000000", "wallet": creator.address}
        return (await venue.post("/api/dex/raydium/swap", json=body)).status_code == 200

    await eventually(swaps)
    return built


async def lamports(client, address):
    return await client.app.state.services.chain.rpc.get_balance(address)


async def refusal(client, path, body):
    answer = await client.post(path, json=body)
    return answer.status_code, answer.json()["error"]["code"]


async def test_a_pool_costs_what_was_foretold_to_the_lamport(venue, creator, pool):
    cost = pool["cost"]
    assert cost["pool_fee"] == str(POOL_FEE)
    assert sum(map(int, cost["rents"].values())) == RENTS
    assert (
        pool["taken"] == int(cost["total"]) == 5 * SOL + POOL_FEE + RENTS + int(cost["network"]) + int(cost["priority"])
    )
    assert (pool["price_sol"], pool["trade_fee_bps"]) == ("0.0000005", "25")
    assert pool["market_price_sol"]
    fee_account = await venue.app.state.services.chain.rpc.get_account(POOL_FEE_RECEIVER)
    assert fee_account
    held = await venue.app.state.services.chain.rpc.get_token_balances(creator.address)
    assert held[pool["lp_mint"]] == int(pool["shares"])


@pytest.mark.parametrize("side", ["buy", "sell"])
@pytest.mark.parametrize("amount_is", ["in", "out"])
async def test_a_swap_does_what_its_quote_says(venue, creator, pool, side, amount_is):
    rpc = venue.app.state.services.chain.rpc
    amount = SOL // 10 if (side == "buy") == (amount_is == "in") else 10**11
    body = {"pool": pool["pool"], "side": side, "amount": str(amount), "amount_is": amount_is}
    asked = await venue.post("/api/dex/raydium/quote", json=body)
    assert asked.status_code == 200, asked.text
    quote = asked.json()
    built = (await venue.post("/api/dex/raydium/swap", json=body | {"wallet": creator.address})).json()
    assert {k: v for k, v in built["quote"].items() if k != "as_of"} == {k: v for k, v in quote.items() if k != "as_of"}
    tokens, sol = (await rpc.get_token_balances(creator.address))[creator.mint], await lamports(venue, creator.address)
    told = await creator.send(built["step"])
    assert told["status"] in ("confirmed", "finalized"), told
    got = (await rpc.get_token_balances(creator.address))[creator.mint] - tokens
    fees = int(built["step"]["network_fee"]) + int(built["step"]["priority_fee"])
    paid = sol - await lamports(venue, creator.address) - fees
    base, quote_amount = (got, paid) if side == "buy" else (-got, -paid)
    bought = (quote["amount_out"], quote["amount_in"]) if side == "buy" else (quote["amount_in"], quote["amount_out"])
    assert (str(base), str(quote_amount)) == bought
    assert quote["price_impact_bps"] > 0
    assert quote["mint"] == creator.mint


async def test_a_second_pool_of_the_pair_needs_a_fresh_address(venue, creator, pool):
    path = "/api/dex/raydium/create-pool"
    assert await refusal(venue, path, opening(creator)) == (409, "POOL_EXISTS")
    fresh = (await venue.post(path, json=opening(creator, address="fresh", initial_price_sol="0.0000005"))).json()
    assert fresh["pool"] != pool["pool"]
    assert fresh["steps"][0]["signers"] == [creator.address]
    told = await creator.send(fresh["steps"][0])
    assert told["status"] in ("confirmed", "finalized"), told


async def test_the_price_can_be_named_instead_of_the_amount(venue, creator):
    body = opening(creator, address="fresh", initial_price_sol="0.0000004") | {"quote_amount": None}
    built = (await venue.post("/api/dex/raydium/create-pool", json=body)).json()
    assert built["quote_amount"] == str(4 * SOL)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"initial_price_sol": "0.0000006"}, (422, "PRICE_MISMATCH")),
        ({"quote_amount": None}, (422, "PRICE_MISMATCH")),
        ({"accept_price": False, "quote_amount": str(SOL)}, (422, "PRICE_OFF_MARKET")),
        ({"base_amount": str(10**15)}, (422, "INSUFFICIENT_TOKENS")),
        ({"quote_amount": str(1_000 * SOL)}, (422, "INSUFFICIENT_FUNDS")),
        ({"quote_amount": "0"}, (422, "ZERO_AMOUNT")),
        ({"base_amount": "9", "quote_amount": "9"}, (422, "AMOUNT_TOO_SMALL")),
        ({"mint": "1nc1nerator11111111111111111111111111111111"}, (404, "NOT_FOUND")),
    ],
)
async def test_what_cannot_become_a_pool_is_refused_before_anything_is_signed(venue, creator, changes, expected):
    assert await refusal(venue, "/api/dex/raydium/create-pool", opening(creator, address="fresh") | changes) == expected


async def test_a_swap_in_no_pool_or_beyond_it_is_refused(venue, creator, pool):
    path = "/api/dex/raydium/quote"
    body = {"pool": pool["pool"], "side": "buy", "amount": str(10**14), "amount_is": "out"}
    assert await refusal(venue, path, body) == (422, "INSUFFICIENT_LIQUIDITY")
    assert await refusal(venue, path, body | {"pool": creator.mint}) == (404, "NO_POOL")


async def test_a_pool_that_opens_later_says_when(venue, creator):
    body = opening(creator, address="fresh", open_time=2**39)
    built = (await venue.post("/api/dex/raydium/create-pool", json=body)).json()
    assert (await creator.send(built["steps"][0]))["status"] in ("confirmed", "finalized")
    asked = {"pool": built["pool"], "side": "buy", "amount": "1000"}
    assert await refusal(venue, "/api/dex/raydium/quote", asked) == (409, "SWAPS_WAIT")


async def test_venues_are_listed_with_what_is_missing(venue, api):
    listed = {one["name"]: one for one in (await venue.get("/api/dex/venues")).json()}
    assert listed["raydium_cpmm"]["available"]
    assert listed["amm"]["available"]
    for name in ("orca", "openbook", "pump", "jupiter"):
        assert not listed[name]["available"]
        assert listed[name]["why_not"]
    without = {one["name"]: one for one in (await api.get("/api/dex/venues")).json()}
    assert not without["raydium_cpmm"]["available"]


async def test_a_network_without_a_venue_says_so(api, make_wallet, venue, creator):
    wallet = await make_wallet()
    asked = {"mint": wallet.address, "wallet": wallet.address, "base_amount": "1", "quote_amount": "1"}
    swap = {"pool": wallet.address, "side": "buy", "amount": "1", "wallet": wallet.address}
    coin = {"wallet": wallet.address, "name": "A", "symbol": "A", "uri": "ipfs://a"}
    expected = (409, "NOT_ON_THIS_NETWORK")
    assert await refusal(api, "/api/dex/raydium/create-pool", asked) == expected
    assert await refusal(api, "/api/dex/raydium/swap", swap) == expected
    assert await refusal(api, "/api/dex/pump/launch", coin) == expected
    assert await refusal(venue, "/api/dex/jupiter/add-liquidity", opening(creator)) == expected
    told = (await api.get(f"/api/dex/jupiter/routes/{wallet.address}")).json()
    assert not told["quotes"]
    assert "JUPITER_URL" in told["why_not"]


# Several venues at once


@pytest.fixture(scope="module")
async def sibling(venue):
    """Another wallet with another token."""
    wallet = await Wallet(venue).fund(60)
    shares = {"public_bps": 7_000, "liquidity_bps": 2_000, "ecosystem_bps": 1_000}
    owner = {"ecosystem_owner": wallet.address}
    wallet.mint = (await wallet.launch(supply=str(10**15), decimals=6, allocations=shares, **owner))["mint"]
    return wallet


def on_many(wallet, *items, **changes):
    body = {"mint": wallet.mint, "wallet": wallet.address, "base_amount": str(10**13 + 1), "quote_amount": str(9 * SOL)}
    named = [{"venue": venue, "share_bps": share} for venue, share in items]
    return body | {"items": named, "accept_price": True} | changes


async def test_liquidity_is_divided_between_venues_and_followed(venue, sibling):
    coin = {"wallet": sibling.address, "name": "Coin", "symbol": "C", "uri": "ipfs://c"}
    body = on_many(sibling, ("raydium_cpmm", 5_000), ("pump", 1_000), ("orca", 1_000), ("amm", 3_000), coin=coin)
    answer = await venue.post("/api/dex/multi-launch", json=body)
    assert answer.status_code == 201, answer.text
    built = answer.json()
    parts = {item["venue"]: item for item in built["items"]}
    assert {name: item["status"] for name, item in parts.items()} == {
        "raydium_cpmm": "built",
        "pump": "refused",
        "orca": "refused",
        "amm": "built",
    }
    for name in ("pump", "orca"):
        assert parts[name]["error"]["code"] == "NOT_ON_THIS_NETWORK"
    assert (parts["raydium_cpmm"]["base_amount"], parts["raydium_cpmm"]["quote_amount"]) == (
        str(5 * 10**12),
        "4500000000",
    )
    assert parts["pump"]["base_amount"] == "0"
    # What rounding leaves over goes to the last one.
    assert (parts["amm"]["base_amount"], parts["amm"]["quote_amount"]) == (str(3 * 10**12 + 1), "2700000000")
    for name in ("raydium_cpmm", "amm"):
        told = await sibling.send(parts[name]["steps"][0])
        assert told["status"] in ("confirmed", "finalized"), told
    told = (await venue.get(f"/api/dex/multi-launch/{built['id']}")).json()
    followed = {item["venue"]: item for item in told["items"]}
    assert followed["raydium_cpmm"]["liquidity"] == {"base": str(5 * 10**12), "quote": "4500000000"}
    assert followed["amm"]["liquidity"] == {"base": str(3 * 10**12 + 1), "quote": "2700000000"}
    assert followed["amm"]["status"] == "open"
    assert followed["amm"]["opened_at"]
    assert followed["pump"]["status"] == "refused"
    assert told["route"] is None
    again = (await venue.get(f"/api/dex/multi-launch/{built['id']}")).json()
    assert again["items"][0]["opened_at"] == followed["raydium_cpmm"]["opened_at"]
    health = (await venue.get(f"/api/dex/pools/{followed['amm']['address']}/health")).json()
    assert (health["venue"], health["quote_reserve"]) == ("amm", "2700000000")
    assert health["deviation_bps"] == 0


@pytest.mark.parametrize(
    ("items", "changes", "expected"),
    [
        ([("raydium_cpmm", 5_000), ("amm", 4_000)], {}, (422, "BAD_ALLOCATION")),
        ([("raydium_cpmm", 5_000), ("jupiter", 5_000)], {}, (422, "BAD_ALLOCATION")),
        ([("amm", 5_000), ("amm", 5_000)], {}, (422, "BAD_ALLOCATION")),
        ([("pump", 10_000)], {}, (422, "BAD_ALLOCATION")),
        ([("amm", 10_000)], {"base_amount": str(10**15)}, (422, "INSUFFICIENT_TOKENS")),
        ([("amm", 10_000)], {"quote_amount": str(10**12)}, (422, "INSUFFICIENT_FUNDS")),
        ([], {}, (422, "INVALID_INPUT")),
    ],
)
async def test_a_launch_that_cannot_be_divided_is_refused(venue, sibling, items, changes, expected):
    assert await refusal(venue, "/api/dex/multi-launch", on_many(sibling, *items, **changes)) == expected


async def test_an_unknown_launch_is_not_found(venue):
    answer = await venue.get("/api/dex/multi-launch/00000000-0000-7000-8000-000000000000")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "MULTI_LAUNCH_NOT_FOUND")


async def test_a_pools_health_is_worked_out_from_the_chain(venue, creator, pool):
    health = (await venue.get(f"/api/dex/pools/{pool['pool']}/health")).json()
    assert (health["venue"], health["mint"]) == ("raydium_cpmm", creator.mint)
    assert health["last_trade_at"]
    assert int(health["depth"]["buy_100_bps"]) < int(health["depth"]["buy_500_bps"])
    assert health["locked_bps"] == 0
    assert any("taken out" in note for note in health["notes"])
    answer = await venue.get(f"/api/dex/pools/{creator.address}/health")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "NO_POOL")
