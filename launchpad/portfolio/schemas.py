"""What a portfolio shows. Money in lamports; profit may be negative."""

from datetime import datetime

from pydantic import BaseModel, Field

from launchpad.schemas import Address, Amount, Bps, DecimalText, Mint, PageMeta
from launchpad.vesting.schemas import VestingView


class PositionView(BaseModel):
    """One token of a wallet, by average cost with fees included."""

    mint: Mint
    name: str
    symbol: str
    image: str | None
    decimals: int
    status: str
    balance: Amount
    price: DecimalText
    price_sol: DecimalText
    value: Amount = Field(description="Balance at the spot price, lamports; what a sale brings is a little less.")
    average_cost_sol: DecimalText | None = Field(description="SOL per whole token held; null where none was bought.")
    cost_basis: Amount = Field(description="What the present balance cost, fees included.")
    unrealized_pnl: str = Field(description="Value less cost basis.")
    realized_pnl: str = Field(description="What sells brought after fees, less the average cost of what was sold.")
    base_bought: Amount
    base_sold: Amount
    quote_spent: Amount
    quote_received: Amount
    change_24h_bps: Bps
    first_trade_at: datetime | None
    last_trade_at: datetime | None


class CreatorFees(BaseModel):
    """Fees that wait for a token's creator."""

    mint: Mint
    name: str
    symbol: str
    claimable: Amount
    claimed: Amount


class PortfolioTotals(BaseModel):
    """Sums over every position of the wallet, not only this page's."""

    value: Amount
    cost_basis: Amount
    unrealized_pnl: str
    realized_pnl: str
    quote_spent: Amount
    quote_received: Amount
    positions: int
    won: int = Field(description="Tokens whose sells brought more than these had cost.")
    lost: int


class Portfolio(BaseModel):
    """A wallet: balances, cost basis, profit, unlocks and claims. The method is average cost."""

    wallet: Address
    display_name: str | None
    sol_balance: Amount | None = Field(description="Lamports; null when the cluster did not answer in time.")
    totals: PortfolioTotals
    data: list[PositionView]
    meta: PageMeta
    vesting: list[VestingView]
    creator_fees: list[CreatorFees]
    created: list[Mint] = Field(description="Tokens that this wallet launched, newest first, at most 100.")


class ValuePoint(BaseModel):
    """What a wallet's tokens were worth at one moment, by the closing prices of the time."""

    time: int = Field(description="Unix seconds.")
    value: Amount
    cost_basis: Amount
    realized_pnl: str


class PortfolioHistory(BaseModel):
    """Value, cost and realised profit over time, oldest first."""

    wallet: Address
    data: list[ValuePoint]
