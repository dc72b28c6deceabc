"""Launch fees: buys of the first minutes pay for the liquidity, and nothing gets around it."""

from collections.abc import Callable
from typing import Any

import pytest
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from scripts import make_vectors as model
from tests.programs.curve_market import (
    DEADLINE,
    Market,
    curve_model,
    launch_fee,
    open_market,
    opening,
    sale_terms,
    terms_of,
)
from tests.programs.harness import CURVE, NOW, SOL, Chain, Receipt, refused

REFERENCE = curve_model([{"base_reserve": 1_073 * 10**15, "quote_reserve": 30 * SOL, "base_for_sale": 7_931 * 10**14}])


def taxed(chain: Chain, start_bps: int = 5_000, seconds: int = 600, half_life: int = 0, **changes: Any) -> Market:
    """A curve with a launch fee."""
    return open_market(chain, sale=sale_terms(launch_fee=launch_fee(start_bps, seconds, half_life)), **changes)


@pytest.fixture
def market(chain: Chain) -> Market:
    """A classic curve whose buys pay half as much again at first, nothing after ten minutes."""
    return taxed(chain)


def test_the_rule_is_on_the_curve_and_told(chain: Chain) -> None:
    sale = sale_terms(launch_fee=launch_fee(4_000, 300, 30))
    prepared = opening(chain, sale=sale)
    event = prepared.send().event(CURVE, "CurveOpened")
    assert (event["launch_fee"], event["terms"]) == (sale["launch_fee"], terms_of(sale))
    state = Market(prepared).state
    assert (state["launch_fee"], state["terms"], state["rules_end"]) == (sale["launch_fee"], terms_of(sale), 0)


@pytest.mark.parametrize("elapsed", [0, 1, 299, 300, 301, 599, 600, 601])
@pytest.mark.parametrize("half_life", [0, 60, 600])
def test_a_buy_pays_what_the_model_says_at_every_moment(chain: Chain, elapsed: int, half_life: int) -> None:
    opened = taxed(chain, half_life=half_life)
    buyer = opened.trader()
    chain.set_time(NOW + elapsed)
    rate = model.launch_bps(5_000, 600, half_life, elapsed)
    quote = model.buy_exact_in(REFERENCE, 0, SOL, referred=False, launch=rate)
    assert isinstance(quote, dict)
    before = chain.lamports(buyer.pubkey())
    event = opened.buy(buyer, SOL, deadline=NOW + 999).event(CURVE, "Traded")
    found = (event["base_amount"], event["quote_amount"], event["launch_fee"], event["launch_fees"])
    assert found == (quote["base"], quote["amount"], quote["launch"], quote["launch"])
    assert before - chain.lamports(buyer.pubkey()) == quote["total"] + 5_000
    assert opened.state["launch_fees"] == quote["launch"]
    assert (quote["launch"] == 0) == (elapsed >= 600)


BUYS: list[Callable[[Market, Keypair], object]] = [
    lambda market, buyer: market.buy(buyer, SOL),
    lambda market, buyer: market.buy_out(buyer, 10**15),
]


@pytest.mark.parametrize("buy", BUYS)
def test_no_way_to_buy_gets_around_it(market: Market, buy: Callable[[Market, Keypair], object]) -> None:
    for buyer in (market.trader(), market.creator):
        if buyer is market.creator:
            market.chain.set_tokens(buyer.pubkey(), market.mint, 0)
        before = market.state
        buy(market, buyer)
        after = market.state
        paid = after["quote_reserve"] - before["quote_reserve"]
        assert after["launch_fees"] - before["launch_fees"] == -(-paid // 2)


def test_splitting_a_buy_or_buying_in_one_transaction_saves_nothing(market: Market) -> None:
    buyer = market.trader()
    many = [market.instruction("buy_exact_out", buyer.pubkey(), 10**15, 2**63, DEADLINE) for _ in range(5)]
    market.chain.send(many, [buyer])
    state = market.state
    assert state["launch_fees"] * 2 >= state["quote_reserve"]


def test_sells_pay_none(market: Market) -> None:
    buyer = market.trader()
    market.buy(buyer, SOL)
    before = market.state["launch_fees"]
    event = market.sell(buyer, market.held(buyer) // 2).event(CURVE, "Traded")
    assert (event["launch_fee"], event["launch_fees"], market.state["launch_fees"]) == (0, before, before)


def test_nobody_claims_launch_fees(market: Market) -> None:
    market.buy(market.trader(), SOL)
    before = market.state
    market.claim_creator_fees()
    after = market.state
    assert after["launch_fees"] == before["launch_fees"] > 0
    held = market.chain.lamports(market.curve) - after["rent_reserve"]
    assert held == after["quote_reserve"] + after["launch_fees"] + after["protocol_fees"]


def test_a_failed_sale_refunds_them(chain: Chain) -> None:
    opened = taxed(chain, deadline=NOW + 30)
    buyer = opened.trader()
    opened.buy(buyer, SOL)
    state = opened.state
    chain.set_time(NOW + 30)
    whole = state["quote_reserve"] + state["launch_fees"]
    assert opened.expire(buyer).event(CURVE, "Expired")["quote_reserve"] == whole
    assert opened.refund(buyer, opened.held(buyer)).event(CURVE, "Refunded")["quote_amount"] == whole


def test_a_failed_sale_that_holds_nobodys_tokens_still_expires(chain: Chain) -> None:
    opened = taxed(chain, deadline=NOW + 30)
    buyer = opened.trader()
    opened.buy(buyer, SOL)
    opened.sell(buyer, opened.held(buyer))
    chain.set_time(NOW + 30)
    opened.expire(buyer)
    state = opened.state
    assert (state["status"], state["sold"], state["quote_reserve"]) == ("Refunding", 0, 0)
    assert state["launch_fees"] > 0


@pytest.mark.parametrize("fee", [(0, 60, 0), (5_001, 60, 0), (1, 0, 0), (1, 601, 0), (1, 60, 61)])
def test_what_is_outside_of_the_caps_is_refused(chain: Chain, fee: tuple[int, int, int]) -> None:
    with refused(CURVE, "InvalidLaunchFee"):
        taxed(chain, *fee)


def test_the_opener_is_spared_once_and_in_the_moment_of_opening(chain: Chain) -> None:
    opened = taxed(chain, 100, 60)
    with refused(CURVE, "MissingTerms"):
        buy_as_opener(opened, terms=None)
    event = buy_as_opener(opened).event(CURVE, "Traded")
    assert (event["launch_fee"], event["launch_fees"]) == (0, 0)
    with refused(CURVE, "RulesTooLate"):
        buy_as_opener(opened)
    later = taxed(chain, 100, 60)
    chain.set_time(NOW + 1)
    with refused(CURVE, "RulesTooLate"):
        buy_as_opener(later)


def test_nobody_else_is_spared(market: Market) -> None:
    buyer = market.trader()
    built = market.instruction("buy_exact_in", buyer.pubkey(), SOL, 0, opener=buyer.pubkey())
    with refused(CURVE, "InvalidAuthority"):
        market.chain.send([built], [buyer])


def test_terms_can_bind_the_opener_too(chain: Chain) -> None:
    usual = sale_terms(launch_fee=launch_fee(100, 60))
    opened = open_market(chain, sale=usual | {"opening": usual["opening"] | {"binds_creator": True}})
    assert buy_as_opener(opened).event(CURVE, "Traded")["launch_fee"] > 0


def buy_as_opener(market: Market, **accounts: Pubkey | None) -> Receipt:
    """A buy of one SOL by whoever opened the curve, who names himself."""
    buyer = market.creator
    market.chain.set_tokens(buyer.pubkey(), market.mint, 0)
    named = {"opener": buyer.pubkey(), "terms": market.state["terms"]} | accounts
    return market.chain.send([market.instruction("buy_exact_in", buyer.pubkey(), SOL, 0, **named)], [buyer])
