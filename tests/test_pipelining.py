"""Commands that were put together here, to a real Redis."""

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from launchpad.pipelining import command, send
from launchpad.processes import free_port


async def test_all_of_them_are_done_in_order(redis):
    value = "line\r\n$3 \u00fc".encode()
    await send(redis, [command(b"SET", b"pipelining", b"x"), command(b"APPEND", b"pipelining", value)])
    assert await redis.get("pipelining") == b"x" + value


async def test_what_redis_refuses_is_raised_after_the_rest_was_done(redis):
    with pytest.raises(RedisError, match="unknown command"):
        await send(redis, [command(b"NOSUCH"), command(b"SET", b"after", b"y"), command(b"NOSUCH")])
    assert await redis.get("after") == b"y"


async def test_a_server_that_is_away_is_told_as_that():
    away = Redis.from_url(f"redis://127.0.0.1:{free_port()}/0")
    with pytest.raises((RedisError, OSError)):
        await send(away, [command(b"PING")])
    await away.aclose()


async def test_who_waits_too_long_leaves_no_answers_to_others(redis):
    with pytest.raises(TimeoutError):
        await send(redis, [command(b"BLPOP", b"nothing", b"30")], seconds=0.2)
    await send(redis, [command(b"SET", b"pipelining", b"z")])
    assert await redis.get("pipelining") == b"z"
