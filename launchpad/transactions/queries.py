"""All SQL of sent transactions."""

from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.tables.chain import Cursor, SentTransaction


async def find(session: AsyncSession, signature: str) -> SentTransaction | None:
    """The transaction of a signature, if it was handed to us."""
    statement = select(SentTransaction).where(SentTransaction.signature == signature)
    return (await session.scalars(statement)).one_or_none()


async def add(
    session: AsyncSession, signature: str, payer: str, wire: str, last_valid_block_height: int, executor: str
) -> None:
    """Keep a transaction that is about to be sent; the same one again changes nothing."""
    values = {
        "signature": signature,
        "payer": payer,
        "wire": wire,
        "last_valid_block_height": last_valid_block_height,
        "status": "sent",
        "executor": executor,
    }
    await session.execute(insert(SentTransaction).values(values).on_conflict_do_nothing())


async def settle(
    session: AsyncSession, signature: str, status: str, *, slot: int | None = None, error: dict[str, Any] | None = None
) -> None:
    """Note how a transaction ended; what is finalized stays so."""
    values: dict[str, Any] = {"status": status, "error": error, "settled_at": func.now()}
    if slot is not None:
        values["slot"] = slot
    statement = update(SentTransaction).where(
        SentTransaction.signature == signature, SentTransaction.status != "finalized"
    )
    await session.execute(statement.values(values))


async def forget(session: AsyncSession, signature: str) -> None:
    """Drop a transaction that was never sent."""
    await session.execute(delete(SentTransaction).where(SentTransaction.signature == signature))


async def indexed_slot(session: AsyncSession) -> int | None:
    """The newest slot that the indexer has written, None before its first."""
    return await session.scalar(select(func.max(Cursor.slot)))
