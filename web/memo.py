"""What many pages need and is counted over many rows: worked out once in a while for all who ask meanwhile."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")
_MOST = 512


class Memo:
    """Answers of this process, by key; those who ask while one is worked out wait for it. What fails is not kept."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, tuple[float, asyncio.Task[Any]]] = OrderedDict()

    async def get(self, key: Hashable, seconds: float, work: Callable[[], Awaitable[T]]) -> T:
        """The answer of `key`, at most so many seconds old."""
        began, task = self._kept.get(key, (0.0, None))
        if task is None or time.monotonic() - began > seconds or (task.done() and _failed(task)):
            task = asyncio.ensure_future(_run(work))
            self._kept[key] = (time.monotonic(), task)
            self._kept.move_to_end(key)
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        # Shielded, because one visitor who goes away must not take the answer from the others.
        answer: T = await asyncio.shield(task)
        return answer


async def _run(work: Callable[[], Awaitable[T]]) -> T:
    return await work()


def _failed(task: "asyncio.Task[Any]") -> bool:
    return task.cancelled() or task.exception() is not None
