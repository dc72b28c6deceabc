"""The verbs that write vesting schedules."""

from launchpad import live
from launchpad.chain.events import BeneficiaryChanged, Claimed, Revoked, ScheduleCreated
from launchpad.folding import Batch, Place, ScheduleRow, instant


def record_schedule(batch: Batch, created: ScheduleCreated, place: Place) -> None:
    """A schedule was made: `amount` base units wait in its escrow."""
    batch.schedules[created.schedule] = ScheduleRow(
        schedule=created.schedule,
        mint=created.mint,
        grantor=created.grantor,
        beneficiary=created.beneficiary,
        amount=created.amount,
        starts_at=instant(created.start),
        cliff_at=instant(created.cliff),
        ends_at=instant(created.end),
        period_seconds=created.period,
        revocable=created.revocable,
        index=created.index,
        position=place.position,
    )
    _tell(batch, created, beneficiary=created.beneficiary, amount=created.amount, claimed=0)


def record_claim(batch: Batch, claim: Claimed, place: Place) -> None:
    """The beneficiary took what had vested; `claimed` is the total so far."""
    batch.schedule(claim.schedule, place).claimed = claim.claimed
    _tell(batch, claim, claimed=claim.claimed)


def record_revocation(batch: Batch, revoked: Revoked, place: Place) -> None:
    """The grantor took back what had not vested; `amount` is what stays."""
    change = batch.schedule(revoked.schedule, place)
    change.amount = revoked.amount
    change.revoked_at = instant(revoked.timestamp)
    _tell(batch, revoked, amount=revoked.amount)


def record_beneficiary(batch: Batch, handed: BeneficiaryChanged, place: Place) -> None:
    """The schedule belongs to another wallet from now on."""
    batch.schedule(handed.schedule, place).beneficiary = handed.new_beneficiary
    _tell(batch, handed, beneficiary=handed.new_beneficiary)


def _tell(
    batch: Batch,
    event: ScheduleCreated | Claimed | Revoked | BeneficiaryChanged,
    *,
    beneficiary: str | None = None,
    amount: int | None = None,
    claimed: int | None = None,
) -> None:
    changed = live.VestingChanged(
        mint=event.mint,
        schedule=event.schedule,
        beneficiary=beneficiary,
        amount=None if amount is None else str(amount),
        claimed=None if claimed is None else str(claimed),
    )
    batch.tell(changed, instant(event.timestamp))
