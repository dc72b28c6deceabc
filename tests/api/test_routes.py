"""Trades by the best way, and liquidity that an aggregator finds, with one on loopback that swaps for real."""

from dataclasses import replace

import pytest

from launchpad.chain import markets, pda
from launchpad.chain.accounts import CurveState
from launchpad.chain.addresses import WRAPPED_SOL
from launchpad.chain.instructions.solana import create_token_account, transfer_lamports, wrap_sol
from launchpad.chain.swapping import passing_sol
from launchpad.chain.venues.raydium import building, math
from launchpad.chain.venues.raydium import instructions as raydium
from launchpad.chain.venues.raydium.pools import RAYDIUM_CP_SWAP, RaydiumPool
from launchpad.chain.venues.raydium.reading import fetch_pool
from launchpad.client import LaunchpadClient
from tests.api.conftest import Wallet, eventually
from tests.dex import standin
from tests.dex.standin import close, quote_body, unsigned

SOL = 10**9
TENTH = SOL // 10


class Market:
    """A token that is in two pools of Raydium's, and an aggregator that knows the second, better one."""

    def __init__(self, chain):
        self.chain, self.server = chain, standin.Aggregator(self.quote, self.swap)
        self.better, self.twist, self.refusal = None, [], None

    async def quote(self, params):
        if self.refusal:
            return self.refusal
        live = await fetch_pool(self.chain.rpc, self.better)
        side_in = live.pool.side_of(params["inputMint"])
        quote = math.quote_exact_in if params["swapMode"] == "ExactIn" else math.quote_exact_out
        found = quote(live.facing(side_in), live.rates(side_in), int(params["amount"]))
        out = found.amount_out if params["swapMode"] == "ExactIn" else found.amount_in
        return 200, quote_body(params, out, pool=self.better)

    async def swap(self, body):
        live, quote, owner = await fetch_pool(self.chain.rpc, self.better), body["quoteResponse"], body["userPublicKey"]
        side_in = live.pool.side_of(quote["inputMint"])
        paid, got = int(quote["inAmount"]), int(quote["outAmount"]) * 99 // 100
        accounts = [create_token_account(owner, owner, side.mint, side.token_program) for side in live.pool.sides]
        wrapped = wrap_sol(owner, paid)[1:] if quote["inputMint"] == WRAPPED_SOL else []
        swapped = raydium.swap_base_input(live.pool, owner, side_in, paid, got)
        blockhash = await self.chain.rpc.latest_blockhash()
        wanted = [*accounts, *wrapped, swapped, close(owner), *(each(owner) for each in self.twist)]
        built = unsigned(owner, wanted, blockhash.blockhash)
        return 200, {"swapTransaction": built, "lastValidBlockHeight": blockhash.last_valid_block_height}


@pytest.fixture(scope="module")
async def market(raydium_cluster, make_database, make_redis, open_api):
    settings = raydium_cluster.settings(database_url=make_database(), redis_url=make_redis(), rate_limits=False)
    async with open_api(settings) as plain:
        market = Market(plain.app.state.services.chain)
        async with market.server:
            changes = {"jupiter_url": market.server.url, "jupiter_program": RAYDIUM_CP_SWAP}
            async with open_api(settings.model_copy(update=changes)) as client:
                market.client = client
                market.owner = await Wallet(client).fund(90)
                await prepare(market)
                yield market


async def prepare(market):
    """A token a tenth of which its creator holds, in a pool at its own address, and in one a tenth cheaper."""
    owner = market.owner
    shares = {"public_bps": 7_000, "liquidity_bps": 2_000, "ecosystem_bps": 1_000}
    told = await owner.launch(supply=str(10**15), decimals=6, allocations=shares, ecosystem_owner=owner.address)
    market.mint = told["mint"]
    market.built = await open_pool(market, 10**13, 10 * SOL)
    market.better = (await open_pool(market, 11 * 10**12, 10 * SOL, address="fresh"))["pool"]
    await eventually(lambda: swaps(market, market.better))


async def swaps(market, pool):
    body = {"pool": pool, "side": "buy", "amount": "1000000", "wallet": market.owner.address}
    return (await market.client.post("/api/dex/raydium/swap", json=body)).status_code == 200


def liquidity(market, base, lamports, **more):
    body = {"mint": market.mint, "wallet": market.owner.address, "accept_price": True}
    return body | {"base_amount": str(base), "quote_amount": str(lamports)} | more


async def open_pool(market, base, lamports, **more):
    market.refusal = (400, {"error": "No routes found", "errorCode": "NO_ROUTES_FOUND"})
    built = await told(market.client, "/api/dex/jupiter/add-liquidity", liquidity(market, base, lamports, **more))
    assert (await market.owner.send(built["steps"][0]))["status"] != "failed"
    market.refusal = None
    return built


async def told(client, path, body, status=200):
    answer = await client.post(path, json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


@pytest.fixture
def graduated(market, monkeypatch):
    """Lets the token count as a graduate of Raydium's."""
    found = markets._state

    def state(kind, account):
        read = found(kind, account)
        return replace(read, status="graduated", pool=where["pool"]) if isinstance(read, CurveState) else read

    where = {"pool": market.built["pool"]}
    monkeypatch.setattr(markets, "_state", state)
    return where


def asked(market, side="buy", amount=TENTH, **more):
    return {"mint": market.mint, "side": side, "amount": str(amount)} | more


async def held(market):
    rpc = market.chain.rpc
    return (await rpc.get_token_balances(market.owner.address))[market.mint], await rpc.get_balance(
        market.owner.address
    )


async def test_liquidity_opens_a_pool_and_says_that_no_route_is_known_yet(market):
    built = market.built
    assert built["opens_pool"]
    assert built["pool"] == RaydiumPool.of(market.mint, "TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb").key
    assert not built["route"]["quotes"]
    assert "no route" in built["route"]["why_not"]


async def test_more_liquidity_goes_into_the_pool_that_is_there(market):
    built = await told(market.client, "/api/dex/jupiter/add-liquidity", liquidity(market, 10**12, 5 * SOL))
    assert not built["opens_pool"]
    assert built["cost"] is None
    assert (built["route"]["quotes"], built["route"]["through_pool"]) == (True, False)
    tokens, _ = await held(market)
    assert (await market.owner.send(built["steps"][0]))["status"] != "failed"
    assert tokens - (await held(market))[0] == int(built["base_amount"]) <= 10**12
    by_base = await told(
        market.client, "/api/dex/jupiter/add-liquidity", liquidity(market, 10**12, 0) | {"quote_amount": None}
    )
    assert int(by_base["quote_amount"]) > 0
    priced = liquidity(market, 10**12, SOL, initial_price_sol="0.001")
    refused = await told(market.client, "/api/dex/jupiter/add-liquidity", priced, 422)
    assert refused["error"]["code"] == "PRICE_MISMATCH"


async def test_the_route_to_a_token_can_be_checked(market):
    answer = await market.client.get(f"/api/dex/jupiter/routes/{market.mint}", params={"pool": market.better})
    assert answer.json()["through_pool"]
    assert answer.json()["hops"][0]["label"] == "Raydium CP"


async def test_before_graduation_the_curve_is_the_way(market):
    quote = await told(market.client, "/api/dex/route/quote", asked(market))
    assert (quote["way"], quote["hops"][0]["pool"]) == ("curve", pda.curve(market.mint))
    assert quote["other_amount"] is None
    built = await told(market.client, "/api/dex/route/build", asked(market, wallet=market.owner.address))
    tokens, _ = await held(market)
    assert (await market.owner.send(built["step"]))["status"] != "failed"
    assert (await held(market))[0] - tokens == int(built["quote"]["amount_out"])


@pytest.mark.parametrize(("side", "amount"), [("buy", TENTH), ("sell", 10**11)])
async def test_a_graduate_goes_through_the_aggregator_where_that_is_better(market, graduated, side, amount):
    worse = side == "sell"
    quote = await told(market.client, "/api/dex/route/quote", asked(market, side, amount))
    # The other pool is cheaper: good for who buys, bad for who sells.
    assert quote["way"] == ("swap_only_amm" if worse else "aggregator")
    assert int(quote["amount_out"]) > int(quote["other_amount"])
    built = await told(market.client, "/api/dex/route/build", asked(market, side, amount, wallet=market.owner.address))
    assert built["fell_back"] is None
    tokens, _ = await held(market)
    assert (await market.owner.send(built["step"]))["status"] != "failed"
    moved = (await held(market))[0] - tokens
    assert moved == (-amount if worse else int(built["quote"]["amount_out"]))


async def test_an_exact_output_is_routed_too(market, graduated):
    quote = await told(market.client, "/api/dex/route/quote", asked(market, "buy", 10**11, amount_is="out"))
    assert quote["way"] == "aggregator"
    assert int(quote["amount_in"]) < int(quote["other_amount"])


async def test_a_transaction_that_does_more_than_the_swap_is_replaced_by_the_pools_own(market, graduated):
    thief = pda.curve(market.mint)
    market.twist = [lambda owner: transfer_lamports(owner, thief, 1_000)]
    built = await told(market.client, "/api/dex/route/build", asked(market, wallet=market.owner.address))
    market.twist = []
    assert built["quote"]["way"] == "swap_only_amm"
    assert "thrown away" in built["fell_back"]
    assert (await market.owner.send(built["step"]))["status"] != "failed"


@pytest.mark.parametrize("refusal", [(429, {}), (500, {}), (400, {"errorCode": "NO_ROUTES_FOUND"}), (200, b"?")])
async def test_without_an_answer_the_pool_is_the_way(market, graduated, refusal):
    market.refusal = refusal
    quote = await told(market.client, "/api/dex/route/quote", asked(market))
    market.refusal = None
    assert quote["way"] == "swap_only_amm"


async def test_where_the_pool_cannot_the_aggregator_is_the_only_way(market, graduated):
    graduated["pool"] = market.mint
    quote = await told(market.client, "/api/dex/route/quote", asked(market))
    assert (quote["way"], quote["other_amount"]) == ("aggregator", None)
    market.twist = [lambda owner: transfer_lamports(owner, market.better, 1_000)]
    refused = await told(market.client, "/api/dex/route/build", asked(market, wallet=market.owner.address), 409)
    market.twist = []
    assert refused["error"]["code"] == "CURVE_NOT_TRADING"
    market.refusal = (500, {})
    refused = await told(market.client, "/api/dex/route/quote", asked(market), 409)
    market.refusal = None
    assert refused["error"]["code"] == "CURVE_NOT_TRADING"


async def test_an_unknown_token_has_no_way(market):
    refused = await told(market.client, "/api/dex/route/quote", asked(market) | {"mint": WRAPPED_SOL}, 404)
    assert refused["error"]["code"] == "TOKEN_NOT_FOUND"


async def test_liquidity_can_be_taken_out_again(market):
    live = await fetch_pool(market.chain.rpc, market.built["pool"])
    sol = await passing_sol(market.chain, market.owner.address)
    shares = 10**9
    least = math.worth_of(shares, live.reserves, live.state.lp_supply)
    leaving = building.withdraw(live.pool, sol, shares, least)
    built = await market.chain.build(market.owner.address, leaving)
    tokens, _ = await held(market)
    sent = {"transaction": built.transaction, "last_valid_block_height": built.last_valid_block_height}
    assert (await market.owner.send(sent))["status"] != "failed"
    assert (await held(market))[0] - tokens == least[1 - live.sol_side]


@pytest.mark.parametrize("side", ["buy", "sell"])
@pytest.mark.parametrize("amount_is", ["in", "out"])
async def test_the_one_road_leads_to_raydium_too(market, graduated, side, amount_is):
    amount = TENTH if (side == "buy") == (amount_is == "in") else 10**11
    body = asked(market, side, amount, amount_is=amount_is)
    quote = await told(market.client, "/api/trade/quote", body)
    assert (quote["venue"], quote["route"][0]["fee_bps"]) == ("raydium", 25)
    assert quote["route"][0]["address"] == market.built["pool"]
    assert not quote["completes_curve"]
    if side == "buy":
        fees = sum(int(quote["fees"][name]) for name in ("protocol", "liquidity", "creator"))
        assert int(quote["curve_amount"]) + fees == int(quote["amount_in"])
    else:
        assert quote["curve_amount"] == quote["amount_out"]
    built = await told(market.client, "/api/trade/build", body | {"wallet": market.owner.address})
    tokens, _ = await held(market)
    assert (await market.owner.send(built))["status"] != "failed"
    moved = abs((await held(market))[0] - tokens)
    assert str(moved) == built["quote"]["amount_out" if side == "buy" else "amount_in"]


async def test_a_wallet_without_tokens_has_nothing_to_sell(market, graduated):
    stranger = await Wallet(market.client).fund(1)
    body = asked(market, "sell", 10**6, wallet=stranger.address)
    refused = await told(market.client, "/api/trade/build", body, 422)
    assert refused["error"]["code"] == "INSUFFICIENT_TOKENS"


async def test_the_client_library_trades_there_as_well(market, graduated):
    async with LaunchpadClient(market.chain.settings.rpc_urls[0], market.owner.keypair) as pad:
        tokens, _ = await held(market)
        bought = await pad.buy(market.mint, quote_in=TENTH)
        assert (bought.side, bought.mint, bought.total) == ("buy", market.mint, TENTH)
        assert bought.quote_amount + bought.fees == TENTH
        assert (await held(market))[0] - tokens == bought.base_amount
        sold = await pad.sell(market.mint, base_in=bought.base_amount)
        assert (sold.side, sold.base_amount, sold.fees) == ("sell", bought.base_amount, 0)
        assert sold.total == sold.quote_amount < TENTH
