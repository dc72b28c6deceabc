"""What a launch is asked for and what comes back. Amounts in base units, shares in basis points."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from launchpad.schemas import Address, AddressIn, Amount, AmountIn, Bps, DecimalText, Mint, MintIn, Request

Share = Annotated[int, Field(ge=0, le=10_000)]
Seconds = Annotated[int, Field(ge=0, le=10 * 366 * 86_400)]
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


class CurveIn(Request):
    """The shape of the curve: the classic preset, or segments that sell exactly the public share."""

    preset: Literal["classic", "custom"] = "classic"
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


class LaunchRequest(Request):
    """Everything about a token that is decided at its launch."""

    creator: AddressIn
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
    mint: MintIn | None = Field(None, description="Your own mint key to sign with; the server makes one otherwise.")


class LaunchCost(BaseModel):
    """Lamports that the launch takes from the creator."""

    creation_fee: Amount
    first_buy: Amount = Field(description="At most; the curve charges exactly what it delivers.")
    network: Amount
    priority: Amount
    deposits: Amount = Field(description="Rent of the accounts that the launch makes.")
    total: Amount


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
    """What a curve is worked out from."""

    decimals: Annotated[int, Field(ge=0, le=9)] = 9
    supply: AmountIn
    allocations: AllocationsIn = AllocationsIn()
    curve: CurveIn = CurveIn()
    first_buy: AmountIn | None = Field(None, description="Lamports, fees included.")


class CurvePreview(BaseModel):
    """A curve before it exists."""

    sale_supply: Amount
    liquidity_supply: Amount
    raise_target: Amount
    start_price_sol: DecimalText
    end_price_sol: DecimalText
    start_market_cap_sol: DecimalText
    end_market_cap_sol: DecimalText
    creation_fee: Amount
    first_buy: FirstBuyQuote | None
    points: list[CurvePoint]


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
    links: dict[str, str]
