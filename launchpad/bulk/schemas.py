"""What goes into and comes out of operations on many items."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from launchpad.chain.bulk.items import MAX_ITEMS, Action
from launchpad.schemas import Address, AddressIn, Amount, AmountIn, DecimalText, Mint, MintIn, Request
from launchpad.tokens.launch_schemas import BuiltLaunch, LaunchRequest

MAX_LAUNCHES = 20
MAX_TRANSACTIONS = MAX_ITEMS
ItemStatus = Literal["planned", "sent", "confirmed", "failed"]


class BulkItemIn(Request):
    """One transfer or burn: `amount` in base units, or `tokens` as a decimal number of whole ones."""

    action: Action = "transfer"
    mint: MintIn
    recipient: AddressIn | None = Field(None, description="The wallet that gets it; of transfers only.")
    amount: AmountIn | None = None
    tokens: Annotated[str, Field(max_length=40, pattern=r"^[0-9]{1,20}(\.[0-9]{1,18})?$")] | None = None


class BulkRequest(Request):
    """What one wallet does, in this order: `items`, or the same as the lines of a list."""

    payer: AddressIn
    items: Annotated[list[BulkItemIn], Field(min_length=1, max_length=MAX_ITEMS)] | None = None
    csv: Annotated[str, Field(min_length=1, max_length=200_000)] | None = Field(
        None,
        description="Lines `wallet,amount[,mint]` in whole tokens; `burn` in place of a wallet burns.",
    )
    mint: MintIn | None = Field(None, description="The token of lines that name none.")


class BuildBulk(Request):
    """Which items to build transactions for: all that are not done unless some are named."""

    items: Annotated[list[Annotated[int, Field(ge=0, lt=MAX_ITEMS)]], Field(max_length=MAX_ITEMS)] | None = None


class SubmitBulk(Request):
    """Signed transactions of the operation."""

    transactions: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=2000)]], Field(min_length=1, max_length=MAX_TRANSACTIONS)
    ]


class ItemError(BaseModel):
    """Why an item failed."""

    code: str
    message: str


class BulkItemView(BaseModel):
    """One item and how it went. `transaction` is the number of the one that it is in."""

    index: int
    action: Action
    mint: Mint
    recipient: Address | None
    amount: Amount
    status: ItemStatus = Field(description="`failed` items changed nothing and can be built again.")
    transaction: int | None
    signature: str | None
    error: ItemError | None


class BulkTokenView(BaseModel):
    """What the operation takes of one token."""

    mint: Mint
    symbol: str
    decimals: int
    token_program: Address
    amount: Amount
    tokens: DecimalText = Field(description="The same in whole tokens.")
    held: Amount = Field(description="What the wallet's account had when the operation was made.")


class BulkCost(BaseModel):
    """Lamports that the operation takes besides its tokens."""

    network: Amount = Field(description="Base fees of its transactions; priority fees come with them.")
    rent: Amount = Field(description="Deposits for the token accounts that recipients lack.")
    accounts: int = Field(description="How many token accounts are made.")
    total: Amount
    transactions: int


class BulkTransactionView(BaseModel):
    """A transaction of the operation. `transaction` is there while it waits to be signed."""

    number: int
    items: list[int]
    status: Literal["built", "sent", "confirmed", "failed", "expired"]
    signature: str | None
    transaction: str | None = Field(description="Base64 of the unsigned versioned transaction.")
    last_valid_block_height: int


class BulkView(BaseModel):
    """An operation as it stands."""

    id: UUID
    payer: Address
    memo: str = Field(description="How the memos of its transactions begin, by which the chain knows it again.")
    created_at: datetime
    counts: dict[ItemStatus, int]
    tokens: list[BulkTokenView]
    cost: BulkCost
    items: list[BulkItemView]
    transactions: list[BulkTransactionView]


class LaunchManyRequest(Request):
    """Several launches, each in transactions of its own."""

    launches: Annotated[list[LaunchRequest], Field(min_length=1, max_length=MAX_LAUNCHES)]


class LaunchResult(BaseModel):
    """One of them: transactions to sign, or why there are none."""

    index: int
    launch: BuiltLaunch | None
    error: dict[str, Any] | None = Field(description="`code`, `message` and the field at fault; null for a launch.")


class LaunchManyView(BaseModel):
    """A result for each launch, in the order of the request."""

    launches: list[LaunchResult]
    built: int
    failed: int
