"""Help for practice on local clusters; on others these routes do not exist."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.deps import ServicesDep
from api.errors import documented
from launchpad.schemas import Address, Request

router = APIRouter(prefix="/api/local", tags=["operations"])

AIRDROP_LAMPORTS = 10 * 10**9
_MOST_LAMPORTS = 100 * 10**9


class AirdropRequest(Request):
    """Play money for a wallet."""

    address: Address
    lamports: Annotated[int, Field(ge=1, le=_MOST_LAMPORTS)] = AIRDROP_LAMPORTS


class Airdrop(BaseModel):
    """Play money on its way."""

    signature: str
    lamports: str


@router.post("/airdrop", summary="Play money", status_code=202, responses=documented())
async def request_airdrop(body: AirdropRequest, services: ServicesDep) -> Airdrop:
    """Lamports of the local cluster for a practice wallet: 10 SOL unless another amount is named."""
    signature = await services.chain.rpc.request_airdrop(body.address, body.lamports)
    return Airdrop(signature=signature, lamports=str(body.lamports))
