"""What is told of a token's figures. Field names are the wire's."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from launchpad.schemas import Amount, Bps, DecimalText

WindowName = Literal["1m", "5m", "15m", "1h", "6h", "24h"]


class WindowMetrics(BaseModel):
    """Trading in one window that ends now. Prices are lamports per base unit."""

    volume: Amount = Field(description="Lamports, fees not included.")
    ranked_volume: Amount = Field(description="The same without dust and round trips: what rankings count.")
    trades: int
    buys: int
    sells: int
    buyers: int = Field(description="Different wallets that bought.")
    sellers: int
    price_change_bps: int | None = Field(description="Against the price when the window began, or the opening.")
    high: DecimalText
    low: DecimalText
    volatility: Bps = Field(description="Root of the summed squares of the steps' log returns, in basis points.")


class RiskView(BaseModel):
    """One reason for care."""

    code: str
    severity: Literal["info", "warning", "danger"]
    text: str


class DistributionView(BaseModel):
    """Who holds a token. Shares are of the whole supply; curve, pools and vesting escrows do not count as holders."""

    holders: int
    top_10_bps: Bps
    gini_bps: Bps = Field(description="0 when all hold the same, 10 000 when one holds everything.")
    creator_bps: Bps
    sniper_bps: Bps = Field(description="Held by wallets that bought in the first ten slots.")
    bundler_bps: Bps = Field(description="Held by wallets that bought together at the launch.")
    fresh_bps: Bps = Field(description="Held by wallets whose first trade anywhere was about their first of this.")
    as_of: datetime | None


class MilestoneView(BaseModel):
    """A market value that the token reached for the first time."""

    usd: int
    market_cap: Amount = Field(description="Lamports.")
    sol_usd: DecimalText
    reached_at: datetime


class TokenFigures(BaseModel):
    """All figures of one token. All but `milestones` are null or empty until they were worked out."""

    metrics: dict[WindowName, WindowMetrics]
    organic_score: int | None = Field(description="0 to 100: how much the trading looks like that of many people.")
    momentum_bps: int | None
    risk: list[RiskView] = Field(description="Worst first.")
    holders_distribution: DistributionView | None
    milestones: list[MilestoneView]
    metrics_as_of: datetime | None
