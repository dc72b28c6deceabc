"""What other venues are asked for, and what comes back."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from launchpad.schemas import Address, AddressIn, Amount, AmountIn, Bps, DecimalText, Mint, MintIn, Request

VenueName = Literal["amm", "raydium_cpmm", "orca", "openbook", "pump", "jupiter"]
LaunchVenue = Literal["amm", "raydium_cpmm", "orca", "pump", "jupiter"]
Side = Literal["buy", "sell"]
DecimalIn = Annotated[str, Field(pattern=r"^[0-9]{1,20}(\.[0-9]{1,40})?$", examples=["0.00000041"])]
MAX_SLIPPAGE_BPS = 5_000
SlippageBps = Annotated[int, Field(ge=0, le=MAX_SLIPPAGE_BPS, description="How much worse than the quote is accepted.")]


class VenueView(BaseModel):
    """A venue, and whether it is on this cluster."""

    name: VenueName
    title: str
    available: bool
    program: Address | None = Field(description="Its program; null for a service.")
    why_not: str | None = Field(description="What is missing here; null where it is available.")
    offers: list[str]


class BuiltStep(BaseModel):
    """An unsigned transaction. Keys that only sign once, such as a new mint's, have signed already."""

    what: str
    transaction: str = Field(description="Base64 of a versioned transaction.")
    blockhash: str
    last_valid_block_height: int
    signers: list[Address] = Field(description="Whose signatures are still missing.")
    compute_unit_limit: int
    programs: list[Address]
    network_fee: Amount
    priority_fee: Amount


class CreatePool(Request):
    """A pool of a token against SOL, filled by its opener. Price, or amount of SOL, or both where they agree."""

    mint: MintIn
    wallet: AddressIn
    base_amount: AmountIn = Field(description="Base units of the token.")
    quote_amount: AmountIn | None = Field(None, description="Lamports.")
    initial_price_sol: DecimalIn | None = Field(None, description="SOL for one whole token.")
    open_time: Annotated[int, Field(ge=0, lt=2**40)] = Field(
        0, description="Unix seconds at which swaps begin; 0 is at once."
    )
    address: Literal["standard", "fresh"] = Field(
        "standard", description="`standard` is where everybody looks, and can be taken; `fresh` is a new key's."
    )
    accept_price: bool = Field(False, description="Open also more than a tenth off the price on the curve.")


class PoolCost(BaseModel):
    """Lamports that opening a pool takes from its opener."""

    pool_fee: Amount = Field(description="To Raydium, for every new pool.")
    rents: dict[str, Amount] = Field(description="Deposits of the accounts that the pool consists of, by account.")
    quote_amount: Amount
    network: Amount
    priority: Amount
    total: Amount
    passing_deposit: Amount = Field(description="What has to be there besides, and comes back at once.")


class BuiltPool(BaseModel):
    """A pool to open."""

    venue: VenueName
    pool: Address
    lp_mint: Address
    mint: Mint
    base_amount: Amount
    quote_amount: Amount
    price_sol: DecimalText
    market_price_sol: DecimalText | None = Field(description="On the token's curve; null where it has none.")
    trade_fee_bps: DecimalText
    shares: Amount = Field(description="What the opener gets; 100 stay locked.")
    cost: PoolCost
    steps: list[BuiltStep]


class CreateSplashPool(Request):
    """A full-range pool of a token against SOL at Orca, at the price that both amounts make."""

    mint: MintIn
    wallet: AddressIn
    base_amount: AmountIn = Field(description="Base units of the token.")
    quote_amount: AmountIn = Field(description="Lamports.")


class BuiltSplashPool(BaseModel):
    """A pool to open, then to fill."""

    venue: VenueName
    pool: Address
    steps: list[BuiltStep]


class SwapAsked(Request):
    """A swap in a pool: exactly so much in, or out."""

    pool: AddressIn
    side: Side
    amount: AmountIn
    amount_is: Literal["in", "out"] = "in"
    slippage_bps: SlippageBps = 100


class BuildSwap(SwapAsked):
    """The same for a wallet that signs."""

    wallet: AddressIn


class SwapFees(BaseModel):
    """What a swap pays, in the token that is paid (a creator's also in the one that comes out)."""

    trade: Amount
    protocol: Amount = Field(description="Part of `trade`.")
    fund: Amount = Field(description="Part of `trade`.")
    creator: Amount


class PoolQuote(BaseModel):
    """What a swap does now. `worst_in` and `worst_out` are what the transaction keeps to."""

    venue: VenueName
    pool: Address
    mint: Mint
    side: Side
    amount_in: Amount
    amount_out: Amount
    worst_in: Amount
    worst_out: Amount
    fees: SwapFees
    price_impact_bps: Bps
    price_sol: DecimalText
    as_of: datetime


class BuiltSwap(BaseModel):
    """A swap to sign, and the quote that it keeps to."""

    quote: PoolQuote
    step: BuiltStep


class AddLiquidity(CreatePool):
    """Liquidity that an aggregator can route over: a pool at Raydium, new or there already."""

    slippage_bps: SlippageBps = 100


class RouteHopView(BaseModel):
    """One pool on a route."""

    pool: Address
    label: str
    mint_in: Mint
    mint_out: Mint
    amount_in: Amount
    amount_out: Amount


class RouteCheck(BaseModel):
    """Whether the aggregator finds its way to a token."""

    quotes: bool
    through_pool: bool = Field(description="Whether the pool in question is on the way.")
    why_not: str | None
    hops: list[RouteHopView]


class RouteAsked(Request):
    """A trade of a launched token against SOL, by whichever way is best."""

    mint: MintIn
    side: Side
    amount: AmountIn
    amount_is: Literal["in", "out"] = "in"
    slippage_bps: SlippageBps = 100


class BuildRoute(RouteAsked):
    """The same for a wallet that signs."""

    wallet: AddressIn
    deadline_seconds: Annotated[int, Field(ge=10, le=600, description="Of the curve's and our pools' trades.")] = 120


class RoutedQuote(BaseModel):
    """The best way of a trade."""

    way: Literal["curve", "aggregator", "swap_only_amm"]
    mint: Mint
    side: Side
    amount_in: Amount
    amount_out: Amount
    worst_in: Amount
    worst_out: Amount
    hops: list[RouteHopView]
    other_amount: Amount | None = Field(
        description="What the way that was not taken brings (or costs, of an exact output); null where there is none."
    )


class BuiltRoute(BaseModel):
    """A trade to sign, and the quote that it keeps to."""

    quote: RoutedQuote
    step: BuiltStep
    fell_back: str | None = Field(description="Why the aggregator's better offer was not taken; null where it was not.")


class BuiltLiquidity(BaseModel):
    """Liquidity to add, and what the aggregator says of the token now.

    A new pool is found some minutes after it opened: ask `GET /api/dex/jupiter/routes/{mint}` then.
    """

    opens_pool: bool
    pool: Address
    base_amount: Amount
    quote_amount: Amount
    shares: Amount
    cost: PoolCost | None = Field(description="Null for a pool that is there already.")
    steps: list[BuiltStep]
    route: RouteCheck


class PumpLaunch(Request):
    """A coin on Pump.fun. Pump.fun mints its own: nothing that exists already can move there."""

    wallet: AddressIn
    name: Annotated[str, Field(min_length=1, max_length=32)]
    symbol: Annotated[str, Field(min_length=1, max_length=13)]
    uri: Annotated[str, Field(min_length=1, max_length=200, description="Of the metadata document.")]
    creator: AddressIn | None = Field(None, description="Who earns creator fees; the wallet unless named.")
    sibling_of: MintIn | None = Field(None, description="The token that this coin is to stand beside.")
    first_buy: AmountIn | None = Field(None, description="Lamports, fees included.")
    slippage_bps: SlippageBps = 500
    classic: bool = Field(False, description="A classic mint with Metaplex metadata instead of Token-2022.")


class BuiltPumpLaunch(BaseModel):
    """A coin to launch: the steps in their order, the second once the first is confirmed."""

    mint: Mint
    bonding_curve: Address
    sibling_of: Mint | None
    notice: str
    expected_tokens: Amount = Field(description="About what the first buy brings; at least the slippage's part of it.")
    steps: list[BuiltStep]


class CreateMarket(Request):
    """An order book of a token against SOL. OpenBook takes classic mints only."""

    mint: MintIn
    wallet: AddressIn
    name: Annotated[str, Field(min_length=1, max_length=16, pattern=r"^[ -~]+$")]
    base_lot: AmountIn = Field(description="Base units of the smallest amount; a power of ten.")
    quote_lot: AmountIn = Field(
        description="Lamports of the smallest step of the price of one base lot; a power of ten."
    )


class BuiltMarket(BaseModel):
    """A market to open, and its accounts. Their deposits come back when the market is closed."""

    market: Address
    bids: Address
    asks: Address
    event_heap: Address
    deposits: Amount
    steps: list[BuiltStep]


class PlaceOrder(Request):
    """An order: so many base units for so many lamports, whole lots of the market both."""

    market: AddressIn
    wallet: AddressIn
    side: Literal["bid", "ask"]
    base_amount: AmountIn
    quote_amount: AmountIn = Field(description="Lamports for all of it; its quotient is the price.")
    kind: Literal["limit", "immediate_or_cancel", "post_only", "market", "post_only_slide", "fill_or_kill"] = "limit"


class BookLevel(BaseModel):
    """All resting orders of one price."""

    price_sol: DecimalText
    base_amount: Amount
    orders: int


class OrderBook(BaseModel):
    """A market and what rests in it, best first."""

    market: Address
    mint: Mint
    base_lot: Amount
    quote_lot: Amount
    bids: list[BookLevel]
    asks: list[BookLevel]


class LaunchItem(Request):
    """One venue and its part."""

    venue: LaunchVenue
    share_bps: Annotated[int, Field(ge=1, le=10_000, description="Of the liquidity; all together 10 000.")]


class MultiLaunch(Request):
    """Liquidity of one wallet, divided between venues."""

    wallet: AddressIn
    mint: MintIn
    base_amount: AmountIn
    quote_amount: AmountIn = Field(description="Lamports.")
    items: Annotated[tuple[LaunchItem, ...], Field(min_length=1, max_length=5)]
    coin: PumpLaunch | None = Field(None, description="The sibling on Pump.fun; its first buy is the item's share.")
    accept_price: bool = False


class ItemView(BaseModel):
    """What became of one venue's part."""

    venue: LaunchVenue
    share_bps: Bps
    base_amount: Amount
    quote_amount: Amount
    status: Literal["built", "open", "expired", "refused"]
    address: Address | None = Field(description="The pool, or the coin on Pump.fun.")
    steps: list[BuiltStep] = Field(description="To sign; only in the answer that built them.")
    liquidity: dict[str, Amount] | None = Field(description="Base units and lamports in an open pool.")
    error: dict[str, Any] | None
    opened_at: datetime | None


class MultiLaunchView(BaseModel):
    """A launch on several venues as it stands."""

    id: UUID
    wallet: Address
    mint: Mint
    base_amount: Amount
    quote_amount: Amount
    created_at: datetime
    items: list[ItemView]
    route: RouteCheck | None = Field(description="What the aggregator says; null where the cluster has none.")


class PoolHealth(BaseModel):
    """How a pool is doing."""

    venue: VenueName
    pool: Address
    mint: Mint
    base_reserve: Amount
    quote_reserve: Amount
    price_sol: DecimalText
    twap_sol: DecimalText | None = Field(description="Average over the pool's own record; null while it is too short.")
    twap_seconds: int | None
    deviation_bps: Bps | None = Field(description="Price against the average; negative where it is below.")
    depth: dict[str, Amount] = Field(description="Lamports that move the price by 1, 2 and 5 percent, by side.")
    imbalance_bps: Bps = Field(description="How unlike both sides are at the average price: 0 is even.")
    last_trade_at: datetime | None = Field(
        description="Newest transaction that used the pool; null where none is known."
    )
    locked_bps: Bps | None = Field(description="Share of the liquidity that nobody can take out, where it is known.")
    notes: list[str]
