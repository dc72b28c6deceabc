"""claim: what is paid when, to whom, and never twice."""

import pytest
from solders.keypair import Keypair

from tests.programs.harness import TOKEN, TOKEN_2022, VESTING, Chain, ata, create_ata, refused
from tests.programs.vesting.grants import DAY, Grant, created, expected, unsigned


@pytest.mark.parametrize("token_program", [TOKEN, TOKEN_2022])
def test_the_beneficiary_receives_what_has_vested(chain: Chain, token_program: object) -> None:
    made = created(chain, token_program=token_program)
    made.at(250)
    receipt = made.claim()
    assert made.held(made.beneficiary) == made.state["claimed"] == 25_000
    assert chain.tokens(made.escrow) == 75_000
    event = receipt.event(VESTING, "Claimed")
    assert event.data == {
        "schedule": made.address,
        "mint": made.mint,
        "beneficiary": made.beneficiary.pubkey(),
        "amount": 25_000,
        "claimed": 25_000,
        "timestamp": chain.now,
    }


def test_nothing_is_paid_before_the_cliff(chain: Chain) -> None:
    made = created(chain)
    chain.set_time(made.args["cliff"] - 1)
    with refused(VESTING, "NothingToClaim"):
        made.claim()
    chain.set_time(made.args["cliff"])
    made.claim()
    assert made.held(made.beneficiary) == 10_000


def test_a_claim_pays_once_a_step(chain: Chain) -> None:
    made = created(chain)
    made.at(300)
    made.claim()
    with refused(VESTING, "NothingToClaim"):
        made.claim()
    chain.set_time(chain.now + DAY - 1)
    with refused(VESTING, "NothingToClaim"):
        made.claim()
    chain.set_time(chain.now + 1)
    made.claim()
    assert made.held(made.beneficiary) == 30_100


def test_two_claims_in_one_transaction_pay_once(chain: Chain) -> None:
    made = created(chain)
    made.at(300)
    with refused(VESTING, "NothingToClaim"):
        chain.send([made.claim_instruction()] * 2, [made.beneficiary])
    assert made.held(made.beneficiary) == 0


def test_every_claim_agrees_with_the_python_model(chain: Chain) -> None:
    made = created(chain, amount=99_991, period=7 * DAY)
    for day in (101, 104, 140, 141, 400, 999, 1_000):
        made.at(day)
        before, due = made.held(made.beneficiary), expected(made)
        if due:
            made.claim()
        assert made.held(made.beneficiary) - before == due
    assert made.held(made.beneficiary) == 99_991
    assert chain.tokens(made.escrow) == 0


def test_the_largest_amount_is_paid_in_full(chain: Chain) -> None:
    largest = 2**64 - 1
    made = created(chain, amount=1)
    grand = Grant(chain, made.mint, made.grantor, made.beneficiary, made.args | {"amount": largest, "index": 1})
    chain.set_tokens(made.grantor.pubkey(), made.mint, largest)
    grand.create()
    grand.at(999)
    grand.claim()
    assert made.held(made.beneficiary) == largest * 999 // 1_000
    grand.at(1_000)
    grand.claim()
    assert made.held(made.beneficiary) == largest


def test_a_clock_that_steps_back_pays_nothing_twice(chain: Chain) -> None:
    made = created(chain)
    made.at(500)
    made.claim()
    made.at(499)
    with refused(VESTING, "NothingToClaim"):
        made.claim()


def test_donated_tokens_change_nothing_and_stay(chain: Chain) -> None:
    made = created(chain)
    chain.set_tokens(made.address, made.mint, 100_777)
    made.at(1_000)
    made.claim()
    assert made.held(made.beneficiary) == 100_000
    assert chain.tokens(made.escrow) == 777


def test_an_account_that_exists_is_used(chain: Chain) -> None:
    made, stranger = created(chain), chain.wallet()
    chain.send([create_ata(stranger.pubkey(), made.beneficiary.pubkey(), made.mint)], [stranger])
    before = chain.lamports(made.beneficiary.pubkey())
    made.at(200)
    made.claim()
    assert made.held(made.beneficiary) == 20_000
    assert before - chain.lamports(made.beneficiary.pubkey()) < chain.rent(165)


def test_nobody_can_claim_for_the_beneficiary(chain: Chain) -> None:
    made, thief = created(chain), chain.wallet()
    made.at(500)
    with refused(VESTING, "NotBeneficiary"):
        instruction = made.claim_instruction(beneficiary=thief.pubkey(), beneficiary_base=made.of(thief))
        chain.send([instruction], [thief])
    with refused(None, 3010):
        chain.send([unsigned(made.claim_instruction())], [thief])
    assert chain.tokens(made.escrow) == 100_000


def test_tokens_go_to_the_beneficiary_alone(chain: Chain) -> None:
    made, thief = created(chain), chain.wallet()
    made.at(500)
    chain.set_tokens(thief.pubkey(), made.mint, 0)
    with refused(None, 2015):
        chain.send([made.claim_instruction(beneficiary_base=made.of(thief))], [made.beneficiary])
    with refused(None, 2015):
        chain.send([made.claim_instruction(beneficiary_base=made.escrow)], [made.beneficiary])
    other = chain.new_mint(made.beneficiary.pubkey(), 5)
    with refused(None, 2014):
        wrong = ata(made.beneficiary.pubkey(), other)
        chain.send([made.claim_instruction(beneficiary_base=wrong)], [made.beneficiary])
    with refused(None):
        chain.send([made.claim_instruction(beneficiary_base=Keypair().pubkey())], [made.beneficiary])


def test_accounts_of_another_schedule_are_refused(chain: Chain) -> None:
    made, other = created(chain), created(chain)
    made.at(500)
    for accounts in ({"escrow": other.escrow}, {"mint": other.mint}):
        with refused(None, 2001):
            chain.send([made.claim_instruction(**accounts)], [made.beneficiary])
    with refused(None, 2001):
        chain.send([made.claim_instruction(schedule=other.address)], [made.beneficiary])
    assert chain.tokens(other.escrow) == chain.tokens(made.escrow) == 100_000


def test_forged_schedules_are_refused(chain: Chain) -> None:
    made, thief = created(chain), chain.wallet()
    made.at(500)
    forged, cosplay = Keypair().pubkey(), Keypair().pubkey()
    data = VESTING.encode_account("Schedule", made.state | {"beneficiary": thief.pubkey()})
    chain.set_account(forged, data, thief.pubkey())
    chain.set_account(cosplay, b"\0" * 8 + data[8:], VESTING.id)
    closed = Keypair().pubkey()
    for schedule, code in ((forged, 3007), (cosplay, 3002), (closed, 3012)):
        accounts = {"schedule": schedule, "beneficiary": thief.pubkey(), "beneficiary_base": made.of(thief)}
        with refused(None, code):
            chain.send([made.claim_instruction(**accounts)], [thief])


def test_false_programs_are_refused(chain: Chain) -> None:
    made = created(chain)
    made.at(500)
    chain.set_tokens(made.beneficiary.pubkey(), made.mint, 0)
    cases = {
        3008: [{"token_program": VESTING.id}, {"associated_token_program": TOKEN}, {"system_program": TOKEN}],
        3007: [{"token_program": TOKEN}],
        2012: [{"event_authority": Keypair().pubkey()}],
    }
    for code, changes in cases.items():
        for accounts in changes:
            with refused(None, code):
                chain.send([made.claim_instruction(**accounts)], [made.beneficiary])


def test_an_escrow_short_of_what_is_owed_pays_nothing(chain: Chain) -> None:
    made = created(chain)
    made.at(500)
    chain.set_tokens(made.address, made.mint, 99_999)
    with refused(VESTING, "InvariantViolated"):
        made.claim()
