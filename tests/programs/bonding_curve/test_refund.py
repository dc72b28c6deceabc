"""expire and refund: a sale that failed gives everybody their part of the reserve, to the lamport."""

from collections.abc import Callable

import pytest
from solders.keypair import Keypair

from scripts import make_vectors as model
from tests.programs.curve_market import CLASSIC, SALE, Market, create_config, open_market, opening, set_paused
from tests.programs.harness import CURVE, NOW, SOL, TOKEN, TOKEN_2022, Chain, refused

END = NOW + 30


def ended(chain: Chain, **changes: object) -> Market:
    """A sale with a deadline; nothing bought yet."""
    return open_market(chain, deadline=END, **changes)


def expired(chain: Chain, *spends: int, **changes: object) -> tuple[Market, list[Keypair]]:
    """An expired sale, and who bought for how much."""
    market = ended(chain, **changes)
    buyers = [market.trader() for _ in spends]
    for buyer, lamports in zip(buyers, spends, strict=True):
        market.buy(buyer, lamports)
    chain.set_time(END)
    market.expire(chain.wallet())
    return market, buyers


@pytest.mark.parametrize("token_program", [TOKEN_2022, TOKEN])
def test_refunds_empty_the_reserve_to_the_lamport(chain: Chain, token_program: object) -> None:
    market, buyers = expired(chain, SOL, 3 * SOL, 777_777_777, token_program=token_program)
    before = market.state
    rent, paid = chain.lamports(market.curve) - before["quote_reserve"], 0
    for buyer in buyers:
        held, state = market.held(buyer), market.state
        expected = model.refund(state["quote_reserve"], state["sold"], held)
        purse = chain.lamports(buyer.pubkey())
        event = market.refund(buyer, held).event(CURVE, "Refunded")
        assert event["quote_amount"] == expected == chain.lamports(buyer.pubkey()) - purse + 5_000
        paid += event["quote_amount"]
        assert market.held(buyer) == 0
    after = market.state
    assert (after["status"], after["sold"], after["quote_reserve"]) == ("Refunding", 0, 0)
    assert (paid, chain.lamports(market.curve)) == (before["quote_reserve"], rent)
    assert chain.tokens(market.vault) == chain.supply(market.mint)


def test_everybody_gets_the_same_for_a_token(chain: Chain) -> None:
    market, (early, late) = expired(chain, SOL, 10 * SOL)
    reserve, sold = market.state["quote_reserve"], market.state["sold"]
    for buyer in (late, early):
        held = market.held(buyer)
        amount = market.refund(buyer, held).event(CURVE, "Refunded")["quote_amount"]
        assert 0 <= amount - reserve * held // sold <= 1


def test_events_say_what_happened(chain: Chain) -> None:
    market = ended(chain)
    buyer = market.trader()
    market.buy(buyer, SOL)
    chain.set_time(END + 5)
    reserve, sold = market.state["quote_reserve"], market.state["sold"]
    named = {"mint": market.mint, "curve": market.curve, "timestamp": END + 5}
    event = market.expire(chain.wallet()).event(CURVE, "Expired")
    assert event.data == {**named, "sold": sold, "quote_reserve": reserve}
    half = sold // 2
    paid = model.refund(reserve, sold, half)
    assert isinstance(paid, int)
    event = market.refund(buyer, half).event(CURVE, "Refunded")
    amounts = {"base_amount": half, "quote_amount": paid, "sold": sold - half, "quote_reserve": reserve - paid}
    assert event.data == {**named, **amounts, "holder": buyer.pubkey()}


TRADES: list[Callable[[Market, Keypair], object]] = [
    lambda market, trader: market.buy(trader, SOL),
    lambda market, trader: market.buy_out(trader, 10**15),
    lambda market, trader: market.sell(trader, 10**15),
]


@pytest.mark.parametrize("trade", TRADES)
def test_trading_ends_at_the_deadline_and_refunds_begin_with_the_expiry(
    chain: Chain, trade: Callable[[Market, Keypair], object]
) -> None:
    market = ended(chain)
    buyer = market.trader()
    market.buy(buyer, SOL)
    chain.set_time(END - 1)
    trade(market, buyer)
    with refused(CURVE, "SaleNotEnded"):
        market.expire(buyer)
    chain.set_time(END)
    with refused(CURVE, "SaleEnded"):
        trade(market, buyer)
    with refused(CURVE, "NotRefunding"):
        market.refund(buyer, 1)
    market.expire(buyer)
    with refused(CURVE, "CurveNotTrading"):
        trade(market, buyer)
    with refused(CURVE, "CurveNotTrading"):
        market.expire(buyer)


def test_a_sale_that_reached_its_goal_never_expires(chain: Chain) -> None:
    market = ended(chain)
    buyer = market.trader(sol=100)
    market.buy(buyer, 90 * SOL)
    chain.set_time(END)
    with refused(CURVE, "CurveNotTrading"):
        market.expire(buyer)
    with refused(CURVE, "NotRefunding"):
        market.refund(buyer, 1)


def test_a_sale_without_a_deadline_never_expires(market: Market) -> None:
    market.chain.set_time(2**62)
    with refused(CURVE, "SaleNotEnded"):
        market.expire(market.trader())


def test_fees_stay_claimable_and_are_nobody_elses(chain: Chain) -> None:
    market, (buyer,) = expired(chain, 5 * SOL)
    state = market.state
    market.refund(buyer, market.held(buyer))
    chain.airdrop(chain.read(CURVE, "Config", CURVE.pda(b"config"))["fee_recipient"], 1)
    claimed = market.claim_creator_fees().event(CURVE, "FeesClaimed")["amount"]
    swept = market.sweep_protocol_fees(buyer).event(CURVE, "FeesClaimed")["amount"]
    assert (claimed, swept) == (state["creator_fees"], state["protocol_fees"])
    assert chain.lamports(market.curve) == state["rent_reserve"]


def test_gifts_to_the_curve_are_never_refunded(chain: Chain) -> None:
    market, (buyer,) = expired(chain, SOL)
    chain.airdrop(market.curve, 1)
    reserve = market.state["quote_reserve"]
    event = market.refund(buyer, market.held(buyer)).event(CURVE, "Refunded")
    assert event["quote_amount"] == reserve
    assert chain.lamports(market.curve) >= market.state["rent_reserve"] + SOL


def test_a_pause_stops_neither_expiry_nor_refunds(chain: Chain) -> None:
    market = ended(chain)
    buyer = market.trader()
    market.buy(buyer, SOL)
    chain.set_time(END)
    set_paused(chain, paused=True)
    market.expire(buyer)
    market.refund(buyer, market.held(buyer))


def test_amounts_outside_what_was_sold_are_refused(chain: Chain) -> None:
    market, (buyer, other) = expired(chain, SOL, SOL)
    with refused(CURVE, "ZeroAmount"):
        market.refund(buyer, 0)
    with refused(CURVE, "InsufficientSold"):
        market.refund(buyer, market.state["sold"] + 1)
    with refused(None, 1):
        market.refund(buyer, market.held(buyer) + 1)
    with refused(CURVE, "AmountTooSmall"):
        market.refund(other, 1)


def test_repeated_refunds_pay_once(chain: Chain) -> None:
    market, (buyer, other) = expired(chain, SOL, SOL)
    market.refund(buyer, market.held(buyer))
    with refused(None, 1):
        market.refund(buyer, 10**15)
    before = chain.lamports(market.curve)
    many = [CURVE.instruction("refund", {"base_in": 10**9}, market.refund_accounts(other.pubkey())) for _ in range(9)]
    share = model.refund(market.state["quote_reserve"], market.state["sold"], 9 * 10**9)
    assert isinstance(share, int)
    chain.send(many, [other])
    assert before - chain.lamports(market.curve) <= share


@pytest.mark.parametrize("deadline", [0, 1, NOW, -(2**63)])
def test_a_deadline_lies_in_the_future(chain: Chain, deadline: int) -> None:
    with refused(CURVE, "InvalidDeadline"):
        opening(chain, deadline=deadline).send()


def test_tokens_outside_of_the_sale_rule_out_a_deadline(chain: Chain) -> None:
    """A team, say, could return tokens that nobody paid for and take the buyers' money."""
    authority = chain.wallet()
    mint = chain.new_mint(authority.pubkey(), SALE + 1, authority=authority.pubkey())
    ready = opening(chain, authority=authority, deadline=END, liquidity=0)
    ready.mint = mint
    with refused(CURVE, "SupplyOutsideSale"):
        ready.send()


def test_the_deadline_is_on_the_curve_and_in_its_event(bare: Chain) -> None:
    create_config(bare)
    ready = opening(bare, deadline=END, segments=CLASSIC)
    assert ready.send().event(CURVE, "CurveOpened")["deadline"] == END
    assert Market(ready).state["deadline"] == END
