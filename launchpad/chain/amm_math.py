"""The pools' arithmetic, number for number what the program computes.

A pool holds `base` and `quote`; a swap keeps base * quote from falling. Fees are
always of the quote side and rounded up once, together; the protocol's and the
creator's part are rounded down and the rest stays in the pool. Shares cost rounded
up and return rounded down. Everything is an integer in base units; every rounding
goes against the caller. Source: programs/amm/src/math.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

from launchpad.chain.curve_math import (
    BPS,
    U64_MAX,
    AmountTooSmallError,
    ZeroAmountError,
    ceil_div,
    ceil_div_fraction,
    fee,
)
from launchpad.errors import InvalidInputError

MINIMUM_LIQUIDITY = 1_000
# A price in a sum over time has 64 binary digits behind the point.
PRICE_ONE = 2**64


class InsufficientLiquidityError(InvalidInputError):
    """The pool does not hold that much."""

    code = "INSUFFICIENT_LIQUIDITY"


class AmountOverflowError(InvalidInputError):
    """An amount that the programs cannot count in 64 bits."""

    code = "OVERFLOW"


@dataclass(frozen=True, slots=True)
class FeeRates:
    """Fees on the quote amount, in basis points."""

    lp_bps: int
    protocol_bps: int
    creator_bps: int

    @property
    def total_bps(self) -> int:
        """All fees together."""
        return self.lp_bps + self.protocol_bps + self.creator_bps

    def on(self, amount: int) -> "Fees":
        """What an amount pays. Quote units."""
        return self.divide(amount, fee(amount, self.total_bps))

    def divide(self, amount: int, total: int) -> "Fees":
        """The parts of `total`, which is at least the rounded fees on `amount`."""
        protocol, creator = amount * self.protocol_bps // BPS, amount * self.creator_bps // BPS
        return Fees(total - protocol - creator, protocol, creator)


@dataclass(frozen=True, slots=True)
class Fees:
    """What one swap pays, in quote units; the liquidity's part stays in the reserves."""

    lp: int
    protocol: int
    creator: int

    @property
    def total(self) -> int:
        """All three."""
        return self.lp + self.protocol + self.creator


@dataclass(frozen=True, slots=True)
class Reserves:
    """What the liquidity consists of, in base units of the two tokens."""

    base: int
    quote: int

    @property
    def price(self) -> Fraction:
        """Quote units per base unit."""
        return Fraction(self.quote, self.base)


@dataclass(frozen=True, slots=True)
class SwapQuote:
    """What a swap does. `amount` moves along the curve without fees; `total` is what is paid or received."""

    is_buy: bool
    base: int
    amount: int
    fees: Fees
    total: int
    before: Reserves

    @property
    def after(self) -> Reserves:
        """The reserves that it leaves."""
        sign = 1 if self.is_buy else -1
        return Reserves(self.before.base - sign * self.base, self.before.quote + sign * self.amount + self.fees.lp)

    @property
    def price_impact_bps(self) -> int:
        """How much worse than the price before it the swap executes, without fees; basis points, rounded up."""
        executed = Fraction(self.amount, self.base)
        return ceil_div_fraction(abs(executed - self.before.price) * BPS / self.before.price)


def quote_buy_exact_in(reserves: Reserves, rates: FeeRates, quote_in: int) -> SwapQuote:
    """The most base that exactly `quote_in`, fees included, buys.

    Raises ZeroAmountError, AmountTooSmallError and AmountOverflowError.
    """
    _require_positive(quote_in)
    amount = quote_in * BPS // (BPS + rates.total_bps)
    grown = _fit(reserves.quote + amount)
    base = reserves.base * amount // grown
    if base == 0:
        raise AmountTooSmallError("This amount is too small to buy anything: enter more.", field="amount")
    return SwapQuote(True, base, amount, rates.divide(amount, quote_in - amount), quote_in, reserves)


def quote_buy_exact_out(reserves: Reserves, rates: FeeRates, base_out: int) -> SwapQuote:
    """What `base_out` base units cost.

    Raises ZeroAmountError, InsufficientLiquidityError and AmountOverflowError.
    """
    _require_positive(base_out)
    amount = ceil_div(reserves.quote * base_out, _left_of(reserves.base, base_out))
    fees = rates.on(amount)
    return SwapQuote(True, base_out, amount, fees, _fit(amount + fees.total), reserves)


def quote_sell_exact_in(reserves: Reserves, rates: FeeRates, base_in: int) -> SwapQuote:
    """What `base_in` base units bring, fees deducted.

    Raises ZeroAmountError, AmountTooSmallError and AmountOverflowError.
    """
    _require_positive(base_in)
    amount = reserves.quote * base_in // _fit(reserves.base + base_in)
    fees = rates.on(amount)
    if amount <= fees.total:
        raise AmountTooSmallError("This amount brings nothing after fees: sell more.", field="amount")
    return SwapQuote(False, base_in, amount, fees, amount - fees.total, reserves)


def quote_sell_exact_out(reserves: Reserves, rates: FeeRates, quote_out: int) -> SwapQuote:
    """The base units that bring `quote_out` after fees.

    Raises ZeroAmountError, InsufficientLiquidityError and AmountOverflowError.
    """
    _require_positive(quote_out)
    amount = _fit(ceil_div(quote_out * BPS, BPS - rates.total_bps))
    base = _fit(ceil_div(reserves.base * amount, _left_of(reserves.quote, amount)))
    return SwapQuote(False, base, amount, rates.divide(amount, amount - quote_out), quote_out, reserves)


def first_shares(deposit: Reserves) -> int:
    """All shares of a first deposit; its owner gets MINIMUM_LIQUIDITY less.

    Raises ZeroAmountError and AmountTooSmallError.
    """
    _require_positive(min(deposit.base, deposit.quote))
    shares = isqrt(deposit.base * deposit.quote)
    if shares <= MINIMUM_LIQUIDITY:
        raise AmountTooSmallError("A new pool needs a larger deposit.", field="amount")
    return shares


def shares_within(most: Reserves, reserves: Reserves, supply: int) -> int:
    """The most shares that both limits pay for; ZeroAmountError, AmountTooSmallError."""
    _require_positive(min(most.base, most.quote))
    shares = min(most.base * supply // reserves.base, most.quote * supply // reserves.quote, U64_MAX)
    if shares == 0:
        raise AmountTooSmallError("This deposit is worth less than one share: deposit more.", field="amount")
    return shares


def cost_of(shares: int, reserves: Reserves, supply: int) -> Reserves:
    """What new shares cost, rounded up on both sides."""
    return Reserves(ceil_div(shares * reserves.base, supply), ceil_div(shares * reserves.quote, supply))


def worth_of(shares: int, reserves: Reserves, supply: int) -> Reserves:
    """What shares return, rounded down on both sides.

    Raises ZeroAmountError, InsufficientLiquidityError and AmountTooSmallError.
    """
    _require_positive(shares)
    if shares > supply - MINIMUM_LIQUIDITY:
        raise InsufficientLiquidityError("The pool has fewer shares than that.", field="amount")
    worth = Reserves(shares * reserves.base // supply, shares * reserves.quote // supply)
    if min(worth.base, worth.quote) == 0:
        raise AmountTooSmallError("So few shares return nothing: withdraw more.", field="amount")
    return worth


def accumulated(total: int, reserves: Reserves, seconds: int) -> int:
    """A sum of quote / base over time, after these reserves stood for so many seconds more.

    The average price between two readings is their difference / seconds / PRICE_ONE.
    """
    return total + (reserves.quote * PRICE_ONE // reserves.base) * seconds


def market_cap(supply: int, reserves: Reserves) -> int:
    """What `supply` base units are worth in quote units, at most 64 bits; it decides the creator's tier."""
    return min(supply * reserves.quote // reserves.base, U64_MAX)


def _left_of(reserve: int, taken: int) -> int:
    if taken >= reserve:
        raise InsufficientLiquidityError("The pool does not hold that much: enter less.", field="amount")
    return reserve - taken


def _fit(amount: int) -> int:
    if amount > U64_MAX:
        raise AmountOverflowError("That amount is beyond what the programs can count: enter less.", field="amount")
    return amount


def _require_positive(amount: int) -> None:
    if amount <= 0:
        raise ZeroAmountError("Enter an amount above zero.", field="amount")
