"""What a channel is told reaches every socket of it, whole and in order, and no socket slows another."""

import asyncio
import json

import httpx
import pytest
from engineio.packet import MESSAGE, Packet
from websockets.asyncio.client import connect

from chat import fanout, sockets
from launchpad import live

from .client import Client
from .conftest import MINT

CHANNEL = f"token:{MINT}"
STRAIGHT, PLAIN = "launchpad.wire:WireProtocol", "websockets-sansio"


def envelope(seq: int, size: int = 0) -> bytes:
    return json.dumps({"type": "test", "channel": CHANNEL, "seq": seq, "pad": "ü" * size}, ensure_ascii=False).encode()


def numbers(client: Client) -> list[int]:
    return [data["seq"] for data in client.live("test")]


async def follow(client: Client) -> None:
    assert (await client.ask("subscribe:token", {"mint": MINT}))["ok"]


async def until(condition) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.005)


@pytest.fixture(params=[STRAIGHT, PLAIN])
async def server(request, start_server, room):
    """A chat server, once with wires and once without."""
    return await start_server(ws=request.param)


@pytest.fixture
async def straight(start_server, room):
    return await start_server(ws=STRAIGHT)


@pytest.mark.parametrize("size", [0, 40, 400, 40_000])
async def test_every_socket_hears_everything_in_order(server, size):
    url, app = server
    async with Client(url) as one, Client(url) as two:
        for client in (one, two):
            await follow(client)
        for seq in range(100):
            app.chat.fanout.broadcast(CHANNEL, envelope(seq, size))
            if seq % 7 == 0:
                await asyncio.sleep(0)
        for client in (one, two):
            await client.until(lambda _, c=client: len(numbers(c)) == 100)
            assert numbers(client) == list(range(100))
            assert client.live("test")[0]["pad"] == "ü" * size


async def test_what_one_turn_of_the_loop_tells_is_written_once(straight):
    url, app = straight
    async with Client(url) as one:
        await follow(one)
        [socket] = app.chat.sio.eio.sockets.values()
        written = []
        write, socket.wire.write = socket.wire.write, lambda frames: (written.append(frames), write(frames))
        for seq in range(50):
            app.chat.fanout.broadcast(CHANNEL, envelope(seq))
        await one.until(lambda _: len(numbers(one)) == 50)
        assert len(written) == 1


async def test_private_packets_and_broadcasts_keep_their_order(straight):
    url, app = straight
    async with Client(url) as one:
        await follow(one)
        [socket] = app.chat.sio.eio.sockets.values()
        for seq in range(0, 30, 3):
            app.chat.fanout.broadcast(CHANNEL, envelope(seq))
            await socket.send(Packet(MESSAGE, f'2["live",{envelope(seq + 1).decode()}]'))
            socket.queue.put_nowait(fanout.frame(envelope(seq + 2)))
        await one.until(lambda _: len(numbers(one)) == 30)
        assert numbers(one) == list(range(30))


async def test_a_passing_event_reaches_the_channel_after_what_was_told_before(server):
    url, app = server
    async with Client(url) as one, Client(url) as outsider:
        await follow(one)
        app.chat.fanout.broadcast(CHANNEL, envelope(1))
        app.chat.fanout.tell(CHANNEL, "presence", {"mint": MINT, "count": 7})
        app.chat.fanout.tell("token:nobody", "presence", {})
        await one.until(lambda events: len(events) > 3)
        assert [name for name, _ in one.events][-2:] == ["live", "presence"]
        await outsider.ask("presence", {"mint": MINT})
        assert outsider.events == []


async def test_sockets_that_leave_in_the_middle_cost_the_others_nothing(server):
    url, app = server
    async with Client(url) as stays:
        await follow(stays)
        seq = 0
        for _ in range(5):
            leaver = await Client(url).__aenter__()
            await follow(leaver)
            for _ in range(20):
                app.chat.fanout.broadcast(CHANNEL, envelope(seq))
                seq += 1
            leaver._socket.transport.abort()
            app.chat.fanout.broadcast(CHANNEL, envelope(seq))
            seq += 1
            await leaver._reader
        await stays.until(lambda _: len(numbers(stays)) == seq)
        assert numbers(stays) == list(range(seq))
        await until(lambda: app.chat.fanout.audience(CHANNEL) == 1)


async def test_after_goodbye_nothing_more_is_sent(straight):
    url, app = straight
    async with Client(url) as one, Client(url) as other:
        for client in (one, other):
            await follow(client)
        await app.chat.sio.disconnect(next(iter(app.chat.connections._by_sid)))
        assert app.chat.fanout.audience(CHANNEL) == 1
        app.chat.fanout.broadcast(CHANNEL, envelope(1))
        await until(lambda: numbers(one) + numbers(other) == [1])


async def sleeping(client: Client) -> None:
    """Make a client stop reading."""
    client._reader.cancel()
    client._socket.transport.pause_reading()
    await asyncio.gather(client._reader, return_exceptions=True)


async def fill(app, reader: Client, limit: int = 400) -> int:
    """Broadcast until somebody does not keep up; how many envelopes that took."""
    for seq in range(limit):
        app.chat.fanout.broadcast(CHANNEL, envelope(seq, 60_000))
        await reader.until(lambda _, seq=seq: numbers(reader)[-1:] == [seq])
        if app.chat.fanout.left_out:
            return seq + 1
    raise AssertionError("nobody fell behind")


async def test_a_socket_that_does_not_read_is_left_out_and_told_to_resync_when_it_reads_again(straight):
    url, app = straight
    async with Client(url) as reader, Client(url) as sleeper:
        for client in (reader, sleeper):
            await follow(client)
        await sleeping(sleeper)
        sent = await fill(app, reader)
        for seq in range(sent, sent + 10):
            app.chat.fanout.broadcast(CHANNEL, envelope(seq))
        await reader.until(lambda _: len(numbers(reader)) == sent + 10)
        sleeper._reader = asyncio.create_task(sleeper._read())
        sleeper._socket.transport.resume_reading()
        await sleeper.until(lambda events: ("resync", {"channel": CHANNEL}) in events)
        app.chat.fanout.broadcast(CHANNEL, envelope(sent + 10))
        await sleeper.until(lambda _: numbers(sleeper)[-1] == sent + 10)
        assert numbers(sleeper) == [*range(sent), sent + 10]
        assert app.chat.fanout.left_out == 0


async def test_who_was_left_out_loses_nothing(straight, publisher, database):
    url, app = straight
    async with Client(url) as reader, Client(url) as sleeper:
        for client in (reader, sleeper):
            await follow(client)
        await sleeping(sleeper)
        await fill(app, reader)
        async with database.session() as session:
            event = live.CurveCompleted(mint=MINT, quote_reserve="1", completed_at="2026-01-01T00:00:00Z")
            await live.publish(session, *[event] * 5)
        await reader.until(lambda _: len(reader.live("curve.completed")) == 5)
        sleeper._reader = asyncio.create_task(sleeper._read())
        sleeper._socket.transport.resume_reading()
        await sleeper.until(lambda events: ("resync", {"channel": CHANNEL}) in events)
        ack = await sleeper.ask("subscribe:token", {"mint": MINT, "after": 0})
        assert [json.loads(text)["seq"] for text in ack["events"]] == [1, 2, 3, 4, 5]


async def test_who_joins_or_leaves_a_channel_while_left_out_is_told_of_what_it_follows(straight):
    url, app = straight
    async with Client(url) as reader, Client(url) as sleeper:
        for client in (reader, sleeper):
            await follow(client)
        await sleeping(sleeper)
        await fill(app, reader)
        [socket] = app.chat.fanout._left_out
        await app.chat.fanout.join(socket.sid, "market")
        await app.chat.fanout.leave(socket.sid, CHANNEL)
        app.chat.fanout.broadcast("market", envelope(1))
        sleeper._reader = asyncio.create_task(sleeper._read())
        sleeper._socket.transport.resume_reading()
        await sleeper.until(lambda events: any(name == "resync" for name, _ in events))
        assert [data for name, data in sleeper.events if name == "resync"] == [{"channel": "market"}]


async def test_a_socket_that_never_reads_again_is_dropped(straight, monkeypatch):
    monkeypatch.setattr(sockets, "PATIENCE_SECONDS", 0.1)
    url, app = straight
    async with Client(url) as reader, Client(url) as sleeper:
        for client in (reader, sleeper):
            await follow(client)
        await sleeping(sleeper)
        await fill(app, reader)
        await until(lambda: app.chat.fanout.audience(CHANNEL) == 1)
        assert app.chat.fanout.left_out == 0
        assert (await reader.ask("presence", {"mint": MINT}))["ok"]
        sleeper._socket.transport.abort()


async def test_a_socket_that_asks_and_does_not_read_is_dropped(straight, monkeypatch):
    monkeypatch.setattr(sockets, "ANSWERS_LIMIT", 100_000)
    url, app = straight
    async with Client(url) as sleeper:
        await follow(sleeper)
        await sleeping(sleeper)
        [socket] = app.chat.sio.eio.sockets.values()
        for _ in range(2000):
            if not socket.wire.open:
                break
            await socket.send(Packet(MESSAGE, "2" + "x" * 50_000))
            await asyncio.sleep(0)
        await until(lambda: not socket.wire.open)
        socket.tell(Packet(MESSAGE, "2"))
        sleeper._socket.transport.abort()


async def test_without_a_wire_a_socket_that_does_not_read_is_closed(start_server, room, monkeypatch):
    monkeypatch.setattr(fanout, "QUEUE_LIMIT", 5)
    url, app = await start_server(ws=PLAIN)
    async with Client(url) as reader, Client(url) as sleeper:
        for client in (reader, sleeper):
            await follow(client)
        await sleeping(sleeper)
        for seq in range(400):
            app.chat.fanout.broadcast(CHANNEL, envelope(seq, 60_000))
            await reader.until(lambda _, seq=seq: numbers(reader)[-1:] == [seq])
            if app.chat.fanout.audience(CHANNEL) == 1:
                break
        assert app.chat.fanout.audience(CHANNEL) == 1
        sleeper._socket.transport.abort()


class Polling:
    """Engine.IO's long polling, as far as a client needs it before it upgrades."""

    def __init__(self, url: str, http: httpx.AsyncClient) -> None:
        self._url, self._http, self._sid = url, http, ""

    async def packets(self) -> list[str]:
        answer = await self._http.get(f"{self._url}/socket.io/", params=self.params("polling"), timeout=20)
        assert answer.status_code == 200, answer.text
        return answer.text.split("\x1e")

    async def say(self, packet: str) -> None:
        answer = await self._http.post(f"{self._url}/socket.io/", params=self.params("polling"), content=packet)
        assert answer.text == "OK"

    def params(self, transport: str) -> dict[str, str]:
        return {"EIO": "4", "transport": transport} | ({"sid": self._sid} if self._sid else {})

    async def open(self) -> None:
        [opening] = await self.packets()
        self._sid = json.loads(opening[1:])["sid"]
        assert json.loads(opening[1:])["upgrades"] == ["websocket"]

    async def join(self) -> None:
        await self.say("40")
        assert (await self.packets())[0].startswith("40{")
        await self.say(f'420["subscribe:token",{{"mint":"{MINT}"}}]')
        heard: list[str] = []
        while not any(packet.startswith("430") for packet in heard):
            heard += await self.packets()


async def upgraded(url: str, polling: Polling):
    query = "&".join(f"{name}={value}" for name, value in polling.params("websocket").items())
    socket = await connect(f"{url.replace('http', 'ws', 1)}/socket.io/?{query}", compression=None)
    await socket.send("2probe")
    assert await socket.recv() == "3probe"
    await socket.send("5")
    return socket


@pytest.mark.parametrize("joins_first", [True, False])
async def test_a_client_that_begins_with_polling_hears_all_before_and_after_its_upgrade(server, joins_first):
    url, app = server
    async with httpx.AsyncClient() as http:
        polling = Polling(url, http)
        await polling.open()
        seqs: list[int] = []
        if joins_first:
            await polling.join()
            app.chat.fanout.broadcast(CHANNEL, envelope(0))
            seqs += [json.loads(packet[2:])[1]["seq"] for packet in await polling.packets()]
            app.chat.fanout.broadcast(CHANNEL, envelope(1))
        websocket = await upgraded(url, polling)
        if not joins_first:
            await websocket.send("40")
            await websocket.send(f'420["subscribe:token",{{"mint":"{MINT}"}}]')
            while not (await websocket.recv()).startswith("430"):
                pass
            seqs = [0, 1]
        for seq in range(2, 10):
            app.chat.fanout.broadcast(CHANNEL, envelope(seq))
        while seqs[-1] != 9:
            packet = await websocket.recv()
            if packet.startswith('42["live"'):
                seqs.append(json.loads(packet[2:])[1]["seq"])
        assert seqs == list(range(10))
        await websocket.close()
        await until(lambda: app.chat.fanout.audience(CHANNEL) == 0)


async def test_joining_where_others_listen_asks_no_store(straight, publisher, database, monkeypatch):
    url, app = straight
    async with Client(url) as early, Client(url) as late:
        await follow(early)
        async with database.session() as session:
            await live.publish(
                session, live.CurveCompleted(mint=MINT, quote_reserve="1", completed_at="2026-01-01T00:00:00Z")
            )
        await early.until(lambda _: early.live("curve.completed"))
        monkeypatch.setattr(app.chat, "redis", None)
        monkeypatch.setattr(app.chat, "database", None)
        ack = await late.ask("subscribe:token", {"mint": MINT, "after": 1})
        assert (ack["ok"], ack["head"], ack["events"]) == (True, 1, [])
