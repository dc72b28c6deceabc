"""Commands that share round trips to Redis."""

import asyncio

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from launchpad.batches import Batches


async def test_everyone_gets_the_answers_to_his_own_commands(redis):
    batches = Batches(redis)
    answers = await asyncio.gather(
        *(batches.ask(("SET", f"batch:{n}", n), ("GET", f"batch:{n}")) for n in range(200)),
    )
    assert answers == [[True, str(n).encode()] for n in range(200)]


async def test_what_comes_up_together_goes_together(redis, monkeypatch):
    batches, sizes, whole = Batches(redis), [], Batches._execute

    async def counted(self, commands):
        sizes.append(len(commands))
        return await whole(self, commands)

    monkeypatch.setattr(Batches, "_execute", counted)
    await asyncio.gather(*(batches.ask(("ECHO", n)) for n in range(50)))
    assert sum(sizes) == 50
    assert len(sizes) <= 2


async def test_a_refused_command_fails_alone(redis):
    batches = Batches(redis)
    await redis.set("batch:text", "word")
    good, bad = await asyncio.gather(
        batches.ask(("ECHO", "good")), batches.ask(("INCR", "batch:text")), return_exceptions=True
    )
    assert good == [b"good"]
    assert isinstance(bad, ResponseError)


async def test_what_is_told_arrives(redis):
    batches = Batches(redis)
    batches.tell("SET", "batch:told", "yes")
    await batches.finish()
    assert await redis.get("batch:told") == b"yes"


async def test_without_redis_everyone_hears_of_it():
    nowhere = Redis.from_url("redis://127.0.0.1:9/0")
    batches = Batches(nowhere)
    batches.tell("SET", "batch:lost", "1")
    with pytest.raises((RedisError, OSError)):
        await batches.ask(("ECHO", "anyone"))
    await nowhere.aclose()
