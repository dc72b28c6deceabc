"""Any wallet: what it is to tokens, what it traded, holds and made."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.deps import CursorQuery, ServicesDep, WalletPath, limit_query
from api.errors import documented
from api.hot import hot
from api.portfolio import list_wallet_trades
from launchpad.analytics import wallets
from launchpad.analytics.wallet_schemas import WalletPnl, WalletView
from launchpad.cache import Policy
from launchpad.portfolio.history import Span
from launchpad.trades.schemas import WalletTradePage

router = APIRouter(prefix="/wallets")

# All of a wallet's trades are gone through.
_COUNTED = Policy(ttl=5.0)

router.get("/{wallet}/trades", summary="Trades of a wallet", response_model=WalletTradePage, responses=documented())(
    list_wallet_trades
)


@router.get("/{wallet}", response_model=WalletView, summary="A wallet", responses=documented())
async def read_wallet(wallet: WalletPath, request: Request, services: ServicesDep) -> Response:
    """When it was first seen, what it launched, sniped and holds much of, and what it made in all."""

    async def compute() -> WalletView:
        async with services.database.read() as session, services.database.look(behind=True) as look:
            return await wallets.view(session, look, services.settings, wallet)

    return await hot(request, services, _COUNTED, compute)


@router.get("/{wallet}/pnl", response_model=WalletPnl, summary="What a wallet made", responses=documented())
async def read_pnl(
    wallet: WalletPath,
    request: Request,
    services: ServicesDep,
    span: Annotated[Span, Query(description="How far back the history goes.")] = "24h",
    cursor: CursorQuery = None,
    limit: Annotated[int, limit_query(200)] = 50,
) -> Response:
    """Realised and unrealised profit of each token by average cost, fees included, and in all over time."""

    async def compute() -> WalletPnl:
        async with services.database.read() as session:
            return await wallets.pnl(session, services.settings, wallet, span, limit, cursor)

    return await hot(request, services, _COUNTED, compute)
