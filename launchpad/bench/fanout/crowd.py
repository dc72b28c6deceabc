"""A crowd of clients, seen from the bench: a process of `listeners` and the commands to it."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Self

import orjson

PATIENCE_SECONDS = 60

Send = Callable[[int], Awaitable[None]]


@dataclass(frozen=True)
class Delivery:
    """How long a load took, and which share of its time the client was at work."""

    seconds: float
    client_busy: float


class Crowd:
    """`size` sockets to one server, each greeting with `hello` once it is in.

    `async with Crowd(...)` connects and leaves. `joining` is how many seconds it took.
    """

    def __init__(self, port: int, size: int, hello: str, receive_buffer: int = 0) -> None:
        words = (str(port), str(size), hello, str(receive_buffer))
        self._command = (sys.executable, "-m", f"{__package__}.listeners", *words)
        self.size = size
        self.joining = 0.0

    async def __aenter__(self) -> Self:
        pipe = asyncio.subprocess.PIPE
        self._process = await asyncio.create_subprocess_exec(*self._command, stdin=pipe, stdout=pipe)
        self.joining = (await self._answer())["seconds"]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._process.stdin is not None  # noqa: S101 - it was opened as a pipe
        self._process.stdin.close()
        await self._process.wait()

    async def deliver(self, send: Send, frames: int) -> Delivery:
        """Tell the server to broadcast at once; until every socket has every frame."""
        await self._say("count", frames=frames * self.size, seconds=PATIENCE_SECONDS)
        await self._answer()
        started = time.perf_counter()
        await send(frames)
        done = await self._answer()
        if done["counted"] < frames * self.size:
            raise TimeoutError(f"{done['counted']} of {frames * self.size} frames arrived, {done['lost']} sockets left")
        return Delivery(done["at"] - started, done["busy"])

    async def deliver_in_steps(self, send: Send, frames: int, at_once: int = 1) -> float:
        """Broadcast the next frames when the last ones have arrived everywhere; seconds for all."""
        return sum([(await self.deliver(send, at_once)).seconds for _ in range(frames // at_once)])

    async def delays(self, send: Send, frames: int, per_second: float) -> dict[str, float]:
        """Broadcast steadily; from the event to the client, in milliseconds: p50, p99, max."""
        await self._say("time", frames=frames * self.size, seconds=frames / per_second + 5)
        await self._answer()
        started = time.perf_counter()
        for number in range(frames):
            await asyncio.sleep(max(0.0, started + number / per_second - time.perf_counter()))
            await send(1)
        return await self._answer()

    async def stall(self, sockets: int) -> None:
        """Let that many sockets stop reading."""
        await self._say("stall", sockets=sockets)
        await self._answer()

    async def read_again(self) -> int:
        """Let them read on; how many were told to resync."""
        await self._say("read_again", seconds=PATIENCE_SECONDS)
        resynced: int = (await self._answer())["resynced"]
        return resynced

    async def hold(self, seconds: float) -> int:
        """Keep still for so long; how many sockets are connected after it."""
        await self._say("hold", seconds=seconds)
        return int((await self._answer())["open"])

    async def _say(self, command: str, **values: Any) -> None:
        assert self._process.stdin is not None  # noqa: S101 - it was opened as a pipe
        self._process.stdin.write(orjson.dumps({"do": command, **values}) + b"\n")
        await self._process.stdin.drain()

    async def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None  # noqa: S101 - it was opened as a pipe
        line = await self._process.stdout.readline()
        if not line:
            raise ConnectionError("The clients ended: a server refused them, or there are too few open files.")
        answer: dict[str, Any] = orjson.loads(line)
        return answer
