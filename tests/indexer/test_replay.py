"""Everything folded again, out of order, in pieces, through forks and crashes: the same tables, by checksum."""

import asyncio
import random
import time

import pytest
from typer.testing import CliRunner

from launchpad.bench._market import Market
from launchpad.cli import app
from launchpad.config import get_settings
from launchpad.db import connect_directly
from launchpad.indexer import candles, queries
from launchpad.indexer.fold import Memory, fold, undo
from launchpad.indexer.replay import checksums, replay
from tests.indexer.conftest import decoded

OPENINGS = 9  # six launches and three pools


@pytest.fixture
def stream():
    """Launches, pools and 240 trades of six tokens, three of them graduates."""
    market = Market(tokens=6, traders=8, per_second=20, start=int(time.time()) - 900, graduates=3)
    return decoded([*market.launches(), *market.trades(240)])


@pytest.fixture
async def straight(make_database, stream):
    """The checksums of the stream folded in order, at once."""
    connection = await connect_directly(make_database())
    async with connection.transaction():
        await fold(connection, stream)
    found = await checksums(connection)
    await connection.close()
    return found


class Killed(Exception):  # noqa: N818 - what happened, not a mistake
    """The process ended here."""


def kill(*, before_commit):
    if before_commit:
        raise Killed


class Life:
    """An indexer that may be killed at every commit, before it or after it."""

    def __init__(self, url, luck):
        self._url, self._luck = url, luck

    async def store(self, pieces):
        waiting = list(pieces)
        while waiting:
            waiting = await self._run(waiting)

    async def _run(self, pieces):
        """Write until killed; the pieces that whoever comes next begins with."""
        connection = await connect_directly(self._url)
        await queries.look_up_by_key(connection)
        try:
            memory = Memory(await candles.recover(connection))
            for number, piece in enumerate(pieces):
                if not await self._write(connection, memory, piece):
                    # The cursor may be behind what is stored: the last pieces come again.
                    return pieces[max(0, number - 1) :]
            while memory.waiting:
                await self._write(connection, memory, [])
            return []
        finally:
            connection.terminate()

    async def _write(self, connection, memory, piece):
        fate = self._luck.random()
        try:
            async with connection.transaction():
                await queries.lock_writing(connection)
                await fold(connection, piece, memory=memory)
                done = await candles.catch_up(connection, memory.waiting)
                kill(before_commit=fate < 0.2)
        except Killed:
            return False
        memory.waiting.done(done)
        return fate < 0.8

    async def fork(self, signatures):
        connection = await connect_directly(self._url)
        async with connection.transaction():
            await undo(connection, signatures)
        await connection.close()


def disordered(stream, luck):
    """Each trade up to twenty places from where it was, a third of them twice, in pieces; openings stay in front.

    (A swap that comes before its token's opening is folded when that comes, from its event, which knows
    nothing of the units and the fee of the transaction.)
    """
    trades = list(enumerate(stream[OPENINGS:]))
    repeated = [*trades, *luck.sample(trades, len(trades) // 3)]
    mixed = [tx for _, tx in sorted(repeated, key=lambda one: one[0] + luck.uniform(-20, 20))]
    pieces = [stream[:OPENINGS]]
    while mixed:
        size = luck.randrange(1, 40)
        pieces.append(mixed[:size])
        mixed = mixed[size:]
    return pieces


@pytest.mark.parametrize("seed", range(3))
async def test_duplicates_shuffles_forks_and_crashes_leave_no_trace(make_database, monkeypatch, stream, straight, seed):
    monkeypatch.setattr(candles, "AT_ONCE", 2)
    luck = random.Random(seed)
    url = make_database()
    life = Life(url, luck)
    pieces = disordered(stream, luck)
    await life.store(pieces[: len(pieces) // 2])
    dead = luck.sample([tx for piece in pieces[1 : len(pieces) // 2] for tx in piece], 12)
    await life.fork(sorted({tx.signature for tx in dead}))
    await life.store([*pieces[len(pieces) // 2 :], dead])
    connection = await connect_directly(url)
    assert await checksums(connection) == straight
    await connection.close()


async def test_folding_every_token_anew_changes_nothing(connection, store, stream, straight):
    await store(stream)
    assert await replay(connection) == 6
    assert await checksums(connection) == straight


async def test_a_checksum_tells_of_any_change(connection, store, stream, straight):
    await store(stream)
    await connection.execute("UPDATE candles SET close = close + 1e-20 WHERE first_position = last_position")
    changed = [one.table for one, was in zip(await checksums(connection), straight, strict=True) if one != was]
    assert changed == ["candles"]


@pytest.mark.parametrize("damage", [False, True])
async def test_the_command_says_whether_tables_are_what_the_events_say(
    database_url, connection, store, stream, monkeypatch, damage
):
    await store(stream)
    if damage:
        await connection.execute("UPDATE curves SET volume_quote = volume_quote + 1")
    monkeypatch.setenv("DATABASE_URL", database_url)
    get_settings.cache_clear()
    try:
        result = await asyncio.to_thread(CliRunner().invoke, app, ["db", "replay"])
        shown = await asyncio.to_thread(CliRunner().invoke, app, ["db", "checksum"])
    finally:
        get_settings.cache_clear()
    assert ("changed curves" if damage else "nothing changed") in result.output
    assert result.exit_code == int(damage)
    assert shown.output.splitlines() == result.output.splitlines()[:-1]
