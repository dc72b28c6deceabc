"""The bytes of one live event, and what they are called in Redis."""

from datetime import datetime
from typing import NamedTuple

import orjson
from redis.asyncio import Redis

# What Redis keeps of a channel; what lies further back is read from the table.
STREAM_LENGTH = 2000
STREAM_SECONDS = 24 * 3600


class Told(NamedTuple):
    """One outbox row with its sequence number."""

    channel: str
    type: str
    seq: int
    data: str  # JSON
    created_at: datetime


def encode(row: Told) -> bytes:
    """The envelope that every reader of the channel gets, whichever way it comes."""
    return orjson.dumps(
        {
            "v": 1,
            "type": row.type,
            "channel": row.channel,
            "seq": row.seq,
            "ts": row.created_at,
            "data": orjson.Fragment(row.data),
        },
        option=orjson.OPT_UTC_Z,
    )


def stream_key(channel: str) -> str:
    """The Redis stream that keeps the channel's newest events; an entry's id is `<seq>-0`."""
    return f"stream:{channel}"


def live_key(redis: Redis, channel: str) -> str:
    """The Redis pub/sub channel that carries them as they happen.

    A server's pub/sub is one for all of its databases, so every database but the first puts
    its number in front: two installations that share a server do not hear each other.
    """
    number = redis.get_connection_kwargs().get("db")  # type: ignore[no-untyped-call]
    return f"live:{number}:{channel}" if number else f"live:{channel}"
