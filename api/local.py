"""Help for practice on local clusters; on others these routes do not exist."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import AfterValidator, BaseModel

from api.deps import ServicesDep
from api.errors import documented
from launchpad.schemas import AddressIn, AmountIn, Request

router = APIRouter(prefix="/api/local", tags=["operations"])

_MOST_LAMPORTS = 100 * 10**9


def _within_reason(lamports: str) -> str:
    if not 1 <= int(lamports) <= _MOST_LAMPORTS:
        raise ValueError(f"Ask for 1 to {_MOST_LAMPORTS} lamports.")
    return lamports


class AirdropRequest(Request):
    """Play money for a wallet."""

    address: AddressIn
    lamports: Annotated[AmountIn, AfterValidator(_within_reason)] = str(10 * 10**9)


class Airdrop(BaseModel):
    """Play money on its way."""

    signature: str
    lamports: str


@router.post("/airdrop", summary="Play money", status_code=202, responses=documented())
async def request_airdrop(body: AirdropRequest, services: ServicesDep) -> Airdrop:
    """Lamports of the local cluster for a practice wallet: 10 SOL unless another amount is named."""
    signature = await services.chain.rpc.request_airdrop(body.address, int(body.lamports))
    return Airdrop(signature=signature, lamports=body.lamports)
