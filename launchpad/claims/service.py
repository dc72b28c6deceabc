"""Claims as transactions for their owners to sign."""

import time

from launchpad.chain import vesting_math
from launchpad.chain.client import BuiltTransaction, ChainClient
from launchpad.chain.curve_math import NotRefundingError, quote_refund
from launchpad.claims.schemas import (
    BuiltClaim,
    ClaimCreatorFees,
    ClaimReferrerFees,
    ClaimRefund,
    ClaimVesting,
    RegisterReferrer,
)
from launchpad.errors import ConflictError, ForbiddenError, NotFoundError


class NothingToClaimError(ConflictError):
    """There is nothing to pay out now."""

    code = "NOTHING_TO_CLAIM"


class NotYoursError(ForbiddenError):
    """The claim belongs to another wallet."""

    code = "NOT_YOURS"


class AlreadyRegisteredError(ConflictError):
    """The referrer has his account."""

    code = "ALREADY_REGISTERED"


class ScheduleNotFoundError(NotFoundError):
    """There is no vesting schedule at this address."""

    code = "NO_SCHEDULE"


async def claim_creator_fees(chain: ChainClient, asked: ClaimCreatorFees) -> BuiltClaim:
    """Pays a curve's creator fees; raises NoCurveError, NotYoursError, NothingToClaimError."""
    curve = await chain.require_curve(asked.mint)
    if curve.creator != asked.creator:
        raise NotYoursError("These fees belong to the token's creator.", creator=curve.creator)
    amount = _something(curve.creator_fees)
    return _built(await chain.build_claim_creator_fees(asked.mint, asked.creator), amount)


async def claim_referrer_fees(chain: ChainClient, asked: ClaimReferrerFees) -> BuiltClaim:
    """Pays a referrer's fees; raises NothingToClaimError."""
    fees = await chain.fetch_referrer_fees(asked.referrer)
    amount = _something(fees.unclaimed if fees else 0)
    return _built(await chain.build_claim_referrer_fees(asked.referrer), amount)


async def claim_vesting(chain: ChainClient, asked: ClaimVesting) -> BuiltClaim:
    """Pays what has vested; raises ScheduleNotFoundError, NotYoursError, NothingToClaimError."""
    schedule = await chain.fetch_schedule(asked.schedule)
    if schedule is None:
        raise ScheduleNotFoundError("There is no vesting schedule at this address: check it.")
    if schedule.beneficiary != asked.beneficiary:
        raise NotYoursError("This schedule pays another wallet.", beneficiary=schedule.beneficiary)
    now = int(time.time())
    amount = vesting_math.claimable(schedule, schedule.claimed, now, revoked_at=schedule.revoked_at)
    return _built(await chain.build_claim_vesting(asked.schedule, asked.beneficiary), _something(amount))


async def claim_refund(chain: ChainClient, asked: ClaimRefund) -> BuiltClaim:
    """Returns all of a holder's tokens of a sale that missed its goal, and ends the sale where nobody has yet.

    Raises NoCurveError, NotRefundingError, NothingToClaimError.
    """
    curve = await chain.require_curve(asked.mint)
    late = curve.is_over(time.time())
    if curve.status != "refunding" and not late:
        raise NotRefundingError("There are no refunds: this sale has not missed its goal.")
    held = (await chain.rpc.get_token_balances(asked.holder)).get(asked.mint, 0)
    amount = _something(quote_refund(curve.quote_reserve + curve.launch_fees, curve.sold, held) if held else 0)
    return _built(await chain.build_refund(asked.mint, asked.holder, held, expire=late), amount)


async def register_referrer(chain: ChainClient, asked: RegisterReferrer) -> BuiltClaim:
    """Opens a referrer's account; raises AlreadyRegisteredError."""
    if await chain.fetch_referrer_fees(asked.referrer) is not None:
        raise AlreadyRegisteredError("This wallet is a referrer already: share links that name it.")
    return _built(await chain.build_register_referrer(asked.referrer, asked.payer), 0)


def _something(amount: int) -> int:
    if amount <= 0:
        raise NothingToClaimError("There is nothing to claim at the moment.")
    return amount


def _built(built: BuiltTransaction, amount: int) -> BuiltClaim:
    return BuiltClaim(
        transaction=built.transaction,
        blockhash=built.blockhash,
        last_valid_block_height=built.last_valid_block_height,
        signers=built.signers_needed,
        compute_unit_limit=built.compute_unit_limit,
        amount=str(amount),
        network_fee=str(built.network_fee_lamports - built.priority_fee_lamports),
        priority_fee=str(built.priority_fee_lamports),
    )
