"""Pairs in the shape of public screeners, under the paths that their readers know, behind `/api`."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, TypeAdapter

from api.deps import ServicesDep
from api.errors import documented
from api.hot import hot_look
from api.services import Services
from launchpad.cache import Policy
from launchpad.db import Look
from launchpad.pairs import service
from launchpad.pairs.schemas import Pair, Pairs
from launchpad.schemas import MAX_SEARCH

router = APIRouter(prefix="/api", tags=["markets"])

# Figures follow their trades within a second, prices at once.
_KEPT = Policy(ttl=1.0, channel="market", grace=0.05)
_LIST = TypeAdapter(list[Pair])
Chain = Annotated[str, Path(max_length=32, description="`solana`; other chains have no pairs here.")]
Addresses = Annotated[str, Path(max_length=2000, description="Up to 30 addresses, separated by commas.")]
Read = Callable[[Look], Awaitable[list[Pair]]]


class _Found:
    """Pairs as bytes: a plain list, or with the version of the shape."""

    def __init__(self, pairs: list[Pair], *, plain: bool) -> None:
        self._pairs, self._plain = pairs, plain

    def json(self) -> bytes:
        """What is unknown of a pair is left out; an answer without pairs has null."""
        each = _LIST.dump_json(self._pairs, by_alias=True, exclude_none=True)
        if self._plain:
            return each
        return b'{"schemaVersion":"1.0.0","pairs":%b}' % (each if self._pairs else b"null")


@router.get("/latest/dex/tokens/{addresses}", response_model=Pairs, summary="Pairs of tokens", responses=documented())
async def read_pairs_of_tokens(addresses: Addresses, request: Request, services: ServicesDep) -> Response:
    """Where tokens trade now, with figures in dollars; tokens that were not launched here are left out."""
    mints = service.addresses_of(addresses)
    return await _told(request, services, lambda look: service.of_tokens(look, services.settings, mints))


@router.get(
    "/latest/dex/pairs/{chain}/{addresses}", response_model=Pairs, summary="Pairs by address", responses=documented()
)
async def read_pairs(chain: Chain, addresses: Addresses, request: Request, services: ServicesDep) -> Response:
    """Curves and pools by their addresses. The curve of a graduate is no pair any more: ask for its token."""
    places = service.addresses_of(addresses) if chain == service.CHAIN else []
    return await _told(request, services, lambda look: service.at_addresses(look, services.settings, places))


@router.get("/latest/dex/search", response_model=Pairs, summary="Search for pairs", responses=documented())
async def search_pairs(
    request: Request, services: ServicesDep, q: Annotated[str, Query(max_length=MAX_SEARCH)] = ""
) -> Response:
    """At most 30 pairs whose token's name or symbol holds the text, or whose mint it is, most traded first."""
    return await _told(request, services, lambda look: service.search(look, services.settings, q))


@router.get(
    "/tokens/v1/{chain}/{addresses}", response_model=list[Pair], summary="Pairs of tokens", responses=documented()
)
async def list_tokens(chain: Chain, addresses: Addresses, request: Request, services: ServicesDep) -> Response:
    """The same as a plain list."""
    mints = service.addresses_of(addresses) if chain == service.CHAIN else []
    return await _told(request, services, lambda look: service.of_tokens(look, services.settings, mints), plain=True)


@router.get(
    "/token-pairs/v1/{chain}/{address}", response_model=list[Pair], summary="Pairs of a token", responses=documented()
)
async def list_pairs_of_token(
    chain: Chain, address: Annotated[str, Path(max_length=44)], request: Request, services: ServicesDep
) -> Response:
    """The pairs of one token as a plain list: one, or none where it was not launched here."""
    mints = service.addresses_of(address) if chain == service.CHAIN else []
    return await _told(request, services, lambda look: service.of_tokens(look, services.settings, mints), plain=True)


async def _told(request: Request, services: Services, read: Read, *, plain: bool = False) -> Response:
    async def found(look: Look) -> BaseModel | _Found:
        return _Found(await read(look), plain=plain)

    return await hot_look(request, services, _KEPT, found)
