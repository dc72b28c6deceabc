"""A crowd of Socket.IO clients that only count: cheap enough not to be what is measured."""

import asyncio
import os
import time
from base64 import b64encode
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Self

_BATCH = 50
# Frames shorter than this are the protocol's own: handshake, acknowledgements, pings.
_PAYLOAD_BYTES = 200
_PATIENCE_SECONDS = 60


class _Listener(asyncio.Protocol):
    """One WebSocket that walks over frame headers and counts the long frames."""

    def __init__(self, crowd: "Crowd", port: int) -> None:
        self._crowd = crowd
        self._port = port
        self._buffer = bytearray()
        self._upgraded = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        key = b64encode(os.urandom(16)).decode()
        self.transport.write(  # type: ignore[attr-defined]  # a TCP transport writes
            f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n"
            f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._upgraded:
            head, blank, rest = bytes(self._buffer).partition(b"\r\n\r\n")
            if not blank:
                return
            self._upgraded = head.startswith(b"HTTP/1.1 101")
            self._buffer = bytearray(rest)
            self.say("40")
        self._walk()

    def _walk(self) -> None:
        buffer, at, counted = self._buffer, 0, 0
        while len(buffer) - at >= 2:  # noqa: PLR2004 - the shortest header
            length, start = buffer[at + 1] & 0x7F, at + 2
            if length == 126:  # noqa: PLR2004 - two more bytes of length follow
                length, start = int.from_bytes(buffer[at + 2 : at + 4], "big"), at + 4
            if len(buffer) < start + length:
                break
            if length > _PAYLOAD_BYTES:
                counted += 1
            elif buffer[start : start + 2] == b"40":
                self._crowd.joined(self)
            elif buffer[start : start + 1] == b"2":
                self.say("3")
            at = start + length
        del buffer[:at]
        if counted:
            self._crowd.count(counted)

    def say(self, text: str) -> None:
        """Send a short text frame, masked with zeros."""
        body = text.encode()
        self.transport.write(bytes((0x81, 0x80 | len(body), 0, 0, 0, 0)) + body)  # type: ignore[attr-defined]


class Crowd:
    """`size` sockets to one server, each greeting with `hello` once it is in."""

    def __init__(self, port: int, size: int, hello: str) -> None:
        self._port, self._size, self._hello = port, size, hello
        self._listeners: list[_Listener] = []
        self._here = 0
        self._counted = 0
        self._wanted = 0
        self._reached = asyncio.Event()

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        for first in range(0, self._size, _BATCH):
            batch = range(first, min(first + _BATCH, self._size))
            made = (loop.create_connection(lambda: _Listener(self, self._port), "127.0.0.1", self._port) for _ in batch)
            self._listeners += [listener for _, listener in await asyncio.gather(*made)]
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while self._here < self._size:  # noqa: ASYNC110 - a thousand handshakes, polled
                await asyncio.sleep(0.02)
        return self

    async def __aexit__(self, *_: object) -> None:
        for listener in self._listeners:
            listener.transport.close()
        with suppress(TimeoutError):
            await asyncio.sleep(0.2)  # lets the server see them go before the next load

    def joined(self, listener: _Listener) -> None:
        """A socket was accepted."""
        self._here += 1
        if self._hello:
            listener.say(self._hello)

    def count(self, frames: int) -> None:
        """Frames arrived at some socket."""
        self._counted += frames
        if self._counted >= self._wanted:
            self._reached.set()

    async def deliver(self, burst: Callable[[int], Awaitable[None]], frames: int) -> float:
        """Seconds from telling the server to broadcast until every socket has every frame."""
        await asyncio.sleep(0.5)  # subscriptions settle
        self._counted, self._wanted = 0, frames * self._size
        self._reached.clear()
        started = time.perf_counter()
        await burst(frames)
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await self._reached.wait()
        return time.perf_counter() - started
