"""A wallet's portfolio, put together from indexed trades, balances and prices."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import cast

from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad import paging
from launchpad.amounts import SOL_DECIMALS, change_bps, decimal_text, market_value_in_sol, price_in_sol, shifted
from launchpad.config import Settings
from launchpad.media.links import display_url
from launchpad.portfolio import queries
from launchpad.portfolio.profit import Fill, Position
from launchpad.portfolio.schemas import CreatorFees, Portfolio, PortfolioTotals, PositionView
from launchpad.trades import queries as trade_queries
from launchpad.vesting import queries as vesting_queries
from launchpad.vesting import reading as vesting


@dataclass(frozen=True)
class _Line:
    """One token of the wallet with what its fills come to. Lamports."""

    row: RowMapping
    position: Position
    value: int
    cost: int

    @property
    def key(self) -> tuple[int, str]:
        return self.value, self.row["mint"]


async def portfolio(
    session: AsyncSession,
    settings: Settings,
    wallet: str,
    limit: int,
    cursor: str | None = None,
    sol_balance: int | None = None,
) -> Portfolio:
    """What `wallet` holds and made, most valuable first; unknown wallets have empty ones. Raises InvalidCursorError."""
    after = cast("tuple[int, str]", paging.decode(cursor, (int, str))) if cursor else None
    lines = await _lines(session, wallet)
    rest = [line for line in lines if after is None or line.key < after]
    shown, meta = paging.cut(rest, limit, lambda line: line.key)
    now = datetime.now(UTC)
    return Portfolio(
        wallet=wallet,
        display_name=await queries.display_name(session, wallet),
        sol_balance=str(sol_balance) if sol_balance is not None else None,
        totals=_totals(lines),
        data=[_view(line, settings) for line in shown],
        meta=meta,
        vesting=[vesting.view(row, now) for row in await vesting_queries.of_beneficiary(session, wallet)],
        creator_fees=await _creator_fees(session, wallet),
        created=await queries.created(session, wallet),
    )


async def _lines(session: AsyncSession, wallet: str) -> list[_Line]:
    """Every token of the wallet, most valuable first."""
    positions = await positions_of(session, wallet)
    lines = []
    for row in await queries.holdings(session, wallet):
        position = positions.get(row["mint"], Position())
        balance = int(row["balance"])
        value = int(shifted(market_value_in_sol(row["price"], balance), SOL_DECIMALS))
        lines.append(_Line(row, position, value, position.cost_of(balance)))
    return sorted(lines, key=lambda line: line.key, reverse=True)


async def positions_of(session: AsyncSession, wallet: str) -> dict[str, Position]:
    """The wallet's fills, folded by token."""
    positions: dict[str, Position] = defaultdict(Position)
    for fill in await trade_queries.fills_of_wallet(session, wallet):
        positions[fill.mint].apply(Fill(is_buy=fill.side == "buy", base=fill.base, lamports=fill.lamports))
    return positions


def _totals(lines: Sequence[_Line]) -> PortfolioTotals:
    value = sum(line.value for line in lines)
    cost = sum(line.cost for line in lines)
    return PortfolioTotals(
        value=str(value),
        cost_basis=str(cost),
        unrealized_pnl=str(value - cost),
        realized_pnl=str(sum(line.position.realized for line in lines)),
        quote_spent=str(sum(line.position.spent for line in lines)),
        quote_received=str(sum(line.position.received for line in lines)),
        positions=sum(1 for line in lines if line.row["balance"] > 0),
        won=sum(1 for line in lines if line.position.realized > 0),
        lost=sum(1 for line in lines if line.position.realized < 0),
    )


def _view(line: _Line, settings: Settings) -> PositionView:
    row, position = line.row, line.position
    return PositionView(
        mint=row["mint"],
        name=row["name"],
        symbol=row["symbol"],
        image=display_url(row["image_uri"], settings.origin),
        decimals=row["decimals"],
        status=row["status"],
        balance=str(int(row["balance"])),
        price=decimal_text(row["price"]),
        price_sol=decimal_text(price_in_sol(row["price"], row["decimals"])),
        value=str(line.value),
        average_cost_sol=_average_cost(position, row["decimals"]),
        cost_basis=str(line.cost),
        unrealized_pnl=str(line.value - line.cost),
        realized_pnl=str(position.realized),
        base_bought=str(position.bought),
        base_sold=str(position.sold),
        quote_spent=str(position.spent),
        quote_received=str(position.received),
        change_24h_bps=change_bps(row["price_24h_ago"], row["price"]),
        first_trade_at=row["first_trade_at"],
        last_trade_at=row["last_trade_at"],
    )


def _average_cost(position: Position, decimals: int) -> str | None:
    """SOL per whole token of what is held from buys, to 12 places."""
    if not position.held:
        return None
    lamports_per_unit = Decimal(position.cost) / Decimal(position.held)
    return decimal_text(round(price_in_sol(lamports_per_unit, decimals), 12))


async def _creator_fees(session: AsyncSession, wallet: str) -> list[CreatorFees]:
    return [
        CreatorFees(mint=mint, name=name, symbol=symbol, claimable=str(claimable), claimed=str(claimed))
        for mint, name, symbol, claimable, claimed in await queries.creator_fees(session, wallet)
    ]
