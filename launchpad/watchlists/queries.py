"""All SQL of watchlists."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import case, delete, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.tables.tokens import Token
from launchpad.tables.watchlists import Watchlist, WatchlistToken

_LOCK = text("SELECT 1 FROM accounts WHERE address = :owner FOR UPDATE")


async def hold(session: AsyncSession, owner: str) -> None:
    """Keep other changes of this account's lists waiting until the end of this one."""
    await session.execute(_LOCK, {"owner": owner})


async def lists_of(session: AsyncSession, owner: str) -> Sequence[Watchlist]:
    """The account's lists, in their order."""
    statement = select(Watchlist).where(Watchlist.owner == owner).order_by(Watchlist.place, Watchlist.id)
    return (await session.scalars(statement)).all()


async def tokens_of(session: AsyncSession, lists: Sequence[UUID]) -> dict[UUID, list[str]]:
    """The mints on each of the lists, in their order."""
    found: dict[UUID, list[str]] = {each: [] for each in lists}
    statement = (
        select(WatchlistToken.watchlist_id, WatchlistToken.mint)
        .where(WatchlistToken.watchlist_id.in_(found))
        .order_by(WatchlistToken.place, WatchlistToken.added_at.desc(), WatchlistToken.mint)
    )
    for row in await session.execute(statement):
        found[row.watchlist_id].append(row.mint)
    return found


async def add_list(session: AsyncSession, watchlist: UUID, owner: str, name: str, place: int) -> None:
    """Make a list."""
    row = {"id": watchlist, "owner": owner, "name": name, "place": place}
    await session.execute(insert(Watchlist).values(row))


async def rename(session: AsyncSession, watchlist: UUID, name: str) -> None:
    """Give a list another name."""
    await session.execute(update(Watchlist).where(Watchlist.id == watchlist).values(name=name))


async def place_lists(session: AsyncSession, order: Sequence[UUID]) -> None:
    """Put lists in this order."""
    places = case({each: place for place, each in enumerate(order)}, value=Watchlist.id)
    await session.execute(update(Watchlist).where(Watchlist.id.in_(order)).values(place=places))


async def remove_list(session: AsyncSession, watchlist: UUID) -> None:
    """Forget a list with what is on it."""
    await session.execute(delete(Watchlist).where(Watchlist.id == watchlist))


async def put_tokens(session: AsyncSession, watchlist: UUID, mints: Sequence[str]) -> None:
    """Have exactly these on a list, in this order."""
    await session.execute(
        delete(WatchlistToken).where(WatchlistToken.watchlist_id == watchlist, WatchlistToken.mint.not_in(mints))
    )
    if not mints:
        return
    rows = [{"watchlist_id": watchlist, "mint": mint, "place": place} for place, mint in enumerate(mints)]
    statement = insert(WatchlistToken).values(rows)
    keys = ["watchlist_id", "mint"]
    await session.execute(
        statement.on_conflict_do_update(index_elements=keys, set_={"place": statement.excluded.place})
    )


async def known(session: AsyncSession, mints: Sequence[str]) -> set[str]:
    """Those of the mints that are tokens here."""
    return set(await session.scalars(select(Token.mint).where(Token.mint.in_(mints))))
