"""All SQL of kept views."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.tables.screener import ScreenerView

_LOCK = text("SELECT 1 FROM accounts WHERE address = :owner FOR UPDATE")


async def hold(session: AsyncSession, owner: str) -> int:
    """Keep others from adding views of this account until the end; how many it has."""
    await session.execute(_LOCK, {"owner": owner})
    statement = select(func.count()).select_from(ScreenerView).where(ScreenerView.owner == owner)
    return int(await session.scalar(statement) or 0)


async def put(
    session: AsyncSession, view: UUID, owner: str, name: str, settings: dict[str, Any], now: datetime
) -> ScreenerView:
    """Keep a view under its name; one of the same name is replaced and keeps its id."""
    row = {"id": view, "owner": owner, "name": name, "settings": settings, "created_at": now, "updated_at": now}
    statement = (
        insert(ScreenerView)
        .values(row)
        .on_conflict_do_update(index_elements=["owner", "name"], set_={"settings": settings, "updated_at": now})
        .returning(ScreenerView)
    )
    return (await session.scalars(statement, execution_options={"populate_existing": True})).one()


async def named(session: AsyncSession, owner: str, name: str) -> ScreenerView | None:
    """The account's view of that name."""
    statement = select(ScreenerView).where(ScreenerView.owner == owner, ScreenerView.name == name)
    return (await session.scalars(statement)).one_or_none()


async def get(session: AsyncSession, view: UUID) -> ScreenerView | None:
    """A view by its id."""
    return await session.get(ScreenerView, view)


async def of_owner(session: AsyncSession, owner: str) -> Sequence[ScreenerView]:
    """The views of an account, by name."""
    found = await session.scalars(
        select(ScreenerView).where(ScreenerView.owner == owner).order_by(func.lower(ScreenerView.name))
    )
    return found.all()


async def remove(session: AsyncSession, owner: str, view: UUID) -> bool:
    """Forget a view; whether the account had it."""
    statement = delete(ScreenerView).where(ScreenerView.id == view, ScreenerView.owner == owner)
    return await session.scalar(statement.returning(ScreenerView.id)) is not None
