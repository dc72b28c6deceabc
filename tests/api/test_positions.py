"""Who was admitted to an opening with rules, as the index tells it."""

import asyncio

from tests.api.conftest import Wallet, eventually

CAP_BPS = 100


async def test_a_listed_wallets_place_is_counted_and_told(market):
    client = market.client
    creator, listed, stranger = await asyncio.gather(*(Wallet(client).fund() for _ in range(3)))
    rules = {"allowlist": [listed.address, creator.address], "allowlist_seconds": 3_600, "wallet_cap_bps": CAP_BPS}
    mint = (await creator.launch(rules=rules))["mint"]
    body = {"mint": mint, "wallet": listed.address, "side": "buy", "amount": str(10**15), "amount_is": "out"}
    built = await client.post("/api/trade/build", json=body)
    assert built.status_code == 200, built.text
    assert (await listed.send(built.json()))["status"] != "failed"

    async def place():
        answer = await client.get(f"/api/launchpad/token/{mint}/position/{listed.address}")
        found = answer.json() if answer.status_code == 200 else {}
        return found if found.get("bought") == str(10**15) else None

    told = await eventually(place, 30)
    assert (told["mint"], told["wallet"], told["admitted_by"], told["closed_at"]) == (
        *(mint, listed.address),
        *(["allowlist"], None),
    )
    assert told["position"]
    token = (await client.get(f"/api/launchpad/token/{mint}")).json()
    assert token["rules"]["admitted"] == {"positions": 1, "allowlist": 1, "holders": 0}
    missing = await client.get(f"/api/launchpad/token/{mint}/position/{stranger.address}")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "NO_POSITION")
