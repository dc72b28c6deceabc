"""Chat servers on real sockets, with the outbox beside them."""

import asyncio
import hashlib
import secrets
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
import uvicorn
from sqlalchemy import insert

from chat.app import ChatApp
from launchpad import outbox
from launchpad.config import Settings
from launchpad.tables.accounts import Account, Session
from launchpad.tables.tokens import Token

MINT = "Mint111111111111111111111111111111111111111"
ALICE = "A1ice111111111111111111111111111111111111111"
BOB = "Bob11111111111111111111111111111111111111111"


@asynccontextmanager
async def serving(settings: Settings, ws: str = "launchpad.wire:WireProtocol"):
    """A chat server of its own; yields its address and the application."""
    app = ChatApp(settings)
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, lifespan="on", log_level="warning", ws=ws, ws_per_message_deflate=False
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        assert not task.done(), "the chat server did not start"
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}", app
    server.should_exit = True
    await task


@pytest.fixture
def chat_settings(database_url, redis_url) -> Settings:
    return Settings(_env_file=None, database_url=database_url, redis_url=redis_url, rate_limits=False)


@pytest.fixture
async def start_server(chat_settings):
    """Call it for one more chat process beside the others."""
    async with AsyncExitStack() as stack:

        async def start(ws: str = "launchpad.wire:WireProtocol", **overrides) -> tuple[str, ChatApp]:
            return await stack.enter_async_context(serving(chat_settings.model_copy(update=overrides), ws))

        yield start


@pytest.fixture
async def publisher(chat_settings):
    task = asyncio.create_task(outbox.run(chat_settings))
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def url(start_server, publisher, room) -> str:
    address, _ = await start_server()
    return address


@pytest.fixture
async def room(database) -> str:
    row = {
        "mint": MINT,
        "creator": ALICE,
        "curve": "Curve1",
        "token_program": "T",
        "name": "Room",
        "symbol": "ROOM",
        "uri": "",
        "decimals": 9,
        "supply": 1_000_000,
        "supply_mode": "fixed",
        "creation_fee": 0,
        "launched_at": datetime.now(UTC),
        "slot": 1,
        "signature": "s",
    }
    async with database.session() as session:
        await session.execute(insert(Token).values(**row))
    return MINT


@pytest.fixture
async def cookie_of(database):
    """Call it with an address for the cookie of a signed-in device."""

    async def sign_in(address: str) -> str:
        secret = secrets.token_urlsafe(32)
        hashed = hashlib.sha256(secret.encode()).hexdigest()
        expires = datetime.now(UTC) + timedelta(days=1)
        async with database.session() as session:
            await session.execute(insert(Account).values(address=address))
            values = {"id_hash": hashed, "address": address, "device": "test", "expires_at": expires}
            await session.execute(insert(Session).values(**values))
        return f"sid={secret}"

    return sign_in
