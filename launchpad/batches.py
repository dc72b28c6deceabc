"""Commands for Redis that share round trips: what is asked while one is under way goes with the next."""

import asyncio
from collections.abc import Sequence
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

Command = Sequence[str | bytes | int]


class Batches:
    """One pipeline at a time, with everything that came up during the one before.

    A busy process thus sends a few large batches instead of many small ones, and an
    idle one waits for nothing.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._waiting: list[tuple[Command, asyncio.Future[Any] | None]] = []
        self._running: asyncio.Task[None] | None = None

    async def ask(self, *commands: Command) -> list[Any]:
        """The answers, in order; raises what Redis, or the way to it, raises."""
        loop = asyncio.get_running_loop()
        futures: list[asyncio.Future[Any]] = [loop.create_future() for _ in commands]
        self._waiting += zip(commands, futures, strict=True)
        self._run()
        return await asyncio.gather(*futures)

    def tell(self, *command: str | bytes | int) -> None:
        """Send a command whose answer, or failure, does not matter."""
        self._waiting.append((command, None))
        self._run()

    async def finish(self) -> None:
        """Wait for what is under way."""
        if self._running is not None:
            await self._running

    def _run(self) -> None:
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._send(), name="redis-batches")

    async def _send(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            answers = await self._execute([command for command, _ in batch])
            for (_, future), answer in zip(batch, answers, strict=True):
                if future is None or future.done():
                    continue
                if isinstance(answer, Exception):
                    future.set_exception(answer)
                else:
                    future.set_result(answer)

    async def _execute(self, commands: Sequence[Command]) -> list[Any]:
        try:
            async with self._redis.pipeline(transaction=False) as pipe:
                for command in commands:
                    pipe.execute_command(*command)
                return list(await pipe.execute(raise_on_error=False))
        except (RedisError, OSError, TimeoutError) as error:
            return [error] * len(commands)
