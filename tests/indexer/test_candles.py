"""Coarser candles: derived late, derived again, and found again after a crash."""

from contextlib import asynccontextmanager

import pytest

from launchpad.db import connect_directly
from launchpad.indexer import candles
from launchpad.indexer.candles import Waiting
from launchpad.indexer.fold import Memory, fold, rebuild
from tests.indexer.conftest import rows_of


@pytest.fixture
async def straight(make_database, history):
    """The candles of the whole history folded at once, elsewhere."""
    connection = await connect_directly(make_database())
    async with connection.transaction():
        await fold(connection, history)
    found = await rows_of(connection, "candles")
    await connection.close()
    return found


class Writer:
    """What the indexer's loop does with candles."""

    def __init__(self, connection, waiting):
        self.connection = connection
        self.waiting = waiting

    async def store(self, transactions):
        async with self.committing():
            await fold(self.connection, transactions, memory=Memory(self.waiting))

    @asynccontextmanager
    async def committing(self):
        async with self.connection.transaction():
            yield
            done = await candles.catch_up(self.connection, self.waiting)
        self.waiting.done(done)


@pytest.fixture
def one_at_once(monkeypatch):
    monkeypatch.setattr(candles, "AT_ONCE", 1)


async def finish(writer):
    while writer.waiting:
        async with writer.committing():
            pass


async def behind(connection):
    return await connection.fetchval("SELECT since FROM candle_backlog")


@pytest.mark.usefixtures("one_at_once")
async def test_candles_that_waited_equal_those_that_did_not(connection, rows, history, straight):
    writer = Writer(connection, Waiting())
    for start in range(0, len(history), 11):
        await writer.store(history[start : start + 11])
    assert writer.waiting
    assert await behind(connection) is not None
    await finish(writer)
    assert await rows("candles") == straight
    assert await behind(connection) is None


@pytest.mark.usefixtures("one_at_once")
@pytest.mark.parametrize("crash_after", [1, 4, 9])
async def test_whoever_comes_after_a_crash_finishes(connection, rows, history, straight, crash_after):
    writer = Writer(connection, Waiting())
    for number, start in enumerate(range(0, len(history), 11)):
        if number == crash_after:
            writer = Writer(connection, await candles.recover(connection))
        await writer.store(history[start : start + 11])
    writer = Writer(connection, await candles.recover(connection))
    assert writer.waiting
    await finish(writer)
    assert await rows("candles") == straight


async def fail_after(writer, piece):
    """Store a piece in a transaction that is rolled back."""
    async with writer.connection.transaction():
        await fold(writer.connection, piece, memory=Memory(writer.waiting))
        await candles.catch_up(writer.connection, writer.waiting)
        raise ZeroDivisionError


@pytest.mark.usefixtures("one_at_once")
async def test_what_was_rolled_back_is_noted_anew(connection, rows, history, straight):
    writer = Writer(connection, Waiting())
    for start in range(0, len(history), 50):
        piece = history[start : start + 50]
        with pytest.raises(ZeroDivisionError):
            await fail_after(writer, piece)
        writer.waiting.doubt()
        await writer.store(piece)
    writer = Writer(connection, await candles.recover(connection))
    await finish(writer)
    assert await rows("candles") == straight


async def test_a_token_folded_anew_by_somebody_else_counts_nothing_twice(connection, rows, history, straight):
    writer = Writer(connection, Waiting())
    async with connection.transaction():
        await fold(connection, history, memory=Memory(writer.waiting))
        await rebuild(connection, sorted({event.data.mint for tx in history for event in tx.events if tx.events}))
    await finish(writer)
    assert await rows("candles") == straight
