import asyncio
from contextlib import asynccontextmanager

import orjson
import pytest
from redis.asyncio import Redis

from launchpad import live, outbox
from launchpad.config import Settings
from launchpad.feed import LiveFeed, _Channel
from launchpad.outbox.envelope import live_key

MINT = "Mint111111111111111111111111111111111111111"


class Heard:
    """A sink that remembers, and wakes who waits for a number."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self._changed = asyncio.Event()

    def __call__(self, seq: int, envelope: bytes) -> None:
        assert orjson.loads(envelope)["seq"] == seq
        self.numbers.append(seq)
        self._changed.set()

    async def until(self, seq: int) -> list[int]:
        async with asyncio.timeout(20):
            while not self.numbers or self.numbers[-1] < seq:
                self._changed.clear()
                await self._changed.wait()
        return self.numbers


def completed(mint: str = MINT) -> live.CurveCompleted:
    return live.CurveCompleted(mint=mint, quote_reserve="1", completed_at="2026-01-01T00:00:00Z")


async def tell(database, count: int) -> None:
    async with database.session() as session:
        await live.publish(session, *(completed() for _ in range(count)))


@asynccontextmanager
async def publisher(database_url, redis_url):
    settings = Settings(_env_file=None, database_url=database_url, redis_url=redis_url)
    task = asyncio.create_task(outbox.run(settings))
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def feed(redis, database):
    async with LiveFeed(redis, database) as feed:
        yield feed


async def test_what_is_committed_after_subscribing_is_heard_in_order(feed, database, database_url, redis_url):
    heard = Heard()
    async with publisher(database_url, redis_url):
        await feed.subscribe(f"token:{MINT}", heard)
        for _ in range(5):
            await tell(database, 20)
        assert await heard.until(100) == list(range(1, 101))


async def test_several_sinks_share_a_channel_and_leave_one_by_one(feed, database, database_url, redis_url):
    first, second = Heard(), Heard()
    async with publisher(database_url, redis_url):
        await feed.subscribe("market", first)
        await feed.subscribe("market", second)
        await feed.subscribe("market", second)
        await tell(database, 1)
        assert (await first.until(1), await second.until(1)) == ([1], [1])
        await feed.unsubscribe("market", first)
        await tell(database, 1)
        assert await second.until(2) == [1, 2]
        assert first.numbers == [1]
        await feed.unsubscribe("market", second)
        await feed.unsubscribe("market", second)


async def test_a_cut_connection_misses_nothing(feed, redis, database, database_url, redis_url):
    heard = Heard()
    async with publisher(database_url, redis_url):
        await feed.subscribe("market", heard)
        await tell(database, 3)
        await heard.until(3)
        await redis.client_kill_filter(_type="pubsub")
        await tell(database, 50)
        assert await heard.until(53) == list(range(1, 54))


async def test_a_skipped_number_is_read_before_what_follows(feed, redis, database, database_url, redis_url):
    heard = Heard()
    async with publisher(database_url, redis_url):
        await feed.subscribe("market", heard)
        await tell(database, 1)
        await heard.until(1)
    await tell(database, 2)
    async with publisher(database_url, redis_url):
        await heard.until(3)
    # A copy of an old one, then one that pretends to have come after a loss.
    await redis.publish(live_key(redis, "market"), orjson.dumps({"seq": 2}))
    await redis.publish(live_key(redis, "market"), orjson.dumps({"seq": 9}))
    assert await heard.until(9) == [1, 2, 3, 9]


async def test_what_another_database_of_the_server_is_told_is_not_heard(
    feed, redis, database, database_url, redis_url, make_redis
):
    heard, elsewhere = Heard(), Redis.from_url(make_redis())
    async with publisher(database_url, redis_url):
        await feed.subscribe("market", heard)
        await elsewhere.publish(live_key(elsewhere, "market"), orjson.dumps({"seq": 500}))
        await tell(database, 3)
        assert await heard.until(3) == [1, 2, 3]
    await elsewhere.aclose()


async def test_who_is_asked_to_end_just_as_he_is_heard_ends(feed):
    channel = feed._channels["market"] = _Channel("market")
    reader = asyncio.create_task(feed.subscribe("market", Heard()))
    await asyncio.sleep(0)
    channel.ready.set()
    reader.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reader
