"""Other venues: which there are, and transactions to sign for them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import AfterValidator

from api.deps import MintPath, ServicesDep
from api.errors import documented
from launchpad.dex import health, jupiter, multi, openbook, orca, pump, raydium, trading
from launchpad.dex import venues as known
from launchpad.dex.schemas import (
    AddLiquidity,
    BuildRoute,
    BuildSwap,
    BuiltLiquidity,
    BuiltMarket,
    BuiltPool,
    BuiltPumpLaunch,
    BuiltRoute,
    BuiltSplashPool,
    BuiltStep,
    BuiltSwap,
    CreateMarket,
    CreatePool,
    CreateSplashPool,
    MultiLaunch,
    MultiLaunchView,
    OrderBook,
    PlaceOrder,
    PoolHealth,
    PoolQuote,
    PumpLaunch,
    RouteAsked,
    RouteCheck,
    RoutedQuote,
    SwapAsked,
    VenueView,
)
from launchpad.schemas import ADDRESS_PATTERN, require_address

router = APIRouter(prefix="/api/dex", tags=["venues"])

PoolPath = Annotated[
    str, Path(pattern=ADDRESS_PATTERN, description="A pool's address."), AfterValidator(require_address)
]


@router.get("/venues", summary="Venues of this cluster", responses=documented())
async def list_venues(services: ServicesDep) -> list[VenueView]:
    """Every venue that is spoken to, whether it is on this cluster, and if not, what is missing."""
    return await known.list_venues(services.chain, services.settings)


@router.post("/raydium/create-pool", summary="A pool at Raydium to open", responses=documented(404, 409))
async def create_raydium_pool(body: CreatePool, services: ServicesDep) -> BuiltPool:
    """A constant-product pool of a token against SOL with its first liquidity, and what it costs.

    SOL is wrapped and unwrapped within the transaction. Swaps begin a second after it, or at `open_time`.
    """
    return await raydium.create_pool(services.chain, body)


@router.post("/raydium/quote", summary="What a swap at Raydium would do", responses=documented(404, 409))
async def quote_raydium_swap(body: SwapAsked, services: ServicesDep) -> PoolQuote:
    """Amounts to the unit, fees, price impact and the worst accepted result, by the pool as it is now."""
    return await raydium.quote_swap(services.chain, body)


@router.post("/raydium/swap", summary="A swap at Raydium to sign", responses=documented(404, 409))
async def build_raydium_swap(body: BuildSwap, services: ServicesDep) -> BuiltSwap:
    """An unsigned transaction for `wallet` that keeps to the quote, or fails and changes nothing."""
    return await raydium.build_swap(services.chain, body)


@router.post("/jupiter/add-liquidity", summary="Liquidity that Jupiter can route over", responses=documented(404, 409))
async def add_routed_liquidity(body: AddLiquidity, services: ServicesDep) -> BuiltLiquidity:
    """Funds the token's pool at Raydium, opening it where there is none, and tells whether Jupiter quotes.

    Jupiter keeps no pools of its own: it routes over those of others.
    """
    return await jupiter.add_liquidity(services.chain, services.router, body)


@router.get("/jupiter/routes/{mint}", summary="Whether Jupiter finds a token", responses=documented())
async def check_route(mint: MintPath, services: ServicesDep, pool: str | None = None) -> RouteCheck:
    """Asks the aggregator for a tenth of a SOL's worth, and whether `pool` is on the way."""
    return await services.router.check(mint, pool)


@router.post("/pump/launch", summary="A coin on Pump.fun to launch", responses=documented(404, 409))
async def launch_pump_coin(body: PumpLaunch, services: ServicesDep) -> BuiltPumpLaunch:
    """A new coin with its own mint beside a token here, and the creator's first buy.

    Pump.fun mints its own coins, so an existing token cannot move there: `notice` says so in words.
    """
    return await pump.launch(services.chain, body)


@router.post("/route/quote", summary="The best way of a trade", responses=documented(404, 409))
async def quote_route(body: RouteAsked, services: ServicesDep) -> RoutedQuote:
    """Before graduation the curve; after it the better of the aggregator and the pool itself (`swap_only_amm`)."""
    return await trading.quote_route(services.database, services.chain, services.router, body)


@router.post("/route/build", summary="A trade by the best way, to sign", responses=documented(404, 409))
async def build_route(body: BuildRoute, services: ServicesDep) -> BuiltRoute:
    """What an aggregator built is inspected before you see it; where it fails that, the pool itself is the way."""
    return await trading.build_route(services.database, services.chain, services.router, body)


@router.post("/orca/create-pool", summary="A pool at Orca to open", responses=documented(404, 409))
async def create_orca_pool(body: CreateSplashPool, services: ServicesDep) -> BuiltSplashPool:
    """A Whirlpool whose one position covers the full range: one transaction opens it, the next one fills it."""
    return await orca.create_pool(services.chain, body)


@router.post("/openbook/create-market", summary="An order book to open", responses=documented(404, 409))
async def create_openbook_market(body: CreateMarket, services: ServicesDep) -> BuiltMarket:
    """A market of a classic token against SOL, with its accounts, in one transaction."""
    return await openbook.create_market(services.chain, body)


@router.get("/openbook/markets/{address}", summary="What rests in an order book", responses=documented(404, 409))
async def read_openbook_market(address: PoolPath, services: ServicesDep) -> OrderBook:
    """Resting orders by price, best first, fifty levels a side."""
    return await openbook.read_book(services.chain, address)


@router.post("/openbook/order", summary="An order to sign", responses=documented(404, 409))
async def place_openbook_order(body: PlaceOrder, services: ServicesDep) -> BuiltStep:
    """An order in whole lots, with the accounts for open orders that the wallet still lacks."""
    return await openbook.place_order(services.chain, body)


@router.post("/multi-launch", status_code=201, summary="Several venues at once", responses=documented(404, 409))
async def launch_on_many(body: MultiLaunch, services: ServicesDep) -> MultiLaunchView:
    """Liquidity divided between venues: one answer for each, with what to sign or why it was refused.

    What one venue refuses does not hold up the others. `id` names the launch for
    `GET /api/dex/multi-launch/{id}`.
    """
    return await multi.launch(services.database, services.chain, services.router, body)


@router.get("/multi-launch/{launch_id}", summary="How a launch on several venues stands", responses=documented(404))
async def read_multi_launch(launch_id: UUID, services: ServicesDep) -> MultiLaunchView:
    """Every item as the chain has it now: waiting for signatures, open with its liquidity, expired or refused."""
    return await multi.status(services.database, services.chain, services.router, launch_id)


@router.get("/pools/{address}/health", summary="How a pool is doing", responses=documented(404))
async def read_pool_health(address: PoolPath, services: ServicesDep) -> PoolHealth:
    """Depth, imbalance, last use, price against its own average, and how much of the liquidity is locked."""
    return await health.pool_health(services.chain, address)
