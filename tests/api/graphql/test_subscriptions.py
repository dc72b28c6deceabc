"""Subscriptions over real WebSockets, fed by what really happens."""

import asyncio
import json
import socket
from contextlib import asynccontextmanager

import orjson
import pytest
import uvicorn
import websockets

from api.graphql import context, sockets, subscriptions
from launchpad.limits import Limit

TRADES = "subscription ($mint: String!) { trades(mintAddress: $mint) { signature side baseAmount total priceSol } }"
UPDATES = "subscription ($mint: String!) { tokenUpdate(mintAddress: $mint) { symbol volume5m currentPrice { sol } } }"
GRADUATIONS = "subscription { graduations { mintAddress venue burned token { symbol } } }"


@asynccontextmanager
async def _serving(app):
    config = uvicorn.Config(app, port=0, lifespan="off", log_config=None, ws="launchpad.wire:WireProtocol")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    async with asyncio.timeout(10):
        while not server.started:
            await asyncio.sleep(0.01)
    yield f"ws://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/api/graphql"
    server.should_exit = server.force_exit = True
    await task


@pytest.fixture(scope="module")
async def url(market):
    async with _serving(market.client.app) as found:
        yield found


@asynccontextmanager
async def _reader(url, **options):
    async with websockets.connect(url, subprotocols=["graphql-transport-ws"], **options) as reader:
        await reader.send(json.dumps({"type": "connection_init"}))
        assert json.loads(await reader.recv()) == {"type": "connection_ack"}
        yield reader


async def _subscribe(market, reader, query, name="1", **variables):
    """Subscribe, and return once the feed has somebody more to tell."""
    before = _listeners(market)
    message = {"id": name, "type": "subscribe", "payload": {"query": query, "variables": variables}}
    await reader.send(json.dumps(message))
    async with asyncio.timeout(10):
        while _listeners(market) <= before:
            await asyncio.sleep(0.01)


def _channels(market):
    return market.client.app.state.services.feed._channels


def _listeners(market):
    return sum(len(channel.sinks) for channel in _channels(market).values() if channel.ready.is_set())


async def _next(reader):
    async with asyncio.timeout(20):
        return json.loads(await reader.recv())


async def test_a_trade_arrives_as_it_is_confirmed(market, url):
    async with _reader(url) as reader:
        await _subscribe(market, reader, TRADES, mint=market.mint)
        built = await market.trade("buy", 10**7)
        told = await _next(reader)
    assert told["type"] == "next"
    trade = told["payload"]["data"]["trades"]
    assert trade["baseAmount"] == built["quote"]["amount_out"]
    assert trade["side"] == "BUY"
    found = (await market.get(f"/api/v1/tokens/{market.mint}/trades"))["data"][0]
    assert (trade["signature"], trade["total"], trade["priceSol"]) == (
        found["signature"],
        found["total"],
        found["price_sol"],
    )


async def test_a_token_is_told_now_and_whenever_it_moved(market, url):
    async with _reader(url) as reader:
        await _subscribe(market, reader, UPDATES, mint=market.mint)
        first = (await _next(reader))["payload"]["data"]["tokenUpdate"]
        await market.trade("buy", 10**8)
        second = (await _next(reader))["payload"]["data"]["tokenUpdate"]
    assert first["symbol"] == second["symbol"] == "MKT"
    assert float(second["currentPrice"]["sol"]) > float(first["currentPrice"]["sol"])


async def test_a_launch_is_told(market, url):
    async with _reader(url) as reader:
        await _subscribe(market, reader, "subscription { newTokens { mintAddress symbol trades { nodes { side } } } }")
        built = await market.creator.launch(name="Newest", symbol="NEW")
        told = (await _next(reader))["payload"]["data"]["newTokens"]
    assert told == {"mintAddress": built["mint"], "symbol": "NEW", "trades": {"nodes": []}}


async def test_a_graduation_is_told(market, url):
    data = {"mint": market.mint, "pool": market.mint, "venue": "amm", "base_amount": "7", "quote_amount": "9"}
    data |= {"burned": "3", "graduated_at": "2026-01-01T00:00:00Z", "signature": "s"}
    async with _reader(url) as reader:
        await _subscribe(market, reader, GRADUATIONS)
        _tell(market, "market", "token.graduated", data)
        told = (await _next(reader))["payload"]["data"]["graduations"]
    assert told == {"mintAddress": market.mint, "venue": "AMM", "burned": "3", "token": {"symbol": "MKT"}}


def _tell(market, name, kind, data):
    """One envelope of the feed, as it would come from the outbox."""
    channel = _channels(market)[name]
    envelope = orjson.dumps({"type": kind, "data": data})
    for sink in tuple(channel.sinks):
        sink(channel.seq, envelope)


async def test_nobody_is_listened_for_once_a_reader_completes_or_leaves(market, url):
    before = _listeners(market)
    async with _reader(url) as reader:
        await _subscribe(market, reader, GRADUATIONS)
        await _subscribe(market, reader, TRADES, name="2", mint=market.mint)
        await reader.send(json.dumps({"id": "1", "type": "complete"}))
        await _until(lambda: _listeners(market) == before + 1)
    await _until(lambda: _listeners(market) == before)


async def _until(question):
    async with asyncio.timeout(10):
        while not question():
            await asyncio.sleep(0.01)


def _burst(market, count, signature="s" * 1000):
    data = {"mint": market.mint, "pool": market.mint, "venue": "amm", "base_amount": "7", "quote_amount": "9"}
    data |= {"burned": "3", "graduated_at": "2026-01-01T00:00:00Z", "signature": signature}
    for _ in range(count):
        _tell(market, "market", "token.graduated", data)


async def _read_on(reader):
    async with asyncio.timeout(10):
        while True:
            await reader.recv()


async def test_a_reader_who_does_not_keep_up_is_closed_with_a_code_and_a_reason(market, url):
    async with _reader(url) as reader:
        await _subscribe(market, reader, "subscription { graduations { mintAddress } }")
        _burst(market, subscriptions._QUEUE + 1)
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await _read_on(reader)
    assert closed.value.rcvd.code == context.TOO_SLOW
    assert "subscribe again" in closed.value.rcvd.reason
    await _until(lambda: not _channels(market).get("market"))


def _masked(message):
    """A short frame of a client, with a mask of zeros."""
    text = json.dumps(message, separators=(",", ":")).encode()
    return bytes((0x81, 0x80 | len(text))) + bytes(4) + text


async def _deaf_reader(url, query):
    """A socket that subscribes, and from which nobody reads any more."""
    host, port = url.removeprefix("ws://").split("/")[0].split(":")
    deaf = socket.socket()
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    deaf.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(deaf, (host, int(port)))
    lines = ["GET /api/graphql HTTP/1.1", f"Host: {host}", "Upgrade: websocket", "Connection: Upgrade"]
    lines += ["Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Version: 13"]
    lines += ["Sec-WebSocket-Protocol: graphql-transport-ws"]
    await loop.sock_sendall(deaf, ("\r\n".join(lines) + "\r\n\r\n").encode())
    assert b" 101 " in await loop.sock_recv(deaf, 4096)
    await loop.sock_sendall(deaf, _masked({"type": "connection_init"}))
    assert b"connection_ack" in await loop.sock_recv(deaf, 4096)
    await loop.sock_sendall(deaf, _masked({"id": "1", "type": "subscribe", "payload": {"query": query}}))
    return deaf


async def test_a_reader_who_takes_nothing_at_all_is_cut_off(market, url, monkeypatch):
    monkeypatch.setattr(context, "_GRACE_SECONDS", 0.2)
    readers = sockets.sockets_of(market.client.app.state)
    await _until(lambda: not readers._open)
    with await _deaf_reader(url, "subscription{graduations{signature}}"):
        await _until(lambda: _listeners(market))
        # First the system's buffers fill, then the reader's own queue.
        while _channels(market).get("market"):
            _burst(market, 100, signature="s" * 50_000)
            await asyncio.sleep(0.001)
        await _until(lambda: not readers._open)


async def test_an_address_has_so_many_sockets_and_no_more(open_api, settings):
    few = settings.model_copy(update={"sockets_per_address": 1})
    async with open_api(few) as client, _serving(client.app) as url, _reader(url):
        second = await websockets.connect(url, subprotocols=["graphql-transport-ws"])
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await _next(second)
    assert closed.value.rcvd.code == sockets.TOO_MANY


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("subscription { nothing }", "INVALID_QUERY"),
        ('subscription { trades(mintAddress: "nonsense") { side } }', "INVALID_INPUT"),
        ('subscription { trades(mintAddress: "11111111111111111111111111111111") { side } }', "TOKEN_NOT_FOUND"),
        ("subscription { newTokens { " + "... { " * 9 + "symbol" + " }" * 10 + " }", "QUERY_TOO_DEEP"),
    ],
)
async def test_what_cannot_be_subscribed_to_is_refused_in_the_houses_words(url, query, code):
    async with _reader(url) as reader:
        await reader.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": query}}))
        told = await _next(reader)
        payload = told["payload"]
        errors = payload if told["type"] == "error" else payload["errors"]
        assert errors[0]["extensions"]["code"] == code


async def test_a_query_is_answered_over_the_socket_too(url):
    async with _reader(url) as reader:
        query = "{ tokens(first: 1) { nodes { symbol } } }"
        await reader.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": query}}))
        assert (await _next(reader))["payload"]["data"]["tokens"]["nodes"]
        assert await _next(reader) == {"id": "1", "type": "complete"}


@pytest.mark.parametrize(
    "message",
    [
        "[]",
        "{",
        '{"type": 1}',
        '{"type": "subscribe"}',
        '{"type": "subscribe", "id": "1", "payload": "x"}',
        '{"type": "subscribe", "id": "1", "payload": {"query": "{ __typename }", "variables": [1]}}',
        '{"type": "complete", "id": 4}',
        '{"type": "unheard"}',
    ],
)
async def test_what_does_not_keep_to_the_protocol_closes_the_socket(url, message):
    async with _reader(url) as reader:
        await reader.send(message)
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await _next(reader)
    assert closed.value.rcvd.code == 4400


async def test_operations_over_sockets_are_counted(open_api, settings, monkeypatch):
    monkeypatch.setattr("api.limits.GRAPHQL", Limit("graphql", 1, 60))
    limited = settings.model_copy(update={"rate_limits": True})
    async with open_api(limited) as client, _serving(client.app) as url, _reader(url) as reader:
        for name in ("1", "2"):
            query = {"query": "{ __typename }"}
            await reader.send(json.dumps({"id": name, "type": "subscribe", "payload": query}))
        told = [await _next(reader) for _ in range(3)]
    refused = next(each for each in told if each["type"] == "error")
    assert refused["id"] == "2"
    assert refused["payload"][0]["extensions"]["code"] == "RATE_LIMITED"
    assert refused["payload"][0]["extensions"]["retry_after_ms"] > 0
