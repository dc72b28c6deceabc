"""From a launch to a sell, through the API alone, on the cluster."""

import pytest


@pytest.fixture
async def launched(make_wallet):
    """A creator with a launched token."""
    creator = await make_wallet(20)
    return creator, await creator.launch()


async def _build(api, wallet, mint, side, amount, amount_is="in", **more):
    body = {"mint": mint, "wallet": wallet.address, "side": side, "amount": str(amount), "amount_is": amount_is}
    answer = await api.post("/api/trade/build", json=body | more)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_launch_buy_and_sell(api, make_wallet, launched):
    _, built = launched
    mint = built["mint"]
    trader = await make_wallet()
    trade = await _build(api, trader, mint, "buy", 10**9)
    assert trade["signers"] == [trader.address]
    told = await trader.send(trade)
    assert told["status"] in ("confirmed", "finalized")
    held = (await api.app.state.services.chain.rpc.get_token_balances(trader.address))[mint]
    assert str(held) == trade["quote"]["amount_out"]
    sale = await _build(api, trader, mint, "sell", held)
    assert sale["quote"]["fees"]["account_rent"] == "0"
    await trader.send(sale)
    assert (await api.app.state.services.chain.rpc.get_token_balances(trader.address)).get(mint, 0) == 0
