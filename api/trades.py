"""Trades of a token, quotes, and transactions to sign."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from api.deps import CursorQuery, MintPath, PageQuery, ServicesDep, limit_query
from api.errors import documented
from api.hot import hot_look
from launchpad.cache import Policy
from launchpad.db import Look
from launchpad.paging import Listing
from launchpad.trades import history, trading
from launchpad.trades.schemas import BuildRequest, BuiltTrade, Quote, QuoteRequest, TradePage

router = APIRouter(tags=["trading"])


@router.get(
    "/api/v1/tokens/{mint}/trades", response_model=TradePage, summary="Trades of a token", responses=documented(404)
)
async def list_trades(
    mint: MintPath,
    request: Request,
    services: ServicesDep,
    cursor: CursorQuery = None,
    page: PageQuery = None,
    limit: Annotated[int, limit_query(300)] = 100,
) -> Response:
    """Confirmed trades, newest first. Those not yet finalized may still be taken back by a fork."""

    async def read(look: Look) -> Listing:
        return await history.token_trades(look, mint, limit, cursor, page)

    return await hot_look(request, services, Policy(ttl=5, channel=f"token:{mint}"), read)


@router.post("/api/trade/quote", summary="What a trade would do", responses=documented(404, 409))
async def quote_trade(body: QuoteRequest, services: ServicesDep) -> Quote:
    """Price, fees by recipient, price impact and the worst accepted result, by the curve as it is on chain now."""
    return await trading.quote_trade(services.database, services.chain, body)


@router.post("/api/trade/build", summary="A trade to sign", responses=documented(404, 409))
async def build_trade(body: BuildRequest, services: ServicesDep) -> BuiltTrade:
    """An unsigned transaction for `wallet` that keeps to the quote, or fails and changes nothing."""
    return await trading.build_trade(services.database, services.chain, body)
