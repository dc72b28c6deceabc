"""The arithmetic of Raydium's CP-swap, unit for unit what the program computes.

Fees are of the input and rounded up; a pool's creator may also earn, of the input or of the
output. The protocol's and the fund's parts of the trade fee are rounded down and leave the
reserves at once. Mints without transfer fees.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

from launchpad.chain.amm_math import AmountOverflowError, InsufficientLiquidityError
from launchpad.chain.curve_math import BPS, AmountTooSmallError, ZeroAmountError, ceil_div, ceil_div_fraction
from launchpad.chain.venues.coding import U64_MAX

RATE = 1_000_000
LOCKED_SHARES = 100


@dataclass(frozen=True, slots=True)
class FeeRates:
    """Millionths: `trade` of the input, `protocol` and `fund` of that fee, `creator` of input or output."""

    trade: int
    protocol: int
    fund: int
    creator: int = 0
    creator_on_input: bool = True


@dataclass(frozen=True, slots=True)
class Fees:
    """What one swap pays. All in the input token, but a creator's fee that is of the output."""

    trade: int
    protocol: int
    fund: int
    creator: int


@dataclass(frozen=True, slots=True)
class SwapQuote:
    """What a swap does, in base units; `reserves` are (in, out) before it."""

    amount_in: int
    amount_out: int
    fees: Fees
    reserves: tuple[int, int]
    creator_on_input: bool = True

    @property
    def after(self) -> tuple[int, int]:
        """The reserves (in, out) that it leaves."""
        fees, (paid, got) = self.fees, (self.amount_in, self.amount_out)
        kept = fees.protocol + fees.fund + (fees.creator if self.creator_on_input else 0)
        return self.reserves[0] + paid - kept, self.reserves[1] - got - (0 if self.creator_on_input else fees.creator)

    @property
    def price_impact_bps(self) -> int:
        """How much worse than the price before it the swap executes, without fees; basis points, rounded up."""
        fees = self.fees
        net = self.amount_in - fees.trade - (fees.creator if self.creator_on_input else 0)
        gross = self.amount_out + (0 if self.creator_on_input else fees.creator)
        spot = Fraction(self.reserves[1], self.reserves[0])
        return ceil_div_fraction((spot - Fraction(gross, net)) * BPS / spot)


def quote_exact_in(reserves: tuple[int, int], rates: FeeRates, amount_in: int) -> SwapQuote:
    """What exactly `amount_in` brings.

    Raises ZeroAmountError, AmountTooSmallError and AmountOverflowError.
    """
    _positive(amount_in)
    _fit(reserves[0] + amount_in)
    on_input = rates.creator if rates.creator_on_input else 0
    total = ceil_div(amount_in * (rates.trade + on_input), RATE)
    creator = total * on_input // (rates.trade + on_input) if on_input else 0
    net = amount_in - total
    gross = net * reserves[1] // (reserves[0] + net)
    if not rates.creator_on_input:
        creator = ceil_div(gross * rates.creator, RATE)
        gross -= creator
    if gross <= 0:
        raise AmountTooSmallError("This amount is too small to bring anything: enter more.", field="amount")
    return SwapQuote(
        amount_in, gross, _fees(rates, total - _on_input(rates, creator), creator), reserves, rates.creator_on_input
    )


def quote_exact_out(reserves: tuple[int, int], rates: FeeRates, amount_out: int) -> SwapQuote:
    """What exactly `amount_out` costs.

    Raises ZeroAmountError, InsufficientLiquidityError and AmountOverflowError.
    """
    _positive(amount_out)
    on_input = rates.creator if rates.creator_on_input else 0
    gross = amount_out if rates.creator_on_input else _before_fee(amount_out, rates.creator)
    if gross >= reserves[1]:
        raise InsufficientLiquidityError("The pool does not hold that much: enter less.", field="amount")
    net = ceil_div(reserves[0] * gross, reserves[1] - gross)
    paid = _fit(_before_fee(net, rates.trade + on_input))
    total = paid - net
    creator = total * on_input // (rates.trade + on_input) if on_input else gross - amount_out
    return SwapQuote(
        paid, amount_out, _fees(rates, total - _on_input(rates, creator), creator), reserves, rates.creator_on_input
    )


def _on_input(rates: FeeRates, creator: int) -> int:
    """The creator's part of what is taken from the input."""
    return creator if rates.creator_on_input else 0


def first_shares(amounts: tuple[int, int]) -> int:
    """All shares of a new pool; its opener gets LOCKED_SHARES less.

    Raises ZeroAmountError, and AmountTooSmallError where nothing would be left of them.
    """
    _positive(min(amounts))
    shares = isqrt(amounts[0] * amounts[1])
    if shares < LOCKED_SHARES:
        raise AmountTooSmallError("A new pool needs a larger deposit.", field="amount")
    return shares


def cost_of(shares: int, reserves: tuple[int, int], supply: int) -> tuple[int, int]:
    """What new shares cost, rounded up on both sides."""
    return ceil_div(shares * reserves[0], supply), ceil_div(shares * reserves[1], supply)


def worth_of(shares: int, reserves: tuple[int, int], supply: int) -> tuple[int, int]:
    """What shares return, rounded down on both sides."""
    return shares * reserves[0] // supply, shares * reserves[1] // supply


def shares_within(most: tuple[int, int], reserves: tuple[int, int], supply: int) -> int:
    """The most shares that both limits pay for; ZeroAmountError, AmountTooSmallError."""
    _positive(min(most))
    shares = min(most[0] * supply // reserves[0], most[1] * supply // reserves[1], U64_MAX)
    if shares == 0:
        raise AmountTooSmallError("This deposit is worth less than one share: deposit more.", field="amount")
    return shares


def _fees(rates: FeeRates, trade: int, creator: int) -> Fees:
    return Fees(trade, trade * rates.protocol // RATE, trade * rates.fund // RATE, creator)


def _before_fee(amount: int, rate: int) -> int:
    return ceil_div(amount * RATE, RATE - rate) if rate else amount


def _positive(amount: int) -> None:
    if amount <= 0:
        raise ZeroAmountError("Enter an amount above zero.", field="amount")


def _fit(amount: int) -> int:
    if amount > U64_MAX:
        raise AmountOverflowError("That amount is beyond what the program can count: enter less.", field="amount")
    return amount
