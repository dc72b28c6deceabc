"""All SQL of stored objects."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.tables.media import MediaObject


async def add(session: AsyncSession, cid: str, content_type: str, body: bytes, uploader: str | None) -> None:
    """Keep an object; the same content again changes nothing."""
    values = {"cid": cid, "content_type": content_type, "size": len(body), "body": body, "uploader": uploader}
    await session.execute(insert(MediaObject).values(values).on_conflict_do_nothing())


async def find(session: AsyncSession, cid: str) -> MediaObject | None:
    """The object of an identifier."""
    return (await session.scalars(select(MediaObject).where(MediaObject.cid == cid))).one_or_none()


async def note_copies(session: AsyncSession, cid: str, pinned_at: datetime | None, archived_uri: str | None) -> None:
    """Note where else an object is kept."""
    values = {"pinned_at": pinned_at, "archived_uri": archived_uri}
    given = {name: value for name, value in values.items() if value is not None}
    if given:
        await session.execute(update(MediaObject).where(MediaObject.cid == cid).values(given))
