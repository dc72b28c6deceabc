"""All SQL of verification."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.tables.media import MediaObject
from launchpad.tables.verification import Verification


async def find(session: AsyncSession, address: str) -> Verification | None:
    """The newest report about an address."""
    return (await session.scalars(select(Verification).where(Verification.address == address))).one_or_none()


async def keep(session: AsyncSession, values: dict[str, Any]) -> None:
    """Keep a report in place of any older one; one that was read from an older slot changes nothing."""
    added = insert(Verification).values(values)
    newer = {name: added.excluded[name] for name in values if name != "address"}
    await session.execute(
        added.on_conflict_do_update(
            index_elements=["address"], set_=newer, where=Verification.slot <= added.excluded.slot
        )
    )


async def stored_document(session: AsyncSession, cid: str) -> bytes | None:
    """A document of our own content-addressed store."""
    body: bytes | None = await session.scalar(select(MediaObject.body).where(MediaObject.cid == cid))
    return body
