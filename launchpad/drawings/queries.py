"""All SQL of drawings."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.tables.drawings import ChartDrawings


async def find(session: AsyncSession, address: str, mint: str) -> ChartDrawings | None:
    """What an account has drawn on a token's chart, as it is stored now."""
    return await session.get(ChartDrawings, (address, mint), populate_existing=True)


async def bytes_elsewhere(session: AsyncSession, address: str, mint: str) -> int:
    """How much room an account's drawings on other tokens take."""
    statement = select(func.coalesce(func.sum(ChartDrawings.size), 0)).where(
        ChartDrawings.address == address, ChartDrawings.mint != mint
    )
    return int(await session.scalar(statement) or 0)


async def write(
    session: AsyncSession, address: str, mint: str, base: int, drawings: list[dict[str, Any]], size: int
) -> ChartDrawings | None:
    """Store revision `base + 1` if `base` is the stored one; None otherwise."""
    values = {"revision": base + 1, "drawings": drawings, "size": size, "updated_at": func.now()}
    statement = (
        insert(ChartDrawings)
        .values(address=address, mint=mint, **values)
        .on_conflict_do_update(
            index_elements=[ChartDrawings.address, ChartDrawings.mint],
            set_=values,
            where=ChartDrawings.revision == base,
        )
        .returning(ChartDrawings)
    )
    stored: ChartDrawings | None = await session.scalar(statement)
    return stored
