"""What a reader of a channel missed: from the Redis stream, else from the outbox table."""

from redis.asyncio import Redis
from redis.exceptions import RedisError

from launchpad.db import Database
from launchpad.errors import ConflictError
from launchpad.outbox import queries
from launchpad.outbox.envelope import encode, stream_key


class ResyncRequiredError(ConflictError):
    """The reader's position is older than what is kept, or of another history: load the state anew."""

    code = "RESYNC_REQUIRED"
    status = 410


async def head(redis: Redis, database: Database, channel: str) -> int:
    """The newest published seq of a channel, 0 when nothing was ever said there."""
    newest = await _stream_head(redis, channel)
    if newest is not None:
        return newest
    async with database.read() as session:
        return await queries.head(session, channel)


async def read_after(redis: Redis, database: Database, channel: str, after: int, limit: int) -> list[bytes]:
    """At most `limit` envelopes with seq > `after`, oldest first, without gaps.

    Raises ResyncRequiredError when some of them are no longer kept (7 days), or
    when `after` is ahead of the channel: then the reader's state is of no use.
    """
    kept = await _from_stream(redis, channel, after, limit)
    if kept is None:
        kept = await _from_table(database, channel, after, limit)
    return kept


async def _from_stream(redis: Redis, channel: str, after: int, limit: int) -> list[bytes] | None:
    """The envelopes if the stream holds what follows `after`; None when it cannot tell."""
    try:
        entries = await redis.xrange(stream_key(channel), min=f"({after}-0", count=limit)
    except RedisError:
        return None
    if not entries:
        return [] if await _stream_head(redis, channel) == after else None
    if _seq(entries[0][0]) != after + 1 or _seq(entries[-1][0]) != after + len(entries):
        return None
    return [_bytes(fields) for _, fields in entries]


async def _from_table(database: Database, channel: str, after: int, limit: int) -> list[bytes]:
    async with database.read() as session:
        rows = await queries.after(session, channel, after, limit)
        newest = 0 if rows else await queries.head(session, channel)
    lost = (rows[0].seq != after + 1) if rows else (newest != after)
    if lost:
        message = f"Events of {channel} after {after} are no longer kept: load its state again and go on from there."
        raise ResyncRequiredError(message, channel=channel)
    return [encode(row) for row in rows]


async def _stream_head(redis: Redis, channel: str) -> int | None:
    try:
        newest = await redis.xrevrange(stream_key(channel), count=1)
    except RedisError:
        return None
    return _seq(newest[0][0]) if newest else None


def _seq(entry_id: bytes | str) -> int:
    text = entry_id.decode() if isinstance(entry_id, bytes) else entry_id
    return int(text.partition("-")[0])


def _bytes(fields: dict[bytes | str, bytes | str]) -> bytes:
    """The envelope of a stream entry, whether the client decodes answers or not."""
    value = next(iter(fields.values()))
    return value.encode() if isinstance(value, str) else value
