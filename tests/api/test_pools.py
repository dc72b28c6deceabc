"""A graduate's life in its pool, through the API alone: quotes, trades, liquidity and claims, all for plain SOL."""

import pytest

from launchpad.chain import keys, pda
from launchpad.chain.addresses import TOKEN, WRAPPED_SOL
from launchpad.chain.instructions.amm import graduates_pool
from launchpad.chain.instructions.solana import wrap_sol
from tests.api.test_graduation import SALE

SOL = 10**9
NOWHERE = keys.address_of(keys.generate())


def _chain(client):
    return client.app.state.services.chain


async def _told(api, path, body, status=200):
    answer = await api.post(path, json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


async def _held(api, wallet, mint):
    return (await _chain(api).rpc.get_token_balances(wallet.address)).get(mint, 0)


async def _sol(api, wallet):
    return await _chain(api).rpc.get_balance(wallet.address)


@pytest.fixture
async def opener(make_wallet):
    """A creator with a launched token."""
    wallet = await make_wallet(60)
    wallet.mint = (await wallet.launch(curve=SALE))["mint"]
    return wallet


@pytest.fixture
async def pool(api, opener):
    """The token's pool, after its creator bought all of the sale."""
    body = {"mint": opener.mint, "wallet": opener.address, "side": "buy", "amount": str(5 * SOL)}
    built = await _told(api, "/api/trade/build", body)
    assert built["quote"]["graduates"]
    assert (await opener.send(built))["status"] != "failed"
    return graduates_pool(opener.mint)


def _asked(pool, wallet, side, amount, amount_is="in", **more):
    body = {"mint": pool.base_mint, "wallet": wallet.address, "side": side, "amount": str(amount)}
    return body | {"amount_is": amount_is} | more


def _paid(quote, *names):
    return sum(int(quote["fees"][name]) for name in names)


async def test_a_graduate_is_quoted_and_traded_for_plain_sol(api, make_wallet, pool):
    trader = await make_wallet()
    built = await _told(api, "/api/trade/build", _asked(pool, trader, "buy", SOL))
    quote = built["quote"]
    [hop] = quote["route"]
    assert (quote["venue"], hop["venue"], hop["address"]) == ("amm", "amm", pool.key)
    assert (hop["amount_in"], hop["amount_out"]) == (quote["amount_in"], quote["amount_out"])
    assert (hop["fee_bps"], quote["fees"]["passing_deposit"]) == (20 + 5 + 30, "2039280")
    fees = _paid(quote, "protocol", "creator", "liquidity")
    assert int(quote["curve_amount"]) + fees == int(quote["amount_in"]) == SOL
    assert not quote["completes_curve"]
    before = await _sol(api, trader)
    await trader.send(built)
    assert before - await _sol(api, trader) == SOL + _paid(quote, "network", "priority", "account_rent")
    held = await _held(api, trader, pool.base_mint)
    assert str(held) == quote["amount_out"]

    sale = await _told(api, "/api/trade/build", _asked(pool, trader, "sell", held))
    before = await _sol(api, trader)
    await trader.send(sale)
    gained = await _sol(api, trader) - before
    assert gained == int(sale["quote"]["amount_out"]) - _paid(sale["quote"], "network", "priority")
    assert set(await _chain(api).rpc.get_token_balances(trader.address)) <= {pool.base_mint}


async def test_exact_amounts_out_are_delivered_and_the_rest_comes_back(api, make_wallet, pool):
    trader = await make_wallet()
    built = await _told(api, "/api/trade/build", _asked(pool, trader, "buy", 10**15, "out", slippage_bps=500))
    quote = built["quote"]
    assert int(quote["worst_in"]) > int(quote["amount_in"])
    before = await _sol(api, trader)
    await trader.send(built)
    assert await _held(api, trader, pool.base_mint) == 10**15
    assert before - await _sol(api, trader) == int(quote["amount_in"]) + _paid(
        quote, "network", "priority", "account_rent"
    )
    sale = await _told(api, "/api/trade/build", _asked(pool, trader, "sell", 10**5, "out"))
    before = await _sol(api, trader)
    await trader.send(sale)
    assert await _sol(api, trader) - before == 10**5 - _paid(sale["quote"], "network", "priority")


async def test_wrapped_sol_that_one_has_is_left_alone(api, make_wallet, pool):
    trader = await make_wallet()
    chain = _chain(api)
    wrapped = await chain.build(trader.address, wrap_sol(trader.address, SOL))
    await trader.send({"transaction": wrapped.transaction, "last_valid_block_height": wrapped.last_valid_block_height})
    await trader.send(await _told(api, "/api/trade/build", _asked(pool, trader, "buy", SOL)))
    account = pda.associated_token(trader.address, WRAPPED_SOL, TOKEN)
    assert (await chain.rpc.get_token_balances(trader.address))[WRAPPED_SOL] == SOL
    assert await chain.rpc.get_account(account)


async def test_what_a_pool_cannot_do_is_refused_with_the_reason(api, make_wallet, pool):
    trader = await make_wallet(1)
    quote = {"mint": pool.base_mint, "side": "buy", "amount": str(10**18), "amount_is": "out"}
    assert (await _told(api, "/api/trade/quote", quote, 422))["error"]["code"] == "INSUFFICIENT_LIQUIDITY"
    never = await _told(api, "/api/trade/build", _asked(pool, trader, "sell", 10**9), 422)
    assert never["error"]["code"] == "INSUFFICIENT_TOKENS"
    rich = await _told(api, "/api/trade/build", _asked(pool, trader, "buy", 50 * SOL), 422)
    assert rich["error"]["code"] == "INSUFFICIENT_FUNDS"


async def test_links_of_referrers_go_on_working_though_pools_pay_nobody_for_them(api, make_wallet, pool):
    trader = await make_wallet()
    asked = _asked(pool, trader, "buy", SOL, referrer=NOWHERE)
    assert (await _told(api, "/api/trade/quote", asked))["fees"]["referrer"] == "0"


async def test_liquidity_is_added_shown_and_taken_out_again(api, opener, pool):
    path, place = f"/api/pools/{pool.base_mint}", {"wallet": opener.address}
    before = (await api.get(path, params=place)).json()
    assert before["position"]["shares"] == "0"
    body = {"mint": pool.base_mint, "wallet": opener.address, "quote_amount": str(SOL)}
    built = await _told(api, "/api/liquidity/deposit", body)
    assert int(built["worst_base"]) >= int(built["base_amount"])
    lamports = await _sol(api, opener)
    await opener.send(built)
    spent = lamports - await _sol(api, opener)
    costs = ("quote_amount", "network_fee", "priority_fee", "account_rent")
    assert spent == sum(int(built[name]) for name in costs)
    assert built["account_rent"] == "2039280"
    shown = (await api.get(path, params=place)).json()
    assert int(shown["shares"]) - int(before["shares"]) == int(built["shares"])
    gained = int(shown["position"]["value"]) - int(before["position"]["value"])
    assert abs(gained - 2 * SOL) <= SOL // 100
    body = {"mint": pool.base_mint, "wallet": opener.address, "shares": built["shares"]}
    leave = await _told(api, "/api/liquidity/withdraw", body)
    await opener.send(leave)
    after = (await api.get(path, params=place)).json()
    assert after["position"]["shares"] == before["position"]["shares"]
    assert int(after["quote_reserve"]) >= int(before["quote_reserve"])


async def test_a_pool_is_shown_with_its_fees_and_average_price(api, pool):
    shown = (await api.get(f"/api/pools/{pool.base_mint}")).json()
    assert (shown["address"], shown["canonical"], shown["position"]) == (pool.key, True, None)
    assert shown["fees"] | {"tiers": []} == {
        "liquidity_bps": 20,
        "protocol_bps": 5,
        "creator_bps": 30,
        "total_bps": 55,
        "tiers": [],
    }
    assert shown["fees"]["tiers"][1] == {"min_market_cap": str(1_000 * SOL), "creator_fee_bps": 25}
    assert shown["average_price"]["since_opening"][:8] == shown["price_sol"][:8]
    assert shown["liquidity"] == str(2 * int(shown["quote_reserve"]))


async def test_deposits_and_withdrawals_of_nothing_are_refused(api, opener, pool):
    body = {"mint": pool.base_mint, "wallet": opener.address}
    nothing = await _told(api, "/api/liquidity/deposit", body, 422)
    assert nothing["error"]["code"] == "NO_AMOUNT"
    too_many = await _told(api, "/api/liquidity/withdraw", body | {"shares": str(10**19)}, 422)
    assert too_many["error"]["code"] == "INSUFFICIENT_LIQUIDITY"
    both = body | {"quote_amount": "1000", "base_amount": str(10**12)}
    assert int((await _told(api, "/api/liquidity/deposit", both))["quote_amount"]) <= 1000
    by_base = await _told(api, "/api/liquidity/deposit", body | {"base_amount": str(10**12)})
    assert int(by_base["base_amount"]) <= 10**12


async def test_where_there_is_no_pool_it_is_said(api, opener):
    for params in ({}, {"pool": NOWHERE}):
        answer = await api.get(f"/api/pools/{opener.mint}", params=params)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "NO_POOL")


async def test_creator_fees_of_curve_and_pool_come_in_one_transaction(api, make_wallet, opener, pool):
    trader = await make_wallet()
    await trader.send(await _told(api, "/api/trade/build", _asked(pool, trader, "buy", SOL)))
    curve = await _chain(api).require_curve(pool.base_mint)
    shown = (await api.get(f"/api/pools/{pool.base_mint}")).json()
    claim = await _told(api, "/api/claims/creator-fees", {"mint": pool.base_mint, "creator": opener.address})
    assert int(claim["amount"]) == curve.creator_fees + int(shown["unclaimed_creator_fees"])
    before = await _sol(api, opener)
    await opener.send(claim)
    paid = int(claim["network_fee"]) + int(claim["priority_fee"])
    assert await _sol(api, opener) - before == int(claim["amount"]) - paid
    again = {"mint": pool.base_mint, "creator": opener.address, "pool": pool.key}
    assert (await _told(api, "/api/claims/creator-fees", again, 409))["error"]["code"] == "NOTHING_TO_CLAIM"
    stranger = again | {"creator": trader.address}
    assert (await _told(api, "/api/claims/creator-fees", stranger, 403))["error"]["code"] == "NOT_YOURS"
    nowhere = again | {"pool": NOWHERE}
    assert (await _told(api, "/api/claims/creator-fees", nowhere, 404))["error"]["code"] == "NO_POOL"


async def test_the_chain_tells_of_the_pool_before_the_index_does(api, pool):
    # What is not indexed here is not known here, though it trades.
    assert (await api.get(f"/api/sync/launchpad/{pool.base_mint}")).status_code == 404
