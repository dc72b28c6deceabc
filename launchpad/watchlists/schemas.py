"""What goes into and out of watchlists. Field names are the wire's."""

from typing import Annotated

from pydantic import BaseModel, Field

from launchpad.schemas import Mint, MintIn, Request

MAX_LISTS = 20
MAX_TOKENS = 100
ListName = Annotated[str, Field(min_length=1, max_length=32, pattern=r"^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*$")]
Mints = Annotated[list[MintIn], Field(max_length=MAX_TOKENS, description=f"At most {MAX_TOKENS}, in order.")]


class WatchlistView(BaseModel):
    """One list."""

    id: str
    name: str
    mints: list[Mint] = Field(description="In their order.")


class WatchlistsView(BaseModel):
    """The account's lists, in their order."""

    data: list[WatchlistView]


class NewWatchlist(Request):
    """A list to make."""

    name: ListName


class WatchlistChange(Request):
    """What becomes different; null stays."""

    name: ListName | None = None
    place: int | None = Field(None, ge=0, lt=MAX_LISTS, description="Where it stands among the lists, from 0.")


class TokenOrder(Request):
    """The tokens of a list in another order: those that are left out keep their order behind the others."""

    mints: Mints


class LocalList(Request):
    """A list that a browser kept while nobody was signed in."""

    name: ListName
    mints: Mints


class MergeLists(Request):
    """Lists to join with the account's."""

    lists: list[LocalList] = Field(max_length=MAX_LISTS)
