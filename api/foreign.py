"""Trades of programs that are not ours."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AfterValidator

from api.deps import CursorQuery, ServicesDep, limit_query
from api.errors import documented
from launchpad.foreign import service
from launchpad.foreign.schemas import ForeignTradePage
from launchpad.schemas import ADDRESS_PATTERN, require_address

router = APIRouter(prefix="/api/foreign", tags=["markets"])


@router.get("/trades", summary="Trades on other venues", responses=documented())
async def list_foreign_trades(
    mint: Annotated[
        str,
        Query(pattern=ADDRESS_PATTERN, description="The token's mint address."),
        AfterValidator(require_address),
    ],
    services: ServicesDep,
    program: Annotated[
        str | None, Query(max_length=32, description="Only this one, as FOREIGN_PROGRAMS names it.")
    ] = None,
    cursor: CursorQuery = None,
    limit: Annotated[int, limit_query(300)] = 100,
) -> ForeignTradePage:
    """A token's trades in the followed programs (FOREIGN_PROGRAMS), newest first; none where none is followed."""
    async with services.database.read() as session:
        return await service.list_trades(session, mint, limit, cursor, program)
