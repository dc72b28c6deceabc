"""What waits for the publisher: written by many, taken by one, told once and under one number."""

import asyncio
import random
from collections import defaultdict
from contextlib import AsyncExitStack, suppress

import orjson
import pytest

from launchpad import live, outbox
from launchpad.db import Database
from launchpad.outbox import publisher as publishing
from launchpad.outbox import queries
from launchpad.outbox.envelope import live_key
from tests.outbox.conftest import MINT, numbers_of, numbers_until, posted, updated

TOKEN = f"token:{MINT}"
ROOM = f"room:{MINT}"
MINTS = [f"Mint{n}".ljust(43, "1") for n in range(3)]
WAITING = "SELECT count(*) FROM outbox_entries"


@pytest.fixture
async def writers(database_url):
    """`await writers(events)`: a transaction that has told these and does not commit yet; await it to do so."""
    database = Database(database_url, pool_size=12)

    async def begin(*events):
        scope = AsyncExitStack()
        session = await scope.enter_async_context(database.session())
        await live.publish(session, *events)
        await session.flush()
        return scope.aclose

    yield begin
    await database.close()


async def until_true(question):
    async with asyncio.timeout(60):
        while not await question():
            await asyncio.sleep(0.01)


def names(envelopes):
    return [(each["seq"], each["data"]["name"]) for each in envelopes]


@pytest.mark.usefixtures("publisher")
async def test_what_commits_late_is_told_behind_what_was_written_after_it(writers, tell, told):
    late = await writers(updated("late"))
    await tell(updated("early"))
    assert names(await told(TOKEN, 1)) == [(1, "early")]
    await late()
    assert names(await told(TOKEN, 2)) == [(1, "early"), (2, "late")]
    assert names(await told("market", 2)) == [(1, "early"), (2, "late")]


@pytest.mark.parametrize("reached_redis", [False, True])
async def test_what_got_its_numbers_before_a_crash_is_told_under_them(
    store_settings, connection, redis, writers, tell, told, reached_redis
):
    late = await writers(updated("late"))
    await tell(updated("a"), updated("b"))
    async with connection.transaction():
        rows = await queries.take(connection, 100)
    if reached_redis:
        await publishing.tell(redis, rows)
    await late()
    heard = redis.pubsub()
    await heard.subscribe(live_key(redis, TOKEN))
    task = asyncio.create_task(outbox.run(store_settings))
    assert names(await told(TOKEN, 3)) == [(1, "a"), (2, "b"), (3, "late")]
    assert await numbers_of(heard, 3) == [1, 2, 3]
    assert await connection.fetchval("SELECT count(*) FROM outbox") == 6
    task.cancel()
    await heard.aclose()


async def test_a_crash_before_the_numbers_are_committed_leaves_everything_waiting(connection, tell):
    await tell(updated("a"))
    transaction = connection.transaction()
    await transaction.start()
    assert len(await queries.take(connection, 100)) == 1
    await transaction.rollback()
    assert await connection.fetchval(WAITING) == 1
    async with connection.transaction():
        assert [(row.seq, row.market_seq) for row in await queries.take(connection, 100)] == [(1, 1)]


async def test_what_was_told_again_is_noted_though_nothing_new_comes(store_settings, connection, tell):
    await tell(updated("a"))
    async with connection.transaction():
        await queries.take(connection, 100)
    assert await queries.told_through(connection) == 0
    task = asyncio.create_task(outbox.run(store_settings))
    newest = await connection.fetchval("SELECT max(id) FROM outbox")

    async def noted():
        return await queries.told_through(connection) == newest

    await until_true(noted)
    task.cancel()


async def test_a_large_transaction_is_taken_in_parts_and_in_order(connection, tell, monkeypatch):
    monkeypatch.setattr(live, "AT_ONCE", 2)
    await tell(*(updated(str(n)) for n in range(7)), posted(1), posted(2), posted(3))
    assert await connection.fetchval(WAITING) == 6
    parts = []
    while True:
        async with connection.transaction():
            part = await queries.take(connection, 5)
        if not part:
            break
        parts.append(part)
    assert [len(part) for part in parts] == [4, 3, 3]
    rows = [row for part in parts for row in part]
    assert [orjson.loads(row.data)["name"] for row in rows if row.channel == TOKEN] == [str(n) for n in range(7)]
    assert [row.seq for row in rows if row.channel == TOKEN] == list(range(1, 8))
    assert [row.seq for row in rows if row.channel == ROOM] == [1, 2, 3]


async def test_one_entry_larger_than_a_batch_is_taken_whole(connection, tell):
    await tell(*(updated(str(n)) for n in range(20)))
    async with connection.transaction():
        assert len(await queries.take(connection, 3)) == 20


async def test_nothing_to_tell_leaves_nothing_waiting(connection, tell):
    await tell()
    assert await connection.fetchval(WAITING) == 0


@pytest.mark.parametrize("seed", [1, 2])
async def test_many_writers_that_commit_in_any_order_and_a_publisher_that_dies_lose_nothing(
    store_settings, connection, redis, writers, seed
):
    luck = random.Random(seed)
    due = defaultdict(list)
    heard = {}
    for channel in ("market", *(f"token:{mint}" for mint in MINTS)):
        heard[channel] = redis.pubsub()
        await heard[channel].subscribe(live_key(redis, channel))
    task = asyncio.create_task(outbox.run(store_settings))
    for turn in range(6):
        open_ones = []
        for writer in range(8):
            mint, name = luck.choice(MINTS), f"{turn}-{writer}"
            due[f"token:{mint}"].append(name)
            due["market"].append(name)
            open_ones.append(await writers(updated(name, mint)))
        luck.shuffle(open_ones)
        for commit in open_ones:
            await commit()
            if luck.random() < 0.3:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
                task = asyncio.create_task(outbox.run(store_settings))

    async def all_told():
        newest = await connection.fetchval("SELECT max(id) FROM outbox")
        return not await connection.fetchval(WAITING) and await queries.told_through(connection) == newest

    await until_true(all_told)
    task.cancel()
    for channel, expected in due.items():
        rows = await connection.fetch(
            "SELECT seq, data ->> 'name' AS name FROM outbox WHERE channel = $1 ORDER BY id", channel
        )
        assert [row["seq"] for row in rows] == list(range(1, len(expected) + 1))
        assert sorted(row["name"] for row in rows) == sorted(expected)
        numbers = await numbers_until(heard[channel], len(expected))
        assert set(numbers) == set(range(1, len(expected) + 1))
    for pubsub in heard.values():
        await pubsub.aclose()


@pytest.mark.parametrize("order", ["id", "published_at, id"])
async def test_rows_of_the_outbox_are_in_the_order_of_commits(connection, writers, tell, order):
    late = await writers(updated("late"))
    for name in ("a", "b"):
        await tell(updated(name))
        async with connection.transaction():
            await queries.take(connection, 100)
    await late()
    async with connection.transaction():
        await queries.take(connection, 100)
    rows = await connection.fetch(
        f"SELECT data ->> 'name' AS name FROM outbox WHERE channel = 'market' ORDER BY {order}"  # noqa: S608 - fixed text
    )
    assert [row["name"] for row in rows] == ["a", "b", "late"]


@pytest.mark.usefixtures("publisher")
async def test_a_number_that_a_room_has_had_stops_nobody(connection, tell, told):
    await tell(posted(1), posted(1))
    assert [each["seq"] for each in await told(ROOM, 1)] == [1]
    await tell(posted(1), posted(2))
    await tell(updated("others"))
    assert names(await told(TOKEN, 1)) == [(1, "others")]
    assert [each["seq"] for each in await told(ROOM, 2)] == [1, 2]
    assert await connection.fetchval(WAITING) == 0


async def test_what_the_version_before_wrote_down_is_told_like_the_rest(connection):
    events = [[[TOKEN, "market"], "token.updated", None, '{"name":\n"a\\\\b"}'], [[ROOM], "message.deleted", 4, "{}"]]
    await connection.execute(
        "INSERT INTO outbox_entries (frames, of_chain, events) VALUES (3, true, $1)", orjson.dumps(events).decode()
    )
    async with connection.transaction():
        rows = await queries.take(connection, 100)
    assert [(row.channel, row.seq, row.market_seq) for row in rows] == [(TOKEN, 1, 1), (ROOM, 4, None)]
    stored = await connection.fetch(
        "SELECT channel, seq, data ->> 'name' AS name FROM outbox ORDER BY id, channel DESC"
    )
    assert [tuple(row) for row in stored] == [(TOKEN, 1, "a\\b"), ("market", 1, "a\\b"), (ROOM, 4, None)]


async def test_an_event_for_the_market_alone_is_numbered_among_the_others(connection, tell):
    line = live.Telling(("market",), "token.updated", None, "{}")
    await tell(updated("a"))
    [row] = live.packed([line])
    await connection.execute("INSERT INTO outbox_entries (frames, of_chain, events) VALUES ($1, $2, $3)", *row.values())
    await tell(updated("b"))
    async with connection.transaction():
        await queries.take(connection, 100)
    found = await connection.fetch("SELECT seq FROM outbox WHERE channel = 'market' ORDER BY seq")
    assert [row["seq"] for row in found] == [1, 2, 3]


async def test_a_publisher_that_knows_its_numbers_goes_on_as_one_that_looks_them_up(connection, tell, monkeypatch):
    monkeypatch.setattr(queries, "HEADS_KEPT", 2)
    numbers = await queries.begin(connection)
    for turn in range(3):
        await tell(*(updated(str(turn), mint) for mint in MINTS), posted(turn + 1))
        async with connection.transaction():
            await queries.take(connection, 100, numbers)
    assert numbers == await _begun_with(connection, numbers)
    ids = await connection.fetch("SELECT id FROM outbox_events ORDER BY id")
    assert [row["id"] for row in ids] == list(range(1, 13))
    for channel, count in (("market", 9), (ROOM, 3), *((f"token:{mint}", 3) for mint in MINTS)):
        rows = await connection.fetch("SELECT seq FROM outbox WHERE channel = $1 ORDER BY seq", channel)
        assert [row["seq"] for row in rows] == list(range(1, count + 1))


async def _begun_with(connection, numbers):
    """What a new publisher would find out about the same channels."""
    anew = await queries.begin(connection)
    for channel in numbers.heads:
        rows = await connection.fetch("SELECT max(seq) AS seq FROM outbox WHERE channel = $1", channel)
        anew.heads[channel] = rows[0]["seq"]
    return anew
