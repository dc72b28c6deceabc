"""All SQL of operations on many items."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.tables.bulk import BulkOperation, BulkTransaction


async def add(session: AsyncSession, operation: BulkOperation) -> None:
    """Keep an operation."""
    session.add(operation)


async def find(
    session: AsyncSession, operation_id: UUID, *, lock: bool = False
) -> tuple[BulkOperation, list[BulkTransaction]] | None:
    """An operation and its transactions in order; with `lock` nobody else adds to it until the session ends."""
    statement = select(BulkOperation).where(BulkOperation.id == operation_id)
    operation = await session.scalar(statement.with_for_update() if lock else statement)
    if operation is None:
        return None
    listed = select(BulkTransaction).where(BulkTransaction.operation_id == operation_id)
    rows = await session.scalars(listed.order_by(BulkTransaction.number))
    return operation, list(rows)


async def add_transactions(session: AsyncSession, rows: Sequence[BulkTransaction]) -> None:
    """Keep built transactions."""
    session.add_all(rows)


async def set_problems(session: AsyncSession, operation_id: UUID, problems: dict[str, Any]) -> None:
    """Note why items could not be built."""
    statement = update(BulkOperation).where(BulkOperation.id == operation_id)
    await session.execute(statement.values(problems=problems))


async def settle(session: AsyncSession, operation_id: UUID, number: int, **values: Any) -> None:
    """Note how a transaction stands; what is confirmed stays so."""
    statement = update(BulkTransaction).where(
        BulkTransaction.operation_id == operation_id,
        BulkTransaction.number == number,
        BulkTransaction.status != "confirmed",
    )
    await session.execute(statement.values(**values))


async def symbols(session: AsyncSession, mints: Sequence[str]) -> dict[str, str]:
    """Symbols of the mints that are known here."""
    statement = text("SELECT mint, symbol FROM tokens WHERE mint = ANY(:mints)")
    return {row.mint: row.symbol for row in await session.execute(statement, {"mints": list(mints)})}
