"""What creators and beneficiaries may still change: unsigned transactions for them to sign."""

from typing import Annotated

from fastapi import APIRouter, Path

from api.deps import MintPath, ServicesDep
from api.errors import documented
from launchpad.ownership import service
from launchpad.ownership.schemas import (
    AcceptSchedule,
    AcceptToken,
    BuiltChange,
    ChangeMetadata,
    CreateSchedule,
    HandMetadata,
    MintMore,
    OfferSchedule,
    OfferToken,
    RevokeSchedule,
    RevokeTeam,
)
from launchpad.schemas import ADDRESS_PATTERN

router = APIRouter(prefix="/api/ownership", tags=["ownership"])
SchedulePath = Annotated[str, Path(pattern=ADDRESS_PATTERN, description="The schedule's address.")]
_CHANGES = documented(403, 404, 409)


@router.post("/tokens/{mint}/metadata", summary="Change a token's metadata", responses=_CHANGES)
async def change_metadata(mint: MintPath, body: ChangeMetadata, services: ServicesDep) -> BuiltChange:
    """A new name, symbol or address of the document, by whoever may change them."""
    return await service.change_metadata(services.database, services.chain, services.settings, mint, body)


@router.post("/tokens/{mint}/metadata-authority", summary="Hand over a token's metadata", responses=_CHANGES)
async def hand_metadata(mint: MintPath, body: HandMetadata, services: ServicesDep) -> BuiltChange:
    """To the creator, to another wallet, or to nobody for good."""
    return await service.hand_metadata(services.chain, mint, body)


@router.post("/tokens/{mint}/offer", summary="Offer a token to a new creator", responses=_CHANGES)
async def offer_token(mint: MintPath, body: OfferToken, services: ServicesDep) -> BuiltChange:
    """Nothing changes until it is accepted."""
    return await service.offer_token(services.chain, mint, body)


@router.post("/tokens/{mint}/accept", summary="Become a token's creator", responses=_CHANGES)
async def accept_token(mint: MintPath, body: AcceptToken, services: ServicesDep) -> BuiltChange:
    """Takes the offer; the creator's fees of curve and pool follow."""
    return await service.accept_token(services.chain, mint, body)


@router.post("/tokens/{mint}/mint", summary="Mint more of a token", responses=_CHANGES)
async def mint_more(mint: MintPath, body: MintMore, services: ServicesDep) -> BuiltChange:
    """Of a mintable supply, within its cap, once it has graduated."""
    return await service.mint_more(services.chain, mint, body)


@router.post("/tokens/{mint}/revoke-team", summary="Revoke a team's share", responses=_CHANGES)
async def revoke_team(mint: MintPath, body: RevokeTeam, services: ServicesDep) -> BuiltChange:
    """Burns what has not vested of a share that was launched as revocable."""
    return await service.revoke_team(services.chain, mint, body)


@router.post("/schedules", summary="Lock tokens for somebody", responses=_CHANGES)
async def create_schedule(body: CreateSchedule, services: ServicesDep) -> BuiltChange:
    """A vesting schedule of any token: start, cliff, end, steps, revocable or not."""
    return await service.create_schedule(services.chain, body)


@router.post("/schedules/{schedule}/revoke", summary="Revoke a schedule", responses=_CHANGES)
async def revoke_schedule(schedule: SchedulePath, body: RevokeSchedule, services: ServicesDep) -> BuiltChange:
    """Returns what has not vested, if the schedule was made revocable."""
    return await service.revoke_schedule(services.chain, schedule, body)


@router.post("/schedules/{schedule}/offer", summary="Offer a schedule", responses=_CHANGES)
async def offer_schedule(schedule: SchedulePath, body: OfferSchedule, services: ServicesDep) -> BuiltChange:
    """Nothing changes until it is accepted."""
    return await service.offer_schedule(services.chain, schedule, body)


@router.post("/schedules/{schedule}/accept", summary="Take a schedule over", responses=_CHANGES)
async def accept_schedule(schedule: SchedulePath, body: AcceptSchedule, services: ServicesDep) -> BuiltChange:
    """What is not claimed yet is the new beneficiary's."""
    return await service.accept_schedule(services.chain, schedule, body)
