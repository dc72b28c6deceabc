"""Average cost, worked out by hand and kept by any order of trades."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from launchpad.portfolio.profit import Fill, fold


def buy(base, lamports):
    return Fill(is_buy=True, base=base, lamports=lamports)


def sell(base, lamports):
    return Fill(is_buy=False, base=base, lamports=lamports)


def test_a_sell_realises_what_it_brought_less_its_average_cost():
    position = fold([buy(100, 1000), buy(100, 3000), sell(50, 1500)])
    assert position.held == 150
    assert position.cost == 3000
    assert position.realized == 500


def test_after_selling_out_a_new_buy_starts_afresh():
    position = fold([buy(100, 100), sell(100, 200), buy(100, 300)])
    assert position.realized == 100
    assert position.cost == 300


def test_tokens_that_came_by_transfer_cost_nothing():
    position = fold([buy(10, 100), sell(30, 90)])
    assert position.held == 0
    assert position.realized == -10
    assert fold([]).cost_of(50) == 0


def test_a_balance_below_what_was_bought_takes_its_share_of_the_cost():
    position = fold([buy(3, 10)])
    assert position.cost_of(1) == 4
    assert position.cost_of(3) == position.cost_of(99) == 10


@given(
    st.lists(
        st.tuples(st.booleans(), st.integers(1, 10**12), st.integers(0, 10**12)),
        max_size=30,
    )
)
def test_what_was_spent_and_received_is_all_accounted_for(trades):
    fills = [Fill(is_buy=is_buy, base=base, lamports=lamports) for is_buy, base, lamports in trades]
    position = fold(fills)
    assert position.received - position.spent == position.realized - position.cost
    assert position.cost >= 0
    assert position.held >= 0
    if position.held == 0:
        assert position.cost == 0


@given(st.integers(1, 10**12), st.integers(1, 10**12), st.integers(1, 10**12))
def test_profit_is_never_overstated(base, paid, part):
    sold = min(base, part)
    position = fold([buy(base, paid), sell(sold, 0)])
    assert -position.realized >= Fraction(paid * sold, base)
