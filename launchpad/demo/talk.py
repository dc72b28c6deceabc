"""A Socket.IO connection of one simulated person: joins rooms and speaks."""

import asyncio
import itertools
from contextlib import suppress
from typing import Any

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from launchpad.demo.visitor import RefusedError, Visitor

_PATIENCE = 15.0


class Talker:
    """Connects when first needed, and again after the connection was lost."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor
        self._socket: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._rooms: set[str] = set()

    async def enter(self, mint: str) -> None:
        """Join a token's room, once for each connection."""
        if self._socket is None:
            await self._connect()
        if mint not in self._rooms:
            await self._ask("room:join", {"mint": mint})
            self._rooms.add(mint)

    async def ask(self, event: str, mint: str, **fields: Any) -> dict[str, Any]:
        """Emit an event in a room; its acknowledgement, or RefusedError."""
        await self.enter(mint)
        return await self._ask(event, {"mint": mint, **fields})

    async def react(self, mint: str, message_id: str, emoji: str) -> None:
        """Put an emoji on a message of a room."""
        await self.enter(mint)
        await self._ask("message:react", {"id": message_id, "emoji": emoji, "on": True})

    async def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            await self._socket.close()
        if self._reader is not None:
            await self._reader

    async def _connect(self) -> None:
        await self._visitor.sign_in()
        source = (self._visitor.source, 0) if self._visitor.source else None
        socket = await connect(
            self._visitor.address.replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket",
            additional_headers={"Cookie": self._visitor.cookie},
            origin=self._visitor.origin,  # type: ignore[arg-type]  # a plain string is what the header holds
            local_addr=source,
            compression=None,
            proxy=None,
        )
        await socket.recv()  # the transport's own greeting
        await socket.send("40")
        answer = str(await socket.recv())
        if not answer.startswith("40"):
            await socket.close()
            raise RefusedError(f"The chat refused a simulated person: {answer}", refusal="CHAT")
        self._socket, self._rooms = socket, set()
        self._reader = asyncio.create_task(self._read(socket))

    async def _read(self, socket: ClientConnection) -> None:
        with suppress(ConnectionClosed):
            async for frame in socket:
                await self._take(socket, str(frame))
        self._socket = None
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(RefusedError("The chat hung up.", refusal="CHAT_AWAY"))
        self._waiting.clear()

    async def _take(self, socket: ClientConnection, frame: str) -> None:
        if frame == "2":
            await socket.send("3")
        elif frame.startswith("43"):
            number = "".join(itertools.takewhile(str.isdigit, frame[2:]))
            waiting = self._waiting.pop(int(number), None)
            if waiting is not None and not waiting.done():
                waiting.set_result(orjson.loads(frame[2 + len(number) :])[0])

    async def _ask(self, event: str, data: dict[str, Any]) -> dict[str, Any]:
        if self._socket is None:
            raise RefusedError("The chat hung up.", refusal="CHAT_AWAY")
        number = next(self._numbers)
        self._waiting[number] = asyncio.get_running_loop().create_future()
        await self._socket.send(f"42{number}{orjson.dumps([event, data]).decode()}")
        async with asyncio.timeout(_PATIENCE):
            ack = await self._waiting[number]
        if not ack.get("ok"):
            raise RefusedError(str(ack.get("message", ack)), refusal=str(ack.get("error")))
        return ack
