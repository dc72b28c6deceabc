"""Batch launches: what is open, what deposits come to, and transactions of depositors."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.deps import CursorQuery, MintPath, ServicesDep, WalletPath, limit_query
from api.errors import documented
from launchpad.claims.schemas import BuiltClaim
from launchpad.deposits import building, reading
from launchpad.deposits.schemas import (
    BatchClaimRequest,
    BatchDetails,
    BatchPage,
    DepositQuote,
    DepositRequest,
    SettlementRequest,
    WalletDeposits,
    WithdrawalRequest,
)
from launchpad.schemas import ADDRESS_PATTERN

router = APIRouter(prefix="/api/batches", tags=["trading"])


@router.get("", summary="Open batch launches", responses=documented())
async def list_batches(
    services: ServicesDep, cursor: CursorQuery = None, limit: Annotated[int, limit_query(100)] = 50
) -> BatchPage:
    """Sales that take deposits now, those that close soonest first."""
    async with services.database.look() as look:
        return await reading.open_batches(look, services.settings, limit, cursor)


@router.get("/wallets/{wallet}", summary="A wallet's deposits", responses=documented())
async def read_wallet_deposits(wallet: WalletPath, services: ServicesDep) -> WalletDeposits:
    """What a wallet has in batches, and what it can do now: take it back, settle, or claim."""
    async with services.database.look() as look:
        return await reading.wallet_deposits(look, wallet)


@router.get("/{mint}", summary="One batch launch", responses=documented(404))
async def read_batch(mint: MintPath, services: ServicesDep) -> BatchDetails:
    """A batch with what everybody would get now and its largest deposits."""
    async with services.database.look() as look:
        return await reading.batch_details(look, services.settings, mint)


@router.get("/{mint}/quote", summary="What a deposit would come to", responses=documented(404))
async def quote_deposit(
    mint: MintPath,
    services: ServicesDep,
    amount: Annotated[int, Query(ge=0, lt=2**63, description="Lamports to put in besides.")] = 0,
    wallet: Annotated[str | None, Query(pattern=ADDRESS_PATTERN, description="Whose deposit it adds to.")] = None,
) -> DepositQuote:
    """What a wallet's deposit, and more of it, would buy if the window ended now."""
    async with services.database.look() as look:
        return await reading.quote_deposit(look, mint, wallet, amount)


@router.post("/deposit", summary="Deposit", responses=documented(404, 409))
async def deposit(body: DepositRequest, services: ServicesDep) -> BuiltClaim:
    """An unsigned transaction that puts lamports into a batch."""
    return await building.build_deposit(services.chain, body)


@router.post("/withdraw", summary="Take a deposit back", responses=documented(404, 409))
async def withdraw(body: WithdrawalRequest, services: ServicesDep) -> BuiltClaim:
    """An unsigned transaction that takes lamports back, of a failed batch all of them."""
    return await building.build_withdrawal(services.chain, body)


@router.post("/claim", summary="Claim from a batch", responses=documented(404, 409))
async def claim(body: BatchClaimRequest, services: ServicesDep) -> BuiltClaim:
    """An unsigned transaction that pays a depositor's tokens and what was left over of his lamports."""
    return await building.build_claim(services.chain, body)


@router.post("/settle", summary="Settle a batch", responses=documented(404, 409))
async def settle(body: SettlementRequest, services: ServicesDep) -> BuiltClaim:
    """An unsigned transaction that ends a deposit window; anybody may send it."""
    return await building.build_settlement(services.chain, body)
