"""What a reader of a channel missed, as the outbox keeps it."""

from launchpad.db import Database
from launchpad.errors import ConflictError
from launchpad.outbox import queries
from launchpad.outbox.envelope import encode, stamp_of


class ResyncRequiredError(ConflictError):
    """The reader's position is older than what is kept, or of another history: load the state anew."""

    code = "RESYNC_REQUIRED"
    status = 410


async def head(database: Database, channel: str) -> int:
    """The newest seq of a channel, 0 when nothing was ever said there. Raises DatabaseAwayError."""
    async with database.look() as look:
        return await queries.newest(look, channel)


async def read_after(database: Database, channel: str, after: int, limit: int) -> list[bytes]:
    """At most `limit` envelopes with seq > `after`, oldest first, without gaps.

    Raises ResyncRequiredError when some of them are no longer kept (7 days), or when `after`
    is ahead of the channel: then the reader's state is of no use. Raises DatabaseAwayError.
    """
    async with database.look() as look:
        rows = await queries.after(look, channel, after, limit)
        newest = 0 if rows else await queries.newest(look, channel)
    lost = (rows[0]["seq"] != after + 1) if rows else (newest != after)
    if lost:
        message = f"Events of {channel} after {after} are no longer kept: load its state again and go on from there."
        raise ResyncRequiredError(message, channel=channel)
    return [encode(channel, row["type"], row["seq"], stamp_of(row["created_at"]), row["data"]).encode() for row in rows]
