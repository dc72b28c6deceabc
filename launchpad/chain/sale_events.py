"""Events of sales that have terms: opening rules, graduation, batches. Like event_types."""

from dataclasses import dataclass
from typing import Annotated

from launchpad.chain.borsh import I64, U64, Bool, Key, one_of
from launchpad.chain.sale_terms import VENUES, SaleTerms

Venue = Annotated[str, one_of(*VENUES)]
Tier = Annotated[str, one_of("allowlist", "holders")]
PayoutKind = Annotated[str, one_of("team", "treasury")]


@dataclass(frozen=True, slots=True)
class TermsCreated:
    """Sales can be opened under these terms by naming `terms`."""

    terms: Key
    sale: SaleTerms
    timestamp: I64


@dataclass(frozen=True, slots=True)
class PositionOpened:
    """A wallet can buy while the rules of the opening hold."""

    mint: Key
    wallet: Key
    position: Key
    timestamp: I64


@dataclass(frozen=True, slots=True)
class Admitted:
    """A wallet proved that it belongs to a tier."""

    mint: Key
    wallet: Key
    tier: Tier
    timestamp: I64


@dataclass(frozen=True, slots=True)
class PositionClosed:
    """The rules are over; the wallet has its pledge and the rent back. `bought` base units under the rules."""

    mint: Key
    wallet: Key
    bought: U64
    timestamp: I64


@dataclass(frozen=True, slots=True)
class Graduated:
    """The token trades in its `pool` from now on, which opened with `base_amount` and `quote_amount`.

    `burned` base units did not fit. The `keeper` got `reward` lamports: bounty and rent. The payouts
    wait for their schedules; the pool's shares are the creator's at `locked_until`, 0 for never.
    """

    mint: Key
    curve: Key
    pool: Key
    venue: Venue
    base_amount: U64
    quote_amount: U64
    burned: U64
    keeper: Key
    reward: U64
    team_payout: U64
    treasury_payout: U64
    locked_until: I64
    timestamp: I64


@dataclass(frozen=True, slots=True)
class PayoutReleased:
    """A part of the raise went into a vesting schedule, as wrapped SOL."""

    mint: Key
    curve: Key
    kind: PayoutKind
    beneficiary: Key
    amount: U64
    schedule: Key
    timestamp: I64


@dataclass(frozen=True, slots=True)
class LiquidityLocked:
    """The pool's shares went into a vesting schedule of the creator."""

    mint: Key
    curve: Key
    lp_mint: Key
    shares: U64
    schedule: Key
    until: I64
    timestamp: I64


@dataclass(frozen=True, slots=True)
class BatchOpened:
    """A batch launch takes deposits. Lamports; `max_deposit` of one wallet, 0 for any amount."""

    mint: Key
    batch: Key
    closes_at: I64
    withdraw_until: I64
    minimum: U64
    max_deposit: U64
    timestamp: I64


@dataclass(frozen=True, slots=True)
class BatchDeposited:
    """Lamports came into a batch; `deposited` by this wallet and `deposits` by all, afterwards."""

    mint: Key
    batch: Key
    depositor: Key
    amount: U64
    deposited: U64
    deposits: U64
    timestamp: I64


@dataclass(frozen=True, slots=True)
class BatchWithdrawn:
    """Lamports were taken back; `deposited` by this wallet and `deposits` by all, afterwards."""

    mint: Key
    batch: Key
    depositor: Key
    amount: U64
    deposited: U64
    deposits: U64
    timestamp: I64


@dataclass(frozen=True, slots=True)
class BatchSettled:
    """The window ended. What follows `failed` was bought for all at one price; nothing where it failed."""

    mint: Key
    batch: Key
    failed: Bool
    deposits: U64
    base_amount: U64
    quote_amount: U64
    fees: U64
    refund: U64
    timestamp: I64


@dataclass(frozen=True, slots=True)
class BatchClaimed:
    """A wallet that had `deposited` so much got its part; `deposits_left` are of those who have not claimed."""

    mint: Key
    batch: Key
    depositor: Key
    deposited: U64
    base_amount: U64
    refund: U64
    deposits_left: U64
    timestamp: I64


SaleEvent = (
    TermsCreated
    | PositionOpened
    | Admitted
    | PositionClosed
    | Graduated
    | PayoutReleased
    | LiquidityLocked
    | BatchOpened
    | BatchDeposited
    | BatchWithdrawn
    | BatchSettled
    | BatchClaimed
)
SALE_EVENTS: tuple[type[SaleEvent], ...] = (
    *(TermsCreated, PositionOpened, Admitted, PositionClosed, Graduated, PayoutReleased, LiquidityLocked),
    *(BatchOpened, BatchDeposited, BatchWithdrawn, BatchSettled, BatchClaimed),
)
