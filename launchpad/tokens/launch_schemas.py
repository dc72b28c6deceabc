"""What a launch is asked for and what comes back. Amounts in base units, shares in basis points."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from launchpad.chain.launching import Standard
from launchpad.chain.sale_terms import MAX_BATCH_SECONDS
from launchpad.chain.shapes import LOG_STEEPNESS, WANTED_BPS
from launchpad.schemas import Address, AddressIn, Amount, AmountIn, Bps, DecimalText, Mint, MintIn, Request
from launchpad.tokens.rules_schemas import PresetName, RulesIn, RulesPreview

Share = Annotated[int, Field(ge=0, le=10_000)]
Seconds = Annotated[int, Field(ge=0, le=10 * 366 * 86_400)]
Deadline = Annotated[int, Field(ge=1, lt=2**40)]
DecimalIn = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{1,20}(\.[0-9]{1,30})?$"), Field(examples=["28", "0.000000028"])
]
Venue = Literal["amm", "raydium"]
HexHash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class AllocationsIn(Request):
    """How the supply is divided; the shares sum to 10 000."""

    public_bps: Share = 7_931
    liquidity_bps: Share = 2_069
    team_bps: Share = 0
    ecosystem_bps: Share = 0
    treasury_bps: Share = 0


class SegmentIn(Request):
    """One piece of a custom curve."""

    base_reserve: AmountIn
    quote_reserve: AmountIn
    base_for_sale: AmountIn


class PointIn(Request):
    """A point that a curve passes."""

    sold_bps: Share = Field(description="Basis points of the sale.")
    market_cap: DecimalIn = Field(description="Of the whole supply, in SOL or in USD.")


CurveKind = Literal["classic", "reserve_squared", "linear", "exponential", "logarithmic", "fixed", "points", "segments"]


class CurveIn(Request):
    """The shape of the curve, in a creator's words. It sells exactly the public share of the supply.

    A shape takes any two of start, end, multiple and raise, and the others follow; the fixed
    price takes one; the classic shape (also called reserve_squared) none, one or two. `points`
    are joined by straight lines. `segments` are taken as they are.
    """

    kind: CurveKind = "classic"
    start_market_cap: DecimalIn | None = Field(None, description="Of the whole supply at the first price.")
    end_market_cap: DecimalIn | None = Field(None, description="Of the whole supply when everything is sold.")
    start_price: DecimalIn | None = Field(None, description="Of one whole token.")
    end_price: DecimalIn | None = Field(None, description="Of one whole token.")
    multiple: DecimalIn | None = Field(None, description="End price by start price.")
    raise_amount: DecimalIn | None = Field(None, description="What the curve holds when everything is sold.")
    sol_price_usd: DecimalIn | None = Field(None, description="USD for one SOL. With it, the amounts here are in USD.")
    steepness: Annotated[int, Field(ge=1, le=10_000)] = LOG_STEEPNESS
    max_error_bps: Annotated[int, Field(ge=1, le=1_000, description="The price error to aim at.")] = WANTED_BPS
    points: Annotated[tuple[PointIn, ...], Field(max_length=33)] = ()
    segments: Annotated[tuple[SegmentIn, ...], Field(max_length=32)] = ()


class TeamIn(Request):
    """Who gets the team's share, and how it vests from the launch on."""

    beneficiary: AddressIn
    cliff_seconds: Seconds = 0
    duration_seconds: Annotated[int, Field(ge=1, le=10 * 366 * 86_400)]
    period_seconds: Annotated[int, Field(ge=1, le=10 * 366 * 86_400)] = 1
    revocable: bool = False


class LockIn(Request):
    """How the creator's first buy is locked."""

    cliff_seconds: Seconds = 0
    duration_seconds: Annotated[int, Field(ge=1, le=10 * 366 * 86_400)]
    period_seconds: Annotated[int, Field(ge=1, le=10 * 366 * 86_400)] = 1


class FirstBuyIn(Request):
    """The creator's own buy, in the transaction of the launch: nobody can come before it."""

    amount: AmountIn = Field(description="Lamports to spend, fees included.")
    lock: LockIn | None = Field(None, description="Without it the launch says on chain that the tokens are not locked.")


class BatchIn(Request):
    """A window of deposits that all buy at one price, before anybody trades."""

    seconds: Annotated[int, Field(ge=1, le=MAX_BATCH_SECONDS)] = Field(86_400, description="Length of the window.")
    withdraw_seconds: Annotated[int, Field(ge=0, le=MAX_BATCH_SECONDS)] | None = Field(
        None, description="In which deposits can be taken back; the whole window unless given."
    )
    minimum_lamports: AmountIn = Field(description="In all, below which everybody gets everything back.")
    max_deposit_lamports: AmountIn | None = Field(None, description="Of one wallet; any amount unless given.")


class GraduationIn(Request):
    """What becomes of the raise when everything is sold."""

    venue: Venue = Field("amm", description="Where the pool opens; `GET /api/launchpad/venues` tells what each costs.")
    liquidity_bps: Annotated[int, Field(ge=5_000, le=10_000)] = Field(
        10_000, description="The part of the raise that becomes liquidity; the rest vests for team and treasury."
    )
    lock_days: Annotated[int, Field(ge=0, le=3_650)] = Field(
        0, description="After which the pool's shares are the creator's: 180 at least; 0 for never."
    )
    team: AddressIn | None = Field(None, description="Who vests the team's part; the creator unless given.")
    treasury: AddressIn | None = Field(None, description="Who vests the rest; the team unless given.")
    team_bps: Share = Field(10_000, description="The team's part of what is not liquidity.")
    cliff_seconds: Seconds = 0
    duration_seconds: Annotated[int, Field(ge=1, le=315_360_000)] = 180 * 86_400
    period_seconds: Annotated[int, Field(ge=1, le=315_360_000)] = 86_400


class SaleRequest(Request):
    """How a sale goes, apart from its token and its curve."""

    deadline: Deadline | None = None
    rules: RulesIn | None = None
    graduation: GraduationIn | None = None
    batch: BatchIn | None = None


_STANDARD = "Of the mint: Token-2022 with its metadata inside, or a classic one with Metaplex's beside it (`spl`)."


class LaunchRequest(Request):
    """Everything about a token that is decided at its launch."""

    creator: AddressIn
    standard: Standard = Field("token-2022", description=_STANDARD)
    name: Annotated[str, Field(max_length=64)]
    symbol: Annotated[str, Field(max_length=64)]
    uri: Annotated[str, Field(max_length=400, description="Of the metadata document.")]
    metadata_hash: HexHash | None = Field(
        None, description="SHA-256 of the document. Known without it for documents that are stored here."
    )
    decimals: Annotated[int, Field(ge=0, le=9)] = 9
    supply: AmountIn
    supply_mode: Literal["fixed", "mintable", "burnable"] = "fixed"
    mint_authority: AddressIn | None = Field(None, description="Who may mint more; of mintable supplies only.")
    mint_cap: AmountIn | None = Field(None, description="How much can exist in all; of mintable supplies only.")
    allocations: AllocationsIn = AllocationsIn()
    update_authority: Literal["creator", "immutable"] | AddressIn = "creator"
    curve: CurveIn = CurveIn()
    team: TeamIn | None = None
    ecosystem_owner: AddressIn | None = None
    treasury_owner: AddressIn | None = None
    first_buy: FirstBuyIn | None = None
    deadline: Deadline | None = Field(
        None, description="Unix seconds: what is not sold out by then is refunded. Needs the whole supply on the curve."
    )
    rules: RulesIn | None = Field(None, description="Who may buy how much soon after the opening.")
    graduation: GraduationIn | None = Field(
        None, description="What becomes of the raise; all of it liquidity unless given."
    )
    batch: BatchIn | None = Field(None, description="Instead of a launch fee, rules and a first buy.")
    mint: MintIn | None = Field(None, description="Your own mint key to sign with; the server makes one otherwise.")


class LaunchCost(BaseModel):
    """Lamports that the launch takes from the creator."""

    creation_fee: Amount
    first_buy: Amount = Field(description="At most; the curve charges exactly what it delivers.")
    network: Amount
    priority: Amount
    deposits: Amount = Field(description="Rent of the accounts that the launch makes.")
    total: Amount
    transactions: int = Field(
        description="How many there are to sign: more where a long curve or a classic mint goes on chain first."
    )


class FirstBuyQuote(BaseModel):
    """What the first buy gets."""

    amount_in: Amount
    amount_out: Amount
    share_bps: Bps = Field(description="Of the whole supply.")
    protocol_fee: Amount
    creator_fee: Amount


class CurvePoint(BaseModel):
    """One point of the curve."""

    sold: Amount
    raised: Amount
    price_sol: DecimalText


class CurvePreviewRequest(Request):
    """What a curve and the cost of its launch are worked out from."""

    standard: Standard = Field("token-2022", description=_STANDARD)
    decimals: Annotated[int, Field(ge=0, le=9)] = 9
    supply: AmountIn
    allocations: AllocationsIn = AllocationsIn()
    curve: CurveIn = CurveIn()
    first_buy: AmountIn | None = Field(None, description="Lamports, fees included.")
    first_buy_locked: bool = True
    creator: AddressIn | None = None
    ecosystem_owner: AddressIn | None = Field(None, description="The creator unless it is given.")
    treasury_owner: AddressIn | None = Field(None, description="The creator unless it is given.")
    name: Annotated[str, Field(max_length=64)] = ""
    symbol: Annotated[str, Field(max_length=64)] = ""
    uri: Annotated[str, Field(max_length=400)] = Field(
        "", description="Of the metadata document; as long as ours are unless it is given."
    )
    deadline: Annotated[int, Field(ge=1, lt=2**40)] | None = None
    rules: RulesIn | None = None
    graduation: GraduationIn | None = None


class Buyer(BaseModel):
    """What a curve means for somebody who buys at one place of it."""

    sold_bps: Bps = Field(description="How much of the sale is sold before.")
    price_sol: DecimalText
    market_cap_sol: DecimalText
    tokens_for_one_sol: Amount = Field(description="Base units for one SOL, fees included.")
    multiple_at_end: DecimalText = Field(description="The price when all is sold by the price here.")


class Buyers(BaseModel):
    """The first, the median and the last buyer, and the same in words."""

    first: Buyer
    median: Buyer
    last: Buyer
    words: list[str]


class SegmentOut(BaseModel):
    """One piece of a curve as the program runs it."""

    base_reserve: Amount
    quote_reserve: Amount
    base_for_sale: Amount


class GraduationPreview(BaseModel):
    """What opening the pool takes from the raise, in lamports: at most a tenth of it."""

    venue: Venue
    fee: Amount = Field(description="Of the venue, for a new pool.")
    rent: Amount = Field(description="Of the pool's accounts.")
    bounty: Amount = Field(description="Of whoever graduates the token.")
    total: Amount
    liquidity: Amount = Field(description="That the pool opens with; launch fees come on top.")


class VenueView(BaseModel):
    """A place where a sale can graduate to."""

    venue: Venue
    title: str
    summary: str
    available: bool
    reason: str | None = Field(description="Why there is no pool to be had; null where there is.")
    fee: Amount | None = Field(description="Lamports of the raise for the venue, null where it takes no pools.")
    rent: Amount = Field(description="Lamports of the raise for the pool's accounts.")
    minimum_raise: Amount = Field(description="Lamports that a sale raises at least.")


class StandardView(BaseModel):
    """A kind of mint that a launch can make."""

    standard: Standard
    title: str
    summary: str
    available: bool
    reason: str | None = Field(description="Why there is none to be had on this cluster; null where there is.")


class CurvePreview(BaseModel):
    """A curve before it exists."""

    sale_supply: Amount
    liquidity_supply: Amount
    raise_target: Amount
    start_price_sol: DecimalText
    end_price_sol: DecimalText
    start_market_cap_sol: DecimalText
    end_market_cap_sol: DecimalText
    multiple: DecimalText = Field(description="End price by start price.")
    error_bps: DecimalText | None = Field(
        description="The most that any price differs from the shape, in basis points; null for segments of your own."
    )
    segments: list[SegmentOut]
    buyers: Buyers
    creation_fee: Amount
    first_buy: FirstBuyQuote | None
    cost: LaunchCost
    points: list[CurvePoint]
    rules: RulesPreview | None = Field(description="What the rules of the opening come to; null without any.")
    graduation: GraduationPreview


class BuiltLaunch(BaseModel):
    """A launch to sign, in order; the server has signed for the mint unless the caller brought one."""

    mint: Mint
    curve: Address
    launch_record: Address
    metadata_uri: str
    metadata_hash: str
    transactions: list[str]
    blockhash: str
    last_valid_block_height: int
    signers: list[Address] = Field(description="Whose signatures are still missing.")
    compute_unit_limit: int
    programs: list[Address]
    cost: LaunchCost
    preview: CurvePreview
    signature: None = Field(None, description="Null: it comes with `POST /api/transactions`, once it is signed.")
    tax_account: None = Field(None, description="Null: the token carries no transfer tax.")
    referral_account: None = Field(None, description="Null: referrers register once for all tokens.")
    links: dict[str, str] = Field(
        description="Pages of public explorers; `SIGNATURE` in `explorer` and `solscan` stands for the launch's."
    )


class PresetView(BaseModel):
    """A set of options that goes well together."""

    name: PresetName
    title: str
    summary: str
    words: list[str] = Field(description="What it means for buyers.")
    rules: RulesIn | None
    graduation: GraduationIn | None = Field(description="Options of `graduation`; null for the usual ones.")
    batch: BatchIn | None = Field(description="Options of `batch`; null without one.")
