"""Sessions as Redis remembers them, so that few requests have to ask Postgres.

Postgres keeps the sessions; Redis holds what it said for a minute. A session that
ended leaves a mark in its place, which a lookup that began before the end cannot
overwrite: so an end holds in every process as soon as the mark is there. While
Redis is away nothing is remembered and Postgres answers.
"""

from datetime import datetime
from typing import NamedTuple

import orjson
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from launchpad.accounts.schemas import SignedIn

# Also how long an end could go unnoticed where Redis could not be told of it.
LIFETIME_SECONDS = 60

_ENDED = b"ended"
_AWAY = (RedisError, OSError, TimeoutError)

log = structlog.get_logger(__name__)


class Recalled(NamedTuple):
    """What Redis knows: `known` without `who` is a session that ended."""

    known: bool
    who: SignedIn | None = None


def _key(id_hash: str) -> str:
    return f"session:{id_hash}"


async def recall(redis: Redis, id_hash: str, now: datetime) -> Recalled:
    """What is remembered of a session."""
    try:
        stored = await redis.get(_key(id_hash))
    except _AWAY:
        return Recalled(known=False)
    if stored is None:
        return Recalled(known=False)
    if stored == _ENDED:
        return Recalled(known=True)
    address, name, expires_at = orjson.loads(stored)
    who = SignedIn(address, name, id_hash, datetime.fromisoformat(expires_at))
    return Recalled(known=True, who=who if who.expires_at > now else None)


async def remember(redis: Redis, who: SignedIn) -> None:
    """Keep what Postgres said, unless the session ended in the meantime."""
    value = orjson.dumps([who.address, who.display_name, who.expires_at.isoformat()])
    try:
        await redis.set(_key(who.session_hash), value, ex=LIFETIME_SECONDS, nx=True)
    except _AWAY as error:
        log.debug("accounts.not_remembered", error=str(error))


async def mark_ended(redis: Redis, *id_hashes: str) -> None:
    """Let every process know that these sessions are over."""
    try:
        async with redis.pipeline(transaction=False) as pipe:
            for id_hash in id_hashes:
                pipe.set(_key(id_hash), _ENDED, ex=LIFETIME_SECONDS)
            await pipe.execute()
    except _AWAY as error:
        log.warning("accounts.end_not_told", sessions=len(id_hashes), seconds=LIFETIME_SECONDS, error=str(error))


async def forget(redis: Redis, *id_hashes: str) -> None:
    """Ask Postgres again about these sessions, which go on: something about the account changed."""
    try:
        if id_hashes:
            await redis.delete(*map(_key, id_hashes))
    except _AWAY as error:
        log.debug("accounts.not_forgotten", error=str(error))
