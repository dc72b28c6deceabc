"""From a launch to a sell, through the API alone, on the cluster; and everything that is refused on the way."""

import asyncio
import base64
import io
import time

import pytest
from PIL import Image

from launchpad.chain import keys
from launchpad.chain.errors import RpcUnavailableError

NOWHERE = keys.address_of(keys.generate())


def _chain(client):
    return client.app.state.services.chain


@pytest.fixture
async def launched(make_wallet):
    """A creator with a launched token."""
    creator = await make_wallet(95)
    return creator, await creator.launch()


async def _build(api, wallet, mint, side, amount, amount_is="in", **more):
    body = {"mint": mint, "wallet": wallet.address, "side": side, "amount": str(amount), "amount_is": amount_is}
    answer = await api.post("/api/trade/build", json=body | more)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def _refused(api, path, body, code, status=422):
    answer = await api.post(path, json=body)
    assert answer.status_code == status, answer.text
    assert answer.json()["error"]["code"] == code
    return answer.json()["error"]


async def _held(api, wallet, mint):
    return (await _chain(api).rpc.get_token_balances(wallet.address)).get(mint, 0)


async def test_what_was_quoted_is_what_happens(api, make_wallet, launched):
    _, built = launched
    mint, trader = built["mint"], await make_wallet()
    trade = await _build(api, trader, mint, "buy", 10**9)
    assert trade["signers"] == [trader.address]
    assert trade["quote"]["fees"]["account_rent"] == "2074080"
    before = await _chain(api).rpc.get_balance(trader.address)
    await trader.send(trade)
    paid = before - await _chain(api).rpc.get_balance(trader.address)
    fees = trade["quote"]["fees"]
    assert paid == int(trade["quote"]["amount_in"]) + sum(int(fees[n]) for n in ("network", "priority", "account_rent"))
    held = await _held(api, trader, mint)
    assert str(held) == trade["quote"]["amount_out"]
    sale = await _build(api, trader, mint, "sell", held)
    assert sale["quote"]["fees"]["account_rent"] == "0"
    await trader.send(sale)
    assert await _held(api, trader, mint) == 0


async def test_an_exact_amount_out_is_delivered(api, make_wallet, launched):
    _, built = launched
    mint, trader = built["mint"], await make_wallet()
    buy = await _build(api, trader, mint, "buy", 10**16, "out")
    assert int(buy["quote"]["worst_in"]) > int(buy["quote"]["amount_in"])
    await trader.send(buy)
    assert await _held(api, trader, mint) == 10**16
    sale = await _build(api, trader, mint, "sell", 10**8, "out")
    assert int(sale["quote"]["amount_out"]) >= 10**8
    fewer = {"mint": mint, "side": "sell", "amount": str(int(sale["quote"]["amount_in"]) - 1)}
    assert int((await api.post("/api/trade/quote", json=fewer)).json()["amount_out"]) < 10**8
    await trader.send(sale)


async def test_the_last_buy_takes_what_is_left_and_closes_the_curve(api, launched):
    creator, built = launched
    mint = built["mint"]
    last = await _build(api, creator, mint, "buy", 90 * 10**9, graduate=False)
    assert (last["quote"]["completes_curve"], last["quote"]["graduates"]) == (True, False)
    assert int(last["quote"]["amount_in"]) < 90 * 10**9
    await creator.send(last)
    body = {"mint": mint, "side": "buy", "amount": "1000000"}
    assert (await _refused(api, "/api/trade/quote", body, "CURVE_NOT_TRADING", 409))["status"] == "complete"


async def test_the_last_buy_opens_the_pool_and_its_quote_says_so(api, launched):
    creator, built = launched
    wish = {"mint": built["mint"], "side": "buy", "amount": str(90 * 10**9)}
    for named in ({}, {"wallet": creator.address}):
        told = (await api.post("/api/trade/quote", json=wish | named)).json()
        assert (told["completes_curve"], told["graduates"], told["graduation_bounty"]) == (True, True, "10000000")
    part = (await api.post("/api/trade/quote", json=wish | {"amount": str(10**9)})).json()
    assert (part["completes_curve"], part["graduates"], part["graduation_bounty"]) == (False, False, "0")
    last = await _build(api, creator, built["mint"], "buy", 90 * 10**9)
    assert last["quote"]["graduates"]
    before = await api.app.state.services.chain.rpc.get_balance(creator.address)
    assert (await creator.send(last))["status"] != "failed"
    fees = last["quote"]["fees"]
    paid = sum(int(amount) for amount in (last["quote"]["amount_in"], fees["network"], fees["priority"]))
    after = await api.app.state.services.chain.rpc.get_balance(creator.address)
    assert before - after == paid + int(fees["account_rent"]) - 10_000_000
    sale = (await api.post("/api/trade/quote", json=wish | {"side": "sell", "amount": "1000000000"})).json()
    assert sale["venue"] == "amm"


async def test_a_buy_that_completes_after_somebody_else_did_fails_clean(api, make_wallet, launched):
    first, built = launched
    second = await make_wallet(90)
    one, two = [await _build(api, each, built["mint"], "buy", 88 * 10**9) for each in (first, second)]
    assert one["quote"]["graduates"]
    assert two["quote"]["graduates"]
    assert (await first.send(one))["status"] != "failed"
    body = {
        "transaction": second.sign(two["transaction"]),
        "last_valid_block_height": two["last_valid_block_height"],
    }
    answer = await api.post("/api/transactions", json=body)
    assert answer.json()["error"]["code"] == "CURVE_NOT_TRADING"
    assert await _held(api, second, built["mint"]) == 0


async def test_impossible_trades_are_refused_with_the_reason(api, make_wallet, launched):
    _, built = launched
    mint, trader = built["mint"], await make_wallet(1)
    quote = {"mint": mint, "side": "buy", "amount": "0"}
    await _refused(api, "/api/trade/quote", quote, "ZERO_AMOUNT")
    await _refused(api, "/api/trade/quote", quote | {"mint": NOWHERE, "amount": "1"}, "TOKEN_NOT_FOUND", 404)
    await _refused(api, "/api/trade/quote", quote | {"side": "sell", "amount": "5"}, "INSUFFICIENT_SOLD")
    await _refused(
        api, "/api/trade/quote", quote | {"side": "sell", "amount": "5", "amount_is": "out"}, "INSUFFICIENT_SOLD"
    )
    await _refused(api, "/api/trade/quote", quote | {"amount": "5", "slippage_bps": 5001}, "INVALID_INPUT")
    await _refused(api, "/api/trade/quote", quote | {"amount": "5000", "referrer": NOWHERE}, "REFERRER_UNKNOWN")
    rich = {"mint": mint, "wallet": trader.address, "side": "buy", "amount": str(50 * 10**9)}
    await _refused(api, "/api/trade/build", rich, "INSUFFICIENT_FUNDS")
    await _refused(api, "/api/trade/build", rich | {"amount": "5000", "referrer": trader.address}, "REFERRER_UNKNOWN")


async def test_a_referrer_gets_his_part_and_claims_it(api, make_wallet, launched):
    _, built = launched
    mint, trader, friend = built["mint"], await make_wallet(), await make_wallet(1)
    registered = (await api.post("/api/referrers", json={"referrer": friend.address})).json()
    await friend.send(registered)
    trade = await _build(api, trader, mint, "buy", 10**9, referrer=friend.address)
    part = int(trade["quote"]["fees"]["referrer"])
    assert part > 0
    await trader.send(trade)
    claim = (await api.post("/api/claims/referrer-fees", json={"referrer": friend.address})).json()
    assert claim["amount"] == str(part)
    await friend.send(claim)
    body = {"referrer": friend.address}
    await _refused(api, "/api/claims/referrer-fees", body, "NOTHING_TO_CLAIM", 409)
    await _refused(api, "/api/referrers", body, "ALREADY_REGISTERED", 409)


async def test_a_creator_claims_his_fees_and_nobody_else_does(api, make_wallet, launched):
    creator, built = launched
    mint, trader = built["mint"], await make_wallet()
    body = {"mint": mint, "creator": creator.address}
    await _refused(api, "/api/claims/creator-fees", body, "NOTHING_TO_CLAIM", 409)
    trade = await _build(api, trader, mint, "buy", 10**9)
    await trader.send(trade)
    await _refused(api, "/api/claims/creator-fees", {"mint": mint, "creator": trader.address}, "NOT_YOURS", 403)
    claim = (await api.post("/api/claims/creator-fees", json=body)).json()
    assert claim["amount"] == trade["quote"]["fees"]["creator"]
    await creator.send(claim)


async def test_a_sale_that_missed_its_goal_pays_back(api, make_wallet):
    holder = await make_wallet(3)
    chain, end = _chain(api), int(time.time()) + 12
    fee = {"start_bps": 5_000, "seconds": 600}
    built = await holder.launch(deadline=end, first_buy={"amount": str(10**9)}, rules={"launch_fee": fee})
    mint = built["mint"]
    asked = {"mint": mint, "wallet": holder.address, "side": "buy", "amount": "100000000"}
    assert int((await api.post("/api/trade/quote", json=asked)).json()["fees"]["launch"]) > 30_000_000
    body = {"mint": mint, "holder": holder.address}
    await _refused(api, "/api/claims/refund", body, "NOT_REFUNDING", 409)
    curve = await chain.require_curve(mint)
    async with asyncio.timeout(60):
        # The cluster's clock is what counts, and a node may be a slot behind it.
        while (claim := await api.post("/api/claims/refund", json=body)).status_code != 200:
            await asyncio.sleep(0.2)
    await _refused(api, "/api/trade/quote", asked, "CURVE_NOT_TRADING", 409)
    assert claim.json()["amount"] == str(curve.quote_reserve)
    await holder.send(claim.json())
    settled = await chain.require_curve(mint)
    assert (settled.status, settled.sold, settled.quote_reserve) == ("refunding", 0, 0)
    await _refused(api, "/api/claims/refund", body, "NOTHING_TO_CLAIM", 409)


async def test_a_team_claims_what_has_vested(api, make_wallet):
    creator, member = await make_wallet(), await make_wallet(1)
    shares = {"public_bps": 7000, "liquidity_bps": 2000, "team_bps": 1000}
    team = {"beneficiary": member.address, "duration_seconds": 1}
    built = await creator.launch(allocations=shares, team=team, name="Team Token")
    launch = await _chain(api).fetch_launch(built["mint"])
    body = {"schedule": launch.team_schedule, "beneficiary": member.address}
    other = body | {"beneficiary": creator.address}
    await _refused(api, "/api/claims/vesting", other, "NOT_YOURS", 403)
    await _refused(api, "/api/claims/vesting", body | {"schedule": NOWHERE}, "NO_SCHEDULE", 404)


# Transactions


async def test_a_transaction_with_a_wrong_signature_is_not_sent(api, make_wallet, launched):
    _, built = launched
    trader, thief = await make_wallet(), await make_wallet(1)
    trade = await _build(api, trader, built["mint"], "buy", 10**8)
    unsigned = {"transaction": trade["transaction"]}
    assert (await _refused(api, "/api/transactions", unsigned, "BAD_SIGNATURE"))["signer"] == trader.address
    raw = bytearray(base64.b64decode(trader.sign(trade["transaction"])))
    raw[10] ^= 1
    forged = {"transaction": base64.b64encode(bytes(raw)).decode()}
    await _refused(api, "/api/transactions", forged, "BAD_SIGNATURE")
    assert await _held(api, thief, built["mint"]) == 0
    for text in ("AAAA", "!!!", base64.b64encode(bytes(1300)).decode()):
        await _refused(api, "/api/transactions", {"transaction": text}, "BAD_TRANSACTION")


async def test_a_transaction_that_would_fail_is_refused_in_the_programs_words(api, make_wallet, launched):
    _, built = launched
    mint, trader = built["mint"], await make_wallet()
    stale = await _build(api, trader, mint, "buy", 10**9, slippage_bps=0)
    await trader.send(await _build(api, trader, mint, "buy", 10**9))
    body = {"transaction": trader.sign(stale["transaction"])}
    error = await _refused(api, "/api/transactions", body, "SLIPPAGE_EXCEEDED")
    assert error["program"] == "bonding_curve"
    assert error["logs"]
    signature = keys.transaction_signature(body["transaction"])
    assert (await api.get(f"/api/transactions/{signature}")).status_code == 404


async def test_handing_in_twice_is_sending_once(api, make_wallet, launched):
    _, built = launched
    trader = await make_wallet()
    trade = await _build(api, trader, built["mint"], "buy", 10**8)
    told = await trader.send(trade)
    assert "cluster=custom" in told["links"]["explorer"]
    again = await api.post("/api/transactions", json={"transaction": trader.sign(trade["transaction"])})
    assert again.status_code == 202
    assert again.json()["signature"] == told["signature"]
    assert again.json()["status"] in ("confirmed", "finalized")
    assert await _held(api, trader, built["mint"]) == int(trade["quote"]["amount_out"])


async def test_a_transaction_that_others_sent_can_be_followed_too(api, make_wallet, launched, eventually):
    _, built = launched
    trader = await make_wallet()
    trade = await _build(api, trader, built["mint"], "buy", 10**8)
    signature = await _chain(api).rpc.send(trader.sign(trade["transaction"]))

    async def confirmed():
        answer = await api.get(f"/api/transactions/{signature}")
        return answer.status_code == 200 and answer.json()["status"] in ("confirmed", "finalized")

    assert await eventually(confirmed)
    unknown = await api.get(f"/api/transactions/{'5' * 88}")
    assert unknown.status_code == 404
    assert unknown.json()["error"]["code"] == "TRANSACTION_NOT_FOUND"


async def test_what_failed_on_chain_keeps_its_reason(api, make_wallet, launched, eventually):
    _, built = launched
    trader = await make_wallet()
    stale = await _build(api, trader, built["mint"], "buy", 10**9, slippage_bps=0)
    await trader.send(await _build(api, trader, built["mint"], "buy", 10**9))
    signature = await _chain(api).rpc.send(trader.sign(stale["transaction"]))

    async def failed():
        answer = await api.get(f"/api/transactions/{signature}")
        return answer.status_code == 200 and answer.json()["status"] == "failed" and answer.json()

    assert (await eventually(failed))["error"]["code"] == "SLIPPAGE_EXCEEDED"


async def test_a_cluster_that_goes_away_loses_nothing_that_was_handed_in(api, make_wallet, launched, monkeypatch):
    _, built = launched
    trader = await make_wallet()
    trade = await _build(api, trader, built["mint"], "buy", 10**8)

    async def away(*_):
        raise RpcUnavailableError("gone")

    monkeypatch.setattr(_chain(api), "submit", away)
    answer = await api.post("/api/transactions", json={"transaction": trader.sign(trade["transaction"])})
    assert answer.status_code == 202
    told = await api.get(f"/api/transactions/{answer.json()['signature']}")
    assert told.json()["status"] == "sent"


# Launches


async def test_a_launch_costs_what_it_said(api, make_wallet):
    creator = await make_wallet()
    before = await _chain(api).rpc.get_balance(creator.address)
    built = await creator.launch(first_buy={"amount": str(10**9)}, name="Costly")
    paid = before - await _chain(api).rpc.get_balance(creator.address)
    assert paid == int(built["cost"]["total"])
    assert str(await _held(api, creator, built["mint"])) == built["preview"]["first_buy"]["amount_out"]


async def test_a_launch_with_a_picture_and_a_document(api, make_wallet):
    creator = await make_wallet()
    buffer = io.BytesIO()
    Image.new("RGB", (600, 400), "teal").save(buffer, "PNG")
    form = {"name": "Pictured", "symbol": "PIC", "description": "With a picture", "website": "https://a.example"}
    files = {"image": ("logo.png", buffer.getvalue(), "image/png")}
    stored = (await api.post("/api/launchpad/metadata", data=form, files=files)).json()
    document = await api.get(stored["url"])
    assert document.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert document.headers["content-type"] == "application/json"
    assert "sandbox" in document.headers["content-security-policy"]
    assert document.json()["image"] == stored["images"]["image"]["uri"]
    picture = await api.get(stored["images"]["image"]["url"])
    assert picture.headers["content-type"] == "image/webp"
    skipped = await api.get(stored["url"], headers={"If-None-Match": document.headers["etag"]})
    assert skipped.status_code == 304
    built = await creator.launch(name="Pictured", symbol="PIC", uri=stored["uri"])
    assert built["metadata_hash"] == stored["metadata_hash"]
    state = await _chain(api).fetch_launch(built["mint"])
    assert bytes(state.metadata_hash).hex() == stored["metadata_hash"]


async def test_bad_uploads_name_the_field(api):
    text = {"name": "A", "symbol": "B"}
    picture = {"image": ("x.svg", b"<svg/>", "image/svg+xml")}
    refused = await api.post("/api/launchpad/metadata", data=text, files=picture)
    assert refused.status_code == 415
    assert refused.json()["error"]["field"] == "image"
    missing = await api.post("/api/launchpad/metadata", data={"name": "A"})
    assert missing.json()["error"]["field"] == "symbol"
    link = await api.post("/api/launchpad/metadata", data=text | {"twitter": "https://evil.example"})
    assert link.json()["error"]["field"] == "twitter"


async def test_unknown_content_is_looked_for_at_the_gateway_on_public_clusters(open_api, settings):
    cid = "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e"
    async with open_api(settings.model_copy(update={"cluster": "devnet"})) as client:
        answer = await client.get(f"/ipfs/{cid}")
    assert answer.status_code == 302
    assert answer.headers["location"] == f"https://gateway.pinata.cloud/ipfs/{cid}"


async def test_a_caller_may_bring_his_own_mint_key(api, make_wallet):
    creator, mint = await make_wallet(), keys.generate()
    body = {"creator": creator.address, "name": "Own", "symbol": "OWN", "uri": "https://a.example/x.json"}
    body |= {"supply": str(10**15), "mint": keys.address_of(mint)}
    built = (await api.post("/api/launchpad/deploy-token", json=body)).json()
    assert set(built["signers"]) == {creator.address, keys.address_of(mint)}
    await creator.send(built, keys.sign_transaction(built["transactions"][0], mint))
    await _refused(api, "/api/launchpad/deploy-token", body, "MINT_TAKEN", 409)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"symbol": "TOOLONGSYMBOL"}, "symbol"),
        ({"uri": "javascript:alert(1)"}, "uri"),
        ({"uri": "https://a.example/" + "x" * 200}, "uri"),
        ({"supply": "0"}, "supply"),
        ({"decimals": 10}, "decimals"),
        ({"allocations": {"public_bps": 5000}}, "allocations"),
        ({"allocations": {"public_bps": 6000, "liquidity_bps": 3000, "ecosystem_bps": 1000}}, "ecosystem_owner"),
        ({"allocations": {"public_bps": 6931, "liquidity_bps": 2069, "team_bps": 1000}}, "team"),
        ({"supply_mode": "mintable"}, "mint_cap"),
        ({"mint_cap": "5"}, "mint_cap"),
        ({"curve": {"kind": "segments"}}, "curve.segments"),
        ({"curve": {"kind": "points"}}, "curve.points"),
        ({"curve": {"kind": "linear"}}, "curve.start_market_cap"),
        ({"curve": {"kind": "linear", "start_market_cap": "1", "end_market_cap": "x"}}, "curve.end_market_cap"),
        ({"curve": {"kind": "linear", "start_market_cap": "9", "end_market_cap": "2"}}, "curve.end_market_cap"),
        (
            {"curve": {"kind": "linear", "start_market_cap": "9", "end_market_cap": "99", "raise_amount": "3"}},
            "curve.raise_amount",
        ),
        ({"curve": {"kind": "fixed", "raise_amount": "85"}}, "decimals"),
        (
            {"curve": {"kind": "points", "multiple": "3", "points": [{"sold_bps": 0, "market_cap": "1"}]}},
            "curve.multiple",
        ),
        (
            {"curve": {"segments": [{"base_reserve": "2", "quote_reserve": "2", "base_for_sale": "1"}]}},
            "curve.segments",
        ),
        (
            {
                "curve": {
                    "kind": "segments",
                    "segments": [{"base_reserve": "2", "quote_reserve": "2", "base_for_sale": "1"}],
                }
            },
            "curve",
        ),
        ({"first_buy": {"amount": "0"}}, "amount"),
        ({"update_authority": "nobody"}, "update_authority"),
        ({"metadata_hash": "zz"}, "metadata_hash"),
        (
            {
                "metadata_hash": "0" * 64,
                "uri": "ipfs://bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e",
            },
            "metadata_hash",
        ),
    ],
)
async def test_a_bad_launch_names_the_field(api, change, field):
    body = {"creator": NOWHERE, "name": "Example", "symbol": "EXM", "uri": "https://a.example/x.json"}
    answer = await api.post("/api/launchpad/deploy-token", json=body | {"supply": str(10**18)} | change)
    assert answer.status_code == 422, answer.text
    assert answer.json()["error"]["field"].startswith(field)


async def test_a_creator_without_money_is_told_so(api):
    body = {"creator": NOWHERE, "name": "Example", "symbol": "EXM", "uri": "https://a.example/x.json"}
    await _refused(api, "/api/launchpad/deploy-token", body | {"supply": str(10**18)}, "INSUFFICIENT_FUNDS")
