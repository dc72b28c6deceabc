"""Lines of logs, by the program whose call was open; and that nobody's text passes for another's."""

import pytest

from launchpad.chain.addresses import AMM, BONDING_CURVE
from launchpad.chain.log_patterns import LogMigration, LogOfAmm, LogTrade, facts_in

MINT = "So11111111111111111111111111111111111111112"
OTHER = "Stranger1111111111111111111111111111111111"


def called(program, *lines, inside=()):
    return [
        f"Program {program} invoke [1]",
        *(f"Program log: {line}" for line in lines),
        *inside,
        f"Program {program} success",
    ]


@pytest.mark.parametrize("side", ["buy", "sell"])
def test_a_trade_is_its_side_mint_lamports_and_tokens(side):
    lines = called(BONDING_CURVE, f"{side}: mint={MINT}, sol_amount=1000, token_amount={2**64 - 1}")
    assert list(facts_in(lines)) == [LogTrade(BONDING_CURVE, side, MINT, 1000, 2**64 - 1)]


def test_ways_into_pools_are_told_by_line_or_by_the_instructions_name():
    lines = [
        *called(BONDING_CURVE, "Instruction: Graduate", f"migrate: mint={MINT}, pool={OTHER}"),
        *called(AMM, "Instruction: CreateCanonicalPool"),
        *called(OTHER, "Instruction: Migrate", "Instruction: CreatePool", "Instruction: Buy"),
    ]
    assert list(facts_in(lines)) == [
        LogMigration(BONDING_CURVE, "migrate"),
        LogMigration(BONDING_CURVE, "migrate", MINT, OTHER),
        LogMigration(AMM, "create_pool"),
        LogMigration(OTHER, "migrate"),
        LogMigration(OTHER, "create_pool"),
    ]


def test_what_an_amm_says_in_json_is_kept_as_it_is():
    good, bad, old = 'ray_log: {"amount": 5}', "ray_log: {5}", "ray_log: A4CWmAAAAAAA"
    assert list(facts_in(called(OTHER, good, bad, old))) == [LogOfAmm(OTHER, {"amount": 5})]


def test_a_line_belongs_to_the_call_that_is_open_then():
    trade = f"buy: mint={MINT}, sol_amount=1, token_amount=2"
    inside = called(OTHER, trade)
    lines = called(BONDING_CURVE, inside=[*inside, f"Program log: {trade}"])
    assert [fact.program for fact in facts_in(lines)] == [OTHER, BONDING_CURVE]
    assert list(facts_in([f"Program log: {trade}"])) == []


@pytest.mark.parametrize(
    "line",
    [
        f"buy: mint={MINT}, sol_amount=-1, token_amount=2",
        f"buy: mint={MINT}, sol_amount=1, token_amount=2 and more",
        f" buy: mint={MINT}, sol_amount=1, token_amount=2",
        "buy: mint=short, sol_amount=1, token_amount=2",
        "Log truncated",
    ],
)
def test_what_does_not_fit_is_nothing(line):
    assert list(facts_in(called(BONDING_CURVE, line))) == []
