"""What SOL costs."""

from fastapi import APIRouter, Request, Response

from api.deps import ServicesDep
from api.errors import documented
from api.hot import hot_look
from launchpad.cache import Policy
from launchpad.prices import reading
from launchpad.prices.schemas import SolPriceView

router = APIRouter(tags=["markets"])


@router.get("/api/prices/sol", response_model=SolPriceView, summary="Price of SOL", responses=documented())
async def read_sol_price(request: Request, services: ServicesDep) -> Response:
    """US dollars per SOL with their source and age; null when they are older than 60 seconds."""
    return await hot_look(request, services, Policy(ttl=1), reading.view)
