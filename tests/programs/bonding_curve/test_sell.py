"""sell: what comes back, and that it cannot be stopped."""

import pytest

from scripts import make_vectors as model
from tests.programs.curve_market import CLASSIC, LIQUIDITY, SALE, Market, curve_model, open_market, set_paused
from tests.programs.harness import CURVE, NOW, SOL, TOKEN, Chain, ata, refused

CLASSIC_MODEL = curve_model(CLASSIC)
FEE = 5_000


def expected(sold: int, base_in: int) -> dict[str, int]:
    result = model.sell(CLASSIC_MODEL, sold, base_in, referred=False)
    assert isinstance(result, dict)
    return result


def test_a_sell_pays_what_the_model_says_and_moves_exactly_that(market: Market) -> None:
    trader = market.trader()
    market.buy(trader, SOL)
    before, state = market.chain.lamports(trader.pubkey()), market.state
    receipt = market.sell(trader, 10**16)
    quote = expected(state["sold"], 10**16)
    assert market.chain.lamports(trader.pubkey()) - before == quote["total"] - FEE
    after = market.state
    assert after["sold"] == state["sold"] - 10**16
    assert after["quote_reserve"] == CLASSIC_MODEL.reserve(after["sold"])
    assert after["protocol_fees"] == state["protocol_fees"] + quote["protocol"]
    assert after["creator_fees"] == state["creator_fees"] + quote["creator"]
    assert market.chain.tokens(market.vault) == SALE + LIQUIDITY - after["sold"]
    event = receipt.event(CURVE, "Traded")
    assert (event["is_buy"], event["base_amount"], event["quote_amount"]) == (False, 10**16, quote["amount"])
    assert (event["sold"], event["quote_reserve"], event["timestamp"]) == (after["sold"], after["quote_reserve"], NOW)


def test_the_log_line_names_mint_and_amounts(market: Market) -> None:
    trader = market.trader()
    market.buy(trader, SOL)
    quote = expected(market.state["sold"], 10**16)
    receipt = market.sell(trader, 10**16)
    line = f"Program log: sell: mint={market.mint}, sol_amount={quote['amount']}, token_amount={10**16}"
    assert line in receipt.logs


def test_a_round_trip_costs_exactly_the_fees(market: Market) -> None:
    trader = market.trader()
    before = market.chain.lamports(trader.pubkey())
    market.buy(trader, SOL)
    market.sell(trader, market.held(trader))
    state = market.state
    assert (state["sold"], state["quote_reserve"]) == (0, 0)
    spent = before - market.chain.lamports(trader.pubkey())
    assert spent == state["protocol_fees"] + state["creator_fees"] + 2 * FEE


def test_a_classic_mint_sells_the_same(chain: Chain) -> None:
    market = open_market(chain, token_program=TOKEN)
    trader = market.trader()
    market.buy(trader, SOL)
    market.sell(trader, market.held(trader))
    assert market.state["sold"] == 0


def test_hundreds_of_tiny_trades_gain_nothing(market: Market) -> None:
    trader = market.trader()
    market.buy(trader, SOL)
    before = market.chain.lamports(trader.pubkey())
    held = market.held(trader)
    # A transaction may hold 64 instructions with the inner ones; a trade makes four.
    for _ in range(15):
        pair = [
            market.instruction("buy_exact_out", trader.pubkey(), 10**8, 2**63),
            market.instruction("sell", trader.pubkey(), 10**8, 0),
        ]
        market.chain.send(pair * 7, [trader])
    assert market.held(trader) == held
    assert market.chain.lamports(trader.pubkey()) < before - 15 * FEE


@pytest.mark.parametrize("base_in", [1, 10**6])
def test_units_whose_fees_would_eat_them_are_refused(market: Market, base_in: int) -> None:
    trader = market.trader()
    market.buy(trader, SOL)
    with refused(CURVE, "AmountTooSmall"):
        market.sell(trader, base_in)


def test_slippage_below_the_least_acceptable_amount_is_refused(market: Market) -> None:
    trader = market.trader()
    market.buy(trader, SOL)
    quote = expected(market.state["sold"], 10**16)
    with refused(CURVE, "SlippageExceeded"):
        market.sell(trader, 10**16, quote["total"] + 1)
    market.sell(trader, 10**16, quote["total"])


def test_tokens_that_the_curve_never_sold_cannot_drain_it(market: Market) -> None:
    trader, insider = market.trader(), market.trader()
    market.buy(trader, SOL)
    market.chain.set_tokens(insider.pubkey(), market.mint, SALE)
    with refused(CURVE, "InsufficientSold"):
        market.sell(insider, market.state["sold"] + 1)


def test_a_trader_cannot_sell_more_than_he_has(market: Market) -> None:
    ann, bob = market.trader(), market.trader()
    market.buy(ann, SOL)
    market.buy(bob, SOL)
    with refused(None, 1):
        market.sell(ann, market.held(ann) + 1)


def test_a_trader_cannot_sell_what_is_somebody_elses(market: Market) -> None:
    ann, thief = market.trader(), market.trader()
    market.buy(ann, SOL)
    with refused(None, 2015):
        market.sell(thief, 10**14, trader_base=market.wallet_of(ann))
    with refused(None):
        market.sell(thief, 10**14, trader_base=ata(ann.pubkey(), market.mint), base_vault=market.wallet_of(thief))


def test_selling_and_claiming_work_while_paused(market: Market) -> None:
    trader = market.trader()
    market.buy(trader, SOL)
    set_paused(market.chain, paused=True)
    market.sell(trader, market.held(trader))
    market.claim_creator_fees()
    market.sweep_protocol_fees(trader)
    assert market.state["creator_fees"] == market.state["protocol_fees"] == 0
