"""Many commands for Redis in one writing, for what is sent ten thousand times a second.

A client's own pipeline takes some ten microseconds to put a command together and to read its
answer; here it is one, for there is nothing to look at but whether Redis refused.
"""

import asyncio
from collections.abc import Sequence

from redis.asyncio import Redis
from redis.exceptions import RedisError


def bulk(word: bytes) -> bytes:
    """A word of a command as it travels."""
    return b"$%d\r\n%b\r\n" % (len(word), word)


def command(*words: bytes) -> bytes:
    """A command as it travels."""
    return b"*%d\r\n%b" % (len(words), b"".join(map(bulk, words)))


async def send(redis: Redis, commands: Sequence[bytes], seconds: float = 10.0) -> None:
    """Send what `command` made and wait until Redis has done all of it; raises what Redis refuses first.

    Raises TimeoutError after `seconds`. The client should have no timeout of its own: it would set
    a clock for each answer, which costs more than all the rest.
    """
    async with asyncio.timeout(seconds):
        await _send(redis, commands)


async def _send(redis: Redis, commands: Sequence[bytes]) -> None:
    connection = await redis.connection_pool.get_connection()
    refused: RedisError | None = None
    try:
        await connection.send_packed_command(b"".join(commands))
        for _ in commands:
            try:
                await connection.read_response()
            except RedisError as error:
                refused = refused or error
                if not connection.is_connected:
                    break
    except BaseException:
        # Answers that nobody read must not become those to the next commands.
        await connection.disconnect(nowait=True)
        raise
    finally:
        await redis.connection_pool.release(connection)
    if refused is not None:
        raise refused
