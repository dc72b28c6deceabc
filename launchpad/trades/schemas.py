"""What goes into and comes out of trading."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from launchpad.chain.executors import ExecutorName
from launchpad.chain.markets import Venue
from launchpad.schemas import Address, AddressIn, Amount, AmountIn, Bps, DecimalText, Mint, MintIn, Page, Request

Side = Literal["buy", "sell"]
Executor = Annotated[
    ExecutorName,
    Field(description="`legacy` sends by plain RPC; `jito` bids for a bundle, where the cluster has a block engine."),
]
MAX_SLIPPAGE_BPS = 5000


class TradeView(BaseModel):
    """One confirmed trade. `quote_amount` is without fees; `price` is lamports per base unit after."""

    signature: str
    instruction: int
    inner: int
    mint: Mint
    venue: Venue
    pool: Address | None = Field(description="The pool that it happened in; null for the curve.")
    side: Side
    trader: Address
    base_amount: Amount
    quote_amount: Amount
    protocol_fee: Amount
    creator_fee: Amount
    referrer_fee: Amount
    launch_fee: Amount = Field(description="Of a buy soon after the opening: for the liquidity of the pool.")
    liquidity_fee: Amount = Field(description="Of a trade in a pool: what its liquidity earned.")
    total: Amount = Field(description="Lamports that the buyer paid or the seller got, fees settled.")
    price: DecimalText
    price_sol: DecimalText
    compute_units: int | None = Field(description="What the whole transaction used; null where it is not known.")
    priority_fee: Amount | None = Field(
        description="Lamports that the transaction paid beyond the base fee of its signatures; null where not known."
    )
    slot: int
    traded_at: datetime
    finalized: bool


class WalletTradeView(TradeView):
    """A trade as a wallet's history shows it: with the token's name."""

    name: str
    symbol: str
    image: str | None
    decimals: int


TradePage = Page[TradeView]
WalletTradePage = Page[WalletTradeView]


class QuoteRequest(Request):
    """What to trade. `in` means the amount given (lamports of a buy, fees included; tokens of a sell)."""

    mint: MintIn
    side: Side
    amount: AmountIn
    amount_is: Literal["in", "out"] = "in"
    slippage_bps: Annotated[int, Field(ge=0, le=MAX_SLIPPAGE_BPS, description="How much worse it may become.")] = 100
    wallet: AddressIn | None = Field(None, description="Names the trader, to tell what his accounts still need.")
    referrer: AddressIn | None = None
    executor: Executor = "legacy"
    tip_lamports: AmountIn | None = Field(
        None, description="What executor jito bids with, 1000 at least; a modest tip where it is left out."
    )
    graduate: bool = Field(
        True, description="Whether a buy of all that is left opens the token's pool in the same transaction."
    )


class BuildRequest(QuoteRequest):
    """A trade to be built as an unsigned transaction for `wallet`."""

    wallet: AddressIn
    deadline_seconds: Annotated[int, Field(ge=10, le=600)] = 120


class FeeBreakdown(BaseModel):
    """Every lamport besides the curve amount, by who gets it."""

    protocol: Amount = Field(description="To the platform, less the referrer's part.")
    creator: Amount
    referrer: Amount
    launch: Amount = Field(description="For the liquidity of the pool, of buys soon after the opening.")
    liquidity: Amount = Field(description="To those who own shares of the pool; 0 on the curve.")
    network: Amount = Field(description="Base fee of the transaction's signatures.")
    priority: Amount | None = Field(description="Priority fee; null in a quote that builds no transaction.")
    tip: Amount = Field(description="Tip to the validator who takes the bundle; 0 with executor legacy.")
    account_rent: Amount = Field(description="Deposit for the trader's token account where it has to be made.")
    passing_deposit: Amount = Field(
        description="What the wallet must have besides and gets back in the same transaction; 0 on the curve."
    )


class RouteHop(BaseModel):
    """One venue that a trade goes through."""

    venue: Venue
    address: Address = Field(description="The curve or the pool.")
    fee_bps: Bps = Field(description="All fees of the venue now, of the amount without them.")
    amount_in: Amount
    amount_out: Amount


class OpeningView(BaseModel):
    """What the rules of the opening say about this buy of this wallet."""

    allowed: bool
    reason: str | None = Field(description="Why not: NOT_ADMITTED or WALLET_CAP_REACHED; null where it is allowed.")
    message: str | None
    stage: Literal["allowlist", "holders", "public"] = Field(description="The first stage that admits the wallet.")
    opens_at: datetime = Field(description="When that stage begins.")
    room: Amount | None = Field(description="Base units that it may still buy in the window; null for any amount.")
    bought: Amount = Field(description="Base units that it bought under the rules.")
    window_end: datetime | None = Field(description="Until when cap and slot rule hold.")
    rules_end: datetime
    one_buy_per_slot: bool
    pledges: bool = Field(description="Whether the transaction pledges the community's token until the rules end.")


class Quote(BaseModel):
    """What a trade does now, and the worst that the transaction will accept."""

    mint: Mint
    symbol: str
    decimals: int
    side: Side
    amount_is: Literal["in", "out"]
    amount_in: Amount = Field(description="Lamports of a buy with fees, tokens of a sell.")
    amount_out: Amount = Field(description="Tokens of a buy, lamports of a sell after fees.")
    worst_in: Amount = Field(description="The most that the transaction takes.")
    worst_out: Amount = Field(description="The least that the transaction gives.")
    curve_amount: Amount = Field(description="Lamports into or out of the curve or the pool, without fees.")
    fees: FeeBreakdown
    slippage_bps: Bps
    price_impact_bps: Bps
    price_before: DecimalText
    price_after: DecimalText
    price_sol_before: DecimalText
    price_sol_after: DecimalText
    executed_price_sol: DecimalText = Field(description="SOL per whole token of this trade, without fees.")
    sold_after: Amount
    completes_curve: bool = Field(description="Whether this buy takes the last of the sale.")
    graduates: bool = Field(
        False,
        description="Whether the same transaction opens the token's pool. It does so where that fits and the raise "
        "repays it; else a keeper does it right after.",
    )
    graduation_bounty: Amount = Field(
        "0", description="Lamports that the buyer gets for opening the pool, besides the rent that he lays out for it."
    )
    venue: Venue = Field(description="Where it trades: `curve` until the token graduates, then its pool.")
    route: list[RouteHop] = Field(description="The venues that the trade goes through, in order.")
    opening: OpeningView | None = Field(
        None, description="While rules of the opening hold, for a buy of a named wallet; null otherwise."
    )
    as_of: datetime


class BuiltTrade(BaseModel):
    """An unsigned transaction and the quote that it keeps to."""

    transaction: str = Field(description="Base64 of an unsigned versioned transaction.")
    blockhash: str
    last_valid_block_height: int
    signers: list[Address]
    compute_unit_limit: int
    deadline: datetime
    programs: list[Address]
    quote: Quote
