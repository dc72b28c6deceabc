"""Sessions, and bare looks."""

import asyncio

import asyncpg
import pytest

from launchpad import db
from launchpad.db import Database, DatabaseAwayError


@pytest.fixture
async def database(database_url):
    opened = Database(database_url, pool_size=2)
    yield opened
    await opened.close()


async def test_a_look_binds_values_by_name(database):
    async with database.look() as look:
        row = await look.row("SELECT CAST(:a AS int) - CAST(:b AS int) AS less, CAST(:a AS int)::text AS a", b=2, a=7)
        assert row is not None
        assert dict(row) == {"less": 5, "a": "7"}
        assert await look.row("SELECT 1 FROM tokens WHERE mint = :mint", mint="none") is None


async def test_looks_wait_for_one_another_when_all_connections_are_in_use(database):
    async def backend():
        async with database.look() as look:
            return (await look.rows("SELECT pg_backend_pid() AS pid"))[0]["pid"]

    pids = await asyncio.gather(*(backend() for _ in range(5)))
    assert len(set(pids)) <= 2


async def test_who_waits_for_a_connection_is_served_in_the_order_of_asking(database_url):
    database, served = Database(database_url, pool_size=1), []

    async def reader(name):
        for _ in range(5):
            async with database.look() as look:
                await look.rows("SELECT 1")
            served.append(name)

    async with database.look():
        readers = [asyncio.create_task(reader(name)) for name in range(4)]
    await asyncio.gather(*readers)
    await database.close()
    assert served == [0, 1, 2, 3] * 5


async def test_who_waits_too_long_for_a_connection_is_told_to_come_back(database, monkeypatch):
    async with database.look(), database.look():
        monkeypatch.setattr(db, "_PATIENCE_SECONDS", 0.01)
        with pytest.raises(DatabaseAwayError):
            async with database.look():
                pass
    monkeypatch.undo()
    async with database.look() as look:
        assert await look.row("SELECT 1")


async def test_a_look_at_a_cut_connection_says_so_and_the_next_one_works(database):
    async with database.look() as look:
        (row,) = await look.rows("SELECT pg_backend_pid() AS pid")
        async with database.read() as other:
            connection = await (await other.connection()).get_raw_connection()
            await connection.driver_connection.execute(f"SELECT pg_terminate_backend({row['pid']})")
        with pytest.raises(DatabaseAwayError):
            await look.rows("SELECT 1")
    async with database.look() as look:
        assert await look.rows("SELECT 1 AS one")


async def test_a_faulty_statement_is_no_outage(database):
    async with database.look() as look:
        with pytest.raises(asyncpg.UndefinedTableError):
            await look.rows("SELECT * FROM nothing_of_that_name")


async def test_a_database_that_is_not_there_is_away():
    nowhere = Database("postgresql+asyncpg://nobody@127.0.0.1:9/none")
    with pytest.raises(DatabaseAwayError):
        async with nowhere.look():
            pass
    await nowhere.close()
