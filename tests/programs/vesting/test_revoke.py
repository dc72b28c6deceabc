"""revoke: only the unvested part, only where it was agreed, only once."""

from solders.keypair import Keypair

from tests.programs.harness import TOKEN, VESTING, Chain, ata, refused
from tests.programs.vesting.grants import SUPPLY, created, unsigned


def test_the_unvested_part_returns_and_the_vested_part_stays(chain: Chain) -> None:
    made = created(chain)
    made.at(400)
    event = made.revoke().event(VESTING, "Revoked")
    assert event.data == {
        "schedule": made.address,
        "mint": made.mint,
        "grantor": made.grantor.pubkey(),
        "returned": 60_000,
        "amount": 40_000,
        "timestamp": chain.now,
    }
    assert made.held(made.grantor) == SUPPLY - 40_000
    assert (made.state["amount"], made.state["revoked_at"]) == (40_000, chain.now)
    made.claim()
    assert made.held(made.beneficiary) == 40_000
    assert chain.tokens(made.escrow) == 0


def test_what_was_claimed_before_stays_claimed(chain: Chain) -> None:
    made = created(chain)
    made.at(200)
    made.claim()
    made.at(400)
    made.revoke()
    made.claim()
    assert made.held(made.beneficiary) == 40_000


def test_time_adds_nothing_after_a_revocation(chain: Chain) -> None:
    made = created(chain)
    made.at(400)
    made.revoke()
    made.claim()
    made.at(1_000)
    with refused(VESTING, "NothingToClaim"):
        made.claim()


def test_before_the_cliff_everything_returns(chain: Chain) -> None:
    made = created(chain)
    made.at(99)
    made.revoke()
    assert made.held(made.grantor) == SUPPLY
    made.at(1_000)
    with refused(VESTING, "NothingToClaim"):
        made.claim()


def test_a_clock_that_steps_back_takes_nothing_that_was_paid(chain: Chain) -> None:
    made = created(chain)
    made.at(500)
    made.claim()
    made.at(300)
    made.revoke()
    assert made.state["amount"] == made.state["claimed"] == 50_000
    assert made.held(made.grantor) == SUPPLY - 50_000


def test_an_irrevocable_schedule_stays(chain: Chain) -> None:
    made = created(chain, revocable=False)
    with refused(VESTING, "NotRevocable"):
        made.revoke()


def test_a_schedule_is_revoked_once(chain: Chain) -> None:
    made = created(chain)
    made.at(400)
    made.revoke()
    with refused(VESTING, "AlreadyRevoked"):
        made.revoke()


def test_nothing_is_left_to_revoke_at_the_end(chain: Chain) -> None:
    made = created(chain)
    made.at(1_000)
    with refused(VESTING, "NothingToRevoke"):
        made.revoke()


def test_only_the_grantor_revokes(chain: Chain) -> None:
    made, thief = created(chain), chain.wallet()
    chain.set_tokens(thief.pubkey(), made.mint, 0)
    with refused(VESTING, "NotGrantor"):
        chain.send([made.revoke_instruction(grantor=thief.pubkey(), grantor_base=made.of(thief))], [thief])
    with refused(VESTING, "NotGrantor"):
        instruction = made.revoke_instruction(grantor=made.beneficiary.pubkey())
        chain.send([instruction], [made.beneficiary])
    with refused(None, 3010):
        chain.send([unsigned(made.revoke_instruction())], [thief])


def test_the_unvested_part_goes_to_the_grantor_alone(chain: Chain) -> None:
    made = created(chain)
    chain.set_tokens(made.beneficiary.pubkey(), made.mint, 0)
    for wrong in (made.of(made.beneficiary), made.escrow):
        with refused(None, 2015):
            chain.send([made.revoke_instruction(grantor_base=wrong)], [made.grantor])
    other = chain.new_mint(made.grantor.pubkey(), 5)
    with refused(None, 2014):
        chain.send([made.revoke_instruction(grantor_base=ata(made.grantor.pubkey(), other))], [made.grantor])
    with refused(None, 3007):
        chain.send([made.revoke_instruction(grantor_base=Keypair().pubkey())], [made.grantor])


def test_accounts_of_another_schedule_are_refused(chain: Chain) -> None:
    made, other = created(chain), created(chain)
    for accounts in ({"escrow": other.escrow}, {"mint": other.mint}, {"schedule": other.address}):
        with refused(None, 2001):
            chain.send([made.revoke_instruction(**accounts)], [made.grantor])


def test_forged_schedules_and_false_programs_are_refused(chain: Chain) -> None:
    made, thief = created(chain), chain.wallet()
    forged, cosplay = Keypair().pubkey(), Keypair().pubkey()
    data = chain.account(made.address).data
    chain.set_account(forged, data, thief.pubkey())
    chain.set_account(cosplay, b"\0" * 8 + data[8:], VESTING.id)
    cases = [
        ({"schedule": forged}, 3007),
        ({"schedule": cosplay}, 3002),
        ({"schedule": Keypair().pubkey()}, 3012),
        ({"token_program": VESTING.id}, 3008),
        ({"token_program": TOKEN}, 3007),
        ({"event_authority": thief.pubkey()}, 2012),
    ]
    for accounts, code in cases:
        with refused(None, code):
            chain.send([made.revoke_instruction(**accounts)], [made.grantor])
