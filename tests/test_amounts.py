"""Decimals out of base units, exactly."""

from decimal import Decimal
from fractions import Fraction

from launchpad.amounts import change_bps, decimal_text, fraction_text, market_value_in_sol, price_in_sol


def test_text_has_neither_exponent_nor_needless_zeros():
    assert decimal_text(Decimal("1E-15")) == "0.000000000000001"
    assert decimal_text(Decimal("12.3400")) == "12.34"
    assert decimal_text(Decimal("1E+3")) == "1000"
    assert decimal_text(Decimal("0.000")) == "0"


def test_a_price_in_sol_moves_the_point_by_both_decimals():
    assert decimal_text(price_in_sol(Decimal("0.000027958993476235"), 6)) == "0.000000027958993476235"
    assert price_in_sol(Decimal("0.5"), 9) == Decimal("0.5")


def test_a_market_value_is_exact_to_the_lamport_below():
    assert market_value_in_sol(Decimal("0.00002795899347623500"), 10**18) == Decimal("27958.993476235")
    assert market_value_in_sol(Decimal("0.3"), 1) == 0


def test_ratios_keep_twenty_places():
    assert fraction_text(Fraction(1, 3)) == "0." + "3" * 20
    assert fraction_text(Fraction(2, 1)) == "2"


def test_changes_are_in_basis_points_toward_zero():
    assert change_bps(Decimal(3), Decimal(4)) == 3333
    assert change_bps(Decimal(4), Decimal(3)) == -2500
    assert change_bps(Decimal(0), Decimal(3)) == 0
