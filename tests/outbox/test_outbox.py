import asyncio

import orjson
import pytest
from sqlalchemy import text

from launchpad import live, outbox
from launchpad.db import connect_directly
from launchpad.outbox import publisher as publishing
from launchpad.outbox import queries
from launchpad.outbox.envelope import live_key, mark_key, moved_key
from tests.outbox.conftest import MINT, numbers_of, posted, updated

TOKEN = f"token:{MINT}"
ROOM = f"room:{MINT}"
ALL_TOLD = """SELECT NOT EXISTS (SELECT FROM outbox_entries)
  AND (SELECT max(id) FROM outbox) = (SELECT told FROM outbox_position)"""


async def _rows_of(database, channel):
    async with database.read() as session:
        return await session.scalar(text("SELECT count(*) FROM outbox WHERE channel = :channel"), {"channel": channel})


async def _wait_until_marked(database):
    async with asyncio.timeout(60):
        while True:
            async with database.read() as session:
                if await session.scalar(text(ALL_TOLD)):
                    return
            await asyncio.sleep(0.01)


@pytest.mark.usefixtures("publisher")
async def test_events_of_a_channel_are_numbered_from_one_without_gaps(tell, told):
    await tell(updated("a"), updated("b"))
    await tell(updated("c"))
    envelopes = await told(TOKEN, 3)
    assert [(e["seq"], e["data"]["name"]) for e in envelopes] == [(1, "a"), (2, "b"), (3, "c")]
    assert [e["seq"] for e in await told("market", 3)] == [1, 2, 3]


@pytest.mark.usefixtures("publisher")
async def test_an_envelope_says_what_when_and_where(tell, told):
    await tell(updated())
    [envelope] = await told(TOKEN, 1)
    assert envelope["ts"].endswith("Z")
    assert {k: envelope[k] for k in ("v", "type", "channel", "seq")} == {
        "v": 1,
        "type": "token.updated",
        "channel": TOKEN,
        "seq": 1,
    }


@pytest.mark.usefixtures("publisher")
async def test_a_room_keeps_the_numbers_that_its_rows_bring(tell, told):
    await tell(posted(1), posted(2), posted(3))
    assert [e["data"]["id"] for e in await told(ROOM, 3)] == ["1", "2", "3"]


@pytest.mark.usefixtures("publisher")
async def test_what_is_rolled_back_is_never_told(database, tell, told):
    async def fail():
        async with database.session() as session:
            await live.publish(session, updated("never"))
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    await tell(updated("only"))
    assert [e["data"]["name"] for e in await told(TOKEN, 1)] == ["only"]


async def test_live_frames_arrive_in_order_as_they_are_published(store_settings, redis, tell):
    async with redis.pubsub() as pubsub:
        await pubsub.subscribe(live_key(redis, TOKEN))
        task = asyncio.create_task(outbox.run(store_settings))
        await tell(*(updated(str(n)) for n in range(50)))
        heard = await numbers_of(pubsub, 50)
        task.cancel()
    assert heard == list(range(1, 51))


async def test_a_crash_after_numbering_tells_the_same_numbers_again(store_settings, database, redis, tell, told):
    await tell(updated("a"), updated("b"))
    connection = await connect_directly(store_settings.database_url)
    async with connection.transaction():
        rows = await queries.take(connection, 100)
    await publishing.tell(redis, rows)  # the publisher dies here, before it notes how far it was
    await connection.close()
    await tell(updated("c"))
    task = asyncio.create_task(outbox.run(store_settings))
    assert [e["data"]["name"] for e in await told(TOKEN, 3)] == ["a", "b", "c"]
    await _wait_until_marked(database)
    assert await _rows_of(database, TOKEN) == 3
    task.cancel()


@pytest.mark.usefixtures("publisher")
async def test_what_readers_made_ready_is_over_and_all_are_told_so_before_they_hear_why(database, tell, redis):
    for channel in (TOKEN, "market", "token:other"):
        await redis.set(mark_key(channel), "mine")
    async with redis.pubsub() as pubsub:
        await pubsub.subscribe(moved_key(redis), live_key(redis, TOKEN), live_key(redis, "market"))
        await tell(updated())
        heard = []
        async with asyncio.timeout(60):
            while len(heard) < 3:
                message = await pubsub.get_message(ignore_subscribe_messages=True, timeout=1)
                if message:
                    heard.append((message["channel"].decode(), message["data"]))
    assert heard[0] == (moved_key(redis), f"{TOKEN}\nmarket".encode())
    assert [await redis.exists(mark_key(each)) for each in (TOKEN, "market", "token:other")] == [0, 0, 1]


async def test_only_one_publisher_leads(store_settings, publisher, tell, told):
    await tell(updated())
    await told(TOKEN, 1)
    connection = await connect_directly(store_settings.database_url)
    assert not await queries.try_lead(connection)
    publisher.cancel()
    async with asyncio.timeout(60):
        while not await queries.try_lead(connection):
            await asyncio.sleep(0.01)
    await connection.close()


@pytest.mark.usefixtures("publisher")
class TestCatchUp:
    async def test_after_redis_lost_everything_the_table_answers(self, database, redis, tell, told):
        await tell(*(updated(str(n)) for n in range(5)))
        await told(TOKEN, 5)
        await _wait_until_marked(database)

        await redis.flushdb()
        await tell(updated("5"))
        assert [e["seq"] for e in await told(TOKEN, 4, after=2)] == [3, 4, 5, 6]

    async def test_a_reader_at_the_head_misses_nothing(self, database, tell, told):
        await tell(updated())
        await told(TOKEN, 1)
        assert await outbox.read_after(database, TOKEN, 1, 10) == []

    async def test_limit_bounds_the_answer(self, database, tell, told):
        await tell(*(updated(str(n)) for n in range(5)))
        await told(TOKEN, 5)
        page = await outbox.read_after(database, TOKEN, 1, 2)
        assert [orjson.loads(one)["seq"] for one in page] == [2, 3]

    async def test_a_position_that_is_no_longer_kept_asks_for_a_resync(self, database, tell, told):
        await tell(*(updated(str(n)) for n in range(4)))
        await told(TOKEN, 4)
        async with database.session() as session:
            await session.execute(text("DELETE FROM outbox_events WHERE seq <= 2"))
        with pytest.raises(outbox.ResyncRequiredError):
            await outbox.read_after(database, TOKEN, 0, 10)

    async def test_a_position_ahead_of_the_channel_asks_for_a_resync(self, database, tell, told):
        await tell(updated())
        await told(TOKEN, 1)
        with pytest.raises(outbox.ResyncRequiredError):
            await outbox.read_after(database, TOKEN, 7, 10)

    async def test_a_channel_that_never_spoke_is_at_zero(self, database):
        assert await outbox.head(database, "token:silent") == 0
        assert await outbox.read_after(database, "token:silent", 0, 10) == []
