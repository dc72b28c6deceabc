"""Sessions as Redis remembers them: see launchpad.recall."""

from datetime import datetime
from typing import NamedTuple

from redis.asyncio import Redis

from launchpad.accounts.schemas import SignedIn
from launchpad.recall import Memory

SESSIONS = Memory("session")


class Recalled(NamedTuple):
    """What Redis knows: `known` without `who` is a session that ended."""

    known: bool
    who: SignedIn | None = None


async def recall(redis: Redis, id_hash: str, now: datetime) -> Recalled:
    """What is remembered of a session."""
    known, fields = await SESSIONS.recall(redis, id_hash)
    if fields is None:
        return Recalled(known)
    address, name, expires_at = fields
    who = SignedIn(address, name, id_hash, datetime.fromisoformat(expires_at))
    return Recalled(known, who if who.expires_at > now else None)


async def remember(redis: Redis, who: SignedIn) -> None:
    """Keep what Postgres said, unless the session ended in the meantime."""
    await SESSIONS.remember(redis, who.session_hash, [who.address, who.display_name, who.expires_at.isoformat()])
