"""What is told of the market as a whole. Money in lamports."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from launchpad.fees.schemas import RevenueKind
from launchpad.metrics.kings import KingView
from launchpad.schemas import Amount, Bps, DecimalText, Mint

MarketWindow = Literal["1h", "6h", "24h"]
TileSize = Literal["market_cap", "volume_24h", "liquidity"]


class MarketTotals(BaseModel):
    """All tokens together within a window that ends now."""

    volume: Amount
    trades: int
    traders: int = Field(description="Different wallets.")
    traders_complete: bool = Field(description="False where trades are so many that there may be more traders.")
    launches: int
    graduations: int


class MarketToken(BaseModel):
    """One token in few words."""

    mint: Mint
    name: str
    symbol: str
    image: str | None
    price_sol: DecimalText
    market_cap: Amount
    liquidity: Amount
    volume_24h: Amount
    change_1h_bps: Bps
    change_24h_bps: Bps
    progress_bps: Bps
    holders: int
    status: str
    launched_at: datetime


class FeeTotal(BaseModel):
    """What fees of one kind came to since the beginning."""

    kind: RevenueKind
    earned: Amount


class MarketDay(BaseModel):
    """Launches and graduations of one day in UTC."""

    day: datetime
    launches: int
    graduations: int


class MarketHourView(BaseModel):
    """The market when an hour was last looked at."""

    hour: datetime
    volume: Amount = Field(description="Of sixty minutes.")
    trades: int
    liquidity: Amount
    market_cap: Amount


class Market(BaseModel):
    """The market as a whole."""

    windows: dict[MarketWindow, MarketTotals]
    tokens: int
    trading: int = Field(description="Tokens still on their curves.")
    liquidity: Amount
    market_cap: Amount
    sol_usd: DecimalText | None = Field(description="Null while no price of SOL is fresh.")
    king: KingView
    gainers: list[MarketToken] = Field(description="By the change of a day, among what was traded in it.")
    losers: list[MarketToken]
    newest: list[MarketToken]
    graduating: list[MarketToken] = Field(description="Curves nearest to being sold out.")
    fees: list[FeeTotal]
    days: list[MarketDay] = Field(description="Thirty days, oldest first.")
    hours: list[MarketHourView] = Field(description="At most 168, oldest first; hours nobody looked at are missing.")
    as_of: datetime


class Treemap(BaseModel):
    """Tokens by size, largest first."""

    size: TileSize
    data: list[MarketToken]
    others: int = Field(description="Tokens that are not among them.")
    others_size: Amount = Field(description="What these come to together.")
