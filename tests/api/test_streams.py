"""Server-sent events: from where the reader was, then what happens."""

import asyncio
import json
from contextlib import asynccontextmanager

import httpx
import pytest
import uvicorn

from api.streams import _Sink
from launchpad.channels import InvalidChannelError, parse_subscription


@pytest.fixture(scope="session")
async def live_url(market):
    """The market's application behind a real server: the in-process transport cannot stream."""
    config = uvicorn.Config(market.client.app, port=0, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    async with asyncio.timeout(10):
        while not server.started:
            await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    server.force_exit = True
    await task


@asynccontextmanager
async def _stream(url, headers=None, **params):
    async with (
        httpx.AsyncClient(timeout=20) as client,
        client.stream("GET", f"{url}/api/stream", params=params, headers=headers) as answer,
    ):
        yield answer, _events(answer)


async def _events(answer):
    event = {}
    async for line in answer.aiter_lines():
        if line:
            name, _, value = line.partition(": ")
            event[name] = value
        elif event:
            yield event
            event = {}


async def _next(events, kind):
    async with asyncio.timeout(15):
        while True:
            event = await anext(events)
            if event.get("event") == kind:
                return event


async def test_a_trade_arrives_while_one_listens(market, live_url):
    async with _stream(live_url, channels=f"market,token:{market.mint}") as (answer, events):
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        await _next(events, "ready")
        built = await market.trade("buy", 10**7)
        first, second = await _next(events, "trade"), await _next(events, "trade")
    told = [json.loads(event["data"]) for event in (first, second)]
    assert {envelope["channel"] for envelope in told} == {"market", f"token:{market.mint}"}
    assert {envelope["data"]["base_amount"] for envelope in told} == {built["quote"]["amount_out"]}
    assert "market=" in second["id"]


async def test_a_reader_that_was_away_gets_what_it_missed(market, live_url):
    channel = f"token:{market.mint}"
    async with _stream(live_url, channels=channel) as (_, events):
        ready = await _next(events, "ready")
    await market.trade("buy", 10**7)
    for how in ({"params": {"after": ready["id"]}}, {"headers": {"Last-Event-ID": ready["id"]}}):
        params = {"channels": channel} | how.get("params", {})
        async with _stream(live_url, headers=how.get("headers"), **params) as (_, events):
            event = await _next(events, "trade")
        assert json.loads(event["data"])["seq"] == int(ready["id"].rpartition("=")[2]) + 1


async def test_a_reader_from_the_beginning_sees_all_in_order(market, live_url):
    async with _stream(live_url, channels=f"token:{market.mint}", after="0") as (_, events):
        seqs, event = [], {}
        async with asyncio.timeout(15):
            while event.get("event") != "ready":
                event = await anext(events)
                if "data" in event and event["event"] != "ready":
                    seqs.append(json.loads(event["data"])["seq"])
    assert seqs == list(range(1, len(seqs) + 1))
    assert len(seqs) >= 5


async def test_a_position_of_another_history_is_told_to_start_anew(market, live_url):
    async with _stream(live_url, channels=f"token:{market.mint}", after="999999") as (_, events):
        event = await _next(events, "resync")
    assert json.loads(event["data"])["channel"] == f"token:{market.mint}"


async def test_a_reader_that_is_too_slow_is_told_so():
    queue = asyncio.Queue(2)
    sink = _Sink("market", queue)
    for seq in range(3):
        sink(seq, b"{}")
    assert queue.qsize() == 1
    assert queue.get_nowait() is None


async def test_quiet_streams_are_kept_alive(market, live_url, monkeypatch):
    monkeypatch.setattr("api.streams._KEEP_ALIVE_SECONDS", 0.05)
    async with _stream(live_url, channels="market") as (answer, _):
        async with asyncio.timeout(10):
            async for line in answer.aiter_lines():
                if line == ": keep-alive":
                    break


@pytest.mark.parametrize(
    ("channels", "after", "field"),
    [
        ("", None, "channels"),
        ("everything", None, "channels"),
        ("token:short", None, "channels"),
        (",".join(f"room:{'1' * 31}{n}" for n in range(100, 160)), None, "channels"),
        ("market", "abc", "after"),
        ("market", "market=-1", "after"),
        ("market", "9" * 30, "after"),
    ],
)
def test_bad_subscriptions_are_named(channels, after, field):
    with pytest.raises(InvalidChannelError) as caught:
        parse_subscription(channels, after)
    assert caught.value.details["field"] == field


def test_positions_are_read_in_both_forms():
    assert parse_subscription("market,market", "7").after == {"market": 7}
    room = f"room:{'A' * 43}"
    found = parse_subscription(f"market, {room}", f"market=4, {room}=9, token:gone=1")
    assert found.channels == ("market", room)
    assert found.after == {"market": 4, room: 9}
    assert parse_subscription("market", None).after == {}


async def test_bad_subscriptions_are_refused_over_http(market):
    assert (await market.get("/api/stream", 422, channels="nope"))["error"]["code"] == "INVALID_CHANNEL"
