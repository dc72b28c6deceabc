"""What tokens and programs really are, from the chain."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import AfterValidator

from api.deps import ServicesDep
from api.errors import documented
from launchpad.schemas import ADDRESS_PATTERN, require_address
from launchpad.verification import reading
from launchpad.verification.schemas import Report, VerificationStatus, VerifyRequest
from launchpad.verification.service import Verifier

AddressPath = Annotated[
    str,
    Path(pattern=ADDRESS_PATTERN, description="A token's mint or a program's id."),
    AfterValidator(require_address),
]

router = APIRouter(prefix="/api/verify", tags=["verification"])


@router.post("/contract", summary="Verify a token or a program", responses=documented(404))
async def verify_contract(body: VerifyRequest, services: ServicesDep) -> Report:
    """Powers, supply, locks, curve and metadata of any mint, or a program's bytes, read from the chain now."""
    verifier = Verifier(services.settings, services.database, services.chain.rpc, services.documents)
    return await verifier.verify(body.address)


@router.get("/status/{address}", summary="How an address was verified", responses=documented())
async def verification_status(address: AddressPath, services: ServicesDep) -> VerificationStatus:
    """The newest report about a mint or a program, and whether it may carry the badge; `unchecked` without one."""
    async with services.database.read() as session:
        return await reading.status(session, address)
