"""The events of the vesting program, one dataclass each; see event_types."""

from dataclasses import dataclass

from launchpad.chain.borsh import I64, U16, U64, Bool, Key, KeyOrNone


@dataclass(frozen=True, slots=True)
class ScheduleCreated:
    """Tokens wait in escrow for a beneficiary."""

    schedule: Key
    mint: Key
    grantor: Key
    beneficiary: Key
    amount: U64
    start: I64
    cliff: I64
    end: I64
    period: I64
    revocable: Bool
    index: U16
    timestamp: I64


@dataclass(frozen=True, slots=True)
class Claimed:
    """A beneficiary took what had vested; `claimed` is the total so far."""

    schedule: Key
    mint: Key
    beneficiary: Key
    amount: U64
    claimed: U64
    timestamp: I64


@dataclass(frozen=True, slots=True)
class Revoked:
    """A grantor took back `returned`; `amount` is what stays, all of it vested."""

    schedule: Key
    mint: Key
    grantor: Key
    returned: U64
    amount: U64
    timestamp: I64


@dataclass(frozen=True, slots=True)
class BeneficiaryProposed:
    """Somebody may become a schedule's beneficiary by accepting."""

    schedule: Key
    mint: Key
    beneficiary: Key
    pending_beneficiary: KeyOrNone
    timestamp: I64


@dataclass(frozen=True, slots=True)
class BeneficiaryChanged:
    """A schedule belongs to another wallet."""

    schedule: Key
    mint: Key
    old_beneficiary: Key
    new_beneficiary: Key
    timestamp: I64


VestingEvent = ScheduleCreated | Claimed | Revoked | BeneficiaryProposed | BeneficiaryChanged

VESTING_EVENTS: tuple[type[VestingEvent], ...] = (
    ScheduleCreated,
    Claimed,
    Revoked,
    BeneficiaryProposed,
    BeneficiaryChanged,
)
