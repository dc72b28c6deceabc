"""A token's history as a file that is sent while it is made.

No connection is held while the reader takes his time: each page is read on its own, from
where the last one ended. So a file is no picture of one moment; trades that a fork takes
back while it is made may be in it, marked as not finalized.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from launchpad.db import Database, DatabaseAwayError, Look
from launchpad.exports import encoding, queries
from launchpad.exports.encoding import Encoder, Form, Row
from launchpad.exports.queries import Place
from launchpad.exports.ranges import DAY, MONTH, TRADE_SECONDS, ExportRange, most_seconds
from launchpad.markets import queries as market_queries
from launchpad.markets.intervals import STEPS, Interval, Step
from launchpad.tokens.errors import unknown_token

T = TypeVar("T")
Pages = AsyncIterator[Sequence[Row]]

PAGE_ROWS = 5000


@dataclass(frozen=True)
class Export:
    """A file on its way."""

    name: str
    media_type: str
    body: AsyncIterator[bytes]
    version: str | None  # the same for the same bytes; None while they may still change


async def trades(database: Database, mint: str, asked: ExportRange, form: Form) -> Export:
    """All trades of a range in the order of the chain, every pool; raises TokenNotFoundError, ExportTooLongError."""
    within = await _of_token(database, mint, asked)
    within.require(TRADE_SECONDS, f"{TRADE_SECONDS // DAY} days of trades")
    name = f"trades-{mint}-{within.start}-{within.end}.{form}"
    body = _body(_trade_pages(database, mint, within), encoding.encoder(form, encoding.TRADES))
    return Export(name, encoding.MEDIA_TYPES[form], body, await _version(database, mint, within))


async def candles(database: Database, mint: str, interval: Interval, asked: ExportRange, form: Form) -> Export:
    """The candles that start within a range, oldest first; raises TokenNotFoundError, ExportTooLongError."""
    step = STEPS[interval]
    # The bucket of the launch begins before it.
    within = await _of_token(database, mint, asked, step)
    within.require(*most_seconds(interval, step.seconds))
    name = f"candles-{interval}-{mint}-{within.start}-{within.end}.{form}"
    body = _body(_candle_pages(database, mint, step, within), encoding.encoder(form, encoding.CANDLES))
    return Export(name, encoding.MEDIA_TYPES[form], body, await _version(database, mint, within))


async def _version(database: Database, mint: str, within: ExportRange) -> str | None:
    seq = await _look(database, lambda look: queries.final_version(look, mint, within.moments[1]))
    return None if seq is None else f"{within.start}-{within.end}-{seq}"


async def _of_token(database: Database, mint: str, asked: ExportRange, step: Step | None = None) -> ExportRange:
    launched = await _look(database, lambda look: queries.launched_at(look, mint))
    if launched is None:
        raise unknown_token(mint)
    within = asked.since(launched)
    if step is None or within.start == asked.start:
        return within
    return ExportRange(min(max(step.start(within.start), asked.start), asked.end), asked.end)


async def _look(database: Database, read: Callable[[Look], Awaitable[T]]) -> T:
    """What one look tells; after a restart of the database the second."""
    try:
        async with database.look() as look:
            return await read(look)
    except DatabaseAwayError:
        async with database.look() as look:
            return await read(look)


async def _body(pages: Pages, encoder: Encoder) -> AsyncIterator[bytes]:
    async with aclosing(pages):  # type: ignore[type-var] # an async generator, which is an iterator that closes
        async for rows in pages:
            yield await asyncio.to_thread(encoder.page, rows)
    if last := encoder.end():
        yield last


async def _trade_pages(database: Database, mint: str, within: ExportRange) -> Pages:
    after: Place | None = None
    while True:
        rows = await _look(database, _trades_behind(mint, within, after))
        if rows:
            yield rows
        if len(rows) < PAGE_ROWS:
            return
        after = Place(*(rows[-1][name] for name in Place._fields))


def _trades_behind(mint: str, within: ExportRange, after: Place | None) -> Callable[[Look], Awaitable[Sequence[Any]]]:
    return lambda look: queries.trades(look, mint, within.moments, PAGE_ROWS, after)


async def _candle_pages(database: Database, mint: str, step: Step, within: ExportRange) -> Pages:
    first, until = _bucket(step, within.start), _bucket(step, within.end)
    while first < until:
        after = min(step.start(first + PAGE_ROWS * (step.seconds or MONTH)), until)
        rows = await _look(database, _candles_within(mint, step, (first, after)))
        if rows:
            yield [row | {name: Decimal(row[name]) for name in ("volume", "volume_base")} for row in rows]
        first = after


def _candles_within(
    mint: str, step: Step, within: tuple[int, int]
) -> Callable[[Look], Awaitable[list[dict[str, Any]]]]:
    # A window of months is counted in the longest: it may hold some more of them.
    return lambda look: market_queries.candles(look, mint, step, within, 2 * PAGE_ROWS)


def _bucket(step: Step, moment: int) -> int:
    """The first bucket that starts at `moment` or later."""
    start = step.start(moment)
    return start if start == moment else step.after(start)
