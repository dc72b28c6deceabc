"""Transactions of depositors, for their wallets to sign."""

import time

from launchpad.chain import batch_math, batches
from launchpad.chain.batches import LiveBatch
from launchpad.chain.client import BuiltTransaction, ChainClient
from launchpad.chain.curve_math import Fees
from launchpad.claims.schemas import BuiltClaim
from launchpad.deposits.schemas import BatchClaimRequest, DepositRequest, SettlementRequest, WithdrawalRequest
from launchpad.errors import ConflictError
from launchpad.transactions.unsigned import unsigned

ALL = 2**64 - 1


class DepositsClosedError(ConflictError):
    """The batch takes no deposits any more, or gives none back."""

    code = "DEPOSITS_CLOSED"


class DepositLimitError(ConflictError):
    """One wallet may not deposit that much."""

    code = "DEPOSIT_LIMIT"


class NoDepositError(ConflictError):
    """The wallet has nothing in this batch."""

    code = "NO_DEPOSIT"


class BatchNotDueError(ConflictError):
    """The batch cannot be settled, or not claimed from, now."""

    code = "BATCH_NOT_DUE"


async def build_deposit(chain: ChainClient, asked: DepositRequest) -> BuiltClaim:
    """Puts lamports in; raises NoBatchError, DepositsClosedError, DepositLimitError, InsufficientFundsError."""
    live = await batches.fetch_batch(chain, asked.mint, asked.wallet)
    if live.state.status != "open" or time.time() >= live.state.closes_at:
        raise DepositsClosedError("The deposit window is over: nothing can be put in any more.")
    amount, limit = int(asked.amount), live.state.max_deposit
    before = live.deposit.amount if live.deposit else 0
    if limit and before + amount > limit:
        message = "This is more than one wallet may deposit: enter less."
        raise DepositLimitError(message, field="amount", left=str(max(limit - before, 0)))
    return _built(await batches.build_deposit(chain, asked.mint, asked.wallet, amount), amount)


async def build_withdrawal(chain: ChainClient, asked: WithdrawalRequest) -> BuiltClaim:
    """Takes lamports back, and settles a batch first that missed its minimum.

    Raises NoBatchError, NoDepositError, DepositsClosedError.
    """
    live = await batches.fetch_batch(chain, asked.mint, asked.wallet)
    there, late = _deposited(live), live.state.is_due(int(time.time()))
    if live.state.status == "settled" or (late and not _would_fail(live)):
        raise DepositsClosedError("The batch bought tokens: claim your part of them.")
    if live.state.status == "open" and not late and time.time() >= live.state.withdraw_until:
        raise DepositsClosedError("Deposits can no longer be taken back: they are settled when the window ends.")
    amount = min(int(asked.amount), there) if asked.amount else there
    wanted = int(asked.amount) if asked.amount else ALL
    return _built(await batches.build_withdrawal(chain, asked.mint, asked.wallet, wanted, settle=late), amount)


async def build_claim(chain: ChainClient, asked: BatchClaimRequest) -> BuiltClaim:
    """Pays a depositor's tokens and what was left over, and settles the batch first where nobody has.

    `amount` is in base units. Raises NoBatchError, NoDepositError, BatchNotDueError.
    """
    live = await batches.fetch_batch(chain, asked.mint, asked.wallet)
    there, late = _deposited(live), live.state.is_due(int(time.time()))
    if live.state.status == "failed" or (late and _would_fail(live)):
        raise BatchNotDueError("The batch failed: take the deposit back, all of it.")
    if live.state.status == "open" and not late:
        raise BatchNotDueError("The batch still takes deposits: claim when its window is over.")
    built = await batches.build_claim(chain, live, asked.wallet, asked.payer, settle=late)
    return _built(built, _part(live, there))


async def build_settlement(chain: ChainClient, asked: SettlementRequest) -> BuiltClaim:
    """Ends the window; raises NoBatchError, BatchNotDueError."""
    live = await batches.fetch_batch(chain, asked.mint)
    if not live.state.is_due(int(time.time())):
        raise BatchNotDueError("This batch is settled already, or its window is not over yet.")
    return _built(await batches.build_settlement(chain, asked.mint, asked.payer), live.state.deposits)


def _deposited(live: LiveBatch) -> int:
    if live.deposit is None:
        raise NoDepositError("This wallet has no deposit in this batch.")
    return live.deposit.amount


def _would_fail(live: LiveBatch) -> bool:
    """Whether settling now gives everybody everything back."""
    bought = batch_math.purchase(live.curve.segments, live.state.deposits, live.state.minimum, _fees(live))
    over = 0 < live.curve.deadline <= time.time()
    return bought is None or (over and bought.base_amount < live.curve.sale_supply)


def _part(live: LiveBatch, deposited: int) -> int:
    """Base units that a deposit gets."""
    if live.state.status == "settled":
        return batch_math.part_of(live.state.base_left, deposited, live.state.deposits)
    bought = batch_math.purchase(live.curve.segments, live.state.deposits, live.state.minimum, _fees(live))
    return batch_math.outcome(bought, deposited, live.state.deposits).base


def _fees(live: LiveBatch) -> Fees:
    return Fees(live.curve.protocol_fee_bps, live.curve.creator_fee_bps)


def _built(built: BuiltTransaction, amount: int) -> BuiltClaim:
    return BuiltClaim(amount=str(amount), **unsigned(built))
