"""Partitions by time: made ahead, filled with what lay beside them, dropped when their time is over."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from launchpad.bench._market import Market
from launchpad.config import Settings
from launchpad.db import Database
from launchpad.indexer.fold import fold, undo
from launchpad.indexer.queries import mark_finalized
from launchpad.store import queries
from launchpad.store.partitions import forget, keep_partitions, make_ahead, tidy
from launchpad.store.spans import span_of
from tests.indexer.conftest import decoded, rows_of

NOW = datetime(2026, 11, 21, 13, 37, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
async def database(database_url):
    database = Database(database_url, pool_size=2)
    yield database
    await database.close()


@pytest.fixture
def history():
    """Trades of 30 days, one or two a day."""
    market = Market(tokens=1, traders=3, per_second=2, start=int(time.time()) - 30 * 86_400)
    transactions = decoded([*market.launches(), *market.trades(60)])
    return [_moved(tx, number * 43_000) for number, tx in enumerate(transactions)]


def _moved(tx, seconds):
    events = [
        replace(event, data=replace(event.data, timestamp=event.data.timestamp + seconds))
        if hasattr(event.data, "timestamp")
        else event
        for event in tx.events
    ]
    return replace(tx, block_time=tx.block_time + seconds, events=events)


async def stored(connection, transactions):
    async with connection.transaction():
        await fold(connection, transactions)
    return [await rows_of(connection, name) for name in ("trades", "candles")]


async def names(database, table="trades"):
    async with database.read() as session:
        return [one.name for one in await queries.partitions(session, table)]


async def test_partitions_are_made_ahead_and_only_once(database):
    for _ in range(2):
        await make_ahead(database, "trades", "day", NOW)
    assert await names(database) == [f"trades_202611{day}_00" for day in (21, 22, 23, 24)]


async def test_rows_move_into_partitions_of_their_own(database, connection, history):
    before = await stored(connection, history)
    for table in ("trades", "candles_seconds"):
        await tidy(database, table, "day")
        assert await connection.fetchval(f"SELECT count(*) FROM {table}_default") == 0  # noqa: S608 - our own names
    assert len(await names(database)) >= 29
    await connection.reload_schema_state()
    assert [await rows_of(connection, name) for name in ("trades", "candles")] == before


async def test_replaying_into_partitions_changes_nothing(database, connection, history):
    for piece in (history[:20], history):
        async with connection.transaction():
            await fold(connection, piece)
        await tidy(database, "trades", "day")
    before = await rows_of(connection, "trades")
    assert len(before) == 60
    async with connection.transaction():
        assert (await fold(connection, history)).rows == 0
    assert await rows_of(connection, "trades") == before


async def test_finality_and_forks_reach_every_partition(database, connection, history):
    await stored(connection, history)
    await tidy(database, "trades", "day")
    async with connection.transaction():
        await mark_finalized(connection, [history[-1].signature, history[2].signature])
        await undo(connection, [history[-2].signature])
    rows = {row["signature"]: row["finalized"] for row in await rows_of(connection, "trades")}
    assert len(rows) == 59
    assert {signature for signature, final in rows.items() if final} == {history[-1].signature, history[2].signature}


async def test_finality_leaves_a_partitions_trades_in_their_pages(database, connection):
    market = Market(tokens=1, traders=3, per_second=2, start=int(time.time()) - 600)
    transactions = decoded([*market.launches(), *market.trades(60)])
    await make_ahead(database, "trades", "month", datetime.now(UTC) - timedelta(hours=1))
    await stored(connection, transactions)
    pages = "SELECT tableoid::regclass, signature, (ctid::text::point)[0] FROM trades ORDER BY signature"
    before = await connection.fetch(pages)
    assert {row[0] for row in before} != {"trades_default"}
    async with connection.transaction():
        await mark_finalized(connection, [one.signature for one in transactions])
    assert await connection.fetchval("SELECT bool_and(finalized) FROM trades")
    assert await connection.fetch(pages) == before


async def test_a_tokens_newest_trades_are_found_by_index_in_thirty_partitions(database, connection, history):
    await stored(connection, history)
    await tidy(database, "trades", "day")
    mint = history[0].events[0].data.mint
    await connection.execute("ANALYZE trades")
    await connection.execute("SET enable_seqscan TO off")  # what rows there are would fit a page
    plan = await connection.fetch(
        "EXPLAIN SELECT signature FROM trades WHERE mint = $1 AND counted "
        "ORDER BY position DESC, signature DESC LIMIT 50",
        mint,
    )
    text = "\n".join(row[0] for row in plan)
    assert "Merge Append" in text
    assert "Seq Scan" not in text
    assert text.count("Index Scan") >= 29


async def test_what_is_older_than_is_kept_goes_by_the_partition(database, connection, history, database_url):
    _, candles = await stored(connection, history)
    settings = Settings(database_url=database_url, trades_keep_days=10, candles_keep_days="1s=5,15s=8")
    await keep_partitions(settings, database)
    await keep_partitions(settings, database)
    now = datetime.now(UTC)
    assert min(row["traded_at"] for row in await rows_of(connection, "trades")) > now - 11 * DAY
    left = await rows_of(connection, "candles")
    oldest = {row["interval"]: row["bucket"] for row in reversed(left)}
    assert now - 6 * DAY < min(row["bucket"] for row in left if row["interval"] == 1)
    assert now - 8 * DAY < oldest[15]
    assert [row for row in left if row["interval"] > 15] == [row for row in candles if row["interval"] > 15]


async def test_another_length_begins_where_the_partitions_so_far_end(database, connection, history):
    await make_ahead(database, "trades", "day", NOW)
    await make_ahead(database, "trades", "month", NOW)
    async with database.read() as session:
        spans = [one.span for one in await queries.partitions(session, "trades")]
    assert all(before.end == after.start for before, after in pairwise(spans))
    assert spans[-1].end == datetime(2027, 1, 1, tzinfo=UTC)
    before = await stored(connection, history)
    await tidy(database, "trades", "hour")
    assert await rows_of(connection, "trades") == before[0]


async def test_only_what_is_over_is_dropped(database):
    await make_ahead(database, "trades", "day", NOW)
    assert await forget(database, "trades", NOW + DAY) == ["trades_20261121_00"]


def test_spans_are_whole_hours_days_and_months():
    assert span_of(NOW, "hour").suffix == "20261121_13"
    assert span_of(NOW, "day").end == datetime(2026, 11, 22, tzinfo=UTC)
    december = span_of(datetime(2026, 12, 31, tzinfo=UTC), "month")
    assert (december.start, december.end) == (datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("value", ["5s=3", "1s", "1s=0", "1s=x"])
def test_a_setting_that_cannot_be_meant_is_refused(value):
    with pytest.raises(ValueError, match="CANDLES_KEEP_DAYS"):
        Settings(candles_keep_days=value)
