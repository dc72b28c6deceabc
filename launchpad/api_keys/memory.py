"""Keys as Redis remembers them, so that a request with one need not ask Postgres.

Postgres keeps the keys; Redis holds what it said for a minute, which is also how exact
the time of a key's last use is. A revoked key leaves a mark in its place, which a lookup
that began before cannot overwrite. While Redis is away Postgres answers.
"""

from typing import NamedTuple

import orjson
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from launchpad.api_keys.schemas import Holder

LIFETIME_SECONDS = 60

_REVOKED = b"revoked"
_AWAY = (RedisError, OSError, TimeoutError)

log = structlog.get_logger(__name__)


class Recalled(NamedTuple):
    """What Redis knows: `known` without `holder` is a key that was revoked."""

    known: bool
    holder: Holder | None = None


def _key(key_hash: str) -> str:
    return f"api-key:{key_hash}"


async def recall(redis: Redis, key_hash: str) -> Recalled:
    """What is remembered of a key."""
    try:
        stored = await redis.get(_key(key_hash))
    except _AWAY:
        return Recalled(known=False)
    if stored is None:
        return Recalled(known=False)
    return Recalled(known=True, holder=None if stored == _REVOKED else Holder(*orjson.loads(stored)))


async def remember(redis: Redis, key_hash: str, holder: Holder) -> None:
    """Keep what Postgres said, unless the key was revoked in the meantime."""
    value = orjson.dumps([holder.id, holder.owner, holder.tier])
    try:
        await redis.set(_key(key_hash), value, ex=LIFETIME_SECONDS, nx=True)
    except _AWAY as error:
        log.debug("api_keys.not_remembered", error=str(error))


async def mark_revoked(redis: Redis, key_hash: str) -> None:
    """Let every process know that this key is over."""
    try:
        await redis.set(_key(key_hash), _REVOKED, ex=LIFETIME_SECONDS)
    except _AWAY as error:
        log.warning("api_keys.end_not_told", seconds=LIFETIME_SECONDS, error=str(error))


async def forget(redis: Redis, key_hash: str) -> None:
    """Ask Postgres again about a key that goes on: its tier changed."""
    try:
        await redis.delete(_key(key_hash))
    except _AWAY as error:
        log.warning("api_keys.not_forgotten", seconds=LIFETIME_SECONDS, error=str(error))
