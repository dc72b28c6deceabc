"""Taking out what has been earned or has vested."""

from fastapi import APIRouter

from api.deps import ServicesDep
from api.errors import documented
from launchpad.claims import service as claiming
from launchpad.claims.schemas import BuiltClaim, ClaimCreatorFees, ClaimReferrerFees, ClaimVesting

router = APIRouter(prefix="/api/claims", tags=["trading"])


@router.post("/creator-fees", summary="Claim a creator's fees", responses=documented(404, 409))
async def claim_creator_fees(body: ClaimCreatorFees, services: ServicesDep) -> BuiltClaim:
    """An unsigned transaction that pays a curve's creator fees to its creator."""
    return await claiming.claim_creator_fees(services.chain, body)


@router.post("/referrer-fees", summary="Claim a referrer's fees", responses=documented(404, 409))
async def claim_referrer_fees(body: ClaimReferrerFees, services: ServicesDep) -> BuiltClaim:
    """An unsigned transaction that pays a referrer's fees out."""
    return await claiming.claim_referrer_fees(services.chain, body)


@router.post("/vesting", summary="Claim vested tokens", responses=documented(404, 409))
async def claim_vesting(body: ClaimVesting, services: ServicesDep) -> BuiltClaim:
    """An unsigned transaction that pays a schedule's vested tokens to its beneficiary."""
    return await claiming.claim_vesting(services.chain, body)
