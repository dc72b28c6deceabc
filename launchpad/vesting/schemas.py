"""What is shown of vesting schedules."""

from datetime import datetime

from pydantic import BaseModel

from launchpad.schemas import Address, Amount, Mint


class VestingView(BaseModel):
    """A vesting schedule; `vested` and `claimable` are worked out for the moment of the answer."""

    schedule: Address
    mint: Mint
    grantor: Address
    beneficiary: Address
    amount: Amount
    claimed: Amount
    vested: Amount
    claimable: Amount
    starts_at: datetime
    cliff_at: datetime
    ends_at: datetime
    period_seconds: int
    revocable: bool
    revoked_at: datetime | None
