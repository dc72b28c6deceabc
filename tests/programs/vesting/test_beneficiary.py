"""propose_beneficiary and accept_beneficiary: a schedule changes hands in two steps."""

from dataclasses import replace

from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from tests.programs.harness import EVENT_TAG, VESTING, Chain, refused
from tests.programs.vesting.grants import NOBODY, Grant, created, unsigned


def propose(made: Grant, new: Pubkey, **accounts: Pubkey) -> Instruction:
    named = {"beneficiary": made.beneficiary.pubkey(), "schedule": made.address} | accounts
    return VESTING.instruction("propose_beneficiary", {"new_beneficiary": new}, named)


def accept(made: Grant, by: Pubkey, **accounts: Pubkey) -> Instruction:
    named = {"pending_beneficiary": by, "schedule": made.address} | accounts
    return VESTING.instruction("accept_beneficiary", {}, named)


def test_a_schedule_changes_hands_when_the_successor_accepts(chain: Chain) -> None:
    made, heir = created(chain), chain.wallet()
    proposed = chain.send([propose(made, heir.pubkey())], [made.beneficiary])
    assert proposed.event(VESTING, "BeneficiaryProposed").data == {
        "schedule": made.address,
        "mint": made.mint,
        "beneficiary": made.beneficiary.pubkey(),
        "pending_beneficiary": heir.pubkey(),
        "timestamp": chain.now,
    }
    assert made.state["beneficiary"] == made.beneficiary.pubkey()
    accepted = chain.send([accept(made, heir.pubkey())], [heir])
    assert accepted.event(VESTING, "BeneficiaryChanged").data == {
        "schedule": made.address,
        "mint": made.mint,
        "old_beneficiary": made.beneficiary.pubkey(),
        "new_beneficiary": heir.pubkey(),
        "timestamp": chain.now,
    }
    state = made.state
    assert (state["beneficiary"], state["pending_beneficiary"]) == (heir.pubkey(), NOBODY)
    assert state["original_beneficiary"] == made.beneficiary.pubkey()


def test_the_successor_claims_and_the_predecessor_cannot(chain: Chain) -> None:
    made, heir = created(chain), chain.wallet()
    chain.send([propose(made, heir.pubkey()), accept(made, heir.pubkey())], [made.beneficiary, heir])
    made.at(200)
    with refused(VESTING, "NotBeneficiary"):
        made.claim()
    with refused(VESTING, "NotBeneficiary"):
        chain.send([propose(made, made.beneficiary.pubkey())], [made.beneficiary])
    inherited = replace(made, beneficiary=heir)
    inherited.claim()
    assert made.held(heir) == 20_000


def test_an_offer_can_be_withdrawn(chain: Chain) -> None:
    made, heir = created(chain), chain.wallet()
    chain.send([propose(made, heir.pubkey()), propose(made, NOBODY)], [made.beneficiary])
    with refused(VESTING, "NotPendingBeneficiary"):
        chain.send([accept(made, heir.pubkey())], [heir])


def test_only_the_beneficiary_proposes_and_never_himself(chain: Chain) -> None:
    made, thief = created(chain), chain.wallet()
    with refused(VESTING, "NotBeneficiary"):
        chain.send([propose(made, thief.pubkey(), beneficiary=thief.pubkey())], [thief])
    with refused(VESTING, "NotBeneficiary"):
        chain.send([propose(made, thief.pubkey(), beneficiary=made.grantor.pubkey())], [made.grantor])
    with refused(VESTING, "InvalidBeneficiary"):
        chain.send([propose(made, made.beneficiary.pubkey())], [made.beneficiary])
    with refused(None, 3010):
        chain.send([unsigned(propose(made, thief.pubkey()))], [thief])


def test_only_the_proposed_one_accepts(chain: Chain) -> None:
    made, heir, thief = created(chain), chain.wallet(), chain.wallet()
    with refused(VESTING, "NotPendingBeneficiary"):
        chain.send([accept(made, thief.pubkey())], [thief])
    chain.send([propose(made, heir.pubkey())], [made.beneficiary])
    with refused(VESTING, "NotPendingBeneficiary"):
        chain.send([accept(made, thief.pubkey())], [thief])
    with refused(None, 3010):
        chain.send([unsigned(accept(made, heir.pubkey()))], [thief])
    assert made.state["beneficiary"] == made.beneficiary.pubkey()


def test_forged_schedules_and_event_authorities_are_refused(chain: Chain) -> None:
    made, thief = created(chain), chain.wallet()
    forged, cosplay = Keypair().pubkey(), Keypair().pubkey()
    chain.send([propose(made, thief.pubkey())], [made.beneficiary])
    data = chain.account(made.address).data
    chain.set_account(forged, data, thief.pubkey())
    chain.set_account(cosplay, b"\0" * 8 + data[8:], VESTING.id)
    wrong = [({"schedule": forged}, 3007), ({"schedule": cosplay}, 3002), ({"event_authority": thief.pubkey()}, 2012)]
    for accounts, code in wrong:
        with refused(None, code):
            chain.send([propose(made, thief.pubkey(), **accounts)], [made.beneficiary])
        with refused(None, code):
            chain.send([accept(made, thief.pubkey(), **accounts)], [thief])


def test_a_forged_event_is_refused(chain: Chain) -> None:
    made, thief = created(chain), chain.wallet()
    body = next(bytes(each["discriminator"]) for each in VESTING.idl["events"] if each["name"] == "Claimed")
    with refused(None):
        chain.send([_event(EVENT_TAG + body + bytes(120))], [thief])
    assert made.state["claimed"] == 0


def _event(data: bytes) -> Instruction:
    return Instruction(VESTING.id, data, [AccountMeta(VESTING.event_authority, is_signer=False, is_writable=False)])
