"""Many lives at once on one cluster: most of a life is waiting."""

import asyncio
from collections.abc import Iterable

import pytest

from tests.flows.lives import Life


class Lives:
    """Lives that were begun together; each is asked for by its own test."""

    def __init__(self, url: str, lives: Iterable[Life]) -> None:
        self._begun = {life: asyncio.create_task(life.live(url), name=str(life)) for life in lives}

    async def end_of(self, life: Life):
        """The state that a life ended in; raises what went wrong in it."""
        return await self._begun[life]

    async def stop(self) -> None:
        """End what nobody waited for."""
        for task in self._begun.values():
            task.cancel()
        await asyncio.gather(*self._begun.values(), return_exceptions=True)


@pytest.fixture(scope="session")
def ends():
    """How the curve of a mode stands at the end."""
    others = {"failed_batch": "failed", "refund": "refunding"}
    return lambda mode: others.get(mode, "graduated")
