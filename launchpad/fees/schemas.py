"""What is told of fees, and what routers are asked to do. Amounts are lamports, shares basis points."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, model_validator

from launchpad.schemas import Address, AddressIn, Amount, Mint, MintIn, PageMeta, Request

RevenueKind = Literal["protocol", "creator", "referrer", "lp", "launch", "keeper", "router", "venue"]
FeeChange = Literal["never", "with_time", "with_market_cap", "by_authority", "by_venue"]
RevenueSource = Literal["trade", "claim", "creation", "graduation", "collected", "received", "share"]
RoutingStep = Literal[
    "create", "write", "propose", "apply", "cancel", "fix", "offer", "accept",
    "adopt", "collect", "unwrap", "claim", "release", "keep", "leave", "take",
]  # fmt: skip
WHOLE = 10_000


class RevenueRow(BaseModel):
    """Lamports that somebody earned (they wait for him) or was paid (they are his), by one event."""

    kind: RevenueKind
    flow: Literal["earned", "paid"]
    source: RevenueSource
    amount: Amount
    mint: Mint | None = Field(description="Null where no single token is behind it.")
    symbol: str | None
    recipient: Address | None = Field(description="Who was paid, or who earned it where one wallet did.")
    signature: str
    instruction: int
    inner: int
    at: datetime


class RevenueTotal(BaseModel):
    """All of one kind. A referrer's payments belong to no token, and so are only in the totals of all."""

    kind: RevenueKind
    earned: Amount
    paid: Amount
    waiting: Amount = Field(description="Earned and not paid yet; 0 for what is not claimed but paid at once.")


class RevenuePage(BaseModel):
    """Money, newest first, and what all of it comes to."""

    data: list[RevenueRow]
    meta: PageMeta
    totals: list[RevenueTotal]


class FeeLine(BaseModel):
    """One fee of a token."""

    kind: RevenueKind
    venue: Literal["curve", "pool", "graduation"]
    bps: int | None = Field(description="What holds now, of the quote amount; null for what is no rate, or not yet.")
    limit_bps: int | None = Field(description="What no authority can pass; null where our programs set no limit.")
    amount: Amount | None = Field(description="Lamports, for what is a fixed amount.")
    limit_amount: Amount | None = Field(description="Lamports that no authority can pass.")
    recipient: Address | None = Field(description="Null where it is whoever does it, or the pool itself.")
    source: Address | None = Field(description="The account on chain that says so.")
    changes: FeeChange = Field(description="What can change it: nothing, time, the token's value, whoever sets it.")
    note: str


class FeeTable(BaseModel):
    """Every fee of a token, with its limits and who gets it."""

    mint: Mint
    creator: Address
    router: Address | None = Field(description="The creator, where it is a router of fees.")
    lines: list[FeeLine]


class SharePortion(BaseModel):
    """A recipient."""

    wallet: AddressIn
    bps: Annotated[int, Field(ge=1, le=WHOLE)]


class Shares(Request):
    """All recipients of a router, and what each gets."""

    shares: Annotated[list[SharePortion], Field(min_length=1, max_length=100)]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if sum(share.bps for share in self.shares) != WHOLE:
            raise ValueError("The shares must sum to 10000 basis points: change one of them.")
        if len({share.wallet for share in self.shares}) != len(self.shares):
            raise ValueError("A wallet stands twice in the list: give it one share.")
        return self


class CreateRouter(Request):
    """A new router."""

    creator: AddressIn
    index: Annotated[int, Field(ge=0, le=65_535)] | None = Field(
        None, description="Tells the routers of one creator apart; the first that is free unless named."
    )
    delay_seconds: Annotated[int, Field(ge=3_600, le=2_592_000)] = 86_400
    fixed: bool = False


class ChangeShares(Shares):
    """The shares that a router's owner wants."""

    owner: AddressIn


class ByOwner(Request):
    """What a router's owner alone decides."""

    owner: AddressIn


class OfferOwner(ByOwner):
    """A router's next owner, who has to accept; null withdraws an offer."""

    new_owner: AddressIn | None

    @model_validator(mode="after")
    def _another(self) -> Self:
        if self.new_owner == self.owner:
            raise ValueError("This wallet owns the router already: name another.")
        return self


class AcceptOwner(Request):
    """The wallet to which a router was offered."""

    new_owner: AddressIn


class ByAnybody(Request):
    """What anybody may ask for; he pays the network's fee."""

    payer: AddressIn


class OfToken(ByAnybody):
    """The same, for a token."""

    mint: MintIn


class ClaimShare(ByAnybody):
    """The payment of a recipient."""

    recipient: AddressIn


class ProposeRelease(ByOwner):
    """A token's way out of a router, to `new_creator`; null takes an earlier offer back."""

    mint: MintIn
    new_creator: AddressIn | None


class CancelRelease(ByOwner):
    """A token that stays."""

    mint: MintIn


class TakeToken(Request):
    """The wallet to which a router offered a token."""

    mint: MintIn
    new_creator: AddressIn


class BuiltRouting(BaseModel):
    """An unsigned transaction, and what it does."""

    router: Address
    step: RoutingStep
    done: bool = Field(description="False: ask again when this one is confirmed, for the next one.")
    transaction: str
    blockhash: str
    last_valid_block_height: int
    signers: list[Address]
    compute_unit_limit: int
    network_fee: Amount
    priority_fee: Amount


class RouterShare(BaseModel):
    """What a recipient has in a router; with 0 basis points somebody who left and is not paid yet."""

    wallet: Address
    bps: int
    claimable: Amount


class ProposedShares(BaseModel):
    """The shares that come next; without a time they are still being written."""

    shares: list[SharePortion]
    effective_at: datetime | None


class RouterRelease(BaseModel):
    """A token's way out: offered to `new_creator` by anybody from `effective_at` on; null takes an offer back."""

    new_creator: Address | None
    effective_at: datetime
    ready: bool = Field(description="Whether its time lock has ended.")
    rent_payer: Address = Field(description="Gets the rent back when it is carried out or cancelled.")


class RouterToken(BaseModel):
    """A token whose creator a router is, or for which a release is proposed."""

    mint: Mint
    name: str
    symbol: str
    held: bool = Field(description="Whether the router is its creator.")
    owed: Amount = Field(description="What curve and pool owe the router, as far as indexed.")
    release: RouterRelease | None
    offered_to: Address | None = Field(description="Who becomes its creator by accepting.")


class RouterView(BaseModel):
    """A router as it is on chain."""

    address: Address
    creator: Address
    index: int
    owner: Address
    pending_owner: Address | None
    delay_seconds: int
    fixed: bool
    created_at: datetime
    applied_at: datetime | None
    income: Amount
    paid: Amount
    waiting: Amount
    wrapped: Amount = Field(description="Lamports of wrapped SOL that lie with it and are no income yet.")
    shares: list[RouterShare]
    proposal: ProposedShares | None
    tokens: list[RouterToken] = Field(description="As far as indexed.")


class RouterRef(BaseModel):
    """A router that a wallet created, owns, is offered or is paid by."""

    address: Address
    creator: Address
    owner: Address
    created_at: datetime


class RouterList(BaseModel):
    """Routers of a wallet, newest first."""

    data: list[RouterRef]
