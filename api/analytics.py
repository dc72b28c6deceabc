"""Analytics of one token, of the market as a whole, and of wallets."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api import wallets
from api.deps import MintPath, ServicesDep, limit_query
from api.errors import documented
from api.hot import hot_look
from launchpad.analytics import activity, depth, holders, leaderboard, market
from launchpad.analytics.market_schemas import Market, TileSize, Treemap
from launchpad.analytics.schemas import Activity, Depth, Distribution, RiskReport, Span, TraderOrder, Traders
from launchpad.cache import Policy
from launchpad.db import Look

router = APIRouter(prefix="/api/v1", tags=["analytics"])
router.include_router(wallets.router)

# What is counted over many rows is counted anew so often, whatever happens meanwhile.
_COUNTED = Policy(ttl=10.0)


@router.get(
    "/tokens/{mint}/distribution", response_model=Distribution, summary="Who holds it", responses=documented(404)
)
async def read_distribution(mint: MintPath, request: Request, services: ServicesDep) -> Response:
    """The largest holders with what each is to the token, shares of the top, the Gini coefficient, a Lorenz curve."""

    async def read(look: Look) -> Distribution:
        return await holders.distribution(look, mint)

    return await hot_look(request, services, _COUNTED, read)


@router.get("/tokens/{mint}/activity", response_model=Activity, summary="Trading over time", responses=documented(404))
async def read_activity(
    mint: MintPath,
    request: Request,
    services: ServicesDep,
    span: Annotated[Span, Query(description="How far back.")] = "24h",
) -> Response:
    """Volume, buyers and sellers, and liquidity by bucket."""

    async def read(look: Look) -> Activity:
        return await activity.activity(look, mint, span)

    return await hot_look(request, services, _COUNTED, read)


@router.get("/tokens/{mint}/depth", response_model=Depth, summary="How far buys move it", responses=documented(404))
async def read_depth(mint: MintPath, request: Request, services: ServicesDep) -> Response:
    """What 1, 5, 10, 25 and 50 SOL buy now, and where that leaves the price, up to graduation or in the pool."""

    async def read(look: Look) -> Depth:
        return await depth.depth(look, mint)

    # A launch fee falls with time alone.
    return await hot_look(request, services, Policy(ttl=1.0, channel=f"token:{mint}"), read)


@router.get("/tokens/{mint}/traders", response_model=Traders, summary="Who made what", responses=documented(404))
async def list_traders(
    mint: MintPath,
    request: Request,
    services: ServicesDep,
    order: Annotated[TraderOrder, Query(description="What comes first.")] = "profit",
    limit: Annotated[int, limit_query(100)] = 25,
) -> Response:
    """Wallets that traded it, with realised and unrealised profit by average cost, fees included."""

    async def read(look: Look) -> Traders:
        return await leaderboard.traders(look, mint, order, limit)

    return await hot_look(request, services, _COUNTED, read)


@router.get("/tokens/{mint}/risk", response_model=RiskReport, summary="What is risky", responses=documented(404))
async def read_risk(mint: MintPath, request: Request, services: ServicesDep) -> Response:
    """Reasons for care, worst first, with the shares that they are judged by."""

    async def read(look: Look) -> RiskReport:
        return await holders.risk_report(look, mint)

    return await hot_look(request, services, Policy(ttl=1.0, channel=f"token:{mint}"), read)


@router.get("/market", response_model=Market, summary="The market as a whole", responses=documented())
async def read_market(request: Request, services: ServicesDep) -> Response:
    """Totals by window, what moves most, who is king, fees, launches, graduations and volume over time."""

    async def read(look: Look) -> Market:
        return await market.market(look, services.settings)

    return await hot_look(request, services, _COUNTED, read)


@router.get("/market/treemap", response_model=Treemap, summary="Tokens by size", responses=documented())
async def read_treemap(
    request: Request,
    services: ServicesDep,
    size: Annotated[TileSize, Query(description="What the areas stand for.")] = "market_cap",
    limit: Annotated[int, limit_query(200)] = market.TILES,
) -> Response:
    """The largest tokens with how they moved, and what all others come to."""

    async def read(look: Look) -> Treemap:
        return await market.treemap(look, services.settings, size, limit)

    return await hot_look(request, services, _COUNTED, read)
