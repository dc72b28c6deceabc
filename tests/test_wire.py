"""Ready-made frames on uvicorn's connections: what arrives, and that nothing follows a closing frame."""

import asyncio
from contextlib import asynccontextmanager, suppress

import pytest
import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, ConnectionClosedError

from launchpad.wire import WireProtocol, frame, wire_of


class Noted:
    """A listener that remembers what it was told."""

    def __init__(self):
        self.told = []
        self.changed = asyncio.Event()

    def _note(self, what):
        self.told.append(what)
        self.changed.set()

    def wire_paused(self):
        self._note("paused")

    def wire_resumed(self):
        self._note("resumed")

    def wire_closed(self):
        self._note("closed")

    async def until(self, what):
        async with asyncio.timeout(10):
            while what not in self.told:
                self.changed.clear()
                await self.changed.wait()


class App:
    """Accepts, hands the wire out, and ends when `leave` is set or the peer goes."""

    def __init__(self):
        self.noted, self.leave = Noted(), asyncio.Event()
        self.wires = asyncio.Queue()

    async def __call__(self, scope, receive, send):
        if scope["type"] != "websocket":
            return
        await receive()
        await send({"type": "websocket.accept"})
        wire = wire_of(scope)
        wire.attach(self.noted, high=4096, low=1024)
        self.wires.put_nowait(wire)
        leaving = asyncio.create_task(self.leave.wait())
        while not leaving.done():
            heard = asyncio.create_task(receive())
            await asyncio.wait({heard, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if heard.done() and heard.result()["type"] == "websocket.disconnect":
                leaving.cancel()
                return
            heard.cancel()
        await send({"type": "websocket.close", "code": 4000})


@asynccontextmanager
async def serving(app, loop="none"):
    config = uvicorn.Config(app, port=0, lifespan="off", log_level="error", ws="launchpad.wire:WireProtocol", loop=loop)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield f"ws://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/", server
    server.should_exit = True
    await task


@pytest.fixture
def app():
    return App()


@pytest.fixture
async def url(app):
    async with serving(app) as (address, _):
        yield address


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536, 200_000])
async def test_a_frame_of_any_size_arrives_as_it_was(url, app, size):
    async with connect(url, max_size=None) as peer:
        wire = await app.wires.get()
        wire.write(frame("é" * (size // 2) + "x" * (size % 2)) + frame(b"\x00" * size))
        assert await peer.recv() == "é" * (size // 2) + "x" * (size % 2)
        assert await peer.recv() == b"\x00" * size


async def test_frames_and_messages_share_a_compressed_connection(url, app):
    async with connect(url, compression="deflate") as peer:
        wire = await app.wires.get()
        wire.write(b"".join(frame(f"event {n}") for n in range(1000)))
        assert [await peer.recv() for _ in range(1000)] == [f"event {n}" for n in range(1000)]
        await (await peer.ping())


async def test_a_peer_that_does_not_read_is_noticed_and_so_is_that_it_reads_again(url, app):
    async with connect(url, max_size=None, max_queue=1) as peer:
        wire = await app.wires.get()
        sent = 0
        while "paused" not in app.noted.told:
            wire.write(frame("x" * 60_000))
            sent += 1
            await asyncio.sleep(0)
        assert wire.waiting > 4096
        for _ in range(sent):
            assert len(await peer.recv()) == 60_000
        await app.noted.until("resumed")
        assert app.noted.told == ["paused", "resumed"]


async def test_nothing_follows_the_applications_closing_frame(url, app):
    async with connect(url) as peer:
        wire = await app.wires.get()
        app.leave.set()
        with pytest.raises(ConnectionClosedError):
            await peer.recv()
        assert (peer.close_code, wire.open, app.noted.told) == (4000, False, ["closed"])


async def test_nothing_follows_the_answer_to_the_peers_closing_frame(url, app):
    async with connect(url) as peer:
        wire = await app.wires.get()
        await peer.close()
        assert (peer.close_code, wire.open, app.noted.told) == (1000, False, ["closed"])


async def test_a_frame_that_breaks_the_protocol_closes_the_wire(url, app):
    async with connect(url) as peer:
        wire = await app.wires.get()
        peer.transport.write(b"\xff\x00")
        with pytest.raises(ConnectionClosed):
            await peer.recv()
        assert (peer.close_code, wire.open) == (1002, False)


@pytest.mark.parametrize("side", ["ours", "theirs"])
async def test_a_lost_connection_closes_the_wire(url, app, side):
    async with connect(url) as peer:
        wire = await app.wires.get()
        wire.abort() if side == "ours" else peer.transport.abort()
        await app.noted.until("closed")
        assert not wire.open


async def test_the_end_of_the_server_closes_the_wire(app):
    async with serving(app) as (url, server), connect(url) as peer:
        wire = await app.wires.get()
        server.should_exit = True
        with suppress(ConnectionClosed):
            await peer.recv()
        assert (peer.close_code, wire.open) == (1012, False)


def test_uvicorn_still_has_what_the_wire_relies_on():
    """Each overridden method has to exist, or a way to a closing frame would pass the wire by."""
    base = vars(WebSocketsSansIOProtocol)
    overridden = {name for name, value in vars(WireProtocol).items() if callable(value) and name != "_close_wire"}
    assert overridden <= set(base)
    assert {"close_sent", "scope", "transport", "conn"} <= {
        name for method in base.values() if callable(method) for name in method.__code__.co_names
    }
    closing = {
        name
        for name, method in base.items()
        if callable(method) and {"send_close", "fail", "handle_close", "close_sent"} & set(method.__code__.co_names)
    }
    guarded = {"send", "handle_close", "handle_parser_exception", "keepalive_timeout", "shutdown"}
    # The others read `close_sent`, refuse a handshake, begin, or hand over to a guarded method.
    assert closing - guarded == {
        "__init__",
        "handle_connect",
        "handle_events",
        "send_receive_event_to_app",
        "send_keepalive_ping",
    }
    assert "stop_keepalive" in base
