"""Statements that run while the next is made ready: in order, and whatever fails, the connection is free afterwards."""

from io import BytesIO

import asyncpg
import pytest

from launchpad.indexer.ahead import Ahead


@pytest.fixture
async def things(connection):
    await connection.execute("CREATE TEMP TABLE things (id int PRIMARY KEY, name text)")


async def names(connection):
    return [row["name"] for row in await connection.fetch("SELECT name FROM things ORDER BY id")]


async def test_statements_run_in_the_order_in_which_they_are_given(connection, things):
    async with Ahead(connection) as ahead:
        await ahead.execute("INSERT INTO things VALUES ($1, $2)", 1, "one")
        await ahead.copy_to_table("things", source=BytesIO(b"2\ttwo\n"), format="text")
        await ahead.execute("UPDATE things SET name = name || '!' WHERE id <= $1", 2)
    assert await names(connection) == ["one!", "two!"]


async def test_what_a_statement_raises_stops_those_behind_it(connection, things):
    async def insert():
        async with connection.transaction(), Ahead(connection) as ahead:
            for number, name in ((1, "one"), (1, "again"), (2, "two")):
                await ahead.execute("INSERT INTO things VALUES ($1, $2)", number, name)

    with pytest.raises(asyncpg.UniqueViolationError):
        await insert()
    assert await names(connection) == []


async def test_the_last_statement_is_done_and_heard_at_the_end(connection, things):
    with pytest.raises(asyncpg.UndefinedTableError):
        async with Ahead(connection) as ahead:
            await ahead.execute("INSERT INTO nowhere VALUES (1)")
    assert await names(connection) == []


async def test_an_error_of_the_caller_leaves_no_statement_running(connection, things):
    async def insert():
        async with connection.transaction(), Ahead(connection) as ahead:
            await ahead.execute("INSERT INTO things SELECT n, 'many' FROM generate_series(1, 10000) n")
            raise LookupError

    with pytest.raises(LookupError):
        await insert()
    assert await names(connection) == []
