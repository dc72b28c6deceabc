"""A member of a consumer group in Redis: its share of some streams, and what others left undone.

Redis gives every new message to one member. What a member does not acknowledge stays listed under
its name; after `session_ms` any other one takes it over. Members that ended have no names left
behind: the next one to join removes those that hold nothing.
"""

import os
import socket
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple
from uuid import uuid4

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from launchpad.bus.base import BATCH, MAX_WAIT_MS


class Taken(NamedTuple):
    """A message that is this member's to do: its topic, its number in the stream, its fields."""

    topic: str
    number: bytes
    fields: dict[bytes, bytes]


class GroupMember:
    """One member of `group`; `streams` maps the names of streams to their topics."""

    def __init__(self, redis: Redis, group: str, streams: Mapping[str, str], session_ms: int) -> None:
        self._redis = redis
        self._group = group
        self._streams = streams
        self._session_ms = session_ms
        self._name = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}"
        self._next_look = 0.0

    async def join(self) -> None:
        """Make the group where it is new: it begins with what comes from now on."""
        for stream in self._streams:
            try:
                await self._redis.xgroup_create(stream, self._group, id="$", mkstream=True)
            except ResponseError as error:
                if "BUSYGROUP" not in str(error):
                    raise
            await self._remove_gone(stream)

    async def _remove_gone(self, stream: str) -> None:
        for member in await self._redis.xinfo_consumers(stream, self._group):
            if not member["pending"] and member["idle"] > self._session_ms:
                await self._redis.xgroup_delconsumer(stream, self._group, member["name"])

    async def take(self) -> list[Taken]:
        """What others let lie too long, if there is any, else what is new; waits a little for that."""
        if time.monotonic() >= self._next_look:
            left = await self._take_over()
            if left:
                return left
            self._next_look = time.monotonic() + self._session_ms / 4000
        answer = await self._redis.xreadgroup(
            self._group, self._name, dict.fromkeys(self._streams, ">"), count=BATCH, block=MAX_WAIT_MS
        )
        return [
            Taken(self._streams[stream.decode()], number, fields)
            for stream, entries in answer or []
            for number, fields in entries
        ]

    async def _take_over(self) -> list[Taken]:
        taken: list[Taken] = []
        for stream, topic in self._streams.items():
            answer: Any = await self._redis.xautoclaim(
                stream, self._group, self._name, min_idle_time=self._session_ms, count=BATCH
            )
            kept = [Taken(topic, number, fields) for number, fields in answer[1] if fields]
            if len(kept) < len(answer[1]):
                await self._let_go(stream, {one.number for one in kept})
            taken += kept
        return taken

    async def _let_go(self, stream: str, kept: set[bytes]) -> None:
        """Acknowledge what the stream was trimmed past: Redis 6 goes on listing it, without its number."""
        listed = await self._redis.xpending_range(stream, self._group, "-", "+", 2 * BATCH, consumername=self._name)
        gone = [one["message_id"] for one in listed if one["message_id"] not in kept]
        if gone:
            await self._redis.xack(stream, self._group, *gone)

    async def done(self, taken: Sequence[Taken]) -> None:
        """Acknowledge what was taken."""
        for stream, topic in self._streams.items():
            numbers = [one.number for one in taken if one.topic == topic]
            if numbers:
                await self._redis.xack(stream, self._group, *numbers)

    async def leave(self) -> None:
        """Give the name back, unless something is listed under it that another has to take over."""
        for stream in self._streams:
            pending = await self._redis.xpending_range(stream, self._group, "-", "+", 1, consumername=self._name)
            if not pending:
                with suppress(ResponseError):
                    await self._redis.xgroup_delconsumer(stream, self._group, self._name)
