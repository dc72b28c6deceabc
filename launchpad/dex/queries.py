"""The SQL of launches on several venues."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.tables.dex import MultiLaunch, MultiLaunchItem


async def add(session: AsyncSession, launch: MultiLaunch, items: Sequence[MultiLaunchItem]) -> None:
    """Keep a launch with its items."""
    session.add(launch)
    await session.flush()
    session.add_all(items)


async def find(session: AsyncSession, launch_id: UUID) -> tuple[MultiLaunch, list[MultiLaunchItem]] | None:
    """A launch and its items in order."""
    launch = await session.get(MultiLaunch, launch_id)
    if launch is None:
        return None
    statement = select(MultiLaunchItem).where(MultiLaunchItem.launch_id == launch_id)
    items = (await session.scalars(statement.order_by(MultiLaunchItem.position))).all()
    return launch, list(items)


async def settle(session: AsyncSession, launch_id: UUID, position: int, status: str) -> None:
    """Note that an item opened, or that it cannot any more."""
    values = {"status": status} | ({"opened_at": func.now()} if status == "open" else {})
    statement = update(MultiLaunchItem).where(
        MultiLaunchItem.launch_id == launch_id, MultiLaunchItem.position == position, MultiLaunchItem.status != "open"
    )
    await session.execute(statement.values(values))
