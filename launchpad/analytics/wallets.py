"""Any wallet: what it is to tokens, and with its portfolio what it holds and made."""

from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.analytics import queries_wallets
from launchpad.analytics.wallet_schemas import WalletFacts, WalletLabel, WalletPnl, WalletView
from launchpad.config import Settings
from launchpad.db import Look
from launchpad.portfolio import service
from launchpad.portfolio.history import Span, portfolio_history


async def facts(look: Look, wallet: str) -> WalletFacts:
    """When it was seen, what it did, and what it is to tokens; nothing of a wallet that was never seen."""
    seen = await queries_wallets.seen(look, wallet)
    return WalletFacts(labels=await _labels(look, wallet), **seen)


async def _labels(look: Look, wallet: str) -> list[WalletLabel]:
    early = await queries_wallets.early(look, wallet)
    told = {
        "creator": await queries_wallets.launched(look, wallet),
        "bundler": [row for row in early if row["bundler"]],
        "sniper": [row for row in early if row["sniper"]],
        "large_holder": await queries_wallets.large(look, wallet),
    }
    return [
        WalletLabel(kind=kind, mint=row["mint"], name=row["name"], symbol=row["symbol"], share_bps=row.get("share_bps"))
        for kind, rows in told.items()
        for row in rows
    ]


async def view(session: AsyncSession, look: Look, settings: Settings, wallet: str) -> WalletView:
    """A wallet in one body."""
    found = await service.portfolio(session, settings, wallet, 1)
    seen = await facts(look, wallet)
    return WalletView(wallet=wallet, display_name=found.display_name, totals=found.totals, **dict(seen))


async def pnl(
    session: AsyncSession, settings: Settings, wallet: str, span: Span, limit: int, cursor: str | None = None
) -> WalletPnl:
    """What it made, token by token and over time; raises InvalidCursorError."""
    found = await service.portfolio(session, settings, wallet, limit, cursor)
    history = await portfolio_history(session, wallet, span)
    return WalletPnl(
        wallet=wallet, totals=found.totals, data=found.data, meta=found.meta, span=span, history=history.data
    )
