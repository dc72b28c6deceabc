"""Pools of tokens, and their liquidity."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AfterValidator

from api.deps import MintPath, ServicesDep
from api.errors import documented
from launchpad.pools import liquidity, reading
from launchpad.pools.schemas import BuiltLiquidity, DepositRequest, PoolView, WithdrawRequest
from launchpad.schemas import ADDRESS_PATTERN, require_address

router = APIRouter(prefix="/api", tags=["liquidity"])

_ADDRESS = AfterValidator(require_address)


@router.get("/pools/{mint}", summary="A token's pool", responses=documented(404))
async def read_pool(
    mint: MintPath,
    services: ServicesDep,
    wallet: Annotated[
        str | None, Query(pattern=ADDRESS_PATTERN, description="Whose shares to tell, too."), _ADDRESS
    ] = None,
    pool: Annotated[
        str | None, Query(pattern=ADDRESS_PATTERN, description="Another pool than the graduate's own."), _ADDRESS
    ] = None,
) -> PoolView:
    """Reserves, fees by tier, average prices and shares as they are on chain now, and the token's other pools."""
    return await reading.read_pool(services.database, services.chain, mint, pool, wallet)


@router.post("/liquidity/deposit", summary="Add liquidity", responses=documented(404, 409))
async def deposit(body: DepositRequest, services: ServicesDep) -> BuiltLiquidity:
    """An unsigned transaction that gives tokens and SOL to the pool for shares of it."""
    return await liquidity.build_deposit(services.chain, body)


@router.post("/liquidity/withdraw", summary="Take liquidity out", responses=documented(404, 409))
async def withdraw(body: WithdrawRequest, services: ServicesDep) -> BuiltLiquidity:
    """An unsigned transaction that gives shares of the pool back for tokens and SOL."""
    return await liquidity.build_withdrawal(services.chain, body)
