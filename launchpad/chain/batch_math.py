"""What deposits of a batch launch buy, and each one's part of it. Lamports and base units, all integers."""

from collections.abc import Sequence
from dataclasses import dataclass

from launchpad.chain import curve_math
from launchpad.chain.curve_math import AmountTooSmallError, Fees, Segment, TradeQuote


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a deposit comes to if the batch were settled now: base units, and lamports that come back."""

    base: int
    refund: int


def purchase(segments: Sequence[Segment], deposits: int, minimum: int, fees: Fees) -> TradeQuote | None:
    """The one buy for all deposits; None where the batch would fail."""
    if deposits < max(minimum, 1):
        return None
    try:
        return curve_math.quote_buy_exact_in(segments, 0, deposits, fees)
    except AmountTooSmallError:
        return None


def part_of(left: int, deposit: int, deposits: int) -> int:
    """The part of `left` that `deposit` of `deposits` lamports get, rounded down; the last one gets all."""
    return left * deposit // deposits


def outcome(bought: TradeQuote | None, deposit: int, deposits: int) -> Outcome:
    """What `deposit` of `deposits` gets of a purchase, or back of a failed batch."""
    if bought is None:
        return Outcome(0, deposit)
    refund = deposits - bought.total
    return Outcome(part_of(bought.base_amount, deposit, deposits), part_of(refund, deposit, deposits))


def full_raise(segments: Sequence[Segment], fees: Fees) -> int:
    """Lamports of deposits that buy everything for sale, fees included."""
    target = curve_math.raise_target(segments)
    return target + sum(fees.on_buy(target))
