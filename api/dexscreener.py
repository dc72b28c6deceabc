"""What DexScreener's adapter (version 1.1) asks for. Answers are in its form, errors in ours."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from api.deps import ServicesDep
from api.errors import documented
from launchpad.dexscreener import service
from launchpad.dexscreener.schemas import AssetAnswer, Events, LatestBlock, PairAnswer
from launchpad.indexer.position import SLOT_BITS

router = APIRouter(prefix="/api/dexscreener", tags=["markets"])

_LAST = 2**SLOT_BITS - 2
Identity = Annotated[str, Query(alias="id", max_length=64, description="An address, as pairs and events name it.")]


def _answer(found: BaseModel) -> Response:
    """What is unknown is left out."""
    return Response(found.model_dump_json(by_alias=True, exclude_none=True), media_type="application/json")


@router.get("/latest-block", response_model=LatestBlock, summary="The newest final block", responses=documented(409))
async def read_latest_block(services: ServicesDep) -> Response:
    """The newest final slot with an event. Everything up to it can be asked for; it never goes back."""
    # Never from a cache or a replica: the next process may be asked for what this one promised.
    async with services.database.look() as look:
        return _answer(await service.latest_block(look))


@router.get("/asset", response_model=AssetAnswer, summary="A token by its mint", responses=documented(404))
async def read_asset(identity: Identity, services: ServicesDep) -> Response:
    """A token whose launch is final, or wrapped SOL."""
    async with services.database.look() as look:
        return _answer(await service.asset(look, identity))


@router.get("/pair", response_model=PairAnswer, summary="A curve or pool by its address", responses=documented(404))
async def read_pair(identity: Identity, services: ServicesDep) -> Response:
    """Where a token trades against SOL. Graduation gives a token a second pair; the first one stays as it is."""
    async with services.database.look() as look:
        return _answer(await service.pair(look, identity))


@router.get("/events", response_model=Events, summary="Events of final blocks", responses=documented(409))
async def read_events(
    first: Annotated[int, Query(alias="fromBlock", ge=0, le=_LAST, description="The first slot.")],
    last: Annotated[int, Query(alias="toBlock", ge=0, le=_LAST, description="The last slot, included.")],
    services: ServicesDep,
) -> Response:
    """Trades and liquidity of up to 100 slots in the order of the chain, each with the reserves after it."""
    async with services.database.look() as look:
        return _answer(await service.events(look, first, last))
