"""What Postgres said of secrets, as Redis remembers it, so that few requests have to ask Postgres.

Postgres keeps sessions and keys; Redis holds what it said of them for a minute. What ended
leaves a mark in its place, which a lookup that began before the end cannot overwrite: so an
end holds in every process as soon as the mark is there. While Redis is away nothing is
remembered and Postgres answers.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

# Also how long an end could go unnoticed where Redis could not be told of it.
LIFETIME_SECONDS = 60

_ENDED = b"ended"
_AWAY = (RedisError, OSError, TimeoutError)

log = structlog.get_logger(__name__)


class Recalled(NamedTuple):
    """What Redis knows: `known` without `fields` is something that ended."""

    known: bool
    fields: list[Any] | None = None


@dataclass(frozen=True)
class Memory:
    """Remembers things of one kind, as lists of JSON values under the hash of their secret."""

    kind: str

    def key(self, hashed: str) -> str:
        """Where Redis has it."""
        return f"{self.kind}:{hashed}"

    async def recall(self, redis: Redis, hashed: str) -> Recalled:
        """What is remembered of one."""
        try:
            stored = await redis.get(self.key(hashed))
        except _AWAY:
            return Recalled(known=False)
        if stored is None:
            return Recalled(known=False)
        return Recalled(known=True, fields=None if stored == _ENDED else orjson.loads(stored))

    async def remember(self, redis: Redis, hashed: str, fields: list[Any]) -> None:
        """Keep what Postgres said, unless it ended in the meantime."""
        try:
            await redis.set(self.key(hashed), orjson.dumps(fields), ex=LIFETIME_SECONDS, nx=True)
        except _AWAY as error:
            log.debug("recall.not_remembered", kind=self.kind, error=str(error))

    async def mark_ended(self, redis: Redis, *hashed: str) -> None:
        """Let every process know that these are over."""
        try:
            async with redis.pipeline(transaction=False) as pipe:
                for one in hashed:
                    pipe.set(self.key(one), _ENDED, ex=LIFETIME_SECONDS)
                await pipe.execute()
        except _AWAY as error:
            log.warning(
                "recall.end_not_told", kind=self.kind, count=len(hashed), seconds=LIFETIME_SECONDS, error=str(error)
            )

    async def forget(self, redis: Redis, *hashed: str) -> None:
        """Ask Postgres again about these, which go on: something about them changed."""
        try:
            if hashed:
                await redis.delete(*map(self.key, hashed))
        except _AWAY as error:
            log.warning("recall.not_forgotten", kind=self.kind, seconds=LIFETIME_SECONDS, error=str(error))
