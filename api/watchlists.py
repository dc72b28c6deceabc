"""Watchlists of the account that is signed in."""

from typing import Annotated

from fastapi import APIRouter, Path

from api.deps import Member, MintPath, ServicesDep
from api.errors import documented
from launchpad.watchlists import service
from launchpad.watchlists.schemas import (
    MergeLists,
    NewWatchlist,
    TokenOrder,
    WatchlistChange,
    WatchlistsView,
    WatchlistView,
)

router = APIRouter(prefix="/api/v1/watchlists", tags=["portfolio"])
ListPath = Annotated[str, Path(max_length=36, description="The list's id.")]


@router.get("", summary="One's watchlists", responses=documented(401))
async def list_watchlists(member: Member, services: ServicesDep) -> WatchlistsView:
    """Every list with its tokens, in order."""
    async with services.database.read() as session:
        return await service.list_watchlists(session, member.address)


@router.post("", summary="Make a watchlist", responses=documented(401, 409), status_code=201)
async def create_watchlist(body: NewWatchlist, member: Member, services: ServicesDep) -> WatchlistView:
    """A list behind the others, at most 20 of them."""
    async with services.database.session() as session:
        return await service.create_watchlist(session, member.address, body.name)


@router.post("/merge", summary="Join lists that a browser kept", responses=documented(401))
async def merge_watchlists(body: MergeLists, member: Member, services: ServicesDep) -> WatchlistsView:
    """By name, each token once; what is beyond a quota is left out."""
    async with services.database.session() as session:
        return await service.merge(session, member.address, body.lists)


@router.patch("/{watchlist}", summary="Rename or move a watchlist", responses=documented(401, 404, 409))
async def change_watchlist(
    watchlist: ListPath, body: WatchlistChange, member: Member, services: ServicesDep
) -> WatchlistView:
    """Another name, another place among the lists."""
    async with services.database.session() as session:
        return await service.change_watchlist(session, member.address, watchlist, body)


@router.delete("/{watchlist}", summary="Delete a watchlist", responses=documented(401, 404), status_code=204)
async def delete_watchlist(watchlist: ListPath, member: Member, services: ServicesDep) -> None:
    """With everything on it."""
    async with services.database.session() as session:
        await service.delete_watchlist(session, member.address, watchlist)


@router.put("/{watchlist}/order", summary="Order a watchlist", responses=documented(401, 404))
async def order_tokens(watchlist: ListPath, body: TokenOrder, member: Member, services: ServicesDep) -> WatchlistView:
    """Its tokens in another order."""
    async with services.database.session() as session:
        return await service.order_tokens(session, member.address, watchlist, body.mints)


@router.put("/{watchlist}/tokens/{mint}", summary="Watch a token", responses=documented(401, 404, 409))
async def add_token(watchlist: ListPath, mint: MintPath, member: Member, services: ServicesDep) -> WatchlistView:
    """Puts it first on the list, which holds at most 100; again changes nothing."""
    async with services.database.session() as session:
        return await service.add_token(session, member.address, watchlist, mint)


@router.delete("/{watchlist}/tokens/{mint}", summary="Watch a token no more", responses=documented(401, 404))
async def remove_token(watchlist: ListPath, mint: MintPath, member: Member, services: ServicesDep) -> WatchlistView:
    """Takes it off the list; again changes nothing."""
    async with services.database.session() as session:
        return await service.remove_token(session, member.address, watchlist, mint)
