"""A launch before it is signed: its curve, what it means for buyers, and what it costs."""

import pytest

from launchpad.chain import keys


async def _preview(api, **asked):
    answer = await api.post("/api/launchpad/curve-preview", json={"supply": str(10**18)} | asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_curve_can_be_looked_at_before_it_exists(api):
    shares = {"public_bps": 7900, "liquidity_bps": 2100}
    preview = await _preview(api, first_buy=str(10**9), allocations=shares)
    assert preview["sale_supply"] == str(79 * 10**16)
    assert preview["points"][0]["sold"] == "0"
    assert preview["points"][-1]["raised"] == preview["raise_target"]
    assert preview["first_buy"]["amount_out"] == preview["buyers"]["first"]["tokens_for_one_sol"]
    await _preview(api, allocations={"public_bps": 7000, "liquidity_bps": 2000, "team_bps": 500, "treasury_bps": 500})


@pytest.mark.parametrize("kind", ["classic", "reserve_squared", "linear", "exponential", "logarithmic"])
async def test_a_shape_keeps_its_raise_and_states_its_error(api, kind):
    preview = await _preview(api, curve={"kind": kind, "raise_amount": "85", "multiple": "10"})
    assert preview["raise_target"] == str(85 * 10**9)
    assert len(preview["segments"]) <= 32
    assert float(preview["error_bps"]) <= 50
    assert abs(float(preview["multiple"]) - 10) < 0.11


async def test_first_median_and_last_buyer_are_told_what_they_get(api):
    buyers = (await _preview(api))["buyers"]
    first, median, last = buyers["first"], buyers["median"], buyers["last"]
    assert (first["sold_bps"], median["sold_bps"], last["sold_bps"]) == (0, 5_000, 10_000)
    got = [int(buyer["tokens_for_one_sol"]) for buyer in (first, median, last)]
    assert got == sorted(got, reverse=True)
    assert got[0] // 10**15 == 34
    assert last["multiple_at_end"] == "1"
    assert float(first["multiple_at_end"]) == pytest.approx(14.69, abs=0.01)
    words = buyers["words"]
    assert words[0].startswith("The first buyer pays at a market cap of 27.95 SOL: 1 SOL gets 34.3")
    assert "14.7 times" in words[0]
    assert words[2].startswith("The last buyer pays at a market cap of 410.8 SOL: 1 SOL gets 2.4")


async def test_a_sale_smaller_than_one_sol_goes_to_one_buyer(api):
    preview = await _preview(api, curve={"kind": "linear", "raise_amount": "0.5", "multiple": "2"})
    assert {preview["buyers"][one]["tokens_for_one_sol"] for one in ("first", "last")} == {preview["sale_supply"]}


async def test_a_token_dearer_than_one_sol_is_not_promised_for_one(api):
    curve = {"kind": "linear", "raise_amount": "8500", "multiple": "2"}
    preview = await _preview(api, supply="1000", decimals=0, curve=curve)
    assert preview["buyers"]["first"]["tokens_for_one_sol"] == "0"


async def test_dollars_are_turned_into_sol_by_the_price_that_is_named(api):
    curve = {"kind": "linear", "start_market_cap": "5600", "end_market_cap": "28000", "sol_price_usd": "200"}
    assert abs(float((await _preview(api, curve=curve))["start_market_cap_sol"]) - 28) < 0.3


async def test_a_curve_may_be_drawn_by_points(api):
    points = [(0, "28"), (5_000, "40"), (10_000, "80")]
    curve = {"kind": "points", "points": [{"sold_bps": sold, "market_cap": cap} for sold, cap in points]}
    preview = await _preview(api, curve=curve)
    assert abs(float(preview["buyers"]["median"]["market_cap_sol"]) - 40) < 0.3


async def test_segments_of_ones_own_follow_no_shape(api):
    segment = {"base_reserve": str(10**18), "quote_reserve": str(30 * 10**9), "base_for_sale": str(7931 * 10**14)}
    preview = await _preview(api, curve={"kind": "segments", "segments": [segment]})
    assert preview["segments"] == [segment]
    assert preview["error_bps"] is None


def _everything(friend):
    shares = {"public_bps": 6000, "liquidity_bps": 2000, "team_bps": 1000, "ecosystem_bps": 500, "treasury_bps": 500}
    team = {"beneficiary": friend, "duration_seconds": 86_400}
    return {"allocations": shares, "ecosystem_owner": friend, "treasury_owner": friend, "team": team}


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("locked", [None, False, True])
async def test_the_preview_knows_the_whole_cost_of_a_launch(api, make_wallet, full, locked):
    creator, friend = await make_wallet(), keys.address_of(keys.generate())
    more = _everything(friend) if full else {"curve": {"kind": "exponential", "raise_amount": "85", "multiple": "3"}}
    lock = {"duration_seconds": 86_400} if locked else None
    buy = {} if locked is None else {"first_buy": {"amount": str(10**9), "lock": lock}}
    body = {"name": "Known", "symbol": "KNOWN", "uri": "https://a.example/k.json", **more}
    built = await creator.launch(**body, **buy)
    asked = {name: body[name] for name in body if name != "team"} | {"creator": creator.address}
    if locked is not None:
        asked |= {"first_buy": str(10**9), "first_buy_locked": locked}
    assert (await _preview(api, **asked))["cost"] == built["cost"]


async def test_a_long_curve_takes_two_transactions_the_first_time_and_one_the_next(api, make_wallet):
    creator = await make_wallet()
    curve = {"kind": "logarithmic", "raise_amount": "84.321", "multiple": "12", "max_error_bps": 15}
    body = {"name": "Long", "symbol": "LONG", "uri": "https://a.example/k.json", "supply": str(10**18), "curve": curve}
    body |= {"creator": creator.address}
    chain = api.app.state.services.chain
    for count in (2, 1):
        foretold = (await _preview(api, **body))["cost"]
        before = await chain.rpc.get_balance(creator.address)
        built = (await api.post("/api/launchpad/deploy-token", json=body)).json()
        assert len(built["transactions"]) == count
        for transaction in built["transactions"]:
            assert (await creator.send(built, transaction))["status"] in ("confirmed", "finalized")
        assert built["cost"] == foretold
        assert before - await chain.rpc.get_balance(creator.address) == int(foretold["total"])
        curve_now = await chain.require_curve(built["mint"])
        assert curve_now.raise_target == 84_321_000_000


async def test_a_supply_that_the_classic_curve_cannot_hold_is_judged_by_the_curve_that_is_asked_for(api):
    most = {"supply": str(2**64 - 1), "decimals": 9}
    curve = {"kind": "linear", "raise_amount": "0.000000001", "multiple": "100000"}
    answer = await api.post("/api/launchpad/curve-preview", json=most | {"curve": curve})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "INVALID_SHAPE")
    assert answer.json()["error"]["field"] == "curve"


async def test_a_venue_that_is_not_on_the_cluster_is_refused_with_what_to_do(api):
    own, raydium = (await api.get("/api/launchpad/venues")).json()
    assert (own["available"], own["reason"]) == (True, None)
    assert (raydium["available"], raydium["reason"], raydium["fee"]) == (False, "Raydium is not on this cluster.", None)
    body = {"supply": str(10**18), "graduation": {"venue": "raydium"}}
    answer = await api.post("/api/launchpad/curve-preview", json=body)
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert (error["code"], error["field"]) == ("VENUE_UNAVAILABLE", "venue")
    assert "Choose the launchpad's own pool" in error["message"]
