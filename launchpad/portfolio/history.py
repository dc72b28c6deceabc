"""What a wallet was worth over time, by its trades and the closing prices of the time."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.portfolio import queries
from launchpad.portfolio.profit import Fill, Position
from launchpad.portfolio.schemas import PortfolioHistory, ValuePoint
from launchpad.trades import queries as trade_queries

Span = Literal["1h", "24h", "7d", "30d"]
# (length, seconds between points = interval of the candles read)
_SPANS: dict[Span, tuple[timedelta, int]] = {
    "1h": (timedelta(hours=1), 60),
    "24h": (timedelta(hours=24), 900),
    "7d": (timedelta(days=7), 3600),
    "30d": (timedelta(days=30), 14_400),
}


@dataclass(frozen=True)
class _Change:
    """Something that moves the value at a moment: a new price of a token, a fill, or both."""

    when: float
    mint: str
    price: Decimal | None
    fill: Fill | None = None


async def portfolio_history(session: AsyncSession, wallet: str, span: Span) -> PortfolioHistory:
    """Points at even steps up to now. Transfers are not seen here: holdings are those of the wallet's trades."""
    length, step = _SPANS[span]
    now = int(datetime.now(UTC).timestamp())
    first = (now - int(length.total_seconds())) // step * step
    changes = await _changes(session, wallet, step, first)
    return PortfolioHistory(wallet=wallet, data=_points([*range(first + step, now, step), now], changes))


async def _changes(session: AsyncSession, wallet: str, step: int, first: int) -> list[_Change]:
    """The wallet's fills and its tokens' closing prices from `first` on, in order of time."""
    fills = await trade_queries.fills_of_wallet(session, wallet)
    mints = sorted({fill.mint for fill in fills})
    closes = await queries.closes(session, mints, step, datetime.fromtimestamp(first, UTC)) if mints else []
    changes = [
        _Change(
            when=fill.traded_at.timestamp(),
            mint=fill.mint,
            price=Decimal(fill.quote) / Decimal(fill.base) if fill.counted else None,
            fill=Fill(is_buy=fill.side == "buy", base=fill.base, lamports=fill.lamports),
        )
        for fill in fills
    ]
    # A bucket's close is known at its end; the open bucket's is the price now.
    changes += [_Change(bucket.timestamp() + step, mint, close) for mint, bucket, close in closes]
    return sorted(changes, key=lambda change: change.when)


def _points(moments: list[int], changes: list[_Change]) -> list[ValuePoint]:
    positions: dict[str, Position] = defaultdict(Position)
    prices: dict[str, Decimal] = {}
    points, place = [], 0
    for moment in moments:
        while place < len(changes) and (changes[place].when <= moment or moment == moments[-1]):
            change = changes[place]
            if change.price is not None:
                prices[change.mint] = change.price
            if change.fill:
                positions[change.mint].apply(change.fill)
            place += 1
        points.append(_point(moment, positions, prices))
    return points


def _point(moment: int, positions: dict[str, Position], prices: dict[str, Decimal]) -> ValuePoint:
    value = sum((prices.get(mint, Decimal(0)) * position.held for mint, position in positions.items()), Decimal(0))
    return ValuePoint(
        time=moment,
        value=str(int(value)),
        cost_basis=str(sum(position.cost for position in positions.values())),
        realized_pnl=str(sum(position.realized for position in positions.values())),
    )
