"""The bonding curve's arithmetic, number for number what the program computes.

A curve is 1 to 32 segments. Segment i starts at virtual reserves (x_i base, y_i
quote) and sells b_i base along x * y = k. With `sold` base units sold in all, of
which s - S_i inside segment i, the curve holds

    F(s) = F_i + ceil(x_i * y_i / (x_i - (s - S_i))) - y_i        lamports.

A buy of b costs F(s + b) - F(s), a sell of b pays F(s) - F(s - b). Everything is
an integer in base units (lamports, token units); every rounding goes against the
trader. Source: programs/bonding_curve/src/math.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from launchpad.chain.borsh import U16, U64
from launchpad.errors import ConflictError, InvalidInputError

BPS = 10_000
MAX_SEGMENTS = 32
U64_MAX = 2**64 - 1
MAX_LAUNCH_FEE_BPS = 5_000
MAX_LAUNCH_FEE_SECONDS = 600

CLASSIC_VIRTUAL_QUOTE = 30_000_000_000
# 1 073 000 000 virtual for 793 100 000 sold, as a ratio of the sale supply.
CLASSIC_VIRTUAL_BASE = Fraction(10_730, 7_931)


class ZeroAmountError(InvalidInputError):
    """A trade of nothing."""

    code = "ZERO_AMOUNT"


class AmountTooSmallError(InvalidInputError):
    """The amount buys or pays less than one base unit."""

    code = "AMOUNT_TOO_SMALL"


class CurveCompleteError(ConflictError):
    """Everything that the curve had for sale is sold."""

    code = "CURVE_COMPLETE"


class InsufficientSoldError(InvalidInputError):
    """More is sold back than the curve ever sold."""

    code = "INSUFFICIENT_SOLD"


class NotRefundingError(ConflictError):
    """A refund of a sale that has not expired."""

    code = "NOT_REFUNDING"


class InvalidLaunchFeeError(InvalidInputError):
    """A launch fee outside of the caps."""

    code = "INVALID_LAUNCH_FEE"


class InvalidSegmentsError(InvalidInputError):
    """The segments make no curve; the message says which and why."""

    code = "INVALID_SEGMENTS"


@dataclass(frozen=True, slots=True)
class Segment:
    """One piece of a curve: virtual reserves at its start, and what it sells. Base units."""

    base_reserve: U64
    quote_reserve: U64
    base_for_sale: U64

    @property
    def product(self) -> int:
        """The constant x * y, at most 128 bits."""
        return self.base_reserve * self.quote_reserve

    def quote_at(self, taken: int) -> int:
        """Virtual quote after `taken` base left the segment, rounded up. Lamports."""
        return ceil_div(self.product, self.base_reserve - taken)

    def price_after(self, taken: int) -> Fraction:
        """Exact price, k / base^2, after `taken` base left the segment. Lamports per base unit."""
        return Fraction(self.product, (self.base_reserve - taken) ** 2)

    @property
    def raised(self) -> int:
        """Lamports that the whole segment brings."""
        return self.quote_at(self.base_for_sale) - self.quote_reserve


@dataclass(frozen=True, slots=True)
class Fees:
    """Fees on the curve amount, in basis points."""

    protocol_bps: int
    creator_bps: int
    launch_bps: int = 0  # of a buy in the first minutes, for the liquidity

    def on_buy(self, curve_amount: int) -> tuple[int, int, int]:
        """Protocol's, creator's and the liquidity's part of a buy, each rounded up. Lamports."""
        return *self.on_sell(curve_amount)[:2], fee(curve_amount, self.launch_bps)

    def on_sell(self, curve_amount: int) -> tuple[int, int, int]:
        """The same parts of a sell, which pays no launch fee."""
        return fee(curve_amount, self.protocol_bps), fee(curve_amount, self.creator_bps), 0


@dataclass(frozen=True, slots=True)
class LaunchFee:
    """A fee on the first buys: `start_bps` at the opening, nothing after `seconds`.

    It falls evenly, or with a `half_life` (seconds) to its half each time, evenly in between.
    """

    start_bps: U16
    seconds: U16
    half_life: U16 = 0

    def bps_at(self, elapsed: int) -> int:
        """The rate so many seconds after the opening, in basis points, rounded up."""
        elapsed = max(elapsed, 0)
        if elapsed >= self.seconds:
            return 0
        if self.half_life == 0:
            return ceil_div(self.start_bps * (self.seconds - elapsed), self.seconds)
        halves, part = divmod(elapsed, self.half_life)
        return ceil_div(self.start_bps * (2 * self.half_life - part), 2 * self.half_life << halves)

    def checked(self) -> "LaunchFee":
        """The same; InvalidLaunchFeeError says what the program would refuse."""
        sound = 0 < self.start_bps <= MAX_LAUNCH_FEE_BPS and 0 < self.seconds <= MAX_LAUNCH_FEE_SECONDS
        if not sound or not 0 <= self.half_life <= self.seconds:
            message = (
                f"A launch fee starts at 1 to {MAX_LAUNCH_FEE_BPS} basis points and falls to zero within "
                f"{MAX_LAUNCH_FEE_SECONDS} seconds; a half-life fits into that time."
            )
            raise InvalidLaunchFeeError(message, field="launch_fee")
        return self


@dataclass(frozen=True, slots=True)
class TradeQuote:
    """What a trade does. Amounts in base units; prices in lamports per token base unit."""

    base_amount: int
    curve_amount: int  # cost of a buy, gross of a sell: without fees
    protocol_fee: int
    creator_fee: int
    launch_fee: int
    total: int  # what the buyer pays, or the seller gets
    sold_after: int
    price_before: Fraction
    price_after: Fraction
    liquidity_fee: int = 0  # of a trade in a pool: what its liquidity earns

    @property
    def price_impact_bps(self) -> int:
        """How much worse than the price before it the trade executes, without fees; basis points, rounded up."""
        executed = Fraction(self.curve_amount, self.base_amount)
        return ceil_div_fraction(abs(executed - self.price_before) * BPS / self.price_before)


def ceil_div(numerator: int, denominator: int) -> int:
    """The quotient rounded up."""
    return -(-numerator // denominator)


def ceil_div_fraction(value: Fraction) -> int:
    """A fraction rounded up."""
    return ceil_div(value.numerator, value.denominator)


def fee(amount: int, bps: int) -> int:
    """`bps` basis points of `amount`, rounded up."""
    return ceil_div(amount * bps, BPS)


def referrer_part(protocol_fee: int, share_bps: int) -> int:
    """The referrer's part of a protocol fee, rounded down. Lamports."""
    return protocol_fee * share_bps // BPS


def sale_supply(segments: Sequence[Segment]) -> int:
    """Token base units that the curve sells in all."""
    return sum(segment.base_for_sale for segment in segments)


def raise_target(segments: Sequence[Segment]) -> int:
    """F(sale supply): lamports that the curve holds when everything is sold."""
    return sum(segment.raised for segment in segments)


def base_at_end_price(segments: Sequence[Segment], quote: int) -> int:
    """Base units that stand against `quote` lamports at the curve's last price, rounded down."""
    last = segments[-1]
    base = last.base_reserve - last.base_for_sale
    return quote * base // ceil_div(last.base_reserve * last.quote_reserve, base)


def held(segments: Sequence[Segment], sold: int) -> int:
    """F(sold): lamports that the curve holds, without fees, after `sold` base units."""
    reserve, left = 0, sold
    for segment in segments:
        if left <= segment.base_for_sale:
            return reserve + segment.quote_at(left) - segment.quote_reserve
        reserve += segment.raised
        left -= segment.base_for_sale
    raise CurveCompleteError("The curve does not sell that much.", sale_supply=str(sale_supply(segments)))


def max_sold(segments: Sequence[Segment], reserve: int) -> int:
    """The largest s with F(s) <= `reserve` lamports: the exact inverse of `held`."""
    sold, left = 0, reserve
    for segment in segments:
        if left < segment.raised:
            return sold + segment.base_reserve - ceil_div(segment.product, segment.quote_reserve + left)
        sold += segment.base_for_sale
        left -= segment.raised
    return sold


def spot(segments: Sequence[Segment], sold: int) -> tuple[int, int, int]:
    """Virtual base, virtual quote and number of the segment that the next buy meets.

    At the very end of the curve that is the end of the last segment.
    """
    left, last = sold, len(segments) - 1
    for number, segment in enumerate(segments):
        if left < segment.base_for_sale or (number == last and left == segment.base_for_sale):
            return segment.base_reserve - left, segment.quote_at(left), number
        left -= segment.base_for_sale
    raise CurveCompleteError("The curve does not sell that much.", sale_supply=str(sale_supply(segments)))


def price(segments: Sequence[Segment], sold: int) -> Fraction:
    """Spot price in lamports per token base unit."""
    base, quote, _ = spot(segments, sold)
    return Fraction(quote, base)


def quote_buy_exact_in(segments: Sequence[Segment], sold: int, quote_in: int, fees: Fees) -> TradeQuote:
    """The most base that `quote_in` lamports buy, fees included; charges exactly what that base costs.

    A buy larger than what is left fills what is left. Raises ZeroAmountError,
    AmountTooSmallError and CurveCompleteError.
    """
    _require_positive(quote_in)
    left = _left_to_buy(segments, sold)
    before = held(segments, sold)
    base_out = min(max_sold(segments, before + _affordable_cost(quote_in, fees)) - sold, left)
    return _buy(segments, sold, base_out, fees)


def quote_buy_exact_out(segments: Sequence[Segment], sold: int, base_out: int, fees: Fees) -> TradeQuote:
    """What `base_out` base units cost; more than what is left means what is left.

    Raises ZeroAmountError and CurveCompleteError, and AmountTooSmallError when
    rounding would make it free.
    """
    _require_positive(base_out)
    return _buy(segments, sold, min(base_out, _left_to_buy(segments, sold)), fees)


def quote_sell(segments: Sequence[Segment], sold: int, base_in: int, fees: Fees) -> TradeQuote:
    """What `base_in` base units bring, fees deducted.

    Raises ZeroAmountError, InsufficientSoldError, and AmountTooSmallError when
    the fees would eat everything.
    """
    _require_positive(base_in)
    if base_in > sold:
        message = "The curve has sold less than that: it can buy back only what it sold."
        raise InsufficientSoldError(message, field="amount", sold=str(sold))
    gross = held(segments, sold) - held(segments, sold - base_in)
    parts = fees.on_sell(gross)
    net = gross - sum(parts)
    if net <= 0:
        raise AmountTooSmallError("This amount brings less than one lamport: sell more.", field="amount")
    return _quote(segments, sold, sold - base_in, gross, parts, net)


def quote_sell_exact_out(segments: Sequence[Segment], sold: int, quote_out: int, fees: Fees) -> TradeQuote:
    """The sale of the fewest base units that bring `quote_out` lamports after fees, or a little more.

    Raises InsufficientSoldError when all that was sold would not bring as much.
    """
    most = _proceeds(segments, sold, sold, fees)
    if quote_out <= 0 or most < quote_out:
        message = "The curve does not hold that much: it can pay out only what was paid in, less fees."
        raise InsufficientSoldError(message, field="amount", most=str(most))
    low, high = 1, sold
    while low < high:
        middle = (low + high) // 2
        if _proceeds(segments, sold, middle, fees) >= quote_out:
            high = middle
        else:
            low = middle + 1
    return quote_sell(segments, sold, low, fees)


def quote_refund(quote_reserve: int, sold: int, base_in: int) -> int:
    """Lamports that `base_in` base units of an expired sale get back: their part of the reserve, rounded down.

    Raises ZeroAmountError, InsufficientSoldError, and AmountTooSmallError for units worth
    less than a lamport.
    """
    _require_positive(base_in)
    if base_in > sold:
        message = "The sale has sold less than that: it refunds only what it sold."
        raise InsufficientSoldError(message, field="amount", sold=str(sold))
    paid = quote_reserve * base_in // sold
    if paid == 0:
        raise AmountTooSmallError("This amount brings less than one lamport: return more.", field="amount")
    return paid


def validate(segments: Sequence[Segment]) -> None:
    """Refuses with InvalidSegmentsError what the program would refuse."""
    if not 1 <= len(segments) <= MAX_SEGMENTS:
        raise InvalidSegmentsError(f"A curve has 1 to {MAX_SEGMENTS} segments, not {len(segments)}.", field="curve")
    for number, segment in enumerate(segments):
        _validate_segment(number, segment)
    for number, (left, right) in enumerate(pairwise(segments), start=1):
        if left.price_after(left.base_for_sale) > right.price_after(0):
            raise InvalidSegmentsError(f"The price falls where segment {number} begins.", field="curve")
    if sale_supply(segments) > U64_MAX or not 0 < raise_target(segments) <= U64_MAX:
        raise InvalidSegmentsError("The curve sells or raises nothing, or more than 64 bits hold.", field="curve")


def classic(sale_supply: int) -> list[Segment]:
    """The classic shape: one segment from 30 virtual SOL, raising 85.005 SOL.

    Virtual base is 1 073 000 000 for every 793 100 000 sold, rounded up.
    """
    base = ceil_div_fraction(sale_supply * CLASSIC_VIRTUAL_BASE)
    segments = [Segment(base, CLASSIC_VIRTUAL_QUOTE, sale_supply)]
    validate(segments)
    return segments


def _validate_segment(number: int, segment: Segment) -> None:
    values = (segment.base_reserve, segment.quote_reserve, segment.base_for_sale)
    if any(not 0 < value <= U64_MAX for value in values):
        raise InvalidSegmentsError(f"Segment {number}: every number must be positive and fit 64 bits.", field="curve")
    if segment.base_for_sale >= segment.base_reserve:
        message = f"Segment {number} sells {segment.base_for_sale} of a reserve of {segment.base_reserve}."
        raise InvalidSegmentsError(message, field="curve")
    if segment.quote_at(segment.base_for_sale) > U64_MAX:
        raise InvalidSegmentsError(f"Segment {number} ends with more lamports than 64 bits hold.", field="curve")


def _affordable_cost(quote_in: int, fees: Fees) -> int:
    """The largest curve cost that together with its fees stays within `quote_in`."""
    cost = quote_in * BPS // (BPS + fees.protocol_bps + fees.creator_bps + fees.launch_bps)
    while cost > 0 and cost + sum(fees.on_buy(cost)) > quote_in:
        cost -= 1
    return cost


def _buy(segments: Sequence[Segment], sold: int, base_out: int, fees: Fees) -> TradeQuote:
    cost = held(segments, sold + base_out) - held(segments, sold)
    # What rounding has paid for already nobody gets for nothing, except as the very last units.
    if base_out == 0 or (cost == 0 and sold + base_out != sale_supply(segments)):
        raise AmountTooSmallError("This amount is too small to buy anything: enter more.", field="amount")
    parts = fees.on_buy(cost)
    return _quote(segments, sold, sold + base_out, cost, parts, cost + sum(parts))


def _quote(
    segments: Sequence[Segment], sold: int, sold_after: int, curve_amount: int, fees: tuple[int, int, int], total: int
) -> TradeQuote:
    return TradeQuote(
        base_amount=abs(sold_after - sold),
        curve_amount=curve_amount,
        protocol_fee=fees[0],
        creator_fee=fees[1],
        launch_fee=fees[2],
        total=total,
        sold_after=sold_after,
        price_before=price(segments, sold),
        price_after=price(segments, sold_after),
    )


def _left_to_buy(segments: Sequence[Segment], sold: int) -> int:
    left = sale_supply(segments) - sold
    if left <= 0:
        raise CurveCompleteError("Everything that this curve had for sale is sold.")
    return left


def _proceeds(segments: Sequence[Segment], sold: int, base_in: int, fees: Fees) -> int:
    """What a sale brings, 0 where the fees eat it all; it grows with the amount sold."""
    try:
        return quote_sell(segments, sold, base_in, fees).total if base_in else 0
    except AmountTooSmallError:
        return 0


def _require_positive(amount: int) -> None:
    if amount <= 0:
        raise ZeroAmountError("The amount must be more than zero.", field="amount")
