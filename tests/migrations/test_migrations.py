import re
import time
from pathlib import Path

import asyncpg

from launchpad import live, migrate
from launchpad.bench._market import Market
from launchpad.db import Database, connect_directly
from launchpad.indexer.fold import fold
from launchpad.migrate import check, downgrade, head, upgrade
from launchpad.outbox import queries
from launchpad.tables import metadata
from tests.indexer.conftest import decoded, rows_of
from tests.outbox.conftest import updated


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


# Channel, type, number, what it says, whether it was told; as the outbox was before what is told waited apart.
BEFORE_ENTRIES = [
    ("token:a", "trade", 1, '{"n": "1.0"}', True),
    ("token:a", "trade", None, '{"n":  "late"}', False),  # committed behind the next one, and got no number yet
    ("token:a", "trade", 2, '{"n": "2"}', False),
    ("room:a", "message", 5, '{"n": "said \\\\ \\n"}', False),
    ("user:b", "alert.triggered", None, '{"n": "\\u0000"}', False),
]


async def test_what_was_not_told_yet_is_carried_into_the_entries_and_back(database_url):
    downgrade(database_url, "0033")
    connection = await connect_directly(database_url)
    await connection.execute("INSERT INTO channel_heads VALUES ('token:a', 2), ('room:a', 5)")
    for channel, kind, seq, data, told in BEFORE_ENTRIES:
        await connection.execute(
            "INSERT INTO outbox (channel, type, seq, data, published_at) "
            "VALUES ($1, $2, $3, $4, CASE WHEN $5 THEN now() END)",
            *(channel, kind, seq, data, told),
        )
    upgrade(database_url)
    await connection.reload_schema_state()
    assert [tuple(row) for row in await connection.fetch("SELECT channel, seq FROM outbox")] == [("token:a", 1)]
    kinds = await connection.fetch("SELECT of_chain FROM outbox_entries ORDER BY id")
    assert [row["of_chain"] for row in kinds] == [True, False, True, False]

    downgrade(database_url, "0033")
    await connection.reload_schema_state()
    back = "SELECT channel, type, seq, data::text, published_at IS NOT NULL FROM outbox ORDER BY channel, data::text"
    assert sorted(map(tuple, await connection.fetch(back)), key=repr) == sorted(BEFORE_ENTRIES, key=repr)

    upgrade(database_url)
    await connection.reload_schema_state()
    async with connection.transaction():
        rows = await queries.take(connection, 100)
    assert [(row.channel, row.seq, row.data) for row in rows] == [
        ("token:a", 2, '{"n": "2"}'),
        ("room:a", 5, '{"n": "said \\\\ \\n"}'),
        ("token:a", 3, '{"n":  "late"}'),
        ("user:b", 1, '{"n": "\\u0000"}'),
    ]
    check(database_url)
    await connection.close()


async def left_in_three_states(database_url, connection):
    """One event that was told, one that has its number, and one that waits."""
    database = Database(database_url, pool_size=1)
    for name in ("told", "numbered", "waiting"):
        async with database.session() as session:
            await live.publish(session, updated(name))
        async with connection.transaction():
            if name != "waiting":
                await queries.take(connection, 10)
            if name == "told":
                await queries.note_told(connection, 1)
    await database.close()


async def test_what_redis_may_lack_is_told_again_after_a_step_back(database_url):
    connection = await connect_directly(database_url)
    await left_in_three_states(database_url, connection)
    downgrade(database_url, "0033")
    await connection.reload_schema_state()
    rows = await connection.fetch(
        "SELECT data ->> 'name' AS name, seq, published_at IS NOT NULL FROM outbox WHERE channel = 'market' ORDER BY id"
    )
    assert [tuple(row) for row in rows] == [("told", 1, True), ("numbered", 2, False), ("waiting", None, False)]
    upgrade(database_url)
    await connection.reload_schema_state()
    async with connection.transaction():
        told = [row.seq for row in await queries.take(connection, 10) if row.channel == "market"]
    assert told == [2, 3]
    await connection.close()


async def test_events_with_both_numbers_are_split_by_a_step_back_and_followed_on(database_url):
    connection = await connect_directly(database_url)
    await left_in_three_states(database_url, connection)
    await connection.execute("INSERT INTO bus_positions VALUES ('redis', now(), 1), ('history', now(), 77)")
    shown = "SELECT channel, type, seq, data::text FROM outbox ORDER BY id, channel DESC"
    before = await connection.fetch(shown)
    downgrade(database_url, "0035")
    await connection.reload_schema_state()
    assert await connection.fetch(shown) == before
    assert dict(await connection.fetch("SELECT channel, seq FROM channel_heads WHERE channel = 'market'")) == {
        "market": 2
    }
    assert await connection.fetchval("SELECT told FROM outbox_position") == 2
    behind = await connection.fetch(
        "SELECT o.seq FROM outbox o, bus_positions p WHERE p.name = 'redis' "
        "AND (o.published_at, o.id) > (p.published_at, p.outbox_id)"
    )
    assert [row["seq"] for row in behind] == [2, 2]
    [waiting] = await connection.fetch("SELECT events::json -> 0 ->> 1 AS type FROM outbox_entries")
    assert waiting["type"] == "token.updated"

    upgrade(database_url)
    await connection.reload_schema_state()
    assert await connection.fetch(shown) == before
    positions = dict(await connection.fetch("SELECT name, outbox_id FROM bus_positions"))
    assert positions == {"redis": 2, "history": 77}
    async with connection.transaction():
        rows = await queries.take(connection, 10)
    assert [(row.seq, row.market_seq) for row in rows] == [(3, 3)]
    check(database_url)
    await connection.close()
