"""What the token lists and token pages show. Field names are the wire's."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from launchpad.chain.markets import Venue
from launchpad.chain.shapes.telling import ShapeName
from launchpad.deposits.schemas import BatchView
from launchpad.fees.schemas import FeeTable
from launchpad.metrics.schemas import TokenFigures
from launchpad.schemas import Address, Amount, Bps, DecimalText, Mint, Page
from launchpad.tokens.rules_schemas import RulesView
from launchpad.vesting.schemas import VestingView

TokenSort = Literal[
    "volume_24h",
    "market_cap",
    "launched_at",
    "last_trade_at",
    "progress",
    "price",
    "holders",
    "trades",
    "change_1h",
    "change_24h",
    "score",
]
CurveStatus = Literal["trading", "complete", "graduated", "refunding", "depositing", "failed"]
ProjectState = Literal["upcoming", "active", "ended"]
Program = Literal["bonding_curve", "amm", "raydium"]


class TokenRow(BaseModel):
    """One token as lists show it. `price` is lamports per base unit, `price_sol` SOL per whole token."""

    mint: Mint
    name: str
    symbol: str
    image: str | None = Field(description="Where the picture can be loaded from; null until it is known.")
    creator: Address
    decimals: int
    supply: Amount
    status: CurveStatus
    price: DecimalText
    price_sol: DecimalText
    market_cap_sol: DecimalText = Field(description="Of what circulates: the supply without what vesting holds.")
    circulating_supply: Amount
    progress_bps: Bps
    sold: Amount
    sale_supply: Amount
    quote_reserve: Amount
    raise_target: Amount
    liquidity: Amount = Field(
        description="Lamports to trade against: the curve's reserve, after graduation both sides of the pool."
    )
    venue: Venue = Field(description="Where it trades: `curve` until it graduates, then its pool.")
    volume_24h: Amount = Field(description="Lamports traded in the last 24 hours, fees not included.")
    volume_total: Amount
    trades_24h: int
    trades_total: int
    change_1h_bps: Bps
    change_24h_bps: Bps
    holders: int = Field(description="Wallets that hold some; the curve, pools and vesting escrows do not count.")
    launched_at: datetime
    last_trade_at: datetime | None
    price_usd: DecimalText | None = Field(description="Null, like all dollars, while no price of SOL is fresh.")
    market_cap_usd: DecimalText | None
    fdv_usd: DecimalText | None = Field(description="Of the whole supply.")
    liquidity_usd: DecimalText | None
    score: DecimalText | None = Field(description="Ranking, 0 to 100; null until it was worked out.")
    sparkline: list[DecimalText] = Field(
        description="Closing prices since the launch or of the last 24 hours, oldest first, at most 96."
    )


TokenPage = Page[TokenRow]


class SegmentView(BaseModel):
    """One piece of a curve: virtual reserves at its start and what it sells, base units."""

    base_reserve: Amount
    quote_reserve: Amount
    base_for_sale: Amount


class CurveView(BaseModel):
    """The curve's account."""

    address: Address
    status: CurveStatus
    shape: ShapeName = Field(description="Told by its prices; `classic` is constant product, also k R^2 / supply.")
    initial_price_sol: DecimalText = Field(description="SOL per whole token of the first token sold.")
    target_price_sol: DecimalText = Field(description="The same of the last.")
    segments: list[SegmentView]
    sale_supply: Amount
    liquidity_supply: Amount
    sold: Amount
    quote_reserve: Amount
    raise_target: Amount
    virtual_base: Amount
    virtual_quote: Amount
    protocol_fee_bps: Bps
    creator_fee_bps: Bps
    referrer_share_bps: Bps
    unclaimed_protocol_fees: Amount
    unclaimed_creator_fees: Amount
    opened_at: datetime
    deadline: datetime | None = Field(description="When the sale ends if it has not reached its goal; null for never.")
    completed_at: datetime | None
    graduated_at: datetime | None


class PayoutView(BaseModel):
    """A part of the raise that is paid out, step by step. Its schedule is null until somebody releases it."""

    kind: Literal["team", "treasury"]
    amount: Amount = Field(description="Lamports.")
    beneficiary: Address | None
    schedule: Address | None
    released_at: datetime | None
    signature: str | None
    vesting: VestingView | None = Field(None, description="How far it is: lamports, as wrapped SOL.")


class LiquidityLockView(BaseModel):
    """Shares of the pool that lie in a vesting schedule of the creator until their lock ends."""

    shares: Amount
    schedule: Address
    until: datetime | None
    locked_at: datetime
    signature: str
    vesting: VestingView | None = Field(None, description="How far it is: shares of the pool.")


class GraduationView(BaseModel):
    """A token's way into its pool. What graduation did is null before it."""

    progress_bps: Bps = Field(description="Sold part of what is for sale; 10 000 when the token can graduate.")
    remaining_lamports: Amount = Field(description="Without fees, until everything is sold.")
    venue: Literal["amm", "raydium"] | None
    pool: Address | None
    graduated_at: datetime | None
    signature: str | None = Field(None, description="Of the transaction that graduated it.")
    slot: int | None = None
    burned: Amount | None = Field(description="Base units that did not fit into the pool and are gone.")
    team_payout: Amount | None = Field(description="Lamports of the raise that wait for the team's schedule.")
    treasury_payout: Amount | None = Field(description="The same for the treasury's.")
    locked_until: datetime | None = Field(description="When the pool's shares are the creator's; null for never.")
    payouts: list[PayoutView] = Field([], description="What is paid out of the raise.")
    locks: list[LiquidityLockView] = Field([], description="Where the pool's shares wait; none where nobody gets them.")


class AllocationView(BaseModel):
    """What one bucket of the launch received."""

    bucket: Literal["public", "liquidity", "team", "ecosystem", "treasury"]
    bps: Bps
    amount: Amount
    owner: Address | None


class HolderView(BaseModel):
    """One wallet's holding."""

    owner: Address
    balance: Amount
    share_bps: Bps = Field(description="Of the whole supply, rounded down.")
    role: Literal["holder", "creator", "curve", "vesting", "launcher", "pool"]


class WindowStats(BaseModel):
    """Trading in one window that ends now."""

    buys: int
    sells: int
    volume: Amount
    change_bps: Bps


class TokenAnalytics(BaseModel):
    """Trading by window, extremes, fees and concentration."""

    windows: dict[Literal["5m", "1h", "6h", "24h"], WindowStats]
    high_24h: DecimalText
    low_24h: DecimalText
    traders: int = Field(description="Different wallets that ever traded it.")
    fees_paid: Amount = Field(description="Protocol and creator fees of all trades, lamports.")
    creator_fees_earned: Amount
    top_10_share_bps: Bps = Field(description="Share of the ten largest holders, curve and escrows left out.")


class TokenDetails(TokenRow, TokenFigures):
    """One token with all that its page shows."""

    description: str | None
    banner: str | None
    links: dict[str, Any] = Field(description="website, twitter, telegram, discord, as far as the creator gave them.")
    uri: str
    metadata_hash: str | None
    token_program: Address
    launch_record: Address | None
    supply_mode: str
    update_authority: Address | None = Field(description="Who may change name, symbol and picture; null for nobody.")
    first_buy_lock: Address | None = Field(description="Vesting schedule that locks the creator's first buy.")
    creation_fee: Amount
    launch_signature: str
    graduation: GraduationView
    curve: CurveView
    batch: BatchView | None = Field(description="Where the sale began with deposits, of all of which one buy is made.")
    rules: RulesView | None = Field(description="The rules of the opening; null where there were none.")
    allocations: list[AllocationView]
    vesting: list[VestingView]
    analytics: TokenAnalytics
    top_holders: list[HolderView]


class ReferralStats(BaseModel):
    """What referrers brought and earned with one token."""

    referrers: int
    trades: int
    volume: Amount
    earned: Amount


class LaunchpadToken(TokenDetails):
    """A launched project in one body: token, stats, curve, referral and tax."""

    state: ProjectState
    fees: FeeTable | None = Field(None, description="Null while the cluster does not tell the programs' parameters.")
    referral: ReferralStats
    tax: None = Field(None, description="Null: the token carries no transfer tax.")
    links_out: dict[str, str] = Field(description="Pages of public explorers about the mint and the launch.")


class ProjectRow(TokenRow):
    """A launched project as the project list shows it."""

    state: ProjectState
    graduated_at: datetime | None
    staking: bool = Field(False, description="Whether holders can stake it: false wherever there is no such program.")


ProjectPage = Page[ProjectRow]


class SyncState(BaseModel):
    """Price and progress read from the accounts of the curve and the pool themselves."""

    mint: Mint
    price: DecimalText
    price_sol: DecimalText
    progress_bps: Bps
    sold: Amount
    sale_supply: Amount
    quote_reserve: Amount
    raise_target: Amount
    status: CurveStatus
    liquidity: Amount
    venue: Venue
    investors: int
    source: Literal["chain", "index"] = Field(description="`index` when the cluster did not answer in time.")
    as_of: datetime
