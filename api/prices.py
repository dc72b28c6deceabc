"""What SOL costs, and who is king of the hill by it."""

from fastapi import APIRouter, Request, Response

from api.deps import ServicesDep
from api.errors import documented
from api.hot import hot_look
from launchpad.cache import Policy
from launchpad.db import Look
from launchpad.metrics import kings
from launchpad.metrics.kings import KingView
from launchpad.prices import reading
from launchpad.prices.schemas import SolPriceView

router = APIRouter(tags=["markets"])


@router.get("/api/prices/sol", response_model=SolPriceView, summary="Price of SOL", responses=documented())
async def read_sol_price(request: Request, services: ServicesDep) -> Response:
    """US dollars per SOL with their source and age; null when they are older than 60 seconds."""
    return await hot_look(request, services, Policy(ttl=1), reading.view)


@router.get("/api/v1/king", response_model=KingView, summary="King of the hill", responses=documented())
async def read_king(request: Request, services: ServicesDep) -> Response:
    """The token on its curve that was the last to reach the king's milestone, and the range of its market value."""

    async def read(look: Look) -> KingView:
        return await kings.king(look, services.settings)

    return await hot_look(request, services, Policy(ttl=2, channel="market", grace=0.1), read)
