"""Launches with rules, and who may buy while they hold, through the API alone."""

import pytest

from launchpad.chain import keys
from launchpad.chain.positions import fetch_position

CAP_BPS = 100
SALE = 793_100_000 * 10**9


def _chain(api):
    return api.app.state.services.chain


def _body(mint, wallet, amount, **more):
    return {"mint": mint, "wallet": wallet.address, "side": "buy", "amount": str(amount), "amount_is": "out"} | more


async def _opening(api, mint, wallet, amount):
    answer = await api.post("/api/trade/quote", json=_body(mint, wallet, amount))
    assert answer.status_code == 200, answer.text
    return answer.json()["opening"]


async def _refused(api, path, body, code, status):
    answer = await api.post(path, json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), answer.text
    return answer.json()["error"]


@pytest.fixture
async def listed(make_wallet):
    """A wallet on the allowlist."""
    return await make_wallet()


@pytest.fixture
async def sale(make_wallet, listed):
    """A launch that one wallet alone may buy from for an hour, a hundredth of it."""
    creator = await make_wallet()
    rules = {"allowlist": [listed.address, creator.address], "allowlist_seconds": 3_600, "wallet_cap_bps": CAP_BPS}
    return await creator.launch(rules=rules)


async def test_a_listed_wallet_buys_up_to_its_cap_and_the_first_buy_opens_its_position(api, sale, listed):
    mint, cap = sale["mint"], SALE * CAP_BPS // 10_000
    told = await _opening(api, mint, listed, cap)
    assert (told["allowed"], told["stage"], told["room"], told["bought"]) == (True, "allowlist", str(cap), "0")
    over = await _opening(api, mint, listed, cap + 1)
    assert (over["allowed"], over["reason"]) == (False, "WALLET_CAP_REACHED")
    error = await _refused(api, "/api/trade/build", _body(mint, listed, cap + 1), "WALLET_CAP_REACHED", 409)
    assert error["left"] == str(cap)
    for part in (cap // 4, cap - cap // 4):
        built = await api.post("/api/trade/build", json=_body(mint, listed, part))
        assert built.status_code == 200, built.text
        assert (await listed.send(built.json()))["status"] != "failed"
    state = await fetch_position(_chain(api), mint, listed.address)
    assert (state.bought, state.allowlisted) == (cap, True)
    assert (await _opening(api, mint, listed, 10**9))["room"] == "0"
    body = {"mint": mint, "wallet": listed.address}
    await _refused(api, "/api/claims/position", body, "RULES_STILL_HOLD", 409)


async def test_a_wallet_that_is_not_on_the_list_is_told_when_it_may_buy(api, sale, make_wallet):
    stranger = await make_wallet()
    told = await _opening(api, sale["mint"], stranger, 10**9)
    assert (told["allowed"], told["reason"], told["stage"]) == (False, "NOT_ADMITTED", "public")
    error = await _refused(api, "/api/trade/build", _body(sale["mint"], stranger, 10**9), "NOT_ADMITTED", 409)
    assert "public stage" in error["message"]


async def test_the_preview_counts_fee_cap_and_tiers(api):
    rules = {"launch_fee": {"start_bps": 1_000, "seconds": 60}, "wallet_cap_bps": 10, "allowlist_seconds": 30}
    rules |= {"allowlist": [keys.address_of(keys.generate())]}
    asked = {"supply": str(10**18), "rules": rules}
    preview = (await api.post("/api/launchpad/curve-preview", json=asked)).json()
    shown, first = preview["rules"], preview["buyers"]["first"]
    assert (shown["allowlist"], shown["public_after_seconds"], shown["window_seconds"]) == (1, 30, 90)
    assert first["tokens_for_one_sol"] == shown["wallet_cap"] == str(SALE // 1_000)
    words = " ".join(preview["buyers"]["words"])
    assert "after the launch fee of 10 % and the cap of a wallet" in words
    assert "Everybody buys after 30 seconds" in words


async def test_rules_that_no_sale_can_have_are_named(api, make_wallet):
    creator = await make_wallet()
    body = {"creator": creator.address, "name": "A", "symbol": "A", "uri": "https://example.org/a.json"}
    body |= {"supply": str(10**18), "first_buy": {"amount": str(10**8)}}
    tier = {"allowlist": [creator.address], "binds_creator": True}
    error = await _refused(api, "/api/launchpad/deploy-token", body | {"rules": tier}, "INVALID_LAUNCH", 422)
    assert error["field"] == "first_buy"


async def test_rules_that_bind_the_creator_take_the_fee_of_the_first_buy(api, make_wallet):
    creator = await make_wallet()
    fee = {"start_bps": 1_000, "seconds": 60}
    rules = {"launch_fee": fee, "binds_creator": True, "wallet_cap_bps": 500}
    built = await creator.launch(first_buy={"amount": str(10**8)}, rules=rules)
    state = await _chain(api).fetch_curve(built["mint"])
    assert state.launch_fees > 0
    assert state.sold == int(built["preview"]["first_buy"]["amount_out"])


async def test_presets_are_offered(api):
    names = [preset["name"] for preset in (await api.get("/api/launchpad/presets")).json()]
    assert names == ["open", "fair", "team_raise", "batch"]


async def test_a_token_without_a_list_has_no_proofs(api, sale, listed):
    answer = await api.get(f"/api/launchpad/token/{keys.address_of(keys.generate())}/allowlist/{listed.address}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "NO_ALLOWLIST")


async def test_a_community_that_nobody_could_pledge_for_is_refused(api, make_wallet, sale):
    creator = await make_wallet()
    body = {"creator": creator.address, "name": "A", "symbol": "A", "uri": "https://example.org/a.json"}
    body |= {"supply": str(10**18)}
    nowhere = {"holders": {"mint": keys.address_of(keys.generate()), "minimum": "5"}}
    error = await _refused(api, "/api/launchpad/deploy-token", body | {"rules": nowhere}, "INVALID_TERMS", 422)
    assert error["field"] == "rules.holders.mint"
    answer = await api.post(
        "/api/launchpad/deploy-token", json=body | {"rules": {"holders": {"mint": sale["mint"], "minimum": "5"}}}
    )
    assert answer.status_code == 200, answer.text


async def test_holders_pledge_in_the_transaction_of_their_buy(api, make_wallet):
    creator = await make_wallet(95)
    community = await creator.launch(name="Community", first_buy={"amount": str(10**9)})
    held = int(community["preview"]["first_buy"]["amount_out"])
    rules = {"holders": {"mint": community["mint"], "minimum": str(held), "seconds": 3_600}}
    mint = (await creator.launch(rules=rules))["mint"]
    told = await _opening(api, mint, creator, 10**15)
    assert (told["allowed"], told["stage"], told["pledges"]) == (True, "holders", True)
    built = await api.post("/api/trade/build", json=_body(mint, creator, 10**15))
    assert (await creator.send(built.json()))["status"] != "failed"
    assert (await _chain(api).rpc.get_token_balances(creator.address)).get(community["mint"], 0) == 0
    assert (await _opening(api, mint, creator, 10**15))["pledges"] is False


async def test_a_position_comes_back_when_the_rules_are_over(api, make_wallet, eventually):
    creator, trader = await make_wallet(), await make_wallet()
    mint = (await creator.launch(rules={"wallet_cap_bps": CAP_BPS, "window_seconds": 2}))["mint"]
    built = await api.post("/api/trade/build", json=_body(mint, trader, 10**15))
    assert (await trader.send(built.json()))["status"] != "failed"
    body = {"mint": mint, "wallet": trader.address}

    async def claim():
        answer = await api.post("/api/claims/position", json=body)
        return answer.json() if answer.status_code == 200 else None

    closing = await eventually(claim)
    assert int(closing["amount"]) > 0
    assert (await trader.send(closing))["status"] != "failed"
    assert await fetch_position(_chain(api), mint, trader.address) is None
    await _refused(api, "/api/claims/position", body, "NO_POSITION", 404)


async def test_a_raise_can_be_divided_between_pool_and_team(api, make_wallet):
    creator = await make_wallet()
    built = await creator.launch(graduation={"liquidity_bps": 7_000, "lock_days": 180})
    chain = _chain(api)
    terms = await chain.fetch_terms((await chain.fetch_curve(built["mint"])).terms)
    raised = terms.sale.graduation
    assert (raised.liquidity_bps, raised.liquidity_lock_seconds) == (7_000, 15_552_000)
    assert (raised.payout.team, raised.payout.treasury) == (creator.address, creator.address)
    assert any("70 % of the raise becomes liquidity" in line for line in built["preview"]["buyers"]["words"])
    body = {"creator": creator.address, "name": "A", "symbol": "A", "uri": "ipfs://a", "supply": str(10**18)}
    error = await _refused(
        api, "/api/launchpad/deploy-token", body | {"graduation": {"lock_days": 20}}, "INVALID_TERMS", 422
    )
    assert error["field"] == "liquidity_lock"
