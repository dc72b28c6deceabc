"""buy_exact_in and buy_exact_out."""

import pytest
from solders.instruction import AccountMeta
from solders.keypair import Keypair

from scripts import make_vectors as model
from tests.programs.curve_market import (
    CLASSIC,
    DEADLINE,
    LIQUIDITY,
    SALE,
    Market,
    curve_model,
    open_market,
    set_paused,
)
from tests.programs.harness import CURVE, NOW, SOL, TOKEN, Chain, refused, transfer_sol

CLASSIC_MODEL = curve_model(CLASSIC)
TARGET = 85_005_359_057


def quoted(result: dict[str, int] | str) -> dict[str, int]:
    assert isinstance(result, dict)
    return result


def expected_in(quote_in: int, sold: int = 0) -> dict[str, int]:
    return quoted(model.buy_exact_in(CLASSIC_MODEL, sold, quote_in, referred=False))


# What a buy does


def test_a_buy_costs_what_the_model_says_and_moves_exactly_that(market: Market) -> None:
    trader = market.trader()
    before = market.chain.lamports(trader.pubkey())
    receipt = market.buy(trader, SOL)
    quote = expected_in(SOL)
    assert market.held(trader) == quote["base"]
    fee = 5_000
    assert before - market.chain.lamports(trader.pubkey()) == quote["total"] + fee
    state = market.state
    assert state["sold"] == quote["base"]
    assert state["quote_reserve"] == quote["amount"] == CLASSIC_MODEL.reserve(quote["base"])
    assert (state["protocol_fees"], state["creator_fees"]) == (quote["protocol"], quote["creator"])
    assert market.chain.lamports(market.curve) == state["rent_reserve"] + quote["total"]
    assert market.chain.tokens(market.vault) == SALE + LIQUIDITY - quote["base"]
    assert receipt.event(CURVE, "Traded").data == {
        "mint": market.mint,
        "curve": market.curve,
        "trader": trader.pubkey(),
        "is_buy": True,
        "base_amount": quote["base"],
        "quote_amount": quote["amount"],
        "protocol_fee": quote["protocol"],
        "creator_fee": quote["creator"],
        "referrer_fee": 0,
        "referrer": None,
        "sold": quote["base"],
        "quote_reserve": quote["amount"],
        "virtual_base": 1_073_000_000 * SOL - quote["base"],
        "virtual_quote": CLASSIC_MODEL.place(quote["base"])[4],
        "segment": 0,
        "protocol_fees": quote["protocol"],
        "creator_fees": quote["creator"],
        "timestamp": NOW,
        "launch_fee": 0,
        "launch_fees": 0,
    }


def test_the_log_line_names_mint_and_amounts(market: Market) -> None:
    receipt = market.buy(market.trader(), SOL)
    quote = expected_in(SOL)
    line = f"Program log: buy: mint={market.mint}, sol_amount={quote['amount']}, token_amount={quote['base']}"
    assert line in receipt.logs


def test_exact_out_delivers_what_was_asked_at_the_same_price(market: Market) -> None:
    ann, bob = market.trader(), market.trader()
    market.buy_out(ann, 10**15)
    event = market.buy(bob, SOL).event(CURVE, "Traded")
    assert market.held(ann) == 10**15
    assert event["base_amount"] == expected_in(SOL, sold=10**15)["base"]


def test_exact_in_and_exact_out_agree_on_the_total(market: Market) -> None:
    trader = market.trader()
    base = expected_in(SOL)["base"]
    event = market.buy_out(trader, base).event(CURVE, "Traded")
    paid = event["quote_amount"] + event["protocol_fee"] + event["creator_fee"]
    assert paid == expected_in(SOL)["total"] <= SOL


@pytest.mark.parametrize("quote_in", range(4, 104, 9))
def test_a_buy_of_a_few_lamports_never_pays_more_than_it_offers(market: Market, quote_in: int) -> None:
    trader = market.trader()
    before = market.chain.lamports(market.curve)
    market.buy(trader, quote_in)
    assert market.chain.lamports(market.curve) - before <= quote_in
    assert market.held(trader) == expected_in(quote_in)["base"]


def test_a_classic_mint_trades_the_same(chain: Chain) -> None:
    market = open_market(chain, token_program=TOKEN)
    trader = market.trader()
    market.buy(trader, SOL)
    assert market.held(trader) == expected_in(SOL)["base"]


def test_a_trade_accepts_an_extra_account(market: Market) -> None:
    trader = market.trader()
    names = {"quote_in": SOL, "min_base_out": 0, "deadline": DEADLINE}
    extra = [AccountMeta(Keypair().pubkey(), is_signer=False, is_writable=False)]
    buy = CURVE.instruction("buy_exact_in", names, market.accounts(trader.pubkey()), extra=extra)
    market.chain.send([buy], [trader])
    assert market.held(trader) > 0


def test_a_buy_crosses_segments_at_the_models_cost(chain: Chain) -> None:
    rows = [(10**15, 10**9, 10**14), (10**12, 10**12, 10**11), (10**12, 2 * 10**12, 10**11)]
    segments = [dict(zip(("base_reserve", "quote_reserve", "base_for_sale"), row, strict=True)) for row in rows]
    market = open_market(chain, segments=segments)
    whale = market.trader(10_000)
    event = market.buy_out(whale, 10**14 + 10**11 + 10**10).event(CURVE, "Traded")
    reference = curve_model(segments)
    assert event["quote_amount"] == reference.reserve(10**14 + 10**11 + 10**10)
    assert [event["sold"], event["quote_reserve"], event["segment"], event["virtual_base"], event["virtual_quote"]] == (
        reference.place(10**14 + 10**11 + 10**10)
    )


# Limits


@pytest.mark.parametrize("name", ["buy_exact_in", "buy_exact_out", "sell"])
def test_zero_is_refused(market: Market, name: str) -> None:
    trader = market.trader()
    limit = 2**63 if name == "buy_exact_out" else 0
    with refused(CURVE, "ZeroAmount"):
        market.chain.send([market.instruction(name, trader.pubkey(), 0, limit)], [trader])


@pytest.mark.parametrize("quote_in", [1, 2])
def test_money_that_buys_nothing_is_refused(market: Market, quote_in: int) -> None:
    with refused(CURVE, "AmountTooSmall"):
        market.buy(market.trader(), quote_in)


def test_units_that_rounding_paid_for_are_not_given_away(market: Market) -> None:
    trader = market.trader()
    market.buy_out(trader, 1)
    with refused(CURVE, "AmountTooSmall"):
        market.buy_out(trader, 1)


def test_slippage_below_the_least_acceptable_amount_is_refused(market: Market) -> None:
    trader = market.trader()
    base = expected_in(SOL)["base"]
    with refused(CURVE, "SlippageExceeded"):
        market.buy(trader, SOL, base + 1)
    market.buy(trader, SOL, base)


def test_slippage_above_the_most_acceptable_cost_is_refused(market: Market) -> None:
    trader = market.trader()
    quote = expected_in(SOL)
    with refused(CURVE, "SlippageExceeded"):
        market.buy_out(trader, quote["base"], quote["total"] - 1)
    market.buy_out(trader, quote["base"], quote["total"])


@pytest.mark.parametrize("name", ["buy_exact_in", "buy_exact_out", "sell"])
def test_a_trade_after_its_deadline_is_refused_and_at_it_accepted(market: Market, name: str) -> None:
    trader = market.trader()
    market.buy(trader, SOL)
    trade = market.instruction(name, trader.pubkey(), 10**14, 2**63 if name == "buy_exact_out" else 0)
    market.chain.set_time(DEADLINE + 1)
    with refused(CURVE, "DeadlinePassed"):
        market.chain.send([trade], [trader])
    market.chain.set_time(DEADLINE)
    market.chain.send([trade], [trader])


@pytest.mark.parametrize("name", ["buy_exact_in", "buy_exact_out"])
def test_a_paused_program_sells_nothing(market: Market, name: str) -> None:
    trader = market.trader()
    set_paused(market.chain, paused=True)
    with refused(CURVE, "Paused"):
        market.chain.send([market.instruction(name, trader.pubkey(), SOL, 2**63)], [trader])


def test_a_trader_without_the_money_is_refused(market: Market) -> None:
    trader = market.trader(0.5)
    with refused(None, 1):
        market.buy(trader, SOL)
    assert market.state["sold"] == 0


# Completion


def whole_cost() -> int:
    return CLASSIC_MODEL.cost(0, SALE)


@pytest.mark.parametrize(("quote_in", "complete"), [(-1, False), (0, True), (1, True), (10**12, True)])
def test_the_last_buy_charges_exactly_what_is_left(market: Market, quote_in: int, *, complete: bool) -> None:
    whale = market.trader(10_000)
    receipt = market.buy(whale, whole_cost() + quote_in)
    state = market.state
    assert (state["status"] == "Complete") is complete
    assert (market.held(whale) == SALE) is complete
    assert bool(receipt.events(CURVE, "CurveCompleted")) is complete
    if complete:
        paid = market.chain.lamports(market.curve) - state["rent_reserve"]
        assert paid == whole_cost()
        assert (state["quote_reserve"], state["completed_at"]) == (TARGET, NOW)
        assert receipt.event(CURVE, "CurveCompleted").data == {
            "mint": market.mint,
            "curve": market.curve,
            "sold": SALE,
            "quote_reserve": TARGET,
            "timestamp": NOW,
        }


@pytest.mark.parametrize("base_out", [SALE, SALE + 1, 2**64 - 1])
def test_asking_for_more_than_is_left_fills_what_is_left(market: Market, base_out: int) -> None:
    whale = market.trader(10_000)
    market.buy_out(whale, base_out)
    assert market.held(whale) == SALE
    assert market.state["status"] == "Complete"


def test_an_offer_of_all_the_money_there_is_buys_what_is_left(market: Market) -> None:
    whale = market.trader(10_000)
    market.buy(whale, 2**64 - 1)
    assert market.held(whale) == SALE


def test_a_partial_fill_still_respects_the_least_acceptable_amount(market: Market) -> None:
    with refused(CURVE, "SlippageExceeded"):
        market.buy(market.trader(10_000), 10**12, SALE + 1)


def test_a_last_unit_that_costs_nothing_completes_the_curve(market: Market) -> None:
    whale = market.trader(10_000)
    market.buy_out(whale, SALE - 1)
    assert market.state["quote_reserve"] == TARGET
    event = market.buy_out(whale, 1).event(CURVE, "Traded")
    assert event["quote_amount"] == 0
    assert market.state["status"] == "Complete"


@pytest.mark.parametrize("name", ["buy_exact_in", "buy_exact_out", "sell"])
@pytest.mark.parametrize(
    ("status", "error"),
    [("Complete", "CurveComplete"), ("Graduated", "CurveNotTrading"), ("Refunding", "CurveNotTrading")],
)
def test_a_curve_that_is_over_does_not_trade(market: Market, name: str, status: str, error: str) -> None:
    trader = market.trader(10_000)
    market.buy(trader, 10**12)
    market.write(status=status)
    with refused(CURVE, error):
        market.chain.send([market.instruction(name, trader.pubkey(), SOL, 2**63)], [trader])


@pytest.mark.parametrize("name", ["buy_exact_in", "sell"])
def test_completing_and_trading_on_in_one_transaction_is_refused(market: Market, name: str) -> None:
    whale = market.trader(10_000)
    fill = market.instruction("buy_exact_in", whale.pubkey(), 10**12, 0)
    after = market.instruction(name, whale.pubkey(), SOL, 0)
    with refused(CURVE, "CurveComplete"):
        market.chain.send([fill, after], [whale])
    assert market.state["sold"] == 0


# What the curve holds


def test_lamports_given_to_a_curve_change_nothing(market: Market) -> None:
    trader, before = market.trader(), market.state
    market.chain.send([transfer_sol(trader.pubkey(), market.curve, SOL)], [trader])
    assert market.state == before
    market.buy(trader, SOL)
    assert market.held(trader) == expected_in(SOL)["base"]


def test_tokens_given_to_the_vault_change_nothing(market: Market) -> None:
    trader = market.trader()
    held = market.chain.tokens(market.vault)
    market.chain.set_tokens(market.curve, market.mint, held + 10**9)
    market.buy(trader, SOL)
    assert market.held(trader) == expected_in(SOL)["base"]


def test_a_curve_that_holds_less_than_it_owes_refuses_to_trade(market: Market) -> None:
    trader = market.trader()
    market.buy(trader, SOL)
    account = market.chain.account(market.curve)
    market.chain.set_account(market.curve, account.data, CURVE.id, lamports=account.lamports - 1)
    with refused(CURVE, "InvariantViolated"):
        market.buy(trader, SOL)


@pytest.mark.parametrize(
    "numbers", [{"sold": SALE}, {"quote_reserve": TARGET + 1}, {"raise_target": 1}, {"version": 0}, {"version": 2}]
)
def test_a_curve_whose_numbers_contradict_one_another_refuses_to_trade(market: Market, numbers: dict[str, int]) -> None:
    trader = market.trader()
    market.buy(trader, SOL)
    market.write(**numbers)
    with refused(CURVE):
        market.sell(trader, 10**14)


def test_amounts_at_the_top_of_64_bits_are_computed_and_not_wrapped(chain: Chain) -> None:
    segments = [{"base_reserve": 2**64 - 1, "quote_reserve": 2**32, "base_for_sale": 2**64 - 1 - 2**33}]
    market = open_market(chain, segments=segments)
    trader = market.trader()
    result = quoted(model.buy_exact_in(curve_model(segments), 0, 10 * SOL, referred=False))
    market.buy(trader, 10 * SOL)
    assert market.held(trader) == result["base"] > 2**62
