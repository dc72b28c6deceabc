"""The bus in Redis: a stream for each topic, trimmed to its newest messages."""

from collections.abc import AsyncGenerator, Awaitable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from redis.asyncio import Redis
from redis.exceptions import RedisError

from launchpad.backoff import end_if_asked
from launchpad.bus.base import SESSION_SECONDS, TOPICS, BusAwayError, Handle, Message
from launchpad.bus.redis_group import GroupMember
from launchpad.pipelining import bulk, send

T = TypeVar("T")
PAGE = 500
_WAIT_MS = 1000
# What is the same in every message that is appended.
_BEGIN = b"*%d\r\n" + bulk(b"XADD")
_MINT, _BODY = bulk(b"mint"), bulk(b"body")


class RedisBus:
    """Topics are streams `bus:<topic>` of at most about `length` messages."""

    def __init__(self, url: str, length: int, session_seconds: float = SESSION_SECONDS) -> None:
        self._redis: Redis = Redis.from_url(url, socket_timeout=10, socket_connect_timeout=3)
        self._sender: Redis = Redis.from_url(url, socket_connect_timeout=3)
        self._within = b"".join(map(bulk, (b"MAXLEN", b"~", b"%d" % length, b"*", b"key")))
        self._session_ms = int(session_seconds * 1000)

    async def publish(self, messages: Sequence[Message]) -> None:
        """Append each message to its topic's stream."""
        try:
            await send(self._sender, [self._append(one) for one in messages])
        except (RedisError, OSError) as error:
            raise BusAwayError(f"Redis does not take trades: {error}.") from error

    def _append(self, one: Message) -> bytes:
        words = [bulk(_stream(one.topic).encode()), self._within, bulk(one.key.encode())]
        words += (_MINT, bulk(one.mint.encode()), _BODY, bulk(one.body))
        for name, value in one.headers.items():
            words += (bulk(f"h:{name}".encode()), bulk(value.encode()))
        return _BEGIN % (12 + 2 * len(one.headers)) + b"".join(words)

    async def read(self, topic: str, *, follow: bool = False) -> AsyncGenerator[Message]:
        """Everything that the stream still holds; then, if asked to, what comes."""
        after: Any = "0-0"
        try:
            while True:
                answer = await self._redis.xread(
                    {_stream(topic): after}, count=PAGE, block=_WAIT_MS if follow else None
                )
                entries = answer[0][1] if answer else []
                if not entries and not follow:
                    return
                for number, fields in entries:
                    after = number
                    yield _message(topic, fields)
        except (RedisError, OSError) as error:
            raise BusAwayError(f"Redis does not give trades: {error}.") from error

    async def work(self, group: str, handle: Handle, topics: Sequence[str] = TOPICS) -> None:
        """Take messages as they come, and over what others let lie; each is acknowledged after its batch."""
        member = GroupMember(self._redis, group, {_stream(topic): topic for topic in topics}, self._session_ms)
        try:
            await _asked(member.join())
            while True:
                end_if_asked()
                taken = await _asked(member.take())
                if taken:
                    await handle([_message(topic, fields) for topic, _, fields in taken])
                    await _asked(member.done(taken))
        finally:
            with suppress(RedisError, OSError):
                await member.leave()

    async def close(self) -> None:
        """Hang up."""
        for client in (self._redis, self._sender):
            with suppress(RedisError, OSError):
                await client.aclose()


async def _asked(answer: Awaitable[T]) -> T:
    """What Redis answers to a member of a group; BusAwayError where it does not."""
    try:
        return await answer
    except (RedisError, OSError) as error:
        raise BusAwayError(f"Redis does not give trades: {error}.") from error


def _stream(topic: str) -> str:
    return f"bus:{topic}"


def _message(topic: str, fields: dict[bytes, bytes]) -> Message:
    texts = {name.decode(): value for name, value in fields.items()}
    headers = {name[2:]: value.decode() for name, value in texts.items() if name.startswith("h:")}
    return Message(topic, texts["key"].decode(), texts["mint"].decode(), texts["body"], headers)
