"""A token's life through the API alone, as tests of what follows its curve begin."""

from launchpad.chain import graduating
from tests import figures
from tests.api.conftest import eventually


class Life:
    """A token that was bought, sold, sold out, graduated, and traded in its pool, all of it indexed."""

    def __init__(self, client, creator, trader, mint):
        self.client, self.creator, self.trader, self.mint = client, creator, trader, mint
        self.quotes = []

    async def get(self, path, **params):
        answer = await self.client.get(path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def trade(self, side, amount, amount_is="in"):
        body = {"mint": self.mint, "wallet": self.trader.address, "side": side, "amount": str(amount)}
        more = {"amount_is": amount_is, "graduate": False}
        answer = await self.client.post("/api/trade/build", json=body | more)
        assert answer.status_code == 200, answer.text
        self.quotes.append(answer.json()["quote"])
        assert (await self.trader.send(answer.json()))["status"] != "failed"

    async def held(self):
        chain = self.client.app.state.services.chain
        return (await chain.rpc.get_token_balances(self.trader.address)).get(self.mint, 0)

    async def graduate(self):
        """The creator does what any keeper may."""
        chain = self.client.app.state.services.chain
        built = await graduating.build_graduate(chain, self.mint, self.creator.address)
        told = await self.creator.send(
            {"transaction": built.transaction, "last_valid_block_height": built.last_valid_block_height}
        )
        assert told["status"] != "failed"

    async def live(self):
        await self.trade("buy", 10**9)
        await self.trade("sell", await self.held() // 2)
        await self.trade("buy", 8 * 10**9)
        await self.graduate()
        await eventually(self._trades)
        for side, amount in (("buy", 10**8), ("sell", await self.held() // 10), ("buy", 3 * 10**8)):
            await self.trade(side, amount)
        await self.trade("sell", 10**7, "out")
        await eventually(self._is_indexed, 30)
        await figures.work_out(self.client.app.state.services.database)

    async def _trades(self):
        """Pools of others open a second later."""
        body = {"mint": self.mint, "side": "buy", "amount": "1000000"}
        return (await self.client.post("/api/trade/quote", json=body)).status_code == 200

    async def _is_indexed(self):
        listed = await self.client.get(f"/api/v1/tokens/{self.mint}/trades", params={"limit": 100, "page": 1})
        return listed.status_code == 200 and len(listed.json()["data"]) == len(self.quotes)
