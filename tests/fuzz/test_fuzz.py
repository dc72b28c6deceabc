"""The fuzzer's short run, and that it would find what it looks for."""

import pytest
from solders.account import Account

from tests.fuzz import run
from tests.fuzz.run import Episode, Report, replay, shrink, worlds
from tests.fuzz.world import PROGRAMS, Outcome, Step, World
from tests.programs.harness import CURVE

SHORT = 6_000
# What even a short run does many times.
NEAR = {
    "bonding_curve": {"open_curve", "buy_exact_in", "buy_exact_out", "sell", "claim_creator_fees", "set_creator"},
    "token_launcher": {"launch_token", "launch_and_buy", "launch_token_spl", "propose_creator", "update_metadata"},
    "vesting": {"create_schedule", "claim", "revoke", "propose_beneficiary"},
    "amm": {"create_pool", "deposit", "withdraw", "swap_exact_in", "swap_exact_out"},
}


@pytest.fixture(scope="module")
def report() -> Report:
    return worlds(8, 0, 1, SHORT)


def test_nothing_that_is_sent_breaks_the_books(report: Report) -> None:
    assert report.transactions >= SHORT
    assert not report.found, report.found[0]


def test_the_instructions_succeeded_and_were_not_only_refused(report: Report) -> None:
    """A long way leads to some: all of them are asked of `make fuzz`, with its many worlds."""
    never = set(report.never())
    near = {f"{program}.{name}" for program, names in NEAR.items() for name in names}
    assert not never & near, f"\n{report.table()}"
    every = sum(len(program.idl["instructions"]) for program in PROGRAMS)
    assert len(never) <= every / 4, f"{never} of {every}"


def test_the_same_seed_does_the_same(report: Report) -> None:
    one, two = Episode("9/0"), Episode("9/0")
    assert (one.run(200), two.run(200)) == (None, None)
    assert one.steps == two.steps
    assert one.report == two.report


def test_a_curve_that_loses_lamports_is_found_and_shrunk(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first success of a buy takes a lamport out of the curve, as a faulty program would."""
    honest = World.run

    def leaking(world: World, step: Step) -> Outcome | None:
        outcome = honest(world, step)
        if outcome and outcome.error is None and "bonding_curve.buy" in step.label:
            for key in outcome.changed:
                account = outcome.after[key]
                if account and account.owner == CURVE.id and len(account.data) > 400:
                    outcome.after[key] = Account(account.lamports - 1, account.data, account.owner)
        return outcome

    monkeypatch.setattr(World, "run", leaking)
    episode = Episode("4/0")
    finding = episode.run(2_000)
    assert finding is not None
    assert finding.rule == "lamports_are_conserved"
    shortest = shrink(episode.seed, episode.steps, finding.rule)
    assert len(shortest) < 10 < len(episode.steps)
    again = replay(episode.seed, shortest)
    assert again is not None
    assert "make fuzz FUZZ_SEED=4 FUZZ_WORLD=0" in run.described(4, 0, again, shortest)
