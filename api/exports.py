"""History of a token as files."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from api.deps import MintPath, ServicesDep
from api.errors import documented
from api.public import is_known
from launchpad.exports import service
from launchpad.exports.encoding import MEDIA_TYPES, Form
from launchpad.exports.ranges import export_range
from launchpad.exports.service import Export
from launchpad.markets.intervals import Interval

router = APIRouter(tags=["markets"])

_FAR = 10**11
Start = Annotated[
    int | None,
    Query(alias="from", ge=0, le=_FAR, description="Unix seconds, included; 24 hours before `to` by default."),
]
End = Annotated[int | None, Query(alias="to", ge=0, le=_FAR, description="Unix seconds, left out; now by default.")]
FormQuery = Annotated[Form, Query(alias="format")]
_FILE: dict[int | str, dict[str, Any]] = {
    **documented(404),
    200: {
        "description": "The file, while it is made. One that breaks off has no end: ask again.",
        "content": {media: {"schema": {"type": "string", "format": "binary"}} for media in MEDIA_TYPES.values()},
    },
}


@router.get(
    "/api/v1/tokens/{mint}/trades/export",
    summary="Trades of a token as a file",
    response_class=StreamingResponse,
    responses=_FILE,
)
async def export_trades(
    mint: MintPath,
    request: Request,
    services: ServicesDep,
    form: FormQuery = "csv",
    start: Start = None,
    end: End = None,
) -> Response:
    """Every trade of at most 31 days in the order of the chain, as CSV or Parquet."""
    return _sent(request, await service.trades(services.database, mint, export_range(start, end), form))


@router.get(
    "/api/v1/tokens/{mint}/candles/export",
    summary="Candles of a token as a file",
    response_class=StreamingResponse,
    responses=_FILE,
)
async def export_candles(
    mint: MintPath,
    request: Request,
    services: ServicesDep,
    interval: Interval = "1m",
    form: FormQuery = "csv",
    start: Start = None,
    end: End = None,
) -> Response:
    """At most 500 000 candles, oldest first, as CSV or Parquet; buckets without trades are left out."""
    return _sent(request, await service.candles(services.database, mint, interval, export_range(start, end), form))


def _sent(request: Request, export: Export) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{export.name}"', "Cache-Control": "no-store"}
    if export.version is not None:
        # What is final is not sent twice.
        headers |= {"Cache-Control": "no-cache", "ETag": f'"{export.name}-{export.version}"'}
        if is_known(request.scope, headers["ETag"]):
            return Response(status_code=304, headers=headers)
    return StreamingResponse(export.body, media_type=export.media_type, headers=headers)
