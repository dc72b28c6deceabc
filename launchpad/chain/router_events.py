"""The events of the fee router's program, one dataclass each; see event_types. Amounts are lamports."""

from dataclasses import dataclass
from typing import Annotated

from launchpad.chain.borsh import I64, U16, U32, U64, Bool, Key, KeyOrNone, one_of

IncomeSource = Annotated[str, one_of("curve", "pool", "wrapped")]


@dataclass(frozen=True, slots=True)
class Portion:
    """A recipient and his part of the income, in basis points."""

    wallet: Key
    bps: U16


@dataclass(frozen=True, slots=True)
class RouterCreated:
    """A router exists; it earns for nobody until its first shares are applied."""

    router: Key
    creator: Key
    owner: Key
    index: U16
    delay_seconds: U32
    fixed: Bool
    timestamp: I64


@dataclass(frozen=True, slots=True)
class SharesProposed:
    """These shares may be applied from `effective_at` on."""

    router: Key
    shares: tuple[Portion, ...]
    effective_at: I64
    timestamp: I64


@dataclass(frozen=True, slots=True)
class ProposalCancelled:
    """The shares that were being written or waiting are gone."""

    router: Key
    timestamp: I64


@dataclass(frozen=True, slots=True)
class SharesApplied:
    """These shares hold for all income beyond `income`; a router's `first` ones for what came before, too."""

    router: Key
    shares: tuple[Portion, ...]
    first: Bool
    income: U64
    timestamp: I64


@dataclass(frozen=True, slots=True)
class SharesWereFixed:
    """The shares can never change again, and no token can leave."""

    router: Key
    timestamp: I64


@dataclass(frozen=True, slots=True)
class TokenAdopted:
    """A router is the creator of a token."""

    router: Key
    mint: Key
    timestamp: I64


@dataclass(frozen=True, slots=True)
class FeesCollected:
    """Creator fees reached a router. `income` is all that it ever received, in lamports."""

    router: Key
    mint: Key
    source: IncomeSource
    origin: Key
    amount: U64
    income: U64
    timestamp: I64


@dataclass(frozen=True, slots=True)
class LamportsReceived:
    """Lamports that somebody sent to a router were noticed."""

    router: Key
    amount: U64
    income: U64
    timestamp: I64


@dataclass(frozen=True, slots=True)
class SharePaid:
    """A recipient was paid; `paid` is what all recipients got so far."""

    router: Key
    recipient: Key
    amount: U64
    paid: U64
    income: U64
    timestamp: I64


@dataclass(frozen=True, slots=True)
class ReleaseProposed:
    """From `effective_at` on a token can be offered to `new_creator`; None takes an offer back."""

    router: Key
    mint: Key
    new_creator: KeyOrNone
    effective_at: I64
    timestamp: I64


@dataclass(frozen=True, slots=True)
class ReleaseCancelled:
    """A token stays with its router."""

    router: Key
    mint: Key
    timestamp: I64


@dataclass(frozen=True, slots=True)
class TokenReleased:
    """A token was offered to `new_creator`, who becomes its creator by accepting at the launcher."""

    router: Key
    mint: Key
    new_creator: KeyOrNone
    timestamp: I64


@dataclass(frozen=True, slots=True)
class OwnerProposed:
    """Somebody may become a router's owner by accepting."""

    router: Key
    owner: Key
    pending_owner: KeyOrNone
    timestamp: I64


@dataclass(frozen=True, slots=True)
class OwnerChanged:
    """A router has another owner."""

    router: Key
    old_owner: Key
    new_owner: Key
    timestamp: I64


RouterEvent = (
    RouterCreated
    | SharesProposed
    | ProposalCancelled
    | SharesApplied
    | SharesWereFixed
    | TokenAdopted
    | FeesCollected
    | LamportsReceived
    | SharePaid
    | ReleaseProposed
    | ReleaseCancelled
    | TokenReleased
    | OwnerProposed
    | OwnerChanged
)

ROUTER_EVENTS: tuple[type[RouterEvent], ...] = (
    *(RouterCreated, SharesProposed, ProposalCancelled, SharesApplied, SharesWereFixed, TokenAdopted),
    *(FeesCollected, LamportsReceived, SharePaid, ReleaseProposed, ReleaseCancelled, TokenReleased),
    *(OwnerProposed, OwnerChanged),
)
