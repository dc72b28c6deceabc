"""What buyers are told: exact figures, and words that people read."""

from fractions import Fraction

import pytest

from launchpad.chain import curve_math
from launchpad.chain.curve_math import Fees
from launchpad.tokens.buyers import Offer, buyers, short

SUPPLY = 10**18
SALE = 793_100_000 * 10**9
FEES = Fees(50, 30)
SOL = 10**9


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Fraction(0), "0"),
        (Fraction(1, 3), "0.3333"),
        (Fraction(9_999), "9999"),
        (Fraction(27_959, 1_000), "27.95"),
        (Fraction(12_345), "12.34 K"),
        (Fraction(1_999_999), "1.999 M"),
        (Fraction(34_612_903), "34.61 M"),
        (Fraction(10**9), "1 B"),
    ],
)
def test_numbers_have_four_digits_for_people(value, shown):
    assert short(value) == shown


def test_the_first_and_the_last_sol_buy_what_the_curve_would_sell_for_them():
    segments = curve_math.classic(SALE)
    told = buyers(Offer(segments, SUPPLY, 9, FEES))
    first = curve_math.quote_buy_exact_in(segments, 0, SOL, FEES)
    assert int(told.first.tokens_for_one_sol) == first.base_amount
    last = int(told.last.tokens_for_one_sol)
    bought = curve_math.quote_buy_exact_out(segments, SALE - last, last, FEES)
    assert SOL - 3 <= bought.total <= SOL


def test_multiples_compare_prices_with_the_price_at_the_end():
    segments = curve_math.classic(SALE)
    told = buyers(Offer(segments, SUPPLY, 9, FEES))
    end = curve_math.price(segments, SALE)
    assert Fraction(told.median.multiple_at_end) == pytest.approx(end / curve_math.price(segments, SALE // 2))
    assert told.last.multiple_at_end == "1"
    assert "5.841 times" in told.words[1]
