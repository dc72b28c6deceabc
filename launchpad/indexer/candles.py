"""Candles as trades come: seconds at once, coarser buckets as soon as there is time for them.

One-second buckets are written with their trades. What lies above is derived from
them, so it may be derived later, twice, or by somebody else: a queue in memory holds
which tokens are behind, each transaction takes the longest waiting, and as long as
few are traded at once none waits at all. How far back the queue reaches is stored,
so that it can be filled again after a crash.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

import asyncpg

from launchpad.copying import Writes
from launchpad.folding import Bucket
from launchpad.indexer import queries_candles

# Tokens whose candles are brought up to date in one transaction.
AT_ONCE = 200
NOTE_SECONDS = 5.0
_DAY = 86_400


class Span(NamedTuple):
    """Seconds of one UTC day in which a token was traded, both included."""

    mint: str
    first: int
    last: int


class Waiting:
    """The tokens whose coarser candles are behind their seconds, longest waiting first."""

    def __init__(self) -> None:
        self._spans: dict[tuple[str, int], Span] = {}
        self._noted: int | None = None
        self._noted_at = 0.0
        self._sure = True  # that `_noted` is what is stored
        self._lowest: int | None = None  # second added since

    def __len__(self) -> int:
        return len(self._spans)

    def add(self, mint: str, first: int, last: int) -> None:
        """These seconds, of one day, have changed."""
        key = (mint, first // _DAY)
        known = self._spans.get(key, Span(mint, first, last))
        self._spans[key] = Span(mint, min(first, known.first), max(last, known.last))
        self._lowest = first if self._lowest is None else min(first, self._lowest)

    def oldest(self, most: int) -> list[Span]:
        """At most so many of those that have waited longest."""
        return list(islice(self._spans.values(), most))

    def done(self, spans: Sequence[Span]) -> None:
        """These are up to date, and that is committed."""
        for span in spans:
            self._spans.pop((span.mint, span.first // _DAY), None)

    def since(self, but: Sequence[Span]) -> int | None:
        """The oldest second of all that wait, except of `but`, which come first in the queue."""
        return min((span.first for span in islice(self._spans.values(), len(but), None)), default=None)

    def due_to_note(self, left: int) -> bool:
        """Whether what is stored of the queue is wrong, or so old that recovering would take long."""
        if not self._sure or not left:
            return not self._sure or self._noted is not None
        lower = self._noted is None or (self._lowest is not None and self._lowest < self._noted)
        return lower or time.monotonic() - self._noted_at > NOTE_SECONDS

    def note(self, since: int | None) -> None:
        """What is stored of the queue now."""
        self._noted, self._noted_at, self._sure, self._lowest = since, time.monotonic(), True, None

    def doubt(self) -> None:
        """A transaction was rolled back: what is stored may be older than the last note."""
        self._sure = False


async def write(connection: Writes, seconds: Mapping[tuple[str, int], Bucket], waiting: Waiting) -> None:
    """Add to one-second buckets; what lies above waits."""
    await queries_candles.add_seconds(connection, _rows(seconds))
    for mint, start in seconds:
        waiting.add(mint, start, start)


async def catch_up(connection: asyncpg.Connection, waiting: Waiting) -> list[Span]:
    """Bring the longest waiting up to date, inside the caller's transaction.

    Once that is committed they are to be handed to `waiting.done`.
    """
    spans = waiting.oldest(AT_ONCE)
    await roll(connection, spans)
    if waiting.due_to_note(len(waiting) - len(spans)):
        since = waiting.since(spans)
        await queries_candles.note_behind(connection, since)
        waiting.note(since)
    return spans


async def roll(connection: asyncpg.Connection, spans: Sequence[Span]) -> None:
    """Derive the coarser candles of these spans from their seconds."""
    if spans:
        mints, first, last = zip(*spans, strict=True)
        await queries_candles.roll(connection, mints, first, last)


async def recover(connection: asyncpg.Connection) -> Waiting:
    """The queue as whoever wrote before left it."""
    waiting = Waiting()
    since = await queries_candles.behind_since(connection)
    if since is not None:
        waiting.note(since)
        for row in await queries_candles.traded_since(connection, since):
            waiting.add(row["mint"], row["first"], row["last"])
    return waiting


def _rows(seconds: Mapping[tuple[str, int], Bucket]) -> Iterator[tuple[Any, ...]]:
    for (mint, start), b in seconds.items():
        yield (
            *(mint, start, b.open, b.high, b.low, b.close, b.volume_base, b.volume_quote),
            *(b.buys, b.sells, b.first_position, b.last_position),
        )
