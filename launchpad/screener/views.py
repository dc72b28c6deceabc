"""Views that people keep: a screen by name, which whoever has its id may look at."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.ids import uuid7
from launchpad.screener import queries_views as queries
from launchpad.screener.errors import ViewNotFoundError, ViewQuotaError
from launchpad.screener.schemas import ViewIn, ViewList, ViewOut, ViewSettings
from launchpad.screener.service import Ask
from launchpad.tables.screener import ScreenerView

MAX_VIEWS = 50


async def save_view(session: AsyncSession, owner: str, asked: ViewIn) -> ViewOut:
    """Keep a view; one of the same name is replaced. Raises ViewQuotaError, and what the screen itself would."""
    _check(asked)
    name = asked.name.strip()
    kept = await queries.hold(session, owner)
    if kept >= MAX_VIEWS and await queries.named(session, owner, name) is None:
        raise ViewQuotaError(f"You keep {MAX_VIEWS} views, which is the most: delete one first.")
    now = datetime.now(UTC)
    row = await queries.put(session, uuid7(now), owner, name, asked.model_dump(exclude={"name"}), now)
    return _view(row)


def _check(asked: ViewSettings) -> None:
    ask = Ask(asked.preset, asked.filter, sort=asked.sort)
    ask.conditions()
    _ = ask.order


async def list_views(session: AsyncSession, owner: str) -> ViewList:
    """The account's views, by name."""
    return ViewList(data=[_view(row) for row in await queries.of_owner(session, owner)])


async def read_view(session: AsyncSession, view: str) -> ViewOut:
    """A view by its id, whoever keeps it; raises ViewNotFoundError."""
    row = await queries.get(session, _id(view))
    if row is None:
        raise _gone()
    return _view(row)


async def delete_view(session: AsyncSession, owner: str, view: str) -> None:
    """Forget one of the account's views; raises ViewNotFoundError."""
    if not await queries.remove(session, owner, _id(view)):
        raise _gone()


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise _gone() from error


def _gone() -> ViewNotFoundError:
    return ViewNotFoundError("There is no such view: it was deleted, or the link is not whole.")


def _view(row: ScreenerView) -> ViewOut:
    return ViewOut(id=str(row.id), name=row.name, owner=row.owner, updated_at=row.updated_at, **row.settings)
