"""HTTP servers on loopback that answer as a test tells them to: one request a connection."""

import asyncio
from typing import NamedTuple, Self

import orjson


class Asked(NamedTuple):
    """One request; the names and values of its headers are in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    content: bytes

    @property
    def body(self):
        """The content as JSON, None where there is none."""
        return orjson.loads(self.content) if self.content else None


class Told(NamedTuple):
    """One answer; `headers` are whole lines."""

    content: bytes
    status: int = 200
    headers: str = ""


class Loopback:
    """A server while its context is open. Those that inherit say what it answers."""

    _server: asyncio.Server | None = None

    async def respond(self, asked: Asked) -> Told:
        """The answer to a request."""
        raise NotImplementedError

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *exception: object) -> None:
        assert self._server
        self._server.close()

    @property
    def url(self) -> str:
        """Where it listens."""
        assert self._server
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines if line)
        method, target, _ = first.split(" ", 2)
        content = await reader.readexactly(int(headers.get("content-length", "0")))
        told = await self.respond(Asked(method, target, headers, content))
        length = f"content-length: {len(told.content)}\r\nconnection: close\r\n{told.headers}\r\n"
        writer.write(f"HTTP/1.1 {told.status} X\r\n{length}".encode() + told.content)
        await writer.drain()
        writer.close()
