"""Claims as transactions for their owners to sign."""

import time

from launchpad.chain import pda, positions, swapping, vesting_math
from launchpad.chain.accounts import CurveState
from launchpad.chain.client import BuiltTransaction, ChainClient
from launchpad.chain.curve_math import NotRefundingError, quote_refund
from launchpad.chain.instructions import curve as curve_instructions
from launchpad.chain.markets import OpenPool, fetch_market, fetch_open_pool
from launchpad.chain.pools import NoPoolError
from launchpad.claims.schemas import (
    BuiltClaim,
    ClaimCreatorFees,
    ClaimPosition,
    ClaimReferrerFees,
    ClaimRefund,
    ClaimVesting,
    RegisterReferrer,
)
from launchpad.errors import ConflictError, ForbiddenError, NotFoundError
from launchpad.transactions.unsigned import unsigned


class NothingToClaimError(ConflictError):
    """There is nothing to pay out now."""

    code = "NOTHING_TO_CLAIM"


class NotYoursError(ForbiddenError):
    """The claim belongs to another wallet."""

    code = "NOT_YOURS"


class AlreadyRegisteredError(ConflictError):
    """The referrer has his account."""

    code = "ALREADY_REGISTERED"


class RulesStillHoldError(ConflictError):
    """What was laid down comes back after `rules_end`, Unix seconds."""

    code = "RULES_STILL_HOLD"


class ScheduleNotFoundError(NotFoundError):
    """There is no vesting schedule at this address."""

    code = "NO_SCHEDULE"


async def claim_creator_fees(chain: ChainClient, asked: ClaimCreatorFees) -> BuiltClaim:
    """Pays a token's creator fees, of its curve and of its pool, or of one other pool alone.

    Raises NoCurveError, NoPoolError, NotYoursError, NothingToClaimError.
    """
    pool, curve = await _pool_and_curve(chain, asked)
    creators = [one for one in (curve and curve.creator, pool and pool.state.creator) if one]
    if asked.creator not in creators:
        raise NotYoursError("These fees belong to the token's creator.", creator=creators[0] if creators else None)
    on_curve = curve.creator_fees if curve and curve.creator == asked.creator else 0
    in_pool = pool.state.creator_fees if pool and pool.state.creator == asked.creator else 0
    amount = _something(on_curve + in_pool)
    claims = [curve_instructions.claim_creator_fees(asked.mint, asked.creator)] if on_curve else []
    if pool and in_pool:
        claims += swapping.claim_creator_fees(pool.accounts, await swapping.passing_sol(chain, asked.creator))
    return _built(await chain.build(asked.creator, claims), amount)


async def _pool_and_curve(chain: ChainClient, asked: ClaimCreatorFees) -> tuple[OpenPool | None, CurveState | None]:
    """What may owe a creator fees: the curve and the pool it graduated into, or the one pool that was named."""
    now = int(time.time())
    if asked.pool is None:
        market = await fetch_market(chain.rpc, asked.mint, now)
        return (market.pool, market.curve) if market else (None, await chain.require_curve(asked.mint))
    pool = await fetch_open_pool(chain.rpc, asked.pool, asked.mint, now)
    if pool is None:
        raise NoPoolError("This token has no pool at this address: check it.", mint=asked.mint)
    return pool, None


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


async def claim_position(chain: ChainClient, asked: ClaimPosition) -> BuiltClaim:
    """Returns what a wallet laid down to buy under the rules of an opening: the rent, and its pledge.

    `amount` are the lamports of the rent. Raises NoCurveError, NoPositionError, RulesStillHoldError.
    """
    curve = await chain.require_curve(asked.mint)
    if time.time() < curve.rules_end:
        message = "The rules of the opening still hold: take it back when they are over."
        raise RulesStillHoldError(message, rules_end=curve.rules_end)
    built = await positions.build_close_position(chain, asked.mint, asked.wallet)
    return _built(built, await chain.rpc.get_balance(pda.position(asked.mint, asked.wallet)))


def _something(amount: int) -> int:
    if amount <= 0:
        raise NothingToClaimError("There is nothing to claim at the moment.")
    return amount


def _built(built: BuiltTransaction, amount: int) -> BuiltClaim:
    return BuiltClaim(amount=str(amount), **unsigned(built))
