"""The two levels, and that neither outlives an event."""

import asyncio

import pytest
from redis.asyncio import Redis

from launchpad.cache import Cache, Policy
from launchpad.outbox.envelope import mark_key, moved_key

CHANNEL = "token:cache-test"
LONG = Policy(ttl=60, channel=CHANNEL)


@pytest.fixture
async def make_cache(redis):
    made = []

    async def make(*, listen=True):
        cache = Cache(redis, redis)
        made.append(cache)
        if listen:
            await cache.start()
            await _until(lambda: cache._listening)
        return cache

    yield make
    for cache in made:
        await cache.stop()


async def _until(condition):
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.005)


class Source:
    """Something to compute, that counts how often it was."""

    def __init__(self):
        self.calls = 0

    async def __call__(self):
        self.calls += 1
        await asyncio.sleep(0)
        return b"value %d" % self.calls


async def _tell(redis, channel=CHANNEL):
    await redis.unlink(mark_key(channel))
    await redis.publish(moved_key(redis), f"user:somebody\n{channel}")


async def test_a_second_reader_is_served_from_memory(make_cache):
    cache, source = await make_cache(), Source()
    first = await cache.get("k", LONG, source)
    assert await cache.get("k", LONG, source) is first
    assert source.calls == 1
    assert cache.peek("k") is first


async def test_many_readers_at_once_compute_once(make_cache):
    cache, source = await make_cache(), Source()
    entries = await asyncio.gather(*(cache.get("k", LONG, source) for _ in range(50)))
    assert source.calls == 1
    assert len({id(entry) for entry in entries}) == 1


async def test_an_event_empties_both_levels(make_cache, redis):
    cache, source = await make_cache(), Source()
    await cache.get("k", LONG, source)
    await _tell(redis)
    await _until(lambda: cache.peek("k") is None)
    assert (await cache.get("k", LONG, source)).body == b"value 2"


async def test_an_event_of_another_channel_empties_nothing(make_cache, redis):
    cache, source = await make_cache(), Source()
    await cache.get("k", LONG, source)
    before = cache.stats.invalidations
    await _tell(redis, "token:other")
    await _until(lambda: cache.stats.invalidations > before)
    assert cache.peek("k") is not None


async def test_another_process_finds_the_answer_in_redis(make_cache):
    first, second, source = await make_cache(), await make_cache(), Source()
    for _ in range(2):
        await first.get("k", LONG, source)
    assert (await second.get("k", LONG, source)).body == b"value 1"
    assert source.calls == 1
    assert second.stats.redis_hits == 1


async def test_what_was_asked_for_once_stays_with_the_process_that_made_it(make_cache, redis):
    first, second, source = await make_cache(), await make_cache(), Source()
    await first.get("k", LONG, source)
    await first.get("other", LONG, source)
    await first.get("other", LONG, source)
    assert (await second.get("k", LONG, source)).body == b"value 3"
    assert await redis.keys("cache:*") == [b"cache:other"]


async def test_what_was_asked_for_before_an_event_is_shared_at_once_after_it(make_cache, redis):
    first, second, source = await make_cache(), await make_cache(), Source()
    await first.get("k", LONG, source)
    await _tell(redis)
    await _until(lambda: first.peek("k") is None)
    await first.get("k", LONG, source)
    assert (await second.get("k", LONG, source)).body == b"value 2"


async def test_what_redis_holds_for_an_older_state_is_not_served(make_cache, redis):
    first, source = await make_cache(), Source()
    for _ in range(2):
        await first.get("k", LONG, source)
    await redis.unlink(mark_key(CHANNEL))
    deaf = await make_cache(listen=False)
    assert (await deaf.get("k", LONG, source)).body == b"value 2"


async def test_a_process_that_hears_nothing_does_not_trust_its_memory(make_cache):
    deaf, source = await make_cache(listen=False), Source()
    await deaf.get("k", LONG, source)
    assert deaf.peek("k") is None
    assert (await deaf.get("k", LONG, source)).body == b"value 1"
    assert deaf.stats.redis_hits == 1


async def test_entries_without_a_channel_live_by_time_alone(make_cache):
    deaf, source = await make_cache(listen=False), Source()
    await deaf.get("k", Policy(ttl=60), source)
    assert deaf.peek("k") is not None
    await deaf.get("short", Policy(ttl=0.001), source)
    await asyncio.sleep(0.005)
    assert deaf.peek("short") is None


async def test_a_grace_outlasts_events_for_a_moment(make_cache, redis):
    cache, source = await make_cache(), Source()
    await cache.get("k", Policy(ttl=60, channel=CHANNEL, grace=30), source)
    before = cache.stats.invalidations
    await _tell(redis)
    await _until(lambda: cache.stats.invalidations > before)
    assert cache.peek("k") is not None


async def test_a_failure_reaches_every_waiter_and_is_not_kept(make_cache):
    cache, source = await make_cache(), Source()

    async def fail():
        await asyncio.sleep(0)
        raise LookupError("gone")

    outcomes = await asyncio.gather(*(cache.get("k", LONG, fail) for _ in range(3)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [LookupError] * 3
    assert (await cache.get("k", LONG, source)).body == b"value 1"


async def test_a_reader_that_leaves_takes_nothing_from_the_others(make_cache):
    cache, source = await make_cache(), Source()
    leaving = asyncio.create_task(cache.get("k", LONG, source))
    staying = asyncio.create_task(cache.get("k", LONG, source))
    await asyncio.sleep(0)
    leaving.cancel()
    assert (await staying).body == b"value 1"


async def test_without_redis_every_answer_is_computed():
    nowhere = Redis.from_url("redis://127.0.0.1:9/0", socket_connect_timeout=0.2)
    cache, source = Cache(nowhere, nowhere), Source()
    await cache.start()
    await cache.get("k", LONG, source)
    assert (await cache.get("k", LONG, source)).body == b"value 2"
    await cache.stop()
    await nowhere.aclose()


async def test_the_memory_is_bounded(make_cache, monkeypatch):
    monkeypatch.setattr("launchpad.cache._MAX_ENTRIES", 2)
    cache, source = await make_cache(), Source()
    for key in "abc":
        await cache.get(key, LONG, source)
    assert cache.peek("a") is None
    assert cache.peek("c") is not None


async def test_counting_anew_outlives_no_event(make_cache, redis, monkeypatch):
    monkeypatch.setattr("launchpad.cache._MAX_CHANNELS", 3)
    cache, source = await make_cache(), Source()
    first = await cache.get("a", LONG, source)
    for number in range(10):
        await _tell(redis, f"token:other-{number}")
    await _until(lambda: cache.stats.invalidations >= 20)
    assert len(cache._generations) <= 3
    assert cache.peek("a") is None
    second = await cache.get("a", LONG, source)
    assert (await cache.get("a", LONG, source)) == second
    assert first.generation != second.generation


async def test_equal_bodies_have_equal_tags(make_cache):
    cache, source = await make_cache(), Source()

    async def same():
        return b"same"

    first = await cache.get("a", LONG, same)
    second = await cache.get("b", LONG, same)
    other = await cache.get("c", LONG, source)
    assert first.etag == second.etag != other.etag
