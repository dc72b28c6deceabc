"""State over /sync: at once, again when it changed, and nobody else is disturbed by nonsense."""

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
import uvicorn
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from launchpad.syncing import InvalidTopicError, NoProgramForTopicError, Topic, parse_topic

NOBODY = "11111111111111111111111111111112"


@pytest.fixture(scope="module")
async def sync_url(market):
    """The market's application behind the server and the WebSockets that the product has; it looks often."""
    services = market.client.app.state.services
    often = {f"sync_{kind}_seconds": 0.1 for kind in ("user", "project", "system")}
    market.client.app.state.services = _with_settings(services, services.settings.model_copy(update=often))
    config = uvicorn.Config(
        market.client.app, port=0, lifespan="off", log_config=None, ws="launchpad.wire:WireProtocol"
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    async with asyncio.timeout(10):
        while not server.started:
            await asyncio.sleep(0.01)
    yield f"ws://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/sync"
    market.client.app.state.services = services
    server.should_exit = server.force_exit = True
    await task


def _with_settings(services, settings):
    return replace(services, settings=settings)


@asynccontextmanager
async def following(url, *topics):
    async with connect(url, compression=None) as socket:
        if topics:
            await socket.send(json.dumps({"subscribe": list(topics)}))
        yield socket


async def told(socket, holds=lambda _: True):
    """The first message that fits."""
    async with asyncio.timeout(30):
        while True:
            message = json.loads(await socket.recv())
            if holds(message):
                return message


async def test_a_projects_state_comes_at_once_and_again_with_the_next_trade(market, sync_url):
    async with following(sync_url, f"project:{market.mint}") as socket:
        first = await told(socket)
        rest = await market.get(f"/api/sync/launchpad/{market.mint}")
        assert first["topic"] == f"project:{market.mint}"
        assert set(first["data"]) == set(rest)
        assert (first["data"]["sold"], first["data"]["investors"]) == (rest["sold"], rest["investors"])
        await market.trade("buy", 20_000_000)
        after = await told(socket, lambda message: message["data"]["sold"] != first["data"]["sold"])
        assert int(after["data"]["sold"]) > int(first["data"]["sold"])


async def test_a_wallets_portfolio_and_the_market_are_pushed_beside_each_other(market, sync_url):
    async with following(sync_url, f"user:{NOBODY}", "system") as socket:
        heard = {}
        while len(heard) < 2:
            message = await told(socket)
            heard[message["topic"]] = message["data"]
        assert heard[f"user:{NOBODY}"]["wallet"] == NOBODY
        assert heard["system"]["tokens"] >= 1


async def test_a_project_that_is_unknown_is_told_as_that(sync_url):
    async with following(sync_url, f"project:{NOBODY}") as socket:
        assert (await told(socket))["data"]["error"]["code"] == "TOKEN_NOT_FOUND"


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("nonsense", "INVALID_INPUT"),
        ('{"subscribe": "system"}', "INVALID_INPUT"),
        ('{"follow": []}', "INVALID_INPUT"),
        ('{"subscribe": ["weather"]}', "INVALID_TOPIC"),
        ('{"subscribe": ["staking:me"]}', "NO_PROGRAM_FOR_TOPIC"),
        (json.dumps({"subscribe": ["x" * 20_000]}), "INVALID_INPUT"),
    ],
)
async def test_what_cannot_be_used_is_answered_and_the_socket_stays(sync_url, sent, code):
    async with following(sync_url) as socket:
        await socket.send(sent)
        assert (await told(socket))["error"]["code"] == code
        await socket.send('{"subscribe": ["system"]}')
        assert (await told(socket))["topic"] == "system"


async def test_topics_can_be_left_and_are_so_many_at_most(market, sync_url):
    async with following(sync_url, "system") as socket:
        await told(socket)
        wallets = [f"user:{NOBODY[:-2]}{letter}{other}" for letter in "abcdefgh" for other in "ABCDEFGH"]
        await socket.send(json.dumps({"subscribe": wallets[:50]}))
        assert "50 topics" in (await told(socket))["error"]["message"]
        await socket.send(json.dumps({"subscribe": [f"project:{market.mint}"], "unsubscribe": ["system"]}))
        assert (await told(socket))["topic"] == f"project:{market.mint}"


async def test_one_address_has_so_many_sockets(market, sync_url):
    services = market.client.app.state.services
    market.client.app.state.services = _with_settings(
        services, services.settings.model_copy(update={"sockets_per_address": 1})
    )
    try:
        async with following(sync_url, "system") as first:
            await told(first)
            async with following(sync_url) as second:
                with pytest.raises(ConnectionClosed) as closed:
                    await second.recv()
                assert closed.value.rcvd.code == 4429
    finally:
        market.client.app.state.services = services


def test_topics_are_read_and_written():
    for text in (f"project:{NOBODY}", f"user:{NOBODY}", "system"):
        assert parse_topic(text).name == text
    assert parse_topic("system") == Topic("system")
    with pytest.raises(InvalidTopicError):
        parse_topic("project:")
    with pytest.raises(NoProgramForTopicError):
        parse_topic("governance")
