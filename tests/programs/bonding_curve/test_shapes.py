"""The program opens every shape that is compiled for it, sells it out, and holds what was promised."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from launchpad.chain.shapes import CurveTerms, InvalidShapeError, Supply, compile_points, compile_terms
from tests.programs.curve_market import Market, open_market, opens_a_pool
from tests.programs.harness import SOL, Chain

LIQUIDITY = 1_000_000
FINE = Supply(10**18, 793_100_000 * 10**9, 9)
ROUGH = Supply(10**15, 793_100_000 * 10**6, 6)
TERMS = [
    (CurveTerms("classic"), FINE),
    (CurveTerms("classic", raise_amount=Decimal("12.3456789")), FINE),
    (CurveTerms("linear", start_market_cap=Decimal(28), end_market_cap=Decimal(420)), FINE),
    (CurveTerms("exponential", raise_amount=Decimal(85), multiple=Decimal(15)), FINE),
    (CurveTerms("logarithmic", raise_amount=Decimal(85), multiple=Decimal(15)), FINE),
    (CurveTerms("logarithmic", raise_amount=Decimal(85), multiple=Decimal(50)), FINE),
    (CurveTerms("fixed", raise_amount=Decimal(85)), ROUGH),
    (CurveTerms("linear", raise_amount=Decimal(85), multiple=Decimal(15)), Supply(1_000, 793, 0)),
]


def rows(curve):
    names = ("base_reserve", "quote_reserve", "base_for_sale")
    return [{name: getattr(segment, name) for name in names} for segment in curve.segments]


def sell_out(market: Market, curve) -> None:
    """Buys everything in four trades; the curve then holds exactly what the shape promised."""
    assert market.state["raise_target"] == curve.raise_lamports
    trader = market.trader(sol=curve.raise_lamports / SOL * 1.02 + 1)
    for share in (1, 3, 5):
        market.buy_out(trader, max(curve.ideal.sale * share // 20, 1))
    market.buy_out(trader, curve.ideal.sale)
    assert market.state["quote_reserve"] == curve.raise_lamports
    assert market.state["sold"] == curve.ideal.sale
    assert market.held(trader) == curve.ideal.sale


@pytest.mark.parametrize(("terms", "supply"), TERMS, ids=lambda value: getattr(value, "kind", None))
def test_a_shape_lives_on_chain(chain: Chain, terms, supply):
    curve = compile_terms(terms, supply)
    sell_out(open_market(chain, segments=rows(curve)), curve)


def test_points_live_on_chain(chain: Chain):
    points = [(0, Decimal(28)), (2_500, Decimal(40)), (6_000, Decimal(41)), (10_000, Decimal(300))]
    curve = compile_points(points, ROUGH)
    sell_out(open_market(chain, segments=rows(curve)), curve)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["classic", "linear", "exponential", "logarithmic", "fixed"]),
    st.integers(0, 63).flatmap(lambda bits: st.integers(1, 2**bits)),
    st.integers(0, 63).flatmap(lambda bits: st.integers(1, 2**bits)),
    st.integers(100, 5_000),
)
def test_the_program_never_refuses_what_was_compiled(chain: Chain, kind, sale, raised, multiple):
    given_multiple = None if kind == "fixed" else Decimal(multiple) / 100
    terms = CurveTerms(kind, raise_amount=Decimal(raised).scaleb(-9), multiple=given_multiple)
    try:
        curve = compile_terms(terms, Supply(sale, sale, 0))
    except InvalidShapeError:
        return
    assume(opens_a_pool(rows(curve)))
    market = open_market(chain, segments=rows(curve))
    assert market.state["raise_target"] == raised
