"""The bytes of one live event, and what they are called in Redis."""

import re
from datetime import datetime
from typing import NamedTuple

from redis.asyncio import Redis

MARKET = "market"
# What Redis carries of the market: several envelopes in a message, a line each.
_LINES = "market:lines"
_SEQ = re.compile(rb'"seq":(\d+)')


class Told(NamedTuple):
    """One event as the outbox stores it: its number on its channel, and on `market` where that hears it as well."""

    channel: str
    type: str
    seq: int
    market_seq: int | None
    data: str  # JSON
    created_at: datetime


def encode(channel: str, kind: str, seq: int, stamp: str, data: str) -> str:
    """The envelope that every reader of the channel gets, whichever way it comes.

    Channels and types are made of addresses and names of ours: nothing in them needs escaping.
    """
    return f'{{"v":1,"type":"{kind}","channel":"{channel}","seq":{seq},"ts":"{stamp}","data":{data}}}'


def stamp_of(moment: datetime) -> str:
    """A moment in UTC as envelopes tell it."""
    return moment.isoformat().replace("+00:00", "Z")


def seq_of(envelope: bytes) -> int:
    """The number of an envelope, which stands before everything that anybody wrote."""
    found = _SEQ.search(envelope)
    if found is None:
        raise ValueError(envelope)
    return int(found[1])


def live_key(redis: Redis, channel: str) -> str:
    """The Redis pub/sub channel that carries envelopes as they happen: one in a message, of `market` several lines.

    A server's pub/sub is one for all of its databases, so every database but the first puts
    its number in front: two installations that share a server do not hear each other.
    """
    return _prefix(redis) + (_LINES if channel == MARKET else channel)


def moved_key(redis: Redis) -> str:
    """The Redis pub/sub channel that carries the names of channels of which something was told, a line each."""
    return f"{_prefix(redis)}moved"


def mark_key(channel: str) -> str:
    """A key that readers set, gone with the channel's next event: what was made under it holds as long as it does."""
    return f"mark:{channel}"


def _prefix(redis: Redis) -> str:
    number = redis.get_connection_kwargs().get("db")  # type: ignore[no-untyped-call]
    return f"live:{number}:" if number else "live:"
