"""Statements whose answers nobody needs, one under way while the next is made ready."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from types import TracebackType
from typing import Any, Self

import asyncpg


class Ahead:
    """A connection for a while: `async with Ahead(connection) as ahead`, and its user goes on while Postgres works.

    Statements run one after the other, in the order in which they are given. What one of
    them raises is raised by the one behind it, or at the end, where all of them are done;
    until then nobody else may use the connection.
    """

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection
        self._running: asyncio.Task[Any] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            await self._done()
        elif self._running is not None:
            await asyncio.gather(self._running, return_exceptions=True)

    async def execute(self, query: str, *args: Any) -> None:
        """Begin this statement as soon as the one before is done."""
        await self._begin(partial(self._connection.execute, query, *args))

    async def copy_to_table(self, table_name: str, **options: Any) -> None:
        """Begin to append rows as soon as the statement before is done."""
        await self._begin(partial(self._connection.copy_to_table, table_name, **options))

    async def _begin(self, statement: Callable[[], Awaitable[Any]]) -> None:
        await self._done()
        self._running = asyncio.ensure_future(statement())
        # The statement is on its way to Postgres before its caller goes on.
        await asyncio.sleep(0)

    async def _done(self) -> None:
        running, self._running = self._running, None
        if running is not None:
            await running
