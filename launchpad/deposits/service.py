"""The verbs that write batch launches and their deposits."""

from datetime import datetime

from launchpad import live
from launchpad.chain import curve_math
from launchpad.chain.events import BatchClaimed, BatchDeposited, BatchOpened, BatchSettled, BatchWithdrawn
from launchpad.folding import Batch, Place, instant
from launchpad.moments import iso
from launchpad.sale_rows import BatchChange, BatchRow, DepositRow


def record_batch(batch: Batch, opened: BatchOpened, place: Place) -> None:
    """A sale takes deposits; its curve opened just before."""
    batch.batches[opened.mint] = BatchRow(
        mint=opened.mint,
        address=opened.batch,
        opened_at=instant(opened.timestamp),
        closes_at=instant(opened.closes_at),
        withdraw_until=instant(opened.withdraw_until),
        minimum=opened.minimum,
        max_deposit=opened.max_deposit,
    )
    batch.curve(opened.mint, place).status = "depositing"
    _tell(batch, opened, "opened", deposits=0)


def record_deposit(batch: Batch, moved: BatchDeposited | BatchWithdrawn, place: Place) -> None:
    """A wallet put lamports in or took them back."""
    at = instant(moved.timestamp)
    _change(batch, moved.mint).deposits = moved.deposits
    batch.deposits[moved.mint, moved.depositor] = DepositRow(
        moved.mint, moved.depositor, moved.deposited, at, place.position
    )
    kind: live.BatchStep = "deposited" if isinstance(moved, BatchDeposited) else "withdrawn"
    _tell(batch, moved, kind, deposits=moved.deposits, wallet=moved.depositor, amount=moved.amount)


def record_settlement(batch: Batch, settled: BatchSettled, place: Place) -> None:
    """The window ended: trading goes on behind one buy for all, or everybody takes his deposit back."""
    change = _change(batch, settled.mint)
    change.status = "failed" if settled.failed else "settled"
    change.settled_at = instant(settled.timestamp)
    change.deposits = change.settled_deposits = settled.deposits
    change.base_amount, change.quote_amount = settled.base_amount, settled.quote_amount
    change.fees, change.refund = settled.fees, settled.refund
    if settled.failed:
        batch.curve(settled.mint, place).status = "failed"
    elif not _is_everything(batch, settled):
        batch.curve(settled.mint, place).status = "trading"
    _tell(batch, settled, "failed" if settled.failed else "settled", deposits=settled.deposits)


def record_batch_claim(batch: Batch, claimed: BatchClaimed, place: Place) -> None:
    """A depositor has his part: what he really paid is the cost of what he got."""
    at = instant(claimed.timestamp)
    paid = claimed.deposited - claimed.refund
    _change(batch, claimed.mint).deposits = claimed.deposits_left
    batch.deposits[claimed.mint, claimed.depositor] = DepositRow(
        *(claimed.mint, claimed.depositor, 0, at, place.position),
        *(at, claimed.base_amount, claimed.refund, paid),
    )
    _add_to_holding(batch, claimed, paid, at)
    amounts = {"deposits": claimed.deposits_left, "amount": claimed.deposited}
    _tell(batch, claimed, "claimed", wallet=claimed.depositor, **amounts)


def _change(batch: Batch, mint: str) -> BatchChange:
    return batch.batch_changes.setdefault(mint, BatchChange(mint))


def _is_everything(batch: Batch, settled: BatchSettled) -> bool:
    """Whether the batch sold the curve out, which its CurveCompleted has told already."""
    segments = batch.shapes.get(settled.mint)
    return segments is not None and settled.base_amount == curve_math.sale_supply(segments)


def _add_to_holding(batch: Batch, claimed: BatchClaimed, paid: int, at: datetime) -> None:
    holding = batch.holding(claimed.mint, claimed.depositor)
    holding.base_bought += claimed.base_amount
    holding.quote_spent += paid
    holding.first_trade_at = min(holding.first_trade_at or at, at)
    holding.last_trade_at = max(holding.last_trade_at or at, at)


def _tell(
    batch: Batch,
    event: BatchOpened | BatchDeposited | BatchWithdrawn | BatchSettled | BatchClaimed,
    step: live.BatchStep,
    *,
    deposits: int,
    wallet: str | None = None,
    amount: int | None = None,
) -> None:
    at = instant(event.timestamp)
    told = live.BatchMoved(
        mint=event.mint,
        step=step,
        wallet=wallet,
        amount=None if amount is None else str(amount),
        deposits=str(deposits),
        happened_at=iso(at),
    )
    batch.tell(told, at)
