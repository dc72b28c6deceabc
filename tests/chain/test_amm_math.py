"""The Python twin of the pools' arithmetic, held against the vectors that the program is held against."""

import json
from pathlib import Path

import pytest

from launchpad.chain import amm_math
from launchpad.chain.amm_math import FeeRates, Fees, Reserves
from launchpad.errors import LaunchpadError

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "amm.json").read_text())
POOLS = VECTORS["pools"]
CODES = {
    "ZeroAmount": "ZERO_AMOUNT",
    "AmountTooSmall": "AMOUNT_TOO_SMALL",
    "InsufficientLiquidity": "INSUFFICIENT_LIQUIDITY",
    "Overflow": "OVERFLOW",
}


def outcome(row, compute):
    """What `compute` gives, in the shape of the vectors."""
    try:
        return {"result": compute()}
    except LaunchpadError as error:
        return {"error": next(name for name, code in CODES.items() if code == error.code)}


def swapped(quote):
    fees = quote.fees
    parts = {"lp": fees.lp, "protocol": fees.protocol, "creator": fees.creator}
    return {"base": quote.base, "amount": quote.amount, **parts, "total": quote.total}


def expected(row):
    return {name: row[name] for name in ("result", "error") if name in row}


@pytest.mark.parametrize("pool", POOLS, ids=lambda pool: pool["name"])
def test_swaps_agree_with_the_model(pool):
    reserves, rates = Reserves(*pool["reserves"]), FeeRates(*pool["rates"])
    for row in pool["swaps"]:
        quote = getattr(amm_math, f"quote_{row['kind']}")
        assert outcome(row, lambda: swapped(quote(reserves, rates, row["amount"]))) == expected(row), row  # noqa: B023


@pytest.mark.parametrize("pool", POOLS, ids=lambda pool: pool["name"])
def test_shares_agree_with_the_model(pool):
    reserves, supply = Reserves(*pool["reserves"]), pool["supply"]

    def deposited(most):
        shares = amm_math.shares_within(most, reserves, supply)
        cost = amm_math.cost_of(shares, reserves, supply)
        return {"shares": shares, "base": cost.base, "quote": cost.quote}

    def withdrawn(shares):
        worth = amm_math.worth_of(shares, reserves, supply)
        return {"shares": shares, "base": worth.base, "quote": worth.quote}

    for row in pool["deposits"]:
        assert outcome(row, lambda: deposited(Reserves(*row["limits"]))) == expected(row), row  # noqa: B023
    for row in pool["withdrawals"]:
        assert outcome(row, lambda: withdrawn(row["shares"])) == expected(row), row  # noqa: B023


def test_first_deposits_and_sums_agree_with_the_model():
    for row in VECTORS["firsts"]:
        base, quote = row["deposit"]
        found = outcome(row, lambda: amm_math.first_shares(Reserves(base, quote)))  # noqa: B023
        assert found == ({"result": row["result"]["shares"]} if "result" in row else expected(row))
    for row in VECTORS["sums"]:
        reserves = Reserves(row["denominator"], row["numerator"])
        assert amm_math.accumulated(int(row["before"]), reserves, row["seconds"]) == int(row["after"])


def test_a_quote_tells_its_impact_and_what_it_leaves():
    quote = amm_math.quote_buy_exact_out(Reserves(1_000, 1_000), FeeRates(0, 0, 0), 500)
    assert (quote.amount, quote.price_impact_bps) == (1_000, 10_000)
    assert quote.after == Reserves(500, 2_000)
    sold = amm_math.quote_sell_exact_in(Reserves(10**6, 10**6), FeeRates(20, 5, 30), 10**5)
    assert sold.after == Reserves(1_100_000, 10**6 - sold.amount + sold.fees.lp)
    assert sold.fees.total == Fees(*(sold.fees.lp, sold.fees.protocol, sold.fees.creator)).total


def test_a_market_cap_is_at_most_64_bits():
    assert amm_math.market_cap(10**9, Reserves(2, 3)) == 1_500_000_000
    assert amm_math.market_cap(2**64 - 1, Reserves(1, 2**64 - 1)) == 2**64 - 1
