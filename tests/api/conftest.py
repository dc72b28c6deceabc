"""The application in the test's own process, with real stores and the shared cluster behind it."""

import asyncio
from contextlib import asynccontextmanager

import httpx
import pytest

from api.app import create_app
from launchpad.chain import keys
from tests import figures


@pytest.fixture(scope="session")
def open_api():
    """`async with open_api(settings) as client:` for an application of your own."""

    @asynccontextmanager
    async def opened(settings, **options):
        app = create_app(settings)
        async with app.router.lifespan_context(app):
            transport = httpx.ASGITransport(app, **options)
            async with httpx.AsyncClient(transport=transport, base_url=settings.origin) as client:
                client.app = app
                yield client

    return opened


@pytest.fixture
async def api(open_api, settings):
    """A client of an application of its own."""
    async with open_api(settings) as client:
        yield client


@pytest.fixture(scope="session")
def open_market(make_database, make_redis, launch_process):
    """`async with open_market(cluster) as market:` for a market on that cluster."""

    @asynccontextmanager
    async def opened(cluster):
        settings = cluster.settings(database_url=make_database(), redis_url=make_redis(), rate_limits=False)
        processes = [launch_process(name, settings=settings) for name in ("indexer", "outbox")]
        app = create_app(settings)
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=settings.origin)
        client.app = app
        async with app.router.lifespan_context(app), client:
            yield await Market.open(client)
        for process in processes:
            process.stop()

    return opened


@pytest.fixture(scope="session")
async def market(open_market, cluster):
    """A client of an application whose indexer and outbox run, with a token that was launched and traded.

    The cluster is everybody's: others' tokens are in the market, too.
    """
    async with open_market(cluster) as opened:
        yield opened


class Wallet:
    """A keypair that acts through the API alone."""

    def __init__(self, client):
        self.client = client
        self.keypair = keys.generate()
        self.address = keys.address_of(self.keypair)

    async def fund(self, sol=10):
        """Get play money and wait until it is there."""
        before = await self.client.app.state.services.chain.rpc.get_balance(self.address)
        body = {"address": self.address, "lamports": str(sol * 10**9)}
        answer = await self.client.post("/api/local/airdrop", json=body)
        assert answer.status_code == 202, answer.text
        await eventually(lambda: self._has_more_than(before))
        return self

    async def _has_more_than(self, before):
        return await self.client.app.state.services.chain.rpc.get_balance(self.address) > before

    def sign(self, transaction):
        """The transaction with this wallet's signature."""
        return keys.sign_transaction(transaction, self.keypair)

    async def send(self, built, transaction=None):
        """Sign, hand in, and wait until it is confirmed; the final answer."""
        body = {
            "transaction": self.sign(transaction or built["transaction"]),
            "last_valid_block_height": built["last_valid_block_height"],
        }
        answer = await self.client.post("/api/transactions", json=body)
        assert answer.status_code == 202, answer.text
        return await settled(self.client, answer.json()["signature"])

    async def launch(self, **changes):
        """Launch a token; the answer to the build request."""
        body = {"creator": self.address, "name": "Example", "symbol": "EXM", "uri": "ipfs://" + "b" + "a" * 58}
        body |= {"supply": str(10**18)} | changes
        answer = await self.client.post("/api/launchpad/deploy-token", json=body)
        assert answer.status_code == 200, answer.text
        built = answer.json()
        told = await self.send(built, built["transactions"][0])
        assert told["status"] in ("confirmed", "finalized"), told
        return built


class Market:
    """A client, a token, its creator and a trader who bought twice and sold once."""

    def __init__(self, client, creator, trader, built):
        self.client, self.creator, self.trader, self.built = client, creator, trader, built
        self.mint = built["mint"]

    @classmethod
    async def open(cls, client):
        """Launch with a first buy, trade, and wait until all of it is indexed."""
        creator, trader = await Wallet(client).fund(), await Wallet(client).fund()
        built = await creator.launch(name="Market Token", symbol="MKT", first_buy={"amount": str(10**8)})
        found = cls(client, creator, trader, built)
        found.second = await found.launch_with_team()
        for side, amount in (("buy", 10**9), ("buy", 5 * 10**8), ("sell", 10**16)):
            await found.trade(side, amount)
        await eventually(found._is_indexed, 30)
        await figures.work_out(client.app.state.services.database)
        return found

    async def launch_with_team(self):
        """A second token, a tenth of which vests for the trader within a second; its mint."""
        shares = {"public_bps": 7000, "liquidity_bps": 2000, "team_bps": 1000}
        team = {"beneficiary": self.trader.address, "duration_seconds": 1}
        changes = {"name": "Other Token", "symbol": "OTH", "supply": str(10**15), "allocations": shares, "team": team}
        return (await self.creator.launch(**changes))["mint"]

    async def trade(self, side, amount):
        """One trade of the trader; the built answer."""
        body = {"mint": self.mint, "wallet": self.trader.address, "side": side, "amount": str(amount)}
        answer = await self.client.post("/api/trade/build", json=body)
        assert answer.status_code == 200, answer.text
        assert (await self.trader.send(answer.json()))["status"] != "failed"
        return answer.json()

    async def _is_indexed(self):
        answer = await self.client.get(f"/api/v1/tokens/{self.mint}/trades")
        second = await self.client.get(f"/api/v1/tokens/{self.second}")
        return answer.status_code == second.status_code == 200 and len(answer.json()["data"]) >= 4

    async def get(self, path, status=200, /, **params):
        """The JSON of a GET that answers with `status`."""
        answer = await self.client.get(path, params=params)
        assert answer.status_code == status, answer.text
        return answer.json()


async def eventually(question, seconds=15):
    """The first true answer of an asynchronous question."""
    async with asyncio.timeout(seconds):
        while not (answer := await question()):
            await asyncio.sleep(0.02)
        return answer


async def settled(client, signature):
    """The status of a transaction once it is no longer just sent."""

    async def ask():
        told = (await client.get(f"/api/transactions/{signature}")).json()
        return told if told["status"] != "sent" else None

    return await eventually(ask)


@pytest.fixture
def make_wallet(api):
    """Call it for a funded wallet."""

    async def make(sol=10):
        return await Wallet(api).fund(sol)

    return make


@pytest.fixture(name="eventually", scope="session")
def eventually_fixture():
    """`await eventually(question)`: the first true answer of an asynchronous question."""
    return eventually
