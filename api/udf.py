"""TradingView's universal data feed: what its charting library reads. Errors of a feed are answers with status 200."""

import time
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel

from api.deps import ServicesDep
from api.errors import documented
from api.hot import hot_look
from api.services import Services
from launchpad.cache import Policy
from launchpad.db import Look
from launchpad.paging import Reading
from launchpad.schemas import MAX_SEARCH
from launchpad.tokens.errors import TokenNotFoundError
from launchpad.udf import bars, marks, symbols
from launchpad.udf.bars import MAX_BARS, Asked, TooManyBarsError
from launchpad.udf.schemas import Bars, Configuration, Failure, FoundSymbol, Marks, NoData, Symbol

router = APIRouter(prefix="/api/udf", tags=["markets"])

_FAR = 10**11
SymbolQuery = Annotated[str, Query(max_length=64, description="A token's mint address, the `ticker` of symbols.")]
From = Annotated[int, Query(alias="from", ge=0, le=_FAR, description="Unix seconds, included.")]
To = Annotated[int, Query(alias="to", ge=0, le=_FAR, description="Unix seconds, left out.")]
Resolution = Annotated[str, Query(max_length=8, description="One of `supported_resolutions`.")]


@router.get("/config", summary="What the chart feed can do", responses=documented())
async def read_config() -> Configuration:
    """Resolutions and abilities."""
    return symbols.configuration()


@router.get("/time", response_class=PlainTextResponse, summary="The server's time", responses=documented())
async def read_time() -> PlainTextResponse:
    """Unix seconds as plain text."""
    return PlainTextResponse(str(int(time.time())), headers={"Cache-Control": "no-store"})


@router.get(
    "/symbols", response_model=Symbol | Failure, summary="One token as a chart's symbol", responses=documented()
)
async def read_symbol(request: Request, services: ServicesDep, symbol: SymbolQuery) -> Response:
    """A token against SOL, with the power of ten that its price needs."""

    async def read(look: Look, mint: str) -> BaseModel:
        return await symbols.symbol(look, services.settings, mint)

    return await _told(request, services, symbol, read)


@router.get("/search", summary="Tokens for a chart", responses=documented())
async def search_symbols(
    services: ServicesDep,
    query: Annotated[str, Query(max_length=MAX_SEARCH)] = "",
    kind: Annotated[str, Query(alias="type", max_length=16)] = "",
    exchange: Annotated[str, Query(max_length=32)] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
) -> list[FoundSymbol]:
    """Tokens whose name, symbol or address fits, by volume."""
    if kind not in ("", symbols.KIND) or exchange not in ("", symbols.EXCHANGE):
        return []
    async with services.database.look() as look:
        return await symbols.search(look, services.settings, query, limit)


@router.get(
    "/history",
    response_model=Bars | NoData | Failure,
    summary="Bars of a chart",
    responses=documented(),
)
async def read_history(
    request: Request,
    services: ServicesDep,
    symbol: SymbolQuery,
    resolution: Resolution,
    end: To,
    start: From = 0,
    countback: Annotated[
        int | None, Query(ge=1, le=MAX_BARS, description="So many bars before `to`, whatever `from` says.")
    ] = None,
) -> Response:
    """Bars in columns, oldest first; buckets without trades are left out. Days begin at 00:00 UTC."""
    interval = symbols.interval_of(resolution)
    if interval is None:
        return _failed("unsupported_resolution")
    asked = Asked(interval, start, end, countback)

    async def read(look: Look, mint: str) -> BaseModel:
        return await bars.history(look, mint, asked)

    return await _told(request, services, symbol, read)


@router.get("/marks", response_model=Marks | Failure, summary="Marks on a chart", responses=documented())
async def read_marks(
    request: Request,
    services: ServicesDep,
    symbol: SymbolQuery,
    end: To = _FAR,
    start: From = 0,
    resolution: Resolution = "1",
) -> Response:
    """Launch, graduation, and the creator's trades."""
    if symbols.interval_of(resolution) is None:
        return _failed("unsupported_resolution")

    async def read(look: Look, mint: str) -> BaseModel:
        return await marks.marks(look, mint, start, end)

    return await _told(request, services, symbol, read)


async def _told(
    request: Request, services: Services, symbol: str, read: Callable[[Look, str], Awaitable[BaseModel]]
) -> Response:
    """What is told of one token, kept until something happens to it; a feed's own error for unknown ones."""
    try:
        mint = symbols.mint_of(symbol)

        async def look(connection: Look) -> Reading:
            # What is not known is absent in this form, never null.
            return Reading((await read(connection, mint)).model_dump(exclude_none=True))

        return await hot_look(request, services, Policy(ttl=30, channel=f"token:{mint}"), look)
    except TokenNotFoundError:
        return _failed("unknown_symbol")
    except TooManyBarsError as error:
        return _failed(error.message)


def _failed(message: str) -> Response:
    body = Failure(errmsg=message).model_dump_json()
    return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})
