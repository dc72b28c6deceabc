"""Candles for charts, and what is marked at them."""

from time import time
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.deps import CursorQuery, MintPath, ServicesDep, limit_query
from api.errors import documented
from api.hot import hot_look
from launchpad.cache import Policy
from launchpad.db import Look
from launchpad.markets import charts, marks
from launchpad.markets.charts import ChartReading
from launchpad.markets.intervals import Interval
from launchpad.markets.schemas import Chart, ChartMarks
from launchpad.schemas import AddressIn, AmountIn

router = APIRouter(tags=["markets"])

_FAR = 10**11
Moment = Annotated[int | None, Query(ge=0, le=_FAR, description="Unix seconds.")]


@router.get("/api/v1/tokens/{mint}/chart", response_model=Chart, summary="Candles", responses=documented(404))
async def read_chart(
    mint: MintPath,
    request: Request,
    services: ServicesDep,
    interval: Interval = "1m",
    start: Annotated[
        int | None, Query(alias="from", ge=0, le=_FAR, description="Unix seconds; 24 hours ago by default.")
    ] = None,
    end: Annotated[int | None, Query(alias="to", ge=0, le=_FAR, description="Unix seconds; now by default.")] = None,
    fill: Annotated[bool, Query(description="Flat candles for buckets without trades.")] = False,
    cursor: CursorQuery = None,
    limit: Annotated[int, limit_query(charts.MAX_CANDLES)] = 1000,
) -> Response:
    """Candles and volumes, oldest first; the newest of the range where it holds more than `limit`."""
    asked = charts.chart_range(interval, start, end, limit=limit, fill=fill, cursor=cursor)

    async def read(look: Look) -> ChartReading:
        return await charts.chart(look, mint, asked)

    return await hot_look(request, services, Policy(ttl=30, channel=f"token:{mint}"), read)


@router.get(
    "/api/v1/tokens/{mint}/marks", response_model=ChartMarks, summary="Marks of a chart", responses=documented(404)
)
async def read_marks(
    mint: MintPath,
    request: Request,
    services: ServicesDep,
    start: Annotated[int, Query(alias="from", ge=0, le=_FAR, description="Unix seconds.")] = 0,
    end: Annotated[int | None, Query(alias="to", ge=0, le=_FAR, description="Unix seconds; now by default.")] = None,
    wallet: Annotated[AddressIn | None, Query(description="Whose trades to mark.")] = None,
    creator: Annotated[bool, Query(description="Whether to mark the creator's trades.")] = True,
    least: Annotated[AmountIn | None, Query(description="Lamports from which on a trade of anybody is marked.")] = None,
) -> Response:
    """Trades of a wallet and of the creator, large trades, milestones and graduation, oldest first."""
    until = int(time()) if end is None else end
    wanted = marks.Wanted(start, until, wallet, creator, None if least is None else int(least))

    async def read(look: Look) -> ChartMarks:
        return await marks.marks(look, mint, wanted)

    return await hot_look(request, services, Policy(ttl=5, channel=f"token:{mint}"), read)
