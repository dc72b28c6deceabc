"""Trades by bundle through the API: built with a tip, shown with it, and sent by the road that was asked for."""

from launchpad.chain import keys
from launchpad.client import LaunchpadClient, sol
from tests.chain.engines import Engine

MINT = keys.address_of(keys.generate())


async def _built(api, wallet, mint, **more):
    body = {"mint": mint, "wallet": wallet, "side": "buy", "amount": str(10**8)} | more
    return await api.post("/api/trade/build", json=body)


async def test_a_trade_is_bid_for_with_the_tip_that_was_shown(open_api, cluster, database_url, redis_url):
    async with LaunchpadClient(cluster.rpc_url, keys.generate()) as pad, Engine(pad.chain.rpc) as engine:
        await pad.airdrop(sol(20))
        engine.accounts = [pad.address]
        mint = (await pad.launch("Bid", "BID", "ipfs://bid", supply=10**18)).mint
        trader = keys.generate()
        async with LaunchpadClient(cluster.rpc_url, trader) as buyer:
            await buyer.airdrop(sol(2))
        settings = cluster.settings(
            cluster="mainnet-beta",
            jito_block_engine_url=engine.url,
            database_url=database_url,
            redis_url=redis_url,
            rate_limits=False,
        )
        async with open_api(settings) as api:
            asked = {"executor": "jito", "tip_lamports": "4000"}
            quoted = await api.post("/api/trade/quote", json={"mint": mint, "side": "buy", "amount": "1000000"} | asked)
            assert quoted.json()["fees"]["tip"] == "4000"
            built = (await _built(api, keys.address_of(trader), mint, **asked)).json()
            assert built["quote"]["fees"]["tip"] == "4000"
            body = {
                "transaction": keys.sign_transaction(built["transaction"], trader),
                "last_valid_block_height": built["last_valid_block_height"],
                "executor": "jito",
            }
            sent = (await api.post("/api/transactions", json=body)).json()
            assert (sent["status"], sent["executor"]) == ("sent", "jito")
            await pad.chain.confirm(sent["signature"], built["last_valid_block_height"])
            told = (await api.get(f"/api/transactions/{sent['signature']}")).json()
            assert (told["status"] in ("confirmed", "finalized"), told["executor"]) == (True, "jito")
        assert list(engine.bundles.values()) == [[sent["signature"]]]


async def test_local_clusters_say_that_they_have_no_block_engine(api, make_wallet):
    wallet = await make_wallet(95)
    mint = (await wallet.launch())["mint"]
    for more, code in (
        ({"executor": "jito"}, "EXECUTOR_UNAVAILABLE"),
        ({"tip_lamports": "1000"}, "TIP_REFUSED"),
        ({"executor": "carrier-pigeon"}, "INVALID_INPUT"),
    ):
        answer = await _built(api, wallet.address, mint, **more)
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, code), answer.text
    plain = (await _built(api, wallet.address, mint)).json()
    assert plain["quote"]["fees"]["tip"] == "0"
    body = {"transaction": wallet.sign(plain["transaction"]), "executor": "jito"}
    answer = await api.post("/api/transactions", json=body)
    assert answer.json()["error"]["code"] == "EXECUTOR_UNAVAILABLE"
