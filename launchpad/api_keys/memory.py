"""Keys as Redis remembers them: see launchpad.recall. A minute is also how exact the time of a key's last use is."""

from typing import NamedTuple

from redis.asyncio import Redis

from launchpad.api_keys.schemas import Holder
from launchpad.recall import Memory

KEYS = Memory("api-key")


class Recalled(NamedTuple):
    """What Redis knows: `known` without `holder` is a key that was revoked."""

    known: bool
    holder: Holder | None = None


async def recall(redis: Redis, key_hash: str) -> Recalled:
    """What is remembered of a key."""
    known, fields = await KEYS.recall(redis, key_hash)
    return Recalled(known, None if fields is None else Holder(*fields))


async def remember(redis: Redis, key_hash: str, holder: Holder) -> None:
    """Keep what Postgres said, unless the key was revoked in the meantime."""
    await KEYS.remember(redis, key_hash, [holder.id, holder.owner, holder.tier])
