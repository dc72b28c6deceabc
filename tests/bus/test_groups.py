"""Groups of consumers: they share the work, and what a dead one had taken is done by another."""

import asyncio
import subprocess
import sys
from contextlib import asynccontextmanager, suppress
from itertools import pairwise

import pytest
from redis.exceptions import ResponseError

from launchpad.bus import TRADE_PROCESSOR
from launchpad.bus.base import BusAwayError
from launchpad.bus.kafka_bus import KafkaBus
from launchpad.bus.redis_bus import RedisBus
from launchpad.processes import free_port
from tests.bus.conftest import MINTS, message
from tests.conftest import REPOSITORY


class Members:
    """Who did what: one list of keys for each member."""

    def __init__(self, make):
        self._make = make
        self._tasks = []
        self._buses = []
        self.done = []

    def add(self, pause=0.0):
        """One more member; its place in `done`."""
        bus, keys = self._make(), []

        async def handle(messages):
            await asyncio.sleep(pause)
            keys.extend(one.key for one in messages)

        self._tasks.append(asyncio.create_task(bus.work(TRADE_PROCESSOR, handle)))
        self._buses.append(bus)
        self.done.append(keys)
        return len(self.done) - 1

    def all(self):
        """Every key that anybody did."""
        return [key for keys in self.done for key in keys]

    async def until(self, holds):
        """Wait until something holds; an error that ended a member is raised."""
        async with asyncio.timeout(120):
            while not holds():
                for task in self._tasks:
                    if task.done():
                        task.result()
                await asyncio.sleep(0.02)

    async def close(self):
        """End every member."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for bus in self._buses:
            await bus.close()


@asynccontextmanager
async def members(make):
    group = Members(make)
    try:
        yield group
    finally:
        await group.close()


@asynccontextmanager
async def killable(kind, address):
    """A member in a process of its own; `await taken()` waits until it sits on a batch."""
    command = [sys.executable, "-m", "tests.bus.member", kind, address, TRADE_PROCESSOR]
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE, cwd=REPOSITORY)
    try:
        assert (await process.stdout.readline()).strip() == b"ready"
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def joined(redis):
    """Wait until the group is there for every topic: what is told from then on it gets."""
    async with asyncio.timeout(30):
        for topic in ("bc-trades", "amm-trades"):
            while not await _groups(redis, f"bus:{topic}"):
                await asyncio.sleep(0.02)


async def _groups(redis, stream):
    with suppress(ResponseError):
        return await redis.xinfo_groups(stream)
    return []


async def test_members_share_the_messages_and_each_is_done_once(redis, redis_url):
    teller = RedisBus(redis_url, 100_000)
    await teller.publish([message(999)])
    async with members(lambda: RedisBus(redis_url, 100_000)) as group:
        group.add(0.02)
        group.add(0.02)
        await joined(redis)
        told = [message(number, "amm" if number % 2 else "curve") for number in range(200)]
        for start in range(0, 200, 10):
            await teller.publish(told[start : start + 10])
            await asyncio.sleep(0.01)
        await group.until(lambda: len(group.all()) >= 200)
        assert sorted(group.all()) == sorted(f"signature-{number}" for number in range(200))
        assert all(group.done)
        for topic in ("bc-trades", "amm-trades"):
            assert (await redis.xpending(f"bus:{topic}", TRADE_PROCESSOR))["pending"] == 0
    # Members that ended leave no names behind.
    assert await redis.xinfo_consumers("bus:bc-trades", TRADE_PROCESSOR) == []
    await teller.close()


async def test_what_a_killed_member_had_taken_is_done_by_another(redis, redis_url):
    teller = RedisBus(redis_url, 100_000)
    async with killable("redis", redis_url) as dead:
        await joined(redis)
        await teller.publish([message(number) for number in range(50)])
        assert int(await dead.stdout.readline()) > 0
        dead.kill()
        await dead.wait()
    async with members(lambda: RedisBus(redis_url, 100_000, session_seconds=0.5)) as group:
        group.add()
        await group.until(lambda: len(set(group.all())) >= 50)
        assert sorted(group.all()) == sorted(f"signature-{number}" for number in range(50))
        group.add()
        await teller.publish([message(1000)])
        await group.until(lambda: "signature-1000" in group.all())
        # The name of the dead one went when the second joined, for nothing was listed under it any more.
        assert len(await redis.xinfo_consumers("bus:bc-trades", TRADE_PROCESSOR)) <= 2
    await teller.close()


async def test_a_batch_that_failed_is_tried_again(redis, redis_url):
    teller, failing = RedisBus(redis_url, 1000), RedisBus(redis_url, 1000)

    async def refuse(_messages):
        raise ValueError("cannot be done")

    working = asyncio.create_task(failing.work(TRADE_PROCESSOR, refuse))
    await joined(redis)
    await teller.publish([message(1)])
    with pytest.raises(ValueError, match="cannot be done"):
        await working
    async with members(lambda: RedisBus(redis_url, 1000, session_seconds=0.2)) as group:
        group.add()
        await group.until(lambda: group.all() == ["signature-1"])
    await failing.close()
    await teller.close()


async def test_what_was_trimmed_before_anybody_did_it_is_let_go(redis, redis_url):
    bus = RedisBus(redis_url, 1000)
    await redis.xgroup_create("bus:bc-trades", TRADE_PROCESSOR, id="$", mkstream=True)
    await bus.publish([message(1), message(2)])
    await redis.xreadgroup(TRADE_PROCESSOR, "dead", {"bus:bc-trades": ">"})
    await redis.xtrim("bus:bc-trades", maxlen=1, approximate=False)
    async with members(lambda: RedisBus(redis_url, 1000, session_seconds=0.1)) as group:
        group.add()
        await group.until(lambda: group.all() == ["signature-2"])
        async with asyncio.timeout(30):
            while (await redis.xpending("bus:bc-trades", TRADE_PROCESSOR))["pending"]:
                await asyncio.sleep(0.02)
    await bus.close()


async def test_a_bus_that_is_away_ends_its_members_with_that():
    async def never(_messages):
        raise AssertionError

    bus = RedisBus(f"redis://127.0.0.1:{free_port()}/0", 1000)
    with pytest.raises(BusAwayError, match="does not give"):
        await bus.work(TRADE_PROCESSOR, never)
    await bus.close()
    kafka = KafkaBus(f"127.0.0.1:{free_port()}")
    with pytest.raises(BusAwayError, match="Kafka does not give"):
        await kafka.work(TRADE_PROCESSOR, never)


async def test_a_real_kafka_gives_a_dead_members_share_to_another_and_keeps_offsets(kafka):
    teller = KafkaBus(kafka)
    await teller.publish([message(number) for number in range(3)])
    async with members(lambda: KafkaBus(kafka, session_seconds=6)) as group:
        async with killable("kafka", kafka) as dead:
            taken = asyncio.create_task(dead.stdout.readline())
            async with asyncio.timeout(60):
                count = await _tell_until(teller, taken.done)
            assert int(await taken) > 0
            dead.kill()
            await dead.wait()
        group.add()
        await teller.publish([message(number) for number in range(count, count + 30)])
        wanted = {f"signature-{number}" for number in range(count, count + 30)}
        await group.until(lambda: wanted <= set(group.all()))
        for mint in MINTS:
            order = [key for key in group.done[0] if key in wanted and MINTS[int(key.split("-")[1]) % 3] == mint]
            assert all(int(left.split("-")[1]) < int(right.split("-")[1]) for left, right in pairwise(order))
    before = set(group.all())
    async with members(lambda: KafkaBus(kafka, session_seconds=6)) as again:
        again.add()
        await teller.publish([message(5000)])
        await again.until(lambda: "signature-5000" in again.all())
        assert not before & set(again.all())
    await teller.close()


async def _tell_until(bus, done):
    """Publish one trade after the other until something holds; the number of the next one."""
    number = 10
    while not done():
        await bus.publish([message(number)])
        number += 1
        await asyncio.sleep(0.05)
    return number


def test_the_group_has_the_name_that_operators_scale_by():
    assert TRADE_PROCESSOR == "trade-processor"
