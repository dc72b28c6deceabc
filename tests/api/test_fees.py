"""Fees through the API: the table of a token, every lamport with its transaction, and a router's whole life."""

from launchpad.chain import keys, pda
from launchpad.chain.addresses import TOKEN, WRAPPED_SOL
from launchpad.chain.instructions.solana import create_token_account, transfer_lamports
from launchpad.chain.pools import fetch_pool
from tests.api.conftest import Wallet, eventually

SOL = 10**9
SHARES = [5_000, 3_000, 2_000]


async def post(client, path, **body):
    answer = await client.post(f"/api/fees/{path}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def refused(client, path, code, **body):
    answer = await client.post(f"/api/fees/{path}", json=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == code, answer.text


async def sent(wallet, built):
    told = await wallet.send(built)
    assert told["status"] in ("confirmed", "finalized"), told


async def read(client, path):
    answer = await client.get(f"/api/fees/{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def every_row(client, **asked):
    """All pages of revenue; the rows and the totals by kind."""
    rows, after = [], None
    while True:
        params = {"limit": 7, **asked} | ({"after": after} if after else {})
        answer = await client.get("/api/fees/revenue", params=params)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        rows += page["data"]
        after = page["meta"]["next"]
        if after is None:
            return rows, {total["kind"]: total for total in page["totals"]}


def summed(rows, kind, flow):
    return sum(int(row["amount"]) for row in rows if (row["kind"], row["flow"]) == (kind, flow))


async def routed(owner, wallets, shares=SHARES, index=0):
    """A router of `owner` with these recipients; its address. It takes the first index that is free."""
    client = owner.client
    built = await post(client, "routers", creator=owner.address, delay_seconds=3_600)
    assert (built["step"], built["done"]) == ("create", False)
    assert built["router"] == pda.fee_router(owner.address, index)
    await sent(owner, built)
    portions = [{"wallet": wallet, "bps": bps} for wallet, bps in zip(wallets, shares, strict=True)]
    while True:
        step = await post(client, f"routers/{built['router']}/shares", owner=owner.address, shares=portions)
        await sent(owner, step)
        if step["done"]:
            return built["router"], portions


async def test_a_routers_whole_life(market):
    client = market.client
    owner, payer = await Wallet(client).fund(), await Wallet(client).fund()
    mint = (await owner.launch(name="Shared", symbol="SHR", first_buy={"amount": str(SOL)}))["mint"]
    wallets = [keys.address_of(keys.generate()) for _ in SHARES]
    router, portions = await routed(owner, wallets)
    assert router == pda.fee_router(owner.address, 0)
    chain = client.app.state.services.chain
    fees = (await chain.require_curve(mint)).creator_fees
    await sent(owner, await post(client, f"routers/{router}/adopt", payer=owner.address, mint=mint))
    await sent(payer, await post(client, f"routers/{router}/collect", payer=payer.address, mint=mint))
    await sent(payer, await chain_transfer(chain, payer, router))

    found = await read(client, f"routers/{router}")
    assert (found["owner"], found["delay_seconds"], found["proposal"]) == (owner.address, 3_600, None)
    assert found["income"] == found["waiting"] == str(fees + SOL)
    shares = {share["wallet"]: share for share in found["shares"]}
    assert shares[wallets[1]] == {
        "wallet": wallets[1], "bps": 3_000, "claimable": str((fees + SOL) * 3_000 // 10_000)
    }  # fmt: skip
    for wallet in wallets:
        await sent(payer, await post(client, f"routers/{router}/claim", payer=payer.address, recipient=wallet))
        assert str(await chain.rpc.get_balance(wallet)) == shares[wallet]["claimable"]
    await refused(client, f"routers/{router}/claim", (409, "NOTHING_THERE"), payer=payer.address, recipient=wallets[0])
    await refused(client, f"routers/{router}/collect", (409, "NOTHING_THERE"), payer=payer.address, mint=mint)
    await refused(client, f"routers/{router}/shares", (409, "SHARES_HOLD"), owner=owner.address, shares=portions)
    await refused(client, f"routers/{router}/fix", (403, "NOT_OWNER"), owner=payer.address)

    table = await read(client, f"tokens/{mint}")
    assert table["creator"] == table["router"] == router
    await eventually(lambda: indexed(client, router))
    rows, totals = await every_row(client, kind="router")
    mine = [row for row in rows if row["recipient"] in (router, *wallets)]
    assert {row["source"] for row in mine} == {"collected", "received", "share"}
    assert summed(mine, "router", "earned") == fees + SOL
    paid = sum(int(share["claimable"]) for share in shares.values())
    assert summed(mine, "router", "paid") == paid
    assert int(totals["router"]["waiting"]) >= fees + SOL - paid
    for wallet in (owner.address, wallets[2]):
        assert [each["address"] for each in (await read(client, f"routers?wallet={wallet}"))["data"]] == [router]
    [token] = (await read(client, f"routers/{router}"))["tokens"]
    assert (token["mint"], token["symbol"], token["held"], token["owed"]) == (mint, "SHR", True, "0")
    assert (token["release"], token["offered_to"]) == (None, None)


async def chain_transfer(chain, payer, router):
    return await unsigned(chain, payer, [transfer_lamports(payer.address, router, SOL)])


async def unsigned(chain, payer, steps):
    built = await chain.build(payer.address, steps)
    return {"transaction": built.transaction, "last_valid_block_height": built.last_valid_block_height}


async def bought(buyer, mint, lamports, **more):
    body = {"mint": mint, "wallet": buyer.address, "side": "buy", "amount": str(lamports)} | more
    answer = await buyer.client.post("/api/trade/build", json=body)
    assert answer.status_code == 200, answer.text
    await sent(buyer, answer.json())


async def indexed(client, router):
    rows, _ = await every_row(client, kind="router")
    return len([row for row in rows if row["source"] == "share"]) >= len(SHARES) and bool(rows) and bool(router)


async def test_many_recipients_take_several_transactions_and_later_shares_wait(market):
    client = market.client
    owner = await Wallet(client).fund()
    first = [keys.address_of(keys.generate()) for _ in range(40)]
    router, portions = await routed(owner, first, [250] * 40)
    found = await read(client, f"routers/{router}")
    assert len(found["shares"]) == 40
    await refused(client, f"routers/{router}/apply", (409, "NOTHING_THERE"), payer=owner.address)
    one = [{"wallet": first[0], "bps": 10_000}]
    built = await post(client, f"routers/{router}/shares", owner=owner.address, shares=one)
    assert (built["step"], built["done"]) == ("propose", True)
    await sent(owner, built)
    await refused(client, f"routers/{router}/apply", (409, "TIME_LOCKED"), payer=owner.address)
    await refused(client, f"routers/{router}/shares", (409, "SHARES_HOLD"), owner=owner.address, shares=one)
    proposal = (await read(client, f"routers/{router}"))["proposal"]
    assert proposal["shares"] == one
    await sent(owner, await post(client, f"routers/{router}/cancel", owner=owner.address))
    assert (await read(client, f"routers/{router}"))["proposal"] is None
    await refused(client, f"routers/{router}/cancel", (409, "NOTHING_THERE"), owner=owner.address)
    await sent(owner, await post(client, f"routers/{router}/fix", owner=owner.address))
    assert (await read(client, f"routers/{router}"))["fixed"] is True
    assert len(portions) == 40


async def test_a_release_is_seen_by_all_and_kept_by_the_owner_alone(market):
    client = market.client
    owner, other = await Wallet(client).fund(), await Wallet(client).fund()
    mint = (await owner.launch(name="Leaving", symbol="LVE"))["mint"]
    router, _ = await routed(owner, [owner.address], [10_000])
    named = f"routers/{router}"
    await sent(owner, await post(client, f"{named}/adopt", payer=owner.address, mint=mint))
    await refused(client, f"{named}/leave", (409, "NOTHING_THERE"), payer=owner.address, mint=mint)
    await refused(client, f"{named}/keep", (409, "NOTHING_THERE"), owner=owner.address, mint=mint)
    body = {"owner": owner.address, "mint": mint, "new_creator": other.address}
    await refused(client, f"{named}/release", (403, "NOT_OWNER"), **body | {"owner": other.address})
    await sent(owner, await post(client, f"{named}/release", **body))
    await refused(client, f"{named}/release", (409, "ALREADY_LEAVING"), **body)
    await refused(client, f"{named}/leave", (409, "TIME_LOCKED"), payer=other.address, mint=mint)
    await refused(client, f"{named}/take", (403, "NOT_OFFERED"), new_creator=other.address, mint=mint)

    async def leaving():
        tokens = (await read(client, named))["tokens"]
        return next((token for token in tokens if token["mint"] == mint and token["release"]), None)

    release = (await eventually(leaving))["release"]
    assert (release["new_creator"], release["ready"], release["rent_payer"]) == (other.address, False, owner.address)
    await refused(client, f"{named}/keep", (403, "NOT_OWNER"), owner=other.address, mint=mint)
    await sent(owner, await post(client, f"{named}/keep", owner=owner.address, mint=mint))
    assert await leaving() is None
    # Without a new creator an offer is to be taken back, which waits as long.
    await sent(owner, await post(client, f"{named}/release", **body | {"new_creator": None}))
    assert (await leaving())["release"]["new_creator"] is None


async def test_a_router_goes_to_another_owner_in_two_steps(market):
    client = market.client
    owner, heir = await Wallet(client).fund(), await Wallet(client).fund()
    router, _ = await routed(owner, [owner.address], [10_000])
    named = f"routers/{router}"
    await refused(client, f"{named}/accept", (403, "NOT_OFFERED"), new_owner=heir.address)
    await refused(client, f"{named}/owner", (409, "NOTHING_THERE"), owner=owner.address, new_owner=None)
    await refused(client, f"{named}/owner", (403, "NOT_OWNER"), owner=heir.address, new_owner=owner.address)
    await refused(client, f"{named}/owner", (422, "INVALID_INPUT"), owner=owner.address, new_owner=owner.address)
    offer = {"owner": owner.address, "new_owner": heir.address}
    await sent(owner, await post(client, f"{named}/owner", **offer))
    assert (await read(client, named))["pending_owner"] == heir.address
    await refused(client, f"{named}/accept", (403, "NOT_OFFERED"), new_owner=owner.address)
    await sent(owner, await post(client, f"{named}/owner", **offer | {"new_owner": None}))
    assert (await read(client, named))["pending_owner"] is None
    await sent(owner, await post(client, f"{named}/owner", **offer))

    async def offered():
        return (await read(client, f"routers?wallet={heir.address}"))["data"]

    assert (await eventually(offered))[0]["address"] == router
    await sent(heir, await post(client, f"{named}/accept", new_owner=heir.address))
    found = await read(client, named)
    assert (found["owner"], found["pending_owner"], found["creator"]) == (heir.address, None, owner.address)
    await refused(client, f"{named}/fix", (403, "NOT_OWNER"), owner=owner.address)

    async def told():
        return (await offered())[0]["owner"] == heir.address

    await eventually(told)
    second, _ = await routed(owner, [owner.address], [10_000], index=1)
    assert second != router


async def test_wrapped_sol_at_a_router_becomes_income_of_its_recipients(market):
    client = market.client
    owner = await Wallet(client).fund()
    router, _ = await routed(owner, [owner.address], [10_000])
    named = f"routers/{router}"
    await refused(client, f"{named}/unwrap", (409, "NOTHING_THERE"), payer=owner.address)
    chain = client.app.state.services.chain
    account = pda.associated_token(router, WRAPPED_SOL, TOKEN)
    steps = [
        create_token_account(owner.address, router, WRAPPED_SOL, TOKEN),
        transfer_lamports(owner.address, account, SOL),
    ]
    await sent(owner, await unsigned(chain, owner, steps))
    lamports = int((await read(client, named))["wrapped"])
    assert lamports > SOL
    await sent(owner, await post(client, f"{named}/unwrap", payer=owner.address))
    found = await read(client, named)
    assert (found["wrapped"], found["income"], found["waiting"]) == ("0", str(lamports), str(lamports))


async def test_a_graduates_creator_goes_to_a_router_with_what_its_pool_owes(market):
    client = market.client
    owner, buyer = await Wallet(client).fund(20), await Wallet(client).fund(100)
    await buyer.fund(100)
    mint = (await owner.launch(name="Grown", symbol="GRN"))["mint"]
    chain = client.app.state.services.chain
    # What fills the curve opens its pool.
    await bought(buyer, mint, 100 * SOL)
    await bought(buyer, mint, SOL)
    router, _ = await routed(owner, [owner.address], [10_000])
    await sent(owner, await post(client, f"routers/{router}/adopt", payer=owner.address, mint=mint))
    pool = await fetch_pool(chain.rpc, pda.canonical_pool(mint))
    owed = pool.state.creator_fees + (await chain.require_curve(mint)).creator_fees
    assert (pool.state.creator, pool.state.creator_fees > 0) == (router, True)
    await sent(buyer, await post(client, f"routers/{router}/collect", payer=buyer.address, mint=mint))
    assert (await read(client, f"routers/{router}"))["income"] == str(owed)
    table = await read(client, f"tokens/{mint}")
    [creators] = [line for line in table["lines"] if (line["kind"], line["venue"]) == ("creator", "pool")]
    assert (table["router"], creators["recipient"]) == (router, router)
    assert (creators["bps"], creators["source"]) == (pool.state.creator_fee_bps, pool.key)

    async def told():
        return (await client.get(f"/api/launchpad/token/{mint}")).json()["fees"] == table

    await eventually(told, 30)


async def test_shares_that_make_no_whole_are_refused_before_anything_is_built(market):
    wallet = keys.address_of(keys.generate())
    for shares in ([{"wallet": wallet, "bps": 9_999}], [{"wallet": wallet, "bps": 5_000}] * 2, []):
        body = {"owner": wallet, "shares": shares}
        assert (await market.client.post(f"/api/fees/routers/{wallet}/shares", json=body)).status_code == 422
    await refused(market.client, f"routers/{wallet}/apply", (404, "NO_ROUTER"), payer=wallet)
    unknown = await market.client.get(f"/api/fees/tokens/{wallet}")
    assert unknown.status_code == 404


async def test_the_fee_table_names_rate_recipient_and_source(market):
    table = await read(market.client, f"tokens/{market.mint}")
    assert (table["creator"], table["router"]) == (market.creator.address, None)
    lines = {(line["kind"], line["venue"]): line for line in table["lines"]}
    assert [lines[key]["bps"] for key in (("protocol", "curve"), ("creator", "curve"), ("referrer", "curve"))] == [
        50,
        30,
        10,
    ]
    assert [lines[key]["bps"] for key in (("lp", "pool"), ("protocol", "pool"))] == [20, 5]
    assert lines["creator", "curve"]["recipient"] == market.creator.address
    assert lines["creator", "curve"]["source"] == pda.curve(market.mint)
    assert 0 < int(lines["keeper", "graduation"]["amount"]) < int(lines["keeper", "graduation"]["limit_amount"])
    limits = {key: line["limit_bps"] for key, line in lines.items()}
    assert limits == {
        ("protocol", "curve"): 200, ("creator", "curve"): 200, ("referrer", "curve"): 100,
        ("keeper", "graduation"): None,
        ("lp", "pool"): 100, ("protocol", "pool"): 50, ("creator", "pool"): 100,
    }  # fmt: skip
    assert (lines["creator", "curve"]["changes"], lines["lp", "pool"]["changes"]) == ("never", "by_authority")
    assert (lines["creator", "pool"]["bps"], lines["creator", "pool"]["changes"]) == (None, "with_market_cap")
    # One body of a token has the same, from what is indexed of it.
    project = await market.client.get(f"/api/launchpad/token/{market.mint}")
    assert project.json()["fees"] == table


async def test_every_lamport_is_what_the_chain_holds_and_paid(market):
    """Of each token: what its trades left is what its curve holds and what was claimed."""
    client = market.client
    owner = await Wallet(client).fund()
    mint = (await owner.launch(name="Counted", symbol="CNT", first_buy={"amount": str(SOL)}))["mint"]
    built = await client.post("/api/claims/creator-fees", json={"creator": owner.address, "mint": mint})
    await sent(owner, built.json())
    body = {"mint": mint, "wallet": owner.address, "side": "buy", "amount": str(SOL // 2)}
    again = await client.post("/api/trade/build", json=body)
    await sent(owner, again.json())
    curve = await client.app.state.services.chain.require_curve(mint)

    async def caught_up():
        _, totals = await every_row(client, mint=mint)
        return int(totals["creator"]["waiting"]) == curve.creator_fees

    await eventually(caught_up)
    rows, totals = await every_row(client, mint=mint)
    for kind, held in (("protocol", curve.protocol_fees), ("creator", curve.creator_fees)):
        at_once = summed([row for row in rows if row["source"] == "creation"], kind, "paid")
        earned, paid = summed(rows, kind, "earned"), summed(rows, kind, "paid")
        assert earned == held + paid - at_once
        expected = {"kind": kind, "earned": str(earned + at_once), "paid": str(paid), "waiting": str(held)}
        assert totals[kind] == expected
    assert summed(rows, "creator", "paid") > 0
    assert all(row["mint"] == mint and row["symbol"] == "CNT" and row["signature"] for row in rows)
    assert len({(row["signature"], row["instruction"], row["inner"], row["kind"]) for row in rows}) == len(rows)
