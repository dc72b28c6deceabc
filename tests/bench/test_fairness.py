"""The simulation of openings repeats itself, moves the way rules should, and buys what the program sells."""

from collections import Counter
from dataclasses import asdict, replace

import pytest
from solders.keypair import Keypair

from launchpad.bench import fairness
from launchpad.bench._crowd import Crowd, arrivals
from launchpad.bench.fairness import RULES, Outcome, Purchase, simulate
from launchpad.chain.sale_terms import OpeningRules, SaleTerms
from tests.programs.curve_market import create_config, open_market, sale_terms
from tests.programs.harness import CURVE, NOW, Chain
from tests.programs.opening import buy, open_position

FEW = Crowd()
MANY = replace(FEW, wallets=20)


@pytest.fixture(scope="module")
def found() -> dict[str, Outcome]:
    """Every set of rules against snipers with one wallet each."""
    return {name: simulate(sale, FEW) for name, sale in RULES.items()}


def test_the_same_crowd_under_the_same_rules_ends_the_same(found: dict[str, Outcome]) -> None:
    assert [simulate(RULES["preset fair"], FEW) for _ in range(2)] == [found["preset fair"]] * 2
    assert arrivals(FEW) == arrivals(FEW) != arrivals(replace(FEW, seed=8))


def test_rules_leave_snipers_less_and_others_a_better_price(found: dict[str, Outcome]) -> None:
    free = found["no rules"]
    for name in ("launch fee, 50 % over 60 s", "cap of 2 %", "cap of 0.5 %", "allowlist first", "all together"):
        assert found[name].share_bps < free.share_bps, name
        assert found[name].profit < free.profit, name
        assert found[name].crowd_price < free.crowd_price, name
    assert found["cap of 0.5 %"].share_bps < found["cap of 2 %"].share_bps
    assert found["all together"].share_bps <= min(found[name].share_bps for name in RULES)


def test_a_cap_does_nothing_against_many_wallets_of_one_person() -> None:
    capped, free = simulate(RULES["cap of 2 %"], MANY), simulate(RULES["no rules"], MANY)
    assert capped.share_bps == free.share_bps
    assert simulate(RULES["all together"], MANY).share_bps < free.share_bps


def test_nobody_buys_more_than_rules_allow() -> None:
    tape = list[Purchase]()
    simulate(SaleTerms(opening=OpeningRules(60, 50, one_buy_per_slot=True)), FEW, tape)
    early = [each for each in tape if each.elapsed < 60]
    bought = Counter[int]()
    for each in early:
        bought[id(each.wallet)] += each.base
    assert max(bought.values()) == fairness.SALE // 200
    places = [(id(each.wallet), each.slot) for each in early]
    assert len(places) == len(set(places))


def test_the_program_sells_the_same_for_the_same() -> None:
    """Every buy of a small opening again, on the program itself, by wallets with positions."""
    sale, tape = RULES["preset fair"], list[Purchase]()
    simulate(sale, Crowd(snipers=2, buyers=8, minutes=2), tape)
    chain = Chain([CURVE])
    create_config(chain)
    opening = asdict(sale.opening)
    market = open_market(chain, sale=sale_terms(launch_fee=asdict(sale.launch_fee), opening=opening))
    wallets: dict[int, Keypair] = {}
    for each in tape:
        if id(each.wallet) not in wallets:
            trader = wallets[id(each.wallet)] = market.trader()
            chain.send([open_position(market, trader.pubkey(), trader.pubkey())], [trader])
        trader, clock = wallets[id(each.wallet)], chain.svm.get_clock()
        chain.set_time(NOW + each.elapsed)
        chain.pass_slots(1_000 + each.slot - clock.slot)
        before = chain.lamports(trader.pubkey())
        assert buy(market, trader, each.base).event(CURVE, "Traded")["base_amount"] == each.base
        assert before - chain.lamports(trader.pubkey()) == each.total + 5_000
    assert market.state["sold"] == sum(each.base for each in tape)
