"""Lists of tokens that an account follows: several by name, in an order, within a quota."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.ids import uuid7
from launchpad.tables.watchlists import Watchlist
from launchpad.tokens.errors import unknown_token
from launchpad.watchlists import queries
from launchpad.watchlists.errors import WatchlistNameError, WatchlistNotFoundError, WatchlistQuotaError
from launchpad.watchlists.schemas import (
    MAX_LISTS,
    MAX_TOKENS,
    LocalList,
    WatchlistChange,
    WatchlistsView,
    WatchlistView,
)


async def list_watchlists(session: AsyncSession, owner: str) -> WatchlistsView:
    """The account's lists, in their order."""
    rows = await queries.lists_of(session, owner)
    tokens = await queries.tokens_of(session, [row.id for row in rows])
    return WatchlistsView(data=[WatchlistView(id=str(row.id), name=row.name, mints=tokens[row.id]) for row in rows])


async def create_watchlist(session: AsyncSession, owner: str, name: str) -> WatchlistView:
    """A new list behind the others; raises WatchlistQuotaError and WatchlistNameError."""
    await queries.hold(session, owner)
    rows = await queries.lists_of(session, owner)
    made = await _add(session, owner, rows, name.strip())
    return WatchlistView(id=str(made), name=name.strip(), mints=[])


async def _add(session: AsyncSession, owner: str, rows: Sequence[Watchlist], name: str) -> UUID:
    if len(rows) >= MAX_LISTS:
        raise WatchlistQuotaError(f"You have {MAX_LISTS} lists, which is the most: delete one first.")
    _require_free(rows, name)
    made = uuid7(datetime.now(UTC))
    await queries.add_list(session, made, owner, name, max((row.place for row in rows), default=-1) + 1)
    return made


def _require_free(rows: Sequence[Watchlist], name: str) -> None:
    if any(row.name == name for row in rows):
        raise WatchlistNameError(f"You have a list called {name}: choose another name.", field="name")


async def change_watchlist(session: AsyncSession, owner: str, watchlist: str, change: WatchlistChange) -> WatchlistView:
    """Another name, another place; raises WatchlistNotFoundError and WatchlistNameError."""
    rows, row = await _held(session, owner, watchlist)
    name = row.name if change.name is None else change.name.strip()
    if name != row.name:
        _require_free(rows, name)
        await queries.rename(session, row.id, name)
    if change.place is not None:
        order = [each.id for each in rows if each.id != row.id]
        order.insert(change.place, row.id)
        await queries.place_lists(session, order)
    return WatchlistView(id=str(row.id), name=name, mints=await _tokens(session, row.id))


async def delete_watchlist(session: AsyncSession, owner: str, watchlist: str) -> None:
    """Forget a list; raises WatchlistNotFoundError."""
    _, row = await _held(session, owner, watchlist)
    await queries.remove_list(session, row.id)


async def add_token(session: AsyncSession, owner: str, watchlist: str, mint: str) -> WatchlistView:
    """Put a token first on a list, if it is not there yet.

    Raises WatchlistNotFoundError, WatchlistQuotaError and TokenNotFoundError.
    """
    _, row = await _held(session, owner, watchlist)
    mints = await _tokens(session, row.id)
    if mint not in mints:
        if len(mints) >= MAX_TOKENS:
            raise WatchlistQuotaError(f"{row.name} holds {MAX_TOKENS} tokens, which is the most: take one off first.")
        if not await queries.known(session, [mint]):
            raise unknown_token(mint)
        mints = [mint, *mints]
        await queries.put_tokens(session, row.id, mints)
    return WatchlistView(id=str(row.id), name=row.name, mints=mints)


async def remove_token(session: AsyncSession, owner: str, watchlist: str, mint: str) -> WatchlistView:
    """Take a token off a list, if it is there; raises WatchlistNotFoundError."""
    _, row = await _held(session, owner, watchlist)
    mints = [each for each in await _tokens(session, row.id) if each != mint]
    await queries.put_tokens(session, row.id, mints)
    return WatchlistView(id=str(row.id), name=row.name, mints=mints)


async def order_tokens(session: AsyncSession, owner: str, watchlist: str, order: Sequence[str]) -> WatchlistView:
    """Put a list's tokens in another order; what is not on it is passed over. Raises WatchlistNotFoundError."""
    _, row = await _held(session, owner, watchlist)
    present = await _tokens(session, row.id)
    first = [mint for mint in dict.fromkeys(order) if mint in present]
    mints = [*first, *(mint for mint in present if mint not in first)]
    await queries.put_tokens(session, row.id, mints)
    return WatchlistView(id=str(row.id), name=row.name, mints=mints)


async def merge(session: AsyncSession, owner: str, lists: Sequence[LocalList]) -> WatchlistsView:
    """Join what a browser kept with the account's lists: by name, each token once, the account's order first.

    What is beyond a quota, and what is no token here, is left out: signing in must not fail for it.
    """
    await queries.hold(session, owner)
    known = await queries.known(session, [mint for each in lists for mint in each.mints])
    for local in lists:
        rows = await queries.lists_of(session, owner)
        name = local.name.strip()
        found = next((row.id for row in rows if row.name == name), None)
        if found is None and len(rows) >= MAX_LISTS:
            continue
        watchlist = found or await _add(session, owner, rows, name)
        present = await _tokens(session, watchlist)
        joined = list(dict.fromkeys([*present, *(mint for mint in local.mints if mint in known)]))
        await queries.put_tokens(session, watchlist, joined[:MAX_TOKENS])
    return await list_watchlists(session, owner)


async def _held(session: AsyncSession, owner: str, watchlist: str) -> tuple[Sequence[Watchlist], Watchlist]:
    """The account's lists, and the one that is asked for, which nobody else changes meanwhile."""
    await queries.hold(session, owner)
    rows = await queries.lists_of(session, owner)
    for row in rows:
        if str(row.id) == watchlist:
            return rows, row
    raise WatchlistNotFoundError("You have no such list: it was deleted, perhaps on another device.")


async def _tokens(session: AsyncSession, watchlist: UUID) -> list[str]:
    return (await queries.tokens_of(session, [watchlist]))[watchlist]
