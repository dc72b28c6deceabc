"""Nodes that misbehave: real HTTP servers on loopback that answer as they are told."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

import orjson

Answer = Callable[[str, list[Any]], Any]


class Refuses(Exception):  # noqa: N818 - a node's JSON-RPC error, not ours
    def __init__(self, code: int, message: str = "no", data: Any = None) -> None:
        super().__init__(message)
        self.body = {"code": code, "message": message, **({"data": data} if data is not None else {})}


@dataclass
class Node:
    """One node. `answer(method, params)` gives results; `status` other than 200 gives that instead."""

    answer: Answer = lambda _method, _params: None
    status: int = 200
    raw: bytes | None = None
    calls: list[str] = field(default_factory=list)
    refused: int = 0
    _server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *exception: object) -> None:
        assert self._server
        self._server.close()

    @property
    def url(self) -> str:
        assert self._server
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
        body = orjson.loads(await reader.readexactly(length))
        self.refused += self.status != 200
        content = self.raw if self.raw is not None else orjson.dumps(self._reply(body))
        status = f"HTTP/1.1 {self.status} X\r\ncontent-length: {len(content)}\r\nconnection: close\r\n\r\n"
        writer.write(status.encode() + content)
        await writer.drain()
        writer.close()

    def _reply(self, body: Any) -> Any:
        if isinstance(body, list):
            return [self._reply(each) for each in reversed(body)]
        self.calls.append(body["method"])
        reply = {"jsonrpc": "2.0", "id": body["id"]}
        try:
            return {**reply, "result": self.answer(body["method"], body["params"])}
        except Refuses as error:
            return {**reply, "error": error.body}
