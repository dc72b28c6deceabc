"""Everything that waits for a wallet in one list, each thing claimed as the list says."""

from launchpad.chain import keys, pda
from launchpad.claims.offers import OFFERS
from tests.api.conftest import Wallet, eventually
from tests.api.test_fees import bought, post, routed, sent

SOL = 10**9


async def waiting(client, wallet):
    answer = await client.get("/api/claims", params={"wallet": wallet.address})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def claim(wallet, item):
    async def built():
        answer = await wallet.client.post(item["path"], json=item["body"])
        return answer.json() if answer.status_code == 200 else None

    # The cluster's clock may be behind.
    await sent(wallet, await eventually(built))


async def test_a_creator_who_refers_and_is_paid_by_a_router_finds_all_of_it(market):
    client = market.client
    wallet, other = await Wallet(client).fund(), await Wallet(client).fund()
    assert (await waiting(client, wallet))["data"] == []
    built = await client.post("/api/referrers", json={"referrer": wallet.address})
    await sent(wallet, built.json())
    mint = (await wallet.launch(name="Claimed", symbol="CLM"))["mint"]
    await bought(other, mint, SOL, referrer=wallet.address)
    router, _ = await routed(other, [wallet.address, other.address], [4_000, 6_000])
    shared = (await other.launch(name="Divided", symbol="DIV", first_buy={"amount": str(SOL)}))["mint"]
    await sent(other, await post(client, f"routers/{router}/adopt", payer=other.address, mint=shared))
    await sent(other, await post(client, f"routers/{router}/collect", payer=other.address, mint=shared))

    async def all_three():
        found = await waiting(client, wallet)
        return found if {item["kind"] for item in found["data"]} == {"creator_fees", "referrer", "router"} else None

    found = await eventually(all_three, 30)
    chain = client.app.state.services.chain
    owed = {item["kind"]: int(item["amount"]) for item in found["data"]}
    assert owed["creator_fees"] == (await chain.require_curve(mint)).creator_fees
    assert owed["referrer"] == (await chain.fetch_referrer_fees(wallet.address)).unclaimed > 0
    shares = (await client.get(f"/api/fees/routers/{router}")).json()["shares"]
    assert owed["router"] == int(next(each["claimable"] for each in shares if each["wallet"] == wallet.address))
    assert (found["complete"], int(found["lamports"])) == (True, sum(owed.values()))
    before = await chain.rpc.get_balance(wallet.address)
    for item in found["data"]:
        assert (item["unit"], item["decimals"], item["besides"]) == ("SOL", 9, None)
        await claim(wallet, item)
    paid = await chain.rpc.get_balance(wallet.address) - before
    assert sum(owed.values()) - 3 * 10_000 <= paid < sum(owed.values())

    async def nothing():
        return (await waiting(client, wallet))["data"] == []

    await eventually(nothing, 30)


async def test_what_was_laid_down_in_an_opening_waits_when_its_rules_are_over(market):
    client = market.client
    creator, buyer = await Wallet(client).fund(), await Wallet(client).fund()
    rules = {"wallet_cap_bps": 500, "window_seconds": 8}
    mint = (await creator.launch(name="Opened", symbol="OPN", rules=rules))["mint"]
    await bought(buyer, mint, SOL // 10)

    async def position():
        return next((one for one in (await waiting(client, buyer))["data"] if one["kind"] == "position"), None)

    item = await eventually(position, 40)
    chain = client.app.state.services.chain
    assert int(item["amount"]) == await chain.rpc.get_balance(pda.position(mint, buyer.address))
    assert (item["mint"], item["name"], item["besides"]) == (mint, "Opened", None)
    await claim(buyer, item)

    async def gone():
        return await position() is None

    await eventually(gone)


async def test_every_claim_is_asked_for_at_a_route_with_these_fields(api):
    described = (await api.get("/api/openapi.json")).json()
    for offer in OFFERS.values():
        path, body = offer.asked(keys.address_of(keys.generate()), keys.address_of(keys.generate()))
        known = offer.path.replace("{subject}", "{router}")
        schema = described["paths"][known]["post"]["requestBody"]["content"]["application/json"]["schema"]
        named = described["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        assert set(named["required"]) <= set(body) <= set(named["properties"])
        assert "{" not in path
