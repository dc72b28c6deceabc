"""Lists, pages, charts and portfolios of a market that was really traded."""

from decimal import Decimal
from fractions import Fraction

import pytest

from launchpad.amounts import decimal_text, price_in_sol
from launchpad.chain import keys
from launchpad.chain.errors import RpcUnavailableError
from launchpad.db import DatabaseAwayError
from launchpad.tokens import catalog
from launchpad.tokens.queries import TokenFilter

MISSING = keys.address_of(keys.generate())
SORTS = (
    "volume_24h",
    "market_cap",
    "launched_at",
    "last_trade_at",
    "progress",
    "price",
    "holders",
    "trades",
    "change_24h",
)


async def test_the_token_list_shows_price_progress_and_trading(market):
    listed = await market.get("/api/v1/tokens", search="MKT")
    assert [row["mint"] for row in listed["data"]] == [market.mint]
    row = listed["data"][0]
    assert row["name"] == "Market Token"
    assert row["creator"] == market.creator.address
    assert row["trades_24h"] == row["trades_total"] == 4
    assert int(row["volume_24h"]) == int(row["volume_total"]) > 10**9
    assert row["holders"] == 2
    assert row["change_24h_bps"] > 0
    assert row["sparkline"]
    assert float(row["price"]) > 0
    assert 0 < row["progress_bps"] < 10_000


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("order", ["asc", "desc"])
async def test_every_sort_pages_through_every_token_once(market, sort, order):
    seen, cursor = [], None
    while True:
        params = {"sort": sort, "order": order, "limit": 1} | ({"cursor": cursor} if cursor else {})
        page = await market.get("/api/v1/tokens", **params)
        seen += [row["mint"] for row in page["data"]]
        cursor = page["meta"]["next"]
        assert page["meta"]["hasMore"] == (cursor is not None)
        if cursor is None:
            break
    assert sorted(seen) == sorted([market.mint, market.second])


async def test_what_goes_straight_to_the_wire_is_what_the_models_say(market):
    services = market.client.app.state.services
    async with services.database.look() as look:
        details = await catalog.token_details(look, services.settings, market.mint)
        listed = await catalog.list_tokens(look, services.settings, TokenFilter(search="MKT"), 50)
    told = await market.get(f"/api/v1/tokens/{market.mint}", anew="1")
    assert told == details.model_dump(mode="json", by_alias=True)
    assert (await market.get("/api/v1/tokens", search="MKT", anew="1")) == listed.model_dump(mode="json", by_alias=True)


async def test_lists_are_read_by_page_number_too(market):
    first = await market.get("/api/v1/tokens", page=1, limit=1, sortBy="trades")
    second = await market.get("/api/v1/tokens", page=2, limit=1, sortBy="trades")
    assert first["meta"] | {"next": None} == {"next": None, "limit": 1, "hasMore": True, "page": 1, "total": 2}
    assert [first["data"][0]["mint"], second["data"][0]["mint"]] == [market.mint, market.second]
    assert not second["meta"]["hasMore"]


@pytest.mark.parametrize(
    ("params", "count"),
    [
        ({"search": "market tok"}, 1),
        ({"search": "100%"}, 0),
        ({"search": "_"}, 0),
        ({"search": "\x00"}, 2),
        ({"status": "trading"}, 2),
        ({"status": "graduated"}, 0),
        ({"minLiquidity": 1}, 1),
        ({"maxAge": 3600}, 2),
        ({"creator": MISSING}, 0),
        ({"program": "bonding_curve"}, 2),
    ],
)
async def test_filters_leave_what_fits(market, params, count):
    assert len((await market.get("/api/v1/tokens", **params))["data"]) == count


async def test_a_search_finds_a_whole_address(market):
    for address in (market.mint, market.creator.address):
        assert market.mint in [row["mint"] for row in (await market.get("/api/v1/tokens", search=address))["data"]]


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"limit": 101}, "limit"),
        ({"limit": 0}, "limit"),
        ({"sort": "colour"}, "sort"),
        ({"cursor": "made-up"}, "cursor"),
        ({"minLiquidity": -1}, "minLiquidity"),
        ({"creator": "0" * 32}, "creator"),
        ({"page": 0}, "page"),
    ],
)
async def test_bad_parameters_are_named(market, params, field):
    error = (await market.get("/api/v1/tokens", 422, **params))["error"]
    assert error["field"] == field
    assert error["code"] in ("INVALID_INPUT", "INVALID_CURSOR")


async def test_a_token_page_has_everything(market):
    token = await market.get(f"/api/v1/tokens/{market.mint}")
    assert token["curve"]["address"] == market.built["curve"]
    assert token["curve"]["segments"]
    assert {item["bucket"] for item in token["allocations"]} >= {"public", "liquidity"}
    assert token["analytics"]["windows"]["24h"]["buys"] == 3
    assert token["analytics"]["windows"]["24h"]["sells"] == 1
    assert token["analytics"]["traders"] == 2
    assert int(token["analytics"]["fees_paid"]) > int(token["analytics"]["creator_fees_earned"]) > 0
    roles = {holder["owner"]: holder["role"] for holder in token["top_holders"]}
    assert roles[market.creator.address] == "creator"
    assert roles[market.trader.address] == "holder"
    assert token["uri"].startswith("ipfs://")
    assert token["supply_mode"].lower() == "fixed"


async def test_what_vests_is_shown_and_can_be_claimed(market, eventually):
    token = await market.get(f"/api/v1/tokens/{market.second}")
    (schedule,) = token["vesting"]
    assert schedule["beneficiary"] == market.trader.address
    assert schedule["amount"] == str(10**14)
    assert {holder["role"] for holder in token["top_holders"]} >= {"curve", "vesting"}
    assert {item["bucket"]: item["bps"] for item in token["allocations"]}["team"] == 1000
    unlocks = (await market.get(f"/api/v1/portfolio/{market.trader.address}"))["vesting"]
    assert [item["schedule"] for item in unlocks] == [schedule["schedule"]]
    body = {"schedule": schedule["schedule"], "beneficiary": market.trader.address}

    async def claimable():
        answer = await market.client.post("/api/claims/vesting", json=body)
        return answer.status_code == 200 and answer.json()

    claim = await eventually(claimable)
    assert claim["amount"] == str(10**14)
    await market.trader.send(claim)

    async def claimed():
        found = (await market.get(f"/api/v1/tokens/{market.second}"))["vesting"][0]
        return found["claimed"] == found["amount"] and found["claimable"] == "0"

    assert await eventually(claimed)
    portfolio = await market.get(f"/api/v1/portfolio/{market.trader.address}")
    unlocked = next(item for item in portfolio["data"] if item["mint"] == market.second)
    assert (unlocked["cost_basis"], unlocked["average_cost_sol"]) == ("0", None)
    assert unlocked["unrealized_pnl"] == unlocked["value"]


async def test_without_the_cluster_pages_show_what_is_indexed(market, monkeypatch):
    async def away(*_):
        raise RpcUnavailableError("gone")

    chain = market.client.app.state.services.chain
    monkeypatch.setattr(chain.rpc, "get_balance", away)
    monkeypatch.setattr(chain.rpc, "get_accounts", away)
    assert (await market.get(f"/api/v1/portfolio/{market.trader.address}"))["sol_balance"] is None
    told = await market.get(f"/api/sync/launchpad/{market.mint}", now="1")
    assert told["source"] == "index"
    assert told["sold"] == (await market.get(f"/api/v1/tokens/{market.mint}"))["sold"]


async def test_a_read_outlives_a_restart_of_the_database(market, monkeypatch):
    whole, calls = catalog.token_rows, []

    async def once_broken(*arguments):
        calls.append(1)
        if len(calls) == 1:
            raise DatabaseAwayError
        return await whole(*arguments)

    monkeypatch.setattr(catalog, "token_rows", once_broken)
    assert (await market.get("/api/v1/tokens", search="MKT", again="1"))["data"]
    assert len(calls) == 2


async def test_unknown_tokens_are_not_found(market):
    for path in ("", "/trades", "/chart", "/holders"):
        error = (await market.get(f"/api/v1/tokens/{MISSING}{path}", 404))["error"]
        assert error["code"] == "TOKEN_NOT_FOUND"
    for path in ("launchpad/token", "sync/launchpad"):
        assert (await market.get(f"/api/{path}/{MISSING}", 404))["error"]["code"] == "TOKEN_NOT_FOUND"


async def test_what_is_no_address_is_refused(market):
    for mint in ("1" * 44, "z" * 44, "short"):
        assert (await market.get(f"/api/v1/tokens/{mint}", 422))["error"]["field"] == "mint"


def _keys(page):
    return [(trade["signature"], trade["instruction"], trade["inner"]) for trade in page["data"]]


async def test_trades_are_listed_newest_first_and_paged(market):
    whole = await market.get(f"/api/v1/tokens/{market.mint}/trades")
    assert [trade["side"] for trade in whole["data"]] == ["sell", "buy", "buy", "buy"]
    first = await market.get(f"/api/v1/tokens/{market.mint}/trades", limit=3)
    rest = await market.get(f"/api/v1/tokens/{market.mint}/trades", limit=3, cursor=first["meta"]["next"])
    assert _keys(first) + _keys(rest) == _keys(whole)
    numbered = await market.get(f"/api/v1/tokens/{market.mint}/trades", limit=3, page=2)
    assert _keys(numbered) == _keys(rest)
    assert numbered["meta"]["total"] == 4
    buy, sell = whole["data"][1], whole["data"][0]
    fees = sum(int(buy[name]) for name in ("protocol_fee", "creator_fee", "referrer_fee", "launch_fee"))
    assert int(buy["total"]) == int(buy["quote_amount"]) + fees
    assert int(sell["total"]) < int(sell["quote_amount"])


async def test_numbers_that_the_database_writes_read_like_those_that_python_writes(market):
    trades = (await market.get(f"/api/v1/tokens/{market.mint}/trades"))["data"]
    decimals = (await market.get(f"/api/v1/tokens/{market.mint}"))["decimals"]
    for trade in trades:
        price = Decimal(trade["price"])
        assert trade["price"] == decimal_text(price)
        assert trade["price_sol"] == decimal_text(price_in_sol(price, decimals))
        assert trade["compute_units"] > 0
        assert trade["priority_fee"].isdigit()
    charted = await market.get(f"/api/v1/tokens/{market.mint}/chart", interval="1m")
    assert charted["data"][-1]["close"] == trades[0]["price_sol"]


async def test_candles_add_up_to_the_trades(market):
    chart = await market.get(f"/api/v1/tokens/{market.mint}/chart", interval="1m")
    assert sum(candle["trades"] for candle in chart["data"]) == 4
    trades = (await market.get(f"/api/v1/tokens/{market.mint}/trades"))["data"]
    assert sum(int(c["volume"]) for c in chart["data"]) == sum(int(t["quote_amount"]) for t in trades)
    for candle in chart["data"]:
        assert candle["time"] % 60 == 0
        assert float(candle["low"]) <= float(candle["open"]) <= float(candle["high"])
    assert chart["data"][-1]["close"] == trades[0]["price_sol"]
    assert chart["from"] < chart["to"]


@pytest.mark.parametrize("interval", ["1s", "1m"])
async def test_candles_join_and_begin_at_the_launch_price(market, interval):
    candles = (await market.get(f"/api/v1/tokens/{market.mint}/chart", interval=interval))["data"]
    first = (await market.get(f"/api/v1/tokens/{market.mint}"))["curve"]["segments"][0]
    # One is SOL per whole token, the other lamports per base unit, of which either has 10^9.
    launch_price = Fraction(int(first["quote_reserve"]), int(first["base_reserve"]))
    assert abs(Fraction(candles[0]["open"]) - launch_price) < Fraction(1, 10**20)
    assert [candle["open"] for candle in candles[1:]] == [candle["close"] for candle in candles[:-1]]


async def test_a_chart_pages_back_by_cursor_and_fills_gaps(market):
    path = f"/api/v1/tokens/{market.mint}/chart"
    whole = await market.get(path, interval="1s")
    last = await market.get(path, interval="1s", limit=1)
    assert last["data"] == whole["data"][-1:]
    if len(whole["data"]) > 1:
        before = await market.get(path, interval="1s", limit=1, cursor=last["meta"]["next"])
        assert before["data"] == whole["data"][-2:-1]
    filled = (await market.get(path, interval="1s", fill=True))["data"]
    times = [candle["time"] for candle in filled]
    assert times == list(range(times[0], times[-1] + 1))


async def test_impossible_ranges_are_refused(market):
    path = f"/api/v1/tokens/{market.mint}/chart"
    assert (await market.get(path, 422, **{"from": 2000, "to": 1000}))["error"]["code"] == "INVALID_RANGE"
    assert (await market.get(path, 422, to=10**12))["error"]["field"] == "to"
    assert (await market.get(path, **{"from": 10**10, "to": 10**11}))["data"] == []
    assert (await market.get(path, 422, interval="2m"))["error"]["field"] == "interval"


async def test_holders_are_listed_with_their_share(market):
    page = await market.get(f"/api/v1/tokens/{market.mint}/holders", limit=1)
    rows = page["data"]
    while page["meta"]["next"]:
        page = await market.get(f"/api/v1/tokens/{market.mint}/holders", limit=1, cursor=page["meta"]["next"])
        rows += page["data"]
    balances = [int(row["balance"]) for row in rows]
    assert balances == sorted(balances, reverse=True)
    assert sum(balances) == 10**18
    assert {row["role"] for row in rows} == {"curve", "creator", "holder"}


async def test_a_project_is_shown_in_one_body(market):
    project = await market.get(f"/api/launchpad/token/{market.mint}")
    assert project["state"] == "active"
    assert project["liquidity"] == project["curve"]["quote_reserve"]
    assert project["referral"] == {"referrers": 0, "trades": 0, "volume": "0", "earned": "0"}
    assert market.mint in project["links_out"]["explorer_token"]
    built = market.built
    assert (built["signature"], built["tax_account"], built["referral_account"]) == (None, None, None)
    links = {name: link.replace("SIGNATURE", project["launch_signature"]) for name, link in built["links"].items()}
    assert links == project["links_out"]
    curve = project["curve"]
    assert curve["shape"] == "classic"
    assert Decimal(curve["initial_price_sol"]) < Decimal(project["price_sol"]) < Decimal(curve["target_price_sol"])


async def test_projects_are_filtered_by_state(market):
    active = (await market.get("/api/launchpad/projects", state="active"))["data"]
    assert [each["staking"] for each in active] == [False, False]
    assert (await market.get("/api/launchpad/projects", filter="ended"))["data"] == []
    assert (await market.get("/api/launchpad/projects", state="upcoming"))["data"] == []


async def test_price_and_progress_come_straight_from_the_chain(market):
    told = await market.get(f"/api/sync/launchpad/{market.mint}")
    indexed = await market.get(f"/api/v1/tokens/{market.mint}")
    assert told["source"] == "chain"
    assert told["investors"] == 2
    assert told["progress_bps"] == indexed["progress_bps"]
    assert told["sold"] == indexed["sold"]
    assert told["price_sol"][:12] == indexed["price_sol"][:12]


async def test_a_portfolio_accounts_for_every_lamport(market):
    wallet = market.trader.address
    found = await market.get(f"/api/v1/portfolio/{wallet}")
    positions = {item["mint"]: item for item in found["data"]}
    position = positions[market.mint]
    trades = (await market.get(f"/api/v1/portfolio/{wallet}/trades"))["data"]
    assert [trade["symbol"] for trade in trades] == ["MKT"] * 3
    spent = sum(int(trade["total"]) for trade in trades if trade["side"] == "buy")
    received = sum(int(trade["total"]) for trade in trades if trade["side"] == "sell")
    assert int(position["quote_spent"]) == spent
    assert int(position["quote_received"]) == received
    assert int(position["realized_pnl"]) - int(position["cost_basis"]) == received - spent
    assert int(position["unrealized_pnl"]) == int(position["value"]) - int(position["cost_basis"])
    assert int(found["sol_balance"]) > 0
    assert found["totals"]["positions"] == len(positions)


async def test_a_creators_portfolio_names_fees_and_tokens(market):
    found = await market.get(f"/api/v1/portfolio/{market.creator.address}")
    assert set(found["created"]) == {market.mint, market.second}
    fees = {item["mint"]: int(item["claimable"]) for item in found["creator_fees"]}
    assert fees[market.mint] > 0
    assert fees[market.second] == 0


async def test_wallet_trades_are_paged(market):
    path = f"/api/v1/portfolio/{market.trader.address}/trades"
    first = await market.get(path, limit=2)
    rest = await market.get(path, limit=2, cursor=first["meta"]["next"])
    assert len(first["data"]) == 2
    assert len(rest["data"]) == 1


async def test_value_over_time_ends_with_what_is_held_now(market):
    for span in ("1h", "24h", "7d", "30d"):
        history = await market.get(f"/api/v1/portfolio/{market.trader.address}/history", span=span)
        times = [point["time"] for point in history["data"]]
        assert times == sorted(times)
        assert int(history["data"][0]["value"]) == 0
        assert int(history["data"][-1]["value"]) > 0
    empty = await market.get(f"/api/v1/portfolio/{MISSING}/history")
    assert {point["value"] for point in empty["data"]} == {"0"}


async def test_an_unknown_wallet_has_an_empty_portfolio(market):
    found = await market.get(f"/api/v1/portfolio/{MISSING}")
    assert found["data"] == []
    assert found["sol_balance"] == "0"


async def test_a_room_has_messages_in_pages(market):
    page = await market.get(f"/api/v1/rooms/{market.mint}/messages")
    assert page == {
        "data": [],
        "meta": {"next": None, "limit": 50, "hasMore": False, "page": None, "total": None},
        "head": 0,
    }
    assert (await market.get(f"/api/v1/rooms/{MISSING}/messages", 404))["error"]["code"] == "ROOM_NOT_FOUND"


async def test_a_repeated_read_is_the_same_bytes_and_can_be_skipped(market):
    path = f"/api/v1/tokens/{market.mint}/holders"
    first = await market.client.get(path)
    again = await market.client.get(path)
    assert again.content == first.content
    assert again.headers["etag"] == first.headers["etag"]
    skipped = await market.client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert skipped.status_code == 304
    assert skipped.content == b""


async def test_a_trade_is_seen_by_the_next_reader(market, eventually):
    before = await market.get(f"/api/v1/tokens/{market.second}")
    body = {"mint": market.second, "wallet": market.trader.address, "side": "buy", "amount": str(10**8)}
    built = (await market.client.post("/api/trade/build", json=body)).json()
    await market.trader.send(built)

    async def changed():
        after = await market.get(f"/api/v1/tokens/{market.second}")
        return after["price"] != before["price"]

    assert await eventually(changed)
