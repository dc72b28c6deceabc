"""The newest rows of the outbox, in the process that wrote them: who follows it need not read them again."""

import asyncio
from collections import deque
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

# Rows; a bus that is further behind reads the table.
KEPT = 20_000


class Row(Protocol):
    """What is told of one event."""

    @property
    def channel(self) -> str:
        """`token:<mint>`, or another one."""

    @property
    def type(self) -> str:
        """What it is."""

    @property
    def data(self) -> str:
        """JSON."""

    @property
    def created_at(self) -> datetime:
        """When it was written down."""


class Trade(NamedTuple):
    """A trade in the outbox: the id of its row, its token's channel, what is told of it (JSON), when it was written."""

    id: int
    channel: str
    data: str
    created_at: datetime


class Tail:
    """Rows beyond the one that was the newest at first, none between them missing, as they are committed."""

    def __init__(self, newest: int, kept: int = KEPT) -> None:
        self.newest = newest
        self._kept = kept
        self._count = 0
        self._batches: deque[tuple[int, Sequence[Row]]] = deque()  # the id of the first, the rows
        self._more = asyncio.Event()

    def add(self, rows: Sequence[Row]) -> None:
        """Rows with the ids behind the newest."""
        if not rows:
            return
        self._batches.append((self.newest + 1, rows))
        self.newest += len(rows)
        self._count += len(rows)
        while self._count > self._kept and len(self._batches) > 1:
            self._count -= len(self._batches.popleft()[1])
        self._more.set()

    def trades(self, after: int, limit: int) -> tuple[list[Trade], int] | None:
        """At least `limit` trades beyond a row, if there are so many, and the id up to which these are all.

        None where this remembers less than that.
        """
        if after < (self._batches[0][0] - 1 if self._batches else self.newest):
            return None
        found: list[Trade] = []
        for first, rows in self._batches:
            if first + len(rows) - 1 <= after:
                continue
            found += [
                Trade(number, row.channel, row.data, row.created_at)
                for number, row in enumerate(rows, first)
                if row.type == "trade" and number > after and row.channel.startswith("token:")
            ]
            after = first + len(rows) - 1
            if len(found) >= limit:
                break
        return found, after

    async def beyond(self, row: int) -> None:
        """Wait until there is something beyond a row."""
        while self.newest <= row:
            self._more.clear()
            await self._more.wait()
