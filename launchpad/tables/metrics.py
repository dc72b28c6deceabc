"""Figures by token and window, and the milestones that tokens reached.

One row per token holds the figures of every window, so that any of them can be sorted
and filtered by without a join or a sum.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer, Numeric, SmallInteger, String, text
from sqlalchemy import Table as CoreTable
from sqlalchemy.orm import Mapped, mapped_column

from launchpad.tables.base import Base_u64, Instant, Lamports, Price, Table, metadata

WINDOW_NAMES = ("1m", "5m", "15m", "1h", "6h", "24h")
# Volumes are lamports, prices lamports per base unit, change and volatility basis points.
WINDOW_FIGURES: dict[str, Any] = {
    "volume": BigInteger(),
    "ranked_volume": BigInteger(),
    "buys": Integer(),
    "sells": Integer(),
    "buyers": Integer(),
    "sellers": Integer(),
    "change_bps": BigInteger(),
    "high": Price,
    "low": Price,
    "volatility_bps": BigInteger(),
}
WINDOW_COLUMNS = tuple(f"{figure}_{window}" for window in WINDOW_NAMES for figure in WINDOW_FIGURES)


def _window_columns() -> list[Column[Any]]:
    return [
        Column(f"{figure}_{window}", kind, nullable=False)
        for window in WINDOW_NAMES
        for figure, kind in WINDOW_FIGURES.items()
    ]


# Facts of the token come first: what lists are filtered by. `trades` and `volume` are those of its whole life,
# as far as the figures have them in; shares are basis points of the supply.
TokenMetrics = CoreTable(
    "token_metrics",
    metadata,
    Column("mint", String(44), primary_key=True),
    Column("creator", String(44), nullable=False),
    Column("launched_at", Instant, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("last_trade_at", Instant),
    Column("status", String(16), nullable=False),
    Column("venue", String(8), nullable=False),
    Column("price", Price, nullable=False),
    Column("price_sol", Numeric, nullable=False),
    Column("supply", Base_u64, nullable=False),
    Column("circulating", Base_u64, nullable=False),
    Column("market_cap", Numeric(40, 0), nullable=False),
    Column("liquidity", Lamports, nullable=False),
    Column("progress_ppm", Integer, nullable=False),
    Column("trades", BigInteger, nullable=False),
    Column("volume", BigInteger, nullable=False),
    Column("holders", Integer, nullable=False),
    Column("top_10_bps", Integer, nullable=False),
    Column("gini_bps", Integer, nullable=False),
    Column("creator_bps", Integer, nullable=False),
    Column("sniper_bps", Integer, nullable=False),
    Column("bundler_bps", Integer, nullable=False),
    Column("fresh_bps", Integer, nullable=False),
    Column("distribution_at", Instant),
    Column("organic", SmallInteger, nullable=False),
    Column("momentum_bps", BigInteger, nullable=False),
    Column("score", Numeric(5, 2), nullable=False),
    Column("updated_at", Instant, nullable=False),
    *_window_columns(),
    Index("ix_token_metrics_volume_24h", text("volume_24h DESC"), text("mint DESC")),
    Index("ix_token_metrics_market_cap", text("market_cap DESC"), text("mint DESC")),
    Index("ix_token_metrics_change_1h", text("change_bps_1h DESC"), text("mint DESC")),
    Index("ix_token_metrics_change_24h", text("change_bps_24h DESC"), text("mint DESC")),
    Index("ix_token_metrics_score", text("score DESC"), text("mint DESC")),
    Index("ix_token_metrics_holders", text("holders DESC"), text("mint DESC")),
    Index("ix_token_metrics_progress", text("progress_ppm DESC"), text("mint DESC")),
)


class TokenMilestone(Table):
    """A market value that a token reached for the first time; it stays, whatever the price does later.

    `usd` is the milestone, `market_cap` what the token was worth then in lamports, `sol_usd` the price of SOL
    that it was judged by.
    """

    __tablename__ = "token_milestones"

    mint: Mapped[str] = mapped_column(String(44), primary_key=True)
    usd: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    market_cap: Mapped[Decimal] = mapped_column(Numeric(40, 0))
    sol_usd: Mapped[Decimal] = mapped_column(Numeric(20, 8))
    reached_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (Index("ix_token_milestones_usd_reached_at", "usd", text("reached_at DESC")),)
