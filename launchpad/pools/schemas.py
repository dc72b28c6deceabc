"""What goes into and comes out of pools and their liquidity."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from launchpad.schemas import Address, AddressIn, Amount, AmountIn, Bps, DecimalText, Mint, MintIn, Request

MAX_SLIPPAGE_BPS = 5000
Slippage = Annotated[int, Field(ge=0, le=MAX_SLIPPAGE_BPS, description="How much worse it may become.")]
DeadlineSeconds = Annotated[int, Field(ge=10, le=600)]
PoolIn = Annotated[
    AddressIn | None, Field(description="Another pool of the token against SOL; the graduate's own unless named.")
]


class DepositRequest(Request):
    """Liquidity to add. Of the two amounts one may be left out: it follows from the other by the pool's ratio."""

    mint: MintIn
    wallet: AddressIn
    base_amount: AmountIn | None = Field(None, description="The most base units of the token to give.")
    quote_amount: AmountIn | None = Field(None, description="The most lamports to give.")
    slippage_bps: Slippage = 100
    deadline_seconds: DeadlineSeconds = 120
    pool: PoolIn = None


class WithdrawRequest(Request):
    """Liquidity to take out."""

    mint: MintIn
    wallet: AddressIn
    shares: AmountIn
    slippage_bps: Slippage = 100
    pool: PoolIn = None


class BuiltLiquidity(BaseModel):
    """An unsigned transaction that adds liquidity or takes it out, and what it comes to.

    Of a deposit `worst_*` is the most that it takes and the fewest shares that it gives; of a
    withdrawal the least that it gives.
    """

    transaction: str = Field(description="Base64 of an unsigned versioned transaction.")
    blockhash: str
    last_valid_block_height: int
    signers: list[Address]
    compute_unit_limit: int
    pool: Address
    base_amount: Amount
    quote_amount: Amount
    shares: Amount
    worst_base: Amount
    worst_quote: Amount
    worst_shares: Amount
    network_fee: Amount
    priority_fee: Amount
    account_rent: Amount = Field(description="Deposit for the wallet's account of what it gets, where it has none.")
    passing_deposit: Amount = Field(
        description="What the wallet must have besides and gets back in the same transaction."
    )


class FeeTierView(BaseModel):
    """What the creator earns of swaps from a market cap on."""

    min_market_cap: Amount = Field(description="Lamports that the whole supply is worth.")
    creator_fee_bps: Bps


class PoolFees(BaseModel):
    """What a swap pays now, in basis points of its lamports without fees."""

    liquidity_bps: Bps
    protocol_bps: Bps
    creator_bps: Bps
    total_bps: Bps
    tiers: list[FeeTierView] = Field(description="The creator's part falls as the market cap grows.")


class AveragePrice(BaseModel):
    """Prices weighted by how long they stood: SOL per whole token."""

    since_opening: DecimalText = Field(description="As the pool itself sums it up on chain.")
    last_hour: DecimalText | None = Field(description="By the indexed trades; null for pools that do not count.")


class LiquidityPosition(BaseModel):
    """A wallet's shares of a pool, and what they would return now."""

    wallet: Address
    shares: Amount
    share_bps: Bps = Field(description="Of all shares, rounded down.")
    base_amount: Amount
    quote_amount: Amount
    value: Amount = Field(description="Both sides at the pool's price, lamports.")


class OtherPool(BaseModel):
    """Another pool of the same token, which anybody opened. It moves neither price nor volume of the token."""

    address: Address
    opener: Address
    liquidity: Amount
    volume: Amount
    trades: int
    opened_at: datetime


class PoolView(BaseModel):
    """A pool of a token against SOL as it is on chain now."""

    mint: Mint
    address: Address
    canonical: bool = Field(description="Whether it is the one pool that the token's curve graduated into.")
    venue: Literal["amm", "raydium"] = Field("amm", description="Whose pool it is: ours, or Raydium's.")
    url: str | None = Field(None, description="Where liquidity is added and taken out elsewhere, on mainnet.")
    opener: Address
    creator: Address | None
    lp_mint: Address
    decimals: int
    base_reserve: Amount
    quote_reserve: Amount
    liquidity: Amount = Field(description="Both sides, in lamports.")
    price: DecimalText = Field(description="Lamports per base unit.")
    price_sol: DecimalText
    shares: Amount = Field(description="All shares, those that nobody can ever give back included.")
    fees: PoolFees
    unclaimed_creator_fees: Amount
    average_price: AveragePrice
    opened_at: datetime
    volume_total: Amount
    trades_total: int
    position: LiquidityPosition | None = Field(description="Of the wallet that was asked for.")
    others: list[OtherPool]
