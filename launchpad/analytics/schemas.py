"""What is told of one token's holders, trading, depth and traders. Money in lamports, shares in basis points."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from launchpad.metrics.schemas import MilestoneView, RiskView
from launchpad.schemas import Address, Amount, Bps, DecimalText, Mint

HolderRole = Literal["creator", "curve", "pool", "locked", "bundler", "sniper", "fresh", "other"]
Span = Literal["1h", "24h", "7d", "30d", "1y"]
TraderOrder = Literal["profit", "loss", "bought", "sold", "held"]


class HolderBubble(BaseModel):
    """One holder and what it is to the token."""

    owner: Address
    role: HolderRole = Field(description="The first that is true, in this order; `other` where none is.")
    balance: Amount
    share_bps: Bps = Field(description="Of the whole supply.")
    first_trade_at: datetime | None


class LorenzPoint(BaseModel):
    """So much of what people hold belongs to the poorest so many of them."""

    wallets_bps: Bps
    held_bps: Bps


class Distribution(BaseModel):
    """Who holds a token. Curve, pools and escrows are no people: they are among `largest` only."""

    mint: Mint
    holders: int
    supply: Amount
    held: Amount = Field(description="What people hold together.")
    top_1_bps: Bps = Field(description="Of the supply, like the two below.")
    top_10_bps: Bps
    top_50_bps: Bps
    gini_bps: Bps = Field(description="0 when all hold the same, 10 000 when one holds everything.")
    lorenz: list[LorenzPoint] = Field(description="From nobody to everybody, at most 41 points.")
    largest: list[HolderBubble] = Field(description="At most the hundred largest, with curve, pools and escrows.")


class ActivityPoint(BaseModel):
    """Trading in one bucket. What is counted of single trades is null where they are too many to be read."""

    time: int = Field(description="Start of the bucket, Unix seconds.")
    volume: Amount
    trades: int
    buys: int | None = None
    sells: int | None = None
    buyers: int | None = Field(None, description="Different wallets that bought.")
    sellers: int | None = None
    buy_volume: Amount | None = None
    sell_volume: Amount | None = None
    liquidity: Amount | None = Field(None, description="After the last trade of the bucket; null without one.")


class Activity(BaseModel):
    """Trading over time: every bucket of the span, oldest first, those without trades too."""

    mint: Mint
    span: Span
    step: int = Field(description="Seconds of a bucket.")
    buyers: int = Field(description="Different wallets that bought since `counted_from`.")
    sellers: int
    counted_from: int = Field(description="From this moment on single trades were read, Unix seconds.")
    data: list[ActivityPoint]


class DepthStep(BaseModel):
    """What a buy of so much SOL comes to now."""

    lamports: Amount = Field(description="What is paid, fees included; less than asked when it buys all that is left.")
    base_amount: Amount
    executed_price_sol: DecimalText = Field(description="Without fees.")
    price_after_sol: DecimalText
    price_change_bps: int = Field(description="From the price now to the price after it.")
    completes: bool = Field(description="Whether it sells the curve out.")


class DepthPoint(BaseModel):
    """The price after so many lamports, fees included, have bought."""

    lamports: Amount
    price_sol: DecimalText


class Depth(BaseModel):
    """How far buys move the price: along the curve up to graduation, or in the graduate's pool."""

    mint: Mint
    venue: Literal["curve", "amm", "raydium"]
    trading: bool = Field(description="False while nothing can be bought: the lists are empty then.")
    price_sol: DecimalText
    fee_bps: Bps = Field(description="All fees on a buy now; of a pool those of its newest trade.")
    liquidity: Amount
    to_graduation: DepthStep | None = Field(description="A buy of all that is left; null in a pool.")
    steps: list[DepthStep] = Field(description="Buys of 1, 5, 10, 25 and 50 SOL.")
    points: list[DepthPoint] = Field(description="Up to graduation; in a pool up to 100 SOL.")


class TraderView(BaseModel):
    """What a wallet made with one token, by average cost with fees included."""

    wallet: Address
    is_creator: bool
    bought: Amount = Field(description="Base units.")
    sold: Amount
    spent: Amount
    received: Amount
    balance: Amount
    value: Amount = Field(description="The balance at the spot price.")
    realized_pnl: str
    unrealized_pnl: str
    exact: bool = Field(description="False where it traded too often for each trade: one average of all buys then.")
    first_trade_at: datetime
    last_trade_at: datetime


class Traders(BaseModel):
    """A token's traders, by what they made, spent, received or hold."""

    mint: Mint
    order: TraderOrder
    data: list[TraderView]


class RiskReport(BaseModel):
    """What is risky about a token and why, with the figures that it is judged by."""

    mint: Mint
    risk: list[RiskView] = Field(description="Worst first.")
    organic_score: int | None
    creator_bps: Bps | None
    sniper_bps: Bps | None
    bundler_bps: Bps | None
    fresh_bps: Bps | None
    milestones: list[MilestoneView]
    as_of: datetime | None = Field(description="Null until the figures were worked out.")
