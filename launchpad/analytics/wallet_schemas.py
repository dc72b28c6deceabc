"""What is told of a wallet. Money in lamports; profit may be negative."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from launchpad.portfolio.history import Span
from launchpad.portfolio.schemas import PortfolioTotals, PositionView, ValuePoint
from launchpad.schemas import Address, Bps, Mint, PageMeta

LabelKind = Literal["creator", "sniper", "bundler", "large_holder"]


class WalletLabel(BaseModel):
    """What a wallet is to one token."""

    kind: LabelKind
    mint: Mint
    name: str
    symbol: str
    share_bps: Bps | None = Field(None, description="Of the supply; of large holders alone.")


class WalletFacts(BaseModel):
    """When a wallet was seen here, what it did, and what it is to tokens."""

    first_seen: datetime | None = Field(description="Its first trade or launch here; null for neither.")
    last_trade_at: datetime | None
    trades: int = Field(description="Counted up to 10 000.")
    tokens_traded: int
    launched: int
    labels: list[WalletLabel] = Field(description="At most fifty of a kind.")


class WalletView(WalletFacts):
    """A wallet in one body; its positions are at `/pnl`, its trades at `/trades`."""

    wallet: Address
    display_name: str | None
    totals: PortfolioTotals


class WalletPnl(BaseModel):
    """What a wallet made, token by token and over time, by average cost with fees included."""

    wallet: Address
    totals: PortfolioTotals
    data: list[PositionView] = Field(description="Most valuable first.")
    meta: PageMeta
    span: Span
    history: list[ValuePoint] = Field(description="At even steps over the span, up to now.")
