"""Numbers for people: exact decimals out of base units, as strings. No floats."""

from decimal import Context, Decimal
from fractions import Fraction

SOL_DECIMALS = 9
# Wide enough for a u64 amount times a price of 40 digits without rounding.
_EXACT = Context(prec=80)
_PRICE_PLACES = 20
_BPS = Decimal(10_000)


def decimal_text(value: Decimal) -> str:
    """`value` without exponent and without trailing zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") or "0" if "." in text else text


def shifted(value: Decimal, places: int) -> Decimal:
    """`value` times 10 to the power of `places`, exactly."""
    return _EXACT.scaleb(value, Decimal(places))


def price_in_sol(price: Decimal, decimals: int) -> Decimal:
    """SOL per whole token, from lamports per base unit."""
    return shifted(price, decimals - SOL_DECIMALS)


def sol_text(price: Fraction, decimals: int) -> str:
    """Lamports per base unit as SOL per whole token, in decimal digits."""
    return fraction_text(price * 10**decimals / 10**9)


def market_value_in_sol(price: Decimal, amount: Decimal | int) -> Decimal:
    """What `amount` base units are worth at `price` lamports per base unit, in SOL, to the lamport below."""
    lamports = _EXACT.multiply(price, Decimal(amount)).to_integral_value(rounding="ROUND_FLOOR", context=_EXACT)
    return shifted(lamports, -SOL_DECIMALS)


def fraction_text(value: Fraction) -> str:
    """An exact ratio rounded to 20 decimals (half even), as a string."""
    quotient = _EXACT.divide(Decimal(value.numerator), Decimal(value.denominator))
    return decimal_text(_EXACT.quantize(quotient, Decimal(1).scaleb(-_PRICE_PLACES)))


def change_bps(before: Decimal, after: Decimal) -> int:
    """By how many basis points a price moved, rounded toward zero; 0 where there was no price."""
    if not before:
        return 0
    return int(_EXACT.divide_int(_EXACT.multiply(_EXACT.subtract(after, before), _BPS), before))
