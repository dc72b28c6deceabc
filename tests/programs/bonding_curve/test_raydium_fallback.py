"""Where Raydium cannot take a sale that promised it, our own pools do: at once where it shows, else after a week."""

from collections.abc import Callable

import pytest
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from tests.programs.curve_market import open_market
from tests.programs.graduating import BOUNTY, LOCK, PAYOUT, Graduate, new_chain
from tests.programs.harness import CURVE, NOW, SYSTEM, Chain, refused
from tests.programs.raydium_graduating import (
    AT_RAYDIUM,
    RAYDIUM,
    SHOWN,
    TIER,
    RaydiumGraduate,
    raydium_chain,
    raydium_sale,
    sold_out_for_raydium,
)
from tests.raydium import POOL_FEE, config_data, needs_raydium

WEEK = 7 * 86_400
RAISE = 85_005_359_057


def set_tier(chain: Chain, *, owner: Pubkey = RAYDIUM, **changes: int | bool) -> None:
    chain.set_account(TIER, config_data(**changes), owner)  # type: ignore[arg-type]  # an index, a fee, a switch


def disable(chain: Chain) -> None:
    set_tier(chain, disabled=True)


def remove_tier(chain: Chain) -> None:
    chain.set_account(TIER, b"", SYSTEM, lamports=0)


def fake_tier(chain: Chain) -> None:
    set_tier(chain, owner=Keypair().pubkey())


def other_type(chain: Chain) -> None:
    chain.set_account(TIER, bytes(236), RAYDIUM)


def cut_tier(chain: Chain) -> None:
    chain.set_account(TIER, config_data()[:40], RAYDIUM)


def dear(chain: Chain) -> None:
    set_tier(chain, pool_fee=RAISE // 10)


CLOSED = [disable, remove_tier, fake_tier, other_type, cut_tier, dear]


def into_ours(graduate: RaydiumGraduate, shown: tuple[Pubkey, ...]) -> None:
    """Graduates into our own pool and looks at what became of it."""
    event = graduate.instead.send(graduate.chain.wallet(), shown).event(CURVE, "Graduated")
    pool = graduate.instead.pool
    assert (event["venue"], event["pool"]) == ("Amm", pool.key)
    assert pool.vaults == (event["base_amount"], event["quote_amount"])
    assert graduate.market.state["pool"] == pool.key


@needs_raydium
@pytest.mark.parametrize("close", CLOSED)
def test_our_pools_take_a_sale_that_raydium_cannot_take(close: Callable[[Chain], None]) -> None:
    chain = raydium_chain()
    graduate = sold_out_for_raydium(chain)
    close(chain)
    with refused(CURVE, "VenueUnavailable"):
        graduate.send(chain.wallet())
    into_ours(graduate, SHOWN)
    assert not graduate.send(chain.wallet()).events(CURVE), "done is done"


def test_our_pools_take_it_where_raydium_is_not_on_the_cluster() -> None:
    chain = new_chain()
    graduate = sold_out_for_raydium(chain)
    with refused(CURVE, "VenueUnavailable"):
        graduate.send(chain.wallet())
    into_ours(graduate, SHOWN)


@pytest.mark.parametrize("changes", [{"liquidity_lock_seconds": LOCK}, {"liquidity_bps": 7_000, "payout": PAYOUT}])
def test_everything_else_that_the_terms_promise_holds_there_too(changes: dict[str, object]) -> None:
    chain = new_chain()
    graduate = sold_out_for_raydium(chain, sale=raydium_sale(**changes))
    into_ours(graduate, SHOWN)
    if "payout" in changes:
        graduate.instead.release(chain.wallet(), "Team")
        assert graduate.market.state["team_payout"] == 0
    else:
        event = graduate.instead.lock(chain.wallet()).event(CURVE, "LiquidityLocked")
        assert event["until"] == NOW + LOCK


@needs_raydium
def test_our_pools_do_not_take_it_while_raydium_works() -> None:
    chain = raydium_chain()
    graduate = sold_out_for_raydium(chain)
    chain.set_time(NOW + WEEK - 1)
    fake = Keypair().pubkey()
    for shown in ((), SHOWN, SHOWN[:1], (*SHOWN, fake)):
        with refused(CURVE, "WrongVenue"):
            graduate.instead.send(chain.wallet(), shown)
    assert graduate.market.state["status"] == "Complete"
    graduate.send(chain.wallet())
    assert graduate.market.state["pool"] == graduate.made["pool"]


@needs_raydium
def test_an_account_that_only_looks_closed_proves_nothing() -> None:
    chain = raydium_chain()
    graduate = sold_out_for_raydium(chain)
    disabled, missing = Keypair().pubkey(), Keypair().pubkey()
    chain.set_account(disabled, config_data(disabled=True), RAYDIUM)
    for shown, error in (((RAYDIUM, disabled), 2012), ((missing, TIER), 3008), ((TIER, RAYDIUM), 3008)):
        with refused(None, error):
            graduate.instead.send(chain.wallet(), shown)


@needs_raydium
@pytest.mark.parametrize("shown", [(), SHOWN])
def test_after_a_week_our_pools_take_it_whatever_the_reason(shown: tuple[Pubkey, ...]) -> None:
    chain = raydium_chain()
    graduate = sold_out_for_raydium(chain)
    chain.set_time(NOW + WEEK)
    into_ours(graduate, shown)


@needs_raydium
def test_after_a_week_raydium_takes_it_still() -> None:
    chain = raydium_chain()
    graduate = sold_out_for_raydium(chain)
    chain.set_time(NOW + WEEK)
    graduate.send(chain.wallet())
    assert graduate.market.state["pool"] == graduate.made["pool"]


def test_a_week_without_buyers_is_no_week_of_waiting() -> None:
    chain = new_chain()
    market = open_market(chain, sale=AT_RAYDIUM)
    chain.set_time(NOW + WEEK)
    with refused(CURVE, "NotComplete"):
        Graduate(market).send(chain.wallet(), SHOWN)


@needs_raydium
def test_the_highest_fee_that_a_tenth_of_the_raise_carries_is_paid() -> None:
    chain = raydium_chain()
    graduate = sold_out_for_raydium(chain)
    # The costs as the program counts them hold an account of shares whether or not it stays.
    most = RAISE // 10 - BOUNTY - (graduate.costs() - POOL_FEE) - chain.rent(165)
    set_tier(chain, pool_fee=most + 1)
    with refused(CURVE, "VenueUnavailable"):
        graduate.send(chain.wallet())
    set_tier(chain, pool_fee=most)
    event = graduate.send(chain.wallet()).event(CURVE, "Graduated")
    assert event["reward"] == RAISE // 10 - chain.rent(165)
    assert event["quote_amount"] + event["reward"] == RAISE
