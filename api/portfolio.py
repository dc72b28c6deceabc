"""What a wallet holds, what it cost, and what it made."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.deps import CursorQuery, ServicesDep, WalletPath, limit_query
from api.errors import documented
from launchpad.portfolio import history, service
from launchpad.portfolio.balances import sol_balance
from launchpad.portfolio.schemas import Portfolio, PortfolioHistory
from launchpad.trades import history as trades
from launchpad.trades.schemas import WalletTradePage

router = APIRouter(prefix="/api/v1/portfolio", tags=["portfolio"])


@router.get("/{wallet}", summary="Holdings, cost basis and profit", responses=documented())
async def read_portfolio(
    wallet: WalletPath,
    services: ServicesDep,
    cursor: CursorQuery = None,
    limit: Annotated[int, limit_query(200)] = 50,
) -> Portfolio:
    """Positions by average cost with fees included, most valuable first; unlocks and fees that wait to be claimed."""
    balance = await sol_balance(services.chain, wallet)
    async with services.database.read() as session:
        return await service.portfolio(session, services.settings, wallet, limit, cursor, balance)


@router.get("/{wallet}/trades", summary="Trades of a wallet", response_model=WalletTradePage, responses=documented())
async def list_wallet_trades(
    wallet: WalletPath,
    services: ServicesDep,
    cursor: CursorQuery = None,
    limit: Annotated[int, limit_query(200)] = 50,
) -> Response:
    """Every confirmed trade of the wallet, newest first."""
    async with services.database.look() as look:
        found = await trades.wallet_trades(look, services.settings, wallet, limit, cursor)
    return Response(found.json(), media_type="application/json")


@router.get("/{wallet}/history", summary="Value over time", responses=documented())
async def read_history(
    wallet: WalletPath,
    services: ServicesDep,
    span: Annotated[history.Span, Query(description="How far back.")] = "24h",
) -> PortfolioHistory:
    """What the wallet's tokens were worth and what they had cost, at even steps up to now."""
    async with services.database.read() as session:
        return await history.portfolio_history(session, wallet, span)
