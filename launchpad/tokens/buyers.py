"""What a curve means for the first, the median and the last buyer, in numbers and in words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from launchpad.amounts import decimal_text, fraction_text
from launchpad.chain import curve_math
from launchpad.chain.curve_math import BPS, Fees, Segment
from launchpad.tokens.launch_schemas import Buyer, Buyers

_LAMPORTS_PER_SOL = 10**9
_DIGITS = 4
_SCALES = ((10**9, "B"), (10**6, "M"), (10**3, "K"))


@dataclass(frozen=True, slots=True)
class Offer:
    """A curve with what a buyer needs to know about the token."""

    segments: Sequence[Segment]
    supply: int
    decimals: int
    fees: Fees
    # What the first buyer pays besides, and the most that he may buy.
    launch_bps: int = 0
    most: int | None = None

    @property
    def sale(self) -> int:
        """Base units for sale."""
        return curve_math.sale_supply(self.segments)


def buyers(offer: Offer) -> Buyers:
    """The first buyer, who buys at 0 % sold, the median one at 50 %, the last one whose buy completes the curve.

    What one SOL gets includes the fees. Multiples compare prices before fees.
    """
    end = curve_math.price(offer.segments, offer.sale)
    first = _buyer(offer, 0, end, _bought_first(offer))
    median = _buyer(offer, offer.sale // 2, end, _bought(offer, offer.sale // 2))
    last = _buyer(offer, offer.sale, end, _bought_last(offer))
    return Buyers(first=first, median=median, last=last, words=_words(offer, first, median, last))


def _buyer(offer: Offer, sold: int, end: Fraction, tokens: int) -> Buyer:
    price = curve_math.price(offer.segments, sold)
    return Buyer(
        sold_bps=sold * BPS // offer.sale,
        price_sol=fraction_text(price * 10**offer.decimals / _LAMPORTS_PER_SOL),
        market_cap_sol=fraction_text(price * offer.supply / _LAMPORTS_PER_SOL),
        tokens_for_one_sol=str(tokens),
        multiple_at_end=fraction_text(end / price),
    )


def _bought(offer: Offer, sold: int) -> int:
    """Base units for one SOL, fees included; 0 where one SOL is less than a base unit costs."""
    try:
        return curve_math.quote_buy_exact_in(offer.segments, sold, _LAMPORTS_PER_SOL, offer.fees).base_amount
    except (curve_math.AmountTooSmallError, curve_math.CurveCompleteError):
        return 0


def _bought_first(offer: Offer) -> int:
    """The same in the first second, with its launch fee, and no more than a wallet may buy then."""
    fees = replace(offer.fees, launch_bps=offer.launch_bps)
    bought = _bought(replace(offer, fees=fees), 0)
    return bought if offer.most is None else min(bought, offer.most)


def _bought_last(offer: Offer) -> int:
    """Base units that the curve's last SOL gets, fees included, rounded down."""
    rate = Fraction(BPS, BPS + offer.fees.protocol_bps + offer.fees.creator_bps)
    # Two fees, each rounded up.
    before = curve_math.raise_target(offer.segments) - int(_LAMPORTS_PER_SOL * rate) + 2
    if before <= 0:
        return offer.sale
    sold = curve_math.max_sold(offer.segments, before)
    # The largest amount that costs no more leaves the curve at or above `before`.
    exact = curve_math.held(offer.segments, sold) == before
    return offer.sale - sold - (0 if exact else 1)


def _words(offer: Offer, first: Buyer, median: Buyer, last: Buyer) -> list[str]:
    def gets(buyer: Buyer) -> str:
        return f"{short(Fraction(int(buyer.tokens_for_one_sol), 10**offer.decimals))} tokens"

    def cap(buyer: Buyer) -> str:
        return f"a market cap of {short(Fraction(buyer.market_cap_sol))} SOL"

    return [
        (
            f"The first buyer pays at {cap(first)}: 1 SOL gets {gets(first)}{_less(offer)}. "
            f"When the last token is sold, the price is {_times(first)} that."
        ),
        (
            f"Whoever buys when half is sold pays at {cap(median)}: 1 SOL gets {gets(median)}. "
            f"At the end the price is {_times(median)} that."
        ),
        (
            f"The last buyer pays at {cap(last)}: 1 SOL gets {gets(last)}. "
            "Trading goes on in a pool from that price. Every price falls again when people sell."
        ),
    ]


def _less(offer: Offer) -> str:
    """Why the first buyer gets less than the price says."""
    reasons = [f"the launch fee of {offer.launch_bps / 100:g} %"] if offer.launch_bps else []
    if offer.most is not None and offer.most < _bought(offer, 0):
        reasons.append("the cap of a wallet")
    return f" after {' and '.join(reasons)}" if reasons else ""


def _times(buyer: Buyer) -> str:
    return f"{short(Fraction(buyer.multiple_at_end), ROUND_HALF_EVEN)} times"


def short(value: Fraction, rounding: str = ROUND_DOWN) -> str:
    """Four significant digits, with K above ten thousand, M and B."""
    for size, letter in _SCALES:
        if value >= size * (10 if letter == "K" else 1):
            return f"{_rounded(value / size, rounding)} {letter}"
    return _rounded(value, rounding)


def _rounded(value: Fraction, rounding: str) -> str:
    number = Decimal(fraction_text(value))
    places = max(_DIGITS - 1 - number.adjusted(), 0) if number else 0
    return decimal_text(number.quantize(Decimal(1).scaleb(-places), rounding=rounding))
