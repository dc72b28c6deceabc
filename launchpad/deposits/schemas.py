"""What batch launches are asked for and what comes back."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from launchpad.schemas import Address, AddressIn, Amount, AmountIn, Bps, DecimalText, Mint, MintIn, Page, Request

BatchStatus = Literal["open", "due", "settled", "failed"]
NextStep = Literal["withdraw", "wait", "settle", "claim"]


class Settlement(BaseModel):
    """What a batch came to: one buy for all, or nothing where it failed."""

    settled_at: datetime
    deposits: Amount = Field(description="Lamports that were in it.")
    base_amount: Amount
    quote_amount: Amount = Field(description="Lamports that the curve's reserve gained, without fees.")
    fees: Amount
    refund: Amount = Field(description="Lamports that were not needed; they go back pro rata.")


class BatchView(BaseModel):
    """A sale that begins with a window of deposits, all of which buy at one price."""

    address: Address
    status: BatchStatus = Field(description="`due` when the window is over and nobody settled yet: anybody may.")
    opened_at: datetime
    closes_at: datetime
    withdraw_until: datetime = Field(description="Until when deposits can be taken back.")
    minimum: Amount = Field(description="Lamports in all below which everybody gets everything back.")
    max_deposit: Amount | None = Field(description="Most lamports of one wallet; null for any amount.")
    deposits: Amount = Field(description="Lamports deposited and neither taken back nor claimed for.")
    depositors: int
    settlement: Settlement | None


class BatchNow(BaseModel):
    """What the deposits would come to if the window ended now, or what they came to."""

    fails: bool
    base_amount: Amount
    cost: Amount = Field(description="Lamports that all of it costs, fees included.")
    refund: Amount
    price_sol: DecimalText | None = Field(description="SOL per whole token that everybody pays, fees included.")
    full_raise: Amount = Field(description="Lamports of deposits that buy everything for sale, fees included.")
    filled_bps: Bps = Field(description="Deposits as a share of a full raise, rounded down; may pass 10 000.")


class BatchRow(BaseModel):
    """One batch launch as lists show it."""

    mint: Mint
    name: str
    symbol: str
    image: str | None
    creator: Address
    decimals: int
    supply: Amount
    batch: BatchView
    now: BatchNow


class DepositView(BaseModel):
    """One wallet's deposit in a batch."""

    wallet: Address
    amount: Amount = Field(description="Lamports that it put in and did not take back.")
    share_bps: Bps = Field(description="Of all deposits, rounded down.")
    changed_at: datetime
    claimed_at: datetime | None
    base_amount: Amount | None
    refund: Amount | None


class BatchDetails(BatchRow):
    """A batch launch with its largest deposits."""

    deposits: list[DepositView]


BatchPage = Page[BatchRow]


class DepositQuote(BaseModel):
    """What a deposit would come to if the window ended now."""

    mint: Mint
    deposited: Amount = Field(description="What the wallet has put in so far.")
    amount: Amount = Field(description="What it would put in besides.")
    share_bps: Bps
    base_amount: Amount
    refund: Amount
    now: BatchNow


class WalletDeposit(BaseModel):
    """A wallet's deposit with what it can do about it now."""

    mint: Mint
    name: str
    symbol: str
    decimals: int
    status: BatchStatus
    closes_at: datetime
    withdraw_until: datetime
    amount: Amount
    next: NextStep | None = Field(description="What the wallet can do now; null once it has claimed.")
    base_amount: Amount | None = Field(description="What it gets, or got; null before the batch is settled.")
    refund: Amount | None
    claimed_at: datetime | None


class WalletDeposits(BaseModel):
    """All deposits of a wallet, newest first."""

    data: list[WalletDeposit]


class DepositRequest(Request):
    """Lamports to put into a batch."""

    mint: MintIn
    wallet: AddressIn
    amount: AmountIn


class WithdrawalRequest(Request):
    """Lamports to take back."""

    mint: MintIn
    wallet: AddressIn
    amount: AmountIn | None = Field(None, description="Lamports; all of the deposit unless given.")


class BatchClaimRequest(Request):
    """A depositor's part of a settled batch."""

    mint: MintIn
    wallet: AddressIn
    payer: AddressIn | None = Field(None, description="Who pays for the transaction; the depositor unless named.")


class SettlementRequest(Request):
    """A batch whose window is over."""

    mint: MintIn
    payer: AddressIn
