"""How much of a supply is sold where it is left to the curve."""

from decimal import Decimal

import pytest

from launchpad.chain.dividing import fitted
from launchpad.chain.launching import LaunchParams
from launchpad.chain.shapes import CurveTerms, Supply, compile_terms

SUPPLY = 10**18
PARAMS = LaunchParams("", "Name", "SYM", "ipfs://x", SUPPLY, decimals=9)
FLAT = CurveTerms("linear", start_market_cap=Decimal(100), multiple=Decimal("1.5"))
STEEP = CurveTerms("linear", start_market_cap=Decimal(28), multiple=Decimal(40))


@pytest.mark.parametrize("terms", [FLAT, STEEP])
def test_a_curve_comes_with_the_division_that_it_was_compiled_for_and_is_not_compiled_again(terms):
    tried = []

    def compiled(params):
        tried.append(params.allocations)
        return compile_terms(terms, Supply(SUPPLY, params.amounts.public, 9))

    params, curve = fitted(PARAMS, compiled)
    assert sum(segment.base_for_sale for segment in curve.segments) == params.amounts.public
    assert params.liquidity_needed(curve.segments) <= params.amounts.liquidity
    assert tried[-1] == params.allocations
    assert len(set(tried)) == len(tried)


def test_a_flat_curve_sells_less_because_its_pool_needs_more():
    def sold(terms):
        params, _ = fitted(PARAMS, lambda tried: compile_terms(terms, Supply(SUPPLY, tried.amounts.public, 9)))
        return params.amounts.public

    assert sold(FLAT) < sold(STEEP)
