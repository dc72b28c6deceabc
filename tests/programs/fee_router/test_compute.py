"""What a router costs in compute units, at its smallest and at its largest."""

from tests.programs.fee_router.routes import Route, hundred, split
from tests.programs.harness import ROUTER, SOL, Chain

CLAIM_LIMIT = 20_000
# The entries behind the one that goes move up.
LAST_CLAIM_LIMIT = 60_000
APPLY_LIMIT = 650_000


def test_a_claim_costs_the_same_among_three_and_among_two_hundred(chain: Chain, route: Route) -> None:
    route.fund(SOL)
    small, *_ = [route.claim(wallet).compute_units for wallet, _ in route.shares]
    route.change(hundred())
    route.fund(1_000 * SOL)
    route.change(hundred())
    route.fund(1_000 * SOL)
    large = route.claim(route.shares[99][0]).compute_units
    gone = next(each["wallet"] for each in route.entries if each["bps"] == 0)
    assert max(small, large) < CLAIM_LIMIT
    assert route.claim(gone).compute_units < LAST_CLAIM_LIMIT


def test_a_hundred_for_a_hundred_fits_one_transaction_and_the_heap(route: Route) -> None:
    route.change(hundred())
    route.fund(1_000 * SOL)
    assert route.change(hundred()).compute_units < APPLY_LIMIT
    assert route.state["entries"] == 200


def test_ten_claims_fit_one_transaction(route: Route) -> None:
    shares = split(*[1_000] * 10)
    route.change(shares)
    route.fund(10 * SOL)
    route.send(*[route.claim_instruction(wallet) for wallet, _ in shares], by=route.chain.admin)
    assert route.held == 0


def test_the_program_has_not_grown_by_accident() -> None:
    assert len(ROUTER.code) < 1_200_000
