"""Taking out what has been earned or has vested."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.deps import ServicesDep
from api.errors import documented
from launchpad.claims import listing
from launchpad.claims import service as claiming
from launchpad.claims.schemas import (
    BuiltClaim,
    ClaimCreatorFees,
    ClaimList,
    ClaimPosition,
    ClaimReferrerFees,
    ClaimRefund,
    ClaimVesting,
    RegisterReferrer,
)
from launchpad.schemas import AddressIn

router = APIRouter(prefix="/api", tags=["trading"])


@router.get("/claims", summary="Everything that a wallet can claim", responses=documented())
async def list_claims(
    services: ServicesDep, wallet: Annotated[AddressIn, Query(description="Who would claim it.")]
) -> ClaimList:
    """Fees, shares of routers, batches, unlocks, refunds and openings that wait, each with how it is asked for."""
    return await listing.claims_of(services.chain, services.database, wallet)


@router.post("/claims/creator-fees", summary="Claim a creator's fees", responses=documented(404, 409))
async def claim_creator_fees(body: ClaimCreatorFees, services: ServicesDep) -> BuiltClaim:
    """An unsigned transaction that pays the creator fees of a token's curve and pool to its creator."""
    return await claiming.claim_creator_fees(services.chain, body)


@router.post("/claims/referrer-fees", summary="Claim a referrer's fees", responses=documented(404, 409))
async def claim_referrer_fees(body: ClaimReferrerFees, services: ServicesDep) -> BuiltClaim:
    """An unsigned transaction that pays a referrer's fees out."""
    return await claiming.claim_referrer_fees(services.chain, body)


@router.post("/claims/position", summary="Take rent and pledge back", responses=documented(404, 409))
async def claim_position(body: ClaimPosition, services: ServicesDep) -> BuiltClaim:
    """An unsigned transaction that returns what a wallet laid down to buy while the rules of an opening held."""
    return await claiming.claim_position(services.chain, body)


@router.post("/claims/vesting", summary="Claim vested tokens", responses=documented(404, 409))
async def claim_vesting(body: ClaimVesting, services: ServicesDep) -> BuiltClaim:
    """An unsigned transaction that pays a schedule's vested tokens to its beneficiary."""
    return await claiming.claim_vesting(services.chain, body)


@router.post("/claims/refund", summary="Get a refund", responses=documented(404, 409))
async def claim_refund(body: ClaimRefund, services: ServicesDep) -> BuiltClaim:
    """An unsigned transaction that returns all of a holder's tokens of a sale that missed its goal."""
    return await claiming.claim_refund(services.chain, body)


@router.post("/referrers", summary="Register as a referrer", responses=documented(409))
async def register_referrer(body: RegisterReferrer, services: ServicesDep) -> BuiltClaim:
    """An unsigned transaction that opens the account which collects a referrer's part of the protocol fee."""
    return await claiming.register_referrer(services.chain, body)
