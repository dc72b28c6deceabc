"""The largest holders in the order of their list, whatever the magnitudes of what they hold."""

import time
from decimal import Decimal

import pytest

from launchpad.bench._market import Market
from launchpad.db import Database
from launchpad.indexer.fold import fold
from launchpad.tokens import queries_page
from tests.indexer.conftest import decoded

HELD = {"a": 5, "b": 50, "c": 500, "d": 499, "e": 500, "f": 0, "g": 99, "h": 100, "i": 18_446_744_073_709_551_615}
ORDER = ["i", "e", "c", "d", "h", "g", "b", "a"]


@pytest.fixture
async def look(database_url):
    database = Database(database_url, pool_size=1)
    async with database.look() as look:
        yield look
    await database.close()


@pytest.fixture
async def mint(connection):
    transactions = decoded(Market(tokens=1, traders=1, per_second=1, start=int(time.time()) - 60).launches())
    async with connection.transaction():
        await fold(connection, transactions)
    found = await connection.fetchval("SELECT mint FROM tokens")
    await connection.execute("DELETE FROM holders")
    await connection.executemany(
        "INSERT INTO holders (mint, owner, balance) VALUES ($1, $2, $3)",
        [(found, owner, Decimal(balance)) for owner, balance in HELD.items()],
    )
    return found


async def test_all_of_them_in_one_page(look, mint):
    rows = await queries_page.holders(look, mint, 50)
    assert [row["owner"] for row in rows] == ORDER
    assert [row["owner"] for row in await queries_page.largest_holders(look, [mint], 3)] == ORDER[:3]


async def test_page_by_page_none_is_missed_and_none_comes_twice(look, mint):
    rows = await queries_page.holders(look, mint, 1)
    while more := await queries_page.holders(look, mint, 1, (Decimal(rows[-1]["balance"]), rows[-1]["owner"])):
        rows += more
    assert [row["owner"] for row in rows] == ORDER


async def test_the_order_comes_from_the_index(connection, mint):
    await connection.execute("SET enable_seqscan TO off")
    await connection.execute("SET enable_bitmapscan TO off")
    plan = await connection.fetch(
        "EXPLAIN SELECT owner FROM holders h WHERE mint = $1 AND magnitude > 0 "
        "ORDER BY h.magnitude DESC, h.balance DESC, h.owner DESC LIMIT 20",
        mint,
    )
    text = "\n".join(row[0] for row in plan)
    assert "ix_holders_mint_magnitude" in text
    assert "Presorted Key: magnitude" in text


async def test_a_trade_changes_the_magnitude_only_with_the_digits(connection, mint):
    await connection.execute("UPDATE holders SET balance = balance + 1 WHERE owner = ANY($1)", ["a", "d", "f", "g"])
    rows = await connection.fetch("SELECT owner, magnitude FROM holders WHERE owner = ANY($1)", ["a", "d", "f", "g"])
    assert {row["owner"]: row["magnitude"] for row in rows} == {"a": 1, "d": 3, "f": 1, "g": 3}
