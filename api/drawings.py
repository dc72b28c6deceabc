"""What the signed-in account draws on charts."""

from fastapi import APIRouter, Response

from api.deps import Member, MintPath, ServicesDep
from api.errors import documented
from launchpad.drawings import service as drawings
from launchpad.drawings.schemas import DrawingsChange, DrawingsView

router = APIRouter(prefix="/api/v1/drawings", tags=["markets"])


@router.get("/{mint}", summary="Your drawings on a chart", responses=documented(401))
async def read_drawings(mint: MintPath, member: Member, response: Response, services: ServicesDep) -> DrawingsView:
    """Everything that you drew on this token's chart, on any device."""
    response.headers["Cache-Control"] = "no-store"
    return await drawings.read(services.database, member.address, mint)


@router.put("/{mint}", summary="Keep your drawings on a chart", responses=documented(401, 403, 409))
async def save_drawings(mint: MintPath, body: DrawingsChange, member: Member, services: ServicesDep) -> DrawingsView:
    """Put these in the place of the revision that they were made from.

    Where they were changed elsewhere meanwhile the answer is 409, `DRAWINGS_CONFLICT`, with the stored
    `revision` and `drawings`: put the changes on top of those and send them again.
    """
    return await drawings.save(services.database, member.address, mint, body)
