"""A small Socket.IO client over WebSocket: enough of the protocol to talk to the server as browsers do."""

import asyncio
import itertools
import json
from contextlib import suppress
from typing import Any, Self

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed


class Client:
    """One connection to the default namespace. Received events pile up in `events`."""

    def __init__(self, url: str, cookie: str | None = None, origin: str | None = None) -> None:
        self._url = url.replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket"
        self._headers = {"Cookie": cookie} if cookie else {}
        self._origin = origin
        self._ids = itertools.count()
        self._acks: dict[int, asyncio.Future[Any]] = {}
        self._changed = asyncio.Event()
        self.events: list[tuple[str, Any]] = []
        self.closed = False

    async def __aenter__(self) -> Self:
        self._socket = await connect(self._url, additional_headers=self._headers, origin=self._origin, compression=None)
        assert (await self._socket.recv())[0] == "0"
        await self._socket.send("40")
        answer = await self._socket.recv()
        if not answer.startswith("40"):
            await self._socket.close()
            raise ConnectionRefusedError(answer)
        self._reader = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._socket.close()
        with suppress(asyncio.CancelledError):
            await self._reader

    async def drop(self) -> None:
        """Lose the connection without a goodbye."""
        self._socket.transport.abort()
        await self._reader

    async def _read(self) -> None:
        with suppress(ConnectionClosed):
            async for frame in self._socket:
                if frame == "2":
                    await self._socket.send("3")
                elif frame.startswith("43"):
                    digits = "".join(itertools.takewhile(str.isdigit, frame[2:]))
                    self._acks.pop(int(digits)).set_result(json.loads(frame[2 + len(digits) :])[0])
                elif frame.startswith("42"):
                    name, *data = json.loads(frame[2:])
                    self.events.append((name, data[0] if data else None))
                    self._changed.set()
        self.closed = True
        self._changed.set()

    async def raw(self, frame: str) -> None:
        """Send a frame as it is."""
        await self._socket.send(frame)

    async def ask(self, event: str, data: Any = None) -> Any:
        """Emit an event and wait for its acknowledgement."""
        number = next(self._ids)
        self._acks[number] = asyncio.get_running_loop().create_future()
        await self._socket.send(f"42{number}{json.dumps([event, data])}")
        async with asyncio.timeout(20):
            return await self._acks[number]

    async def until(self, condition: Any) -> Any:
        """The first true answer of `condition(events)`."""
        async with asyncio.timeout(20):
            while not (answer := condition(self.events)):
                if self.closed:
                    raise ConnectionResetError(str(self.events[-3:]))
                self._changed.clear()
                await self._changed.wait()
            return answer

    def live(self, kind: str) -> list[dict[str, Any]]:
        """The envelopes of one type that came live, in order."""
        return [data for name, data in self.events if name == "live" and data["type"] == kind]
