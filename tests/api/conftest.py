"""The application in the test's own process, with real stores and the shared cluster behind it."""

import asyncio
from contextlib import asynccontextmanager

import httpx
import pytest

from api.app import create_app
from launchpad.chain import keys


@pytest.fixture
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
    """A client of the application."""
    async with open_api(settings) as client:
        yield client


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
