import re
import time
from pathlib import Path

import asyncpg

from launchpad import migrate
from launchpad.bench._market import Market
from launchpad.db import connect_directly
from launchpad.indexer.fold import fold
from launchpad.migrate import check, downgrade, head, upgrade
from launchpad.tables import metadata
from tests.indexer.conftest import decoded, rows_of


async def _tables(url):
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        rows = await connection.fetch(
            "SELECT relname AS tablename FROM pg_class WHERE relnamespace = 'public'::regnamespace "
            "AND relkind IN ('r', 'p') AND NOT relispartition"
        )
    finally:
        await connection.close()
    return {row["tablename"] for row in rows}


async def test_the_newest_revision_has_every_table(database_url):
    assert await _tables(database_url) == set(metadata.tables) | {"alembic_version"}


def test_the_newest_revision_equals_the_tables(database_url):
    check(database_url)


async def test_migrations_roll_back_to_nothing_and_forward_again(database_url):
    downgrade(database_url, "base")
    assert await _tables(database_url) == {"alembic_version"}
    upgrade(database_url)
    check(database_url)


def test_upgrading_twice_changes_nothing(database_url):
    upgrade(database_url)
    upgrade(database_url, head())
    check(database_url)


async def test_candles_that_opened_with_their_first_trade_are_joined(database_url):
    market = Market(tokens=2, traders=3, per_second=2, start=int(time.time()) - 600)
    connection = await connect_directly(database_url)
    async with connection.transaction():
        await fold(connection, decoded([*market.launches(), *market.trades(60)]))
    joined = await rows_of(connection, "candles")
    await connection.execute(
        "UPDATE candles k SET open = t.price, high = greatest(t.price, k.close), low = least(t.price, k.close) "
        "FROM trades t WHERE t.mint = k.mint AND t.position = k.first_position AND k.interval = 1"
    )
    assert await rows_of(connection, "candles") != joined
    downgrade(database_url, "0002")
    upgrade(database_url)
    mended = await rows_of(connection, "candles")
    await connection.close()
    assert [(row["open"], row["close"]) for row in mended] == [(row["open"], row["close"]) for row in joined]
    assert all(row["low"] <= row["open"] <= row["high"] for row in mended)


async def test_no_row_is_lost_when_tables_are_partitioned_or_made_whole_again(database_url):
    market = Market(tokens=2, traders=3, per_second=2, start=int(time.time()) - 600)
    connection = await connect_directly(database_url)
    async with connection.transaction():
        await fold(connection, decoded([*market.launches(), *market.trades(60)]))
    before = [await rows_of(connection, name) for name in ("trades", "candles")]
    await connection.reload_schema_state()
    downgrade(database_url, before_partitions())
    assert [await rows_of(connection, name) for name in ("trades", "candles")] == before
    upgrade(database_url)
    assert [await rows_of(connection, name) for name in ("trades", "candles")] == before
    check(database_url)
    await connection.close()


def before_partitions():
    """The revision before the one that partitions."""
    folder = Path(migrate.__file__).resolve().parent.parent / "migrations" / "versions"
    [module] = folder.glob("*_partitions.py")
    return re.search(r'down_revision = "(\d+)"', module.read_text())[1]
