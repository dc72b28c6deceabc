"""The rows of sales that launchpad.folding collects: terms, places in openings, batches, and what graduates release."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


class TermsRow(NamedTuple):
    """Terms of sales as they were put on chain."""

    address: str
    sale: str  # JSON


@dataclass(slots=True)
class PositionChange:
    """What events said about a wallet's place in an opening; None is no change."""

    mint: str
    wallet: str
    position: int = 0
    address: str | None = None
    opened_at: datetime | None = None
    allowlisted_at: datetime | None = None
    pledged_at: datetime | None = None
    closed_at: datetime | None = None
    bought: int | None = None


class ReleaseRow(NamedTuple):
    """What a graduate's curve gave into a vesting schedule."""

    schedule: str
    mint: str
    kind: str
    asset: str
    amount: int
    beneficiary: str | None
    until: datetime | None
    released_at: datetime
    slot: int
    signature: str


class BatchRow(NamedTuple):
    """A batch launch as it opened."""

    mint: str
    address: str
    opened_at: datetime
    closes_at: datetime
    withdraw_until: datetime
    minimum: int
    max_deposit: int


@dataclass(slots=True)
class BatchChange:
    """What later events changed about a batch launch; None is no change."""

    mint: str
    status: str | None = None
    deposits: int | None = None
    settled_at: datetime | None = None
    settled_deposits: int | None = None
    base_amount: int | None = None
    quote_amount: int | None = None
    fees: int | None = None
    refund: int | None = None


class DepositRow(NamedTuple):
    """A wallet's deposit as its newest event left it."""

    mint: str
    wallet: str
    amount: int
    changed_at: datetime
    position: int
    claimed_at: datetime | None = None
    base_amount: int | None = None
    refund: int | None = None
    paid: int | None = None
