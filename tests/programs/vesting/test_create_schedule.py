"""create_schedule: terms, escrow, mints that are refused, accounts that do not belong."""

import hashlib
from typing import Any

import pytest
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from tests.programs.harness import NOW, TOKEN, TOKEN_2022, VESTING, Chain, ata, create_ata, refused, transfer_sol
from tests.programs.vesting.grants import DAY, NOBODY, SUPPLY, Grant, created, grant

CENTURY = 100 * 365 * DAY


@pytest.mark.parametrize("token_program", [TOKEN, TOKEN_2022])
def test_a_schedule_holds_the_tokens_and_the_terms(chain: Chain, token_program: Any) -> None:
    made = grant(chain, token_program=token_program)
    made.create()
    assert (made.held(made.grantor), chain.tokens(made.escrow)) == (SUPPLY - 100_000, 100_000)
    state = made.state
    assert {name: state[name] for name in made.args} == made.args
    assert state | made.args == {
        **made.args,
        "version": 1,
        "bump": VESTING.pda_and_bump(b"vesting", made.mint, made.args["beneficiary"], b"\0\0")[1],
        "mint": made.mint,
        "grantor": made.grantor.pubkey(),
        "original_beneficiary": made.beneficiary.pubkey(),
        "pending_beneficiary": NOBODY,
        "escrow": made.escrow,
        "claimed": 0,
        "revoked_at": 0,
        "reserved": bytes(64),
    }


def test_the_event_says_what_the_schedule_says(chain: Chain) -> None:
    made = grant(chain)
    event = made.create().event(VESTING, "ScheduleCreated")
    state = made.state
    assert event["schedule"] == made.address
    assert event["timestamp"] == NOW
    shared = set(event.data) - {"schedule", "timestamp"}
    assert {name: event[name] for name in shared} == {name: state[name] for name in shared}


def test_a_beneficiary_may_have_several_schedules_of_one_mint(chain: Chain) -> None:
    first = created(chain)
    second = Grant(chain, first.mint, first.grantor, first.beneficiary, first.args | {"index": 65_535})
    second.create()
    assert first.address != second.address
    assert chain.tokens(first.escrow) == chain.tokens(second.escrow) == 100_000


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"amount": 0}, "ZeroAmount"),
        ({"beneficiary": NOBODY}, "InvalidBeneficiary"),
        ({"start": -1}, "InvalidTimes"),
        ({"cliff": NOW - 1}, "InvalidTimes"),
        ({"cliff": NOW + 1_000 * DAY + 1}, "InvalidTimes"),
        ({"cliff": NOW, "end": NOW}, "InvalidTimes"),
        ({"end": NOW + CENTURY + 1}, "InvalidTimes"),
        ({"start": NOW + CENTURY, "cliff": NOW + CENTURY, "end": NOW + CENTURY + 10, "period": 1}, "InvalidTimes"),
        ({"end": 2**63 - 1}, "InvalidTimes"),
        ({"period": 0}, "InvalidPeriod"),
        ({"period": -(2**63)}, "InvalidPeriod"),
        ({"period": 1_000 * DAY + 1}, "InvalidPeriod"),
    ],
)
def test_terms_that_could_cheat_are_refused(chain: Chain, changes: dict[str, Any], error: str) -> None:
    made = grant(chain, **changes)
    with refused(VESTING, error):
        made.create()
    assert made.held(made.grantor) == SUPPLY
    assert not chain.exists(made.address)


def test_terms_at_their_limits_are_accepted(chain: Chain) -> None:
    for index, changes in enumerate(({"end": NOW + CENTURY}, {"period": 1_000 * DAY}, {"cliff": NOW})):
        created(chain, index=index, **changes)


def test_more_than_the_grantor_holds_is_refused(chain: Chain) -> None:
    made = grant(chain, amount=SUPPLY + 1)
    with refused(None, 1):
        made.create()


def test_a_grantor_without_a_source_is_told_so(chain: Chain) -> None:
    made = grant(chain)
    with refused(VESTING, "SourceMissing"):
        chain.send([made.create_instruction(source=None)], [made.grantor])


def test_tokens_that_lie_in_the_escrow_already_count(chain: Chain) -> None:
    made = grant(chain)
    chain.set_tokens(made.address, made.mint, 40_000)
    made.create()
    assert (made.held(made.grantor), chain.tokens(made.escrow)) == (SUPPLY - 60_000, 100_000)


def test_an_escrow_that_is_full_needs_no_source(chain: Chain) -> None:
    made = grant(chain)
    chain.set_tokens(made.address, made.mint, 150_000)
    chain.send([made.create_instruction(source=None)], [made.grantor])
    assert made.held(made.grantor) == SUPPLY


def test_accounts_made_or_funded_by_a_stranger_do_not_block(chain: Chain) -> None:
    made, stranger = grant(chain), chain.wallet()
    gifts = [transfer_sol(stranger.pubkey(), made.address, 1), create_ata(stranger.pubkey(), made.address, made.mint)]
    chain.airdrop(made.address, 0.01)
    chain.send(gifts, [stranger])
    made.create()
    assert chain.tokens(made.escrow) == 100_000


def test_anyone_may_pay_the_rent(chain: Chain) -> None:
    made, payer = grant(chain), chain.wallet()
    before = chain.lamports(made.grantor.pubkey())
    chain.send([made.create_instruction(payer=payer.pubkey())], [payer, made.grantor])
    assert chain.lamports(made.grantor.pubkey()) == before


def test_a_schedule_cannot_be_created_twice(chain: Chain) -> None:
    made = created(chain)
    with refused(None, 0):
        made.create()
    assert chain.tokens(made.escrow) == 100_000


@pytest.mark.parametrize("signer", ["payer", "grantor"])
def test_payer_and_grantor_must_sign(chain: Chain, signer: str) -> None:
    made, other = grant(chain), chain.wallet()
    named = dict(zip(_names(), (meta.pubkey for meta in made.create_instruction().accounts), strict=True))
    unsigned = VESTING.instruction(
        "create_schedule", {"args": made.args}, named | {signer: other.pubkey()}, unsigned=[signer]
    )
    with refused(None, 3010):
        chain.send([unsigned], [made.grantor])


def _names() -> list[str]:
    return [each["name"] for each in VESTING.spec("create_schedule")["accounts"]]


@pytest.mark.parametrize(
    ("extension", "value"),
    [
        (1, bytes(108)),
        (3, bytes(32)),
        (6, b"\2"),
        (9, b""),
        (12, bytes(32)),
        (14, bytes(64)),
        (26, bytes(33)),
        (999, b"x"),
    ],
)
def test_mints_that_somebody_can_tax_take_or_block_are_refused(chain: Chain, extension: int, value: bytes) -> None:
    made = grant(chain)
    made.mint = chain.new_mint(made.grantor.pubkey(), SUPPLY, extensions={extension: value})
    with refused(VESTING, "ForbiddenMint"):
        made.create()


def test_a_mint_with_a_freeze_authority_is_refused(chain: Chain) -> None:
    made = grant(chain)
    made.mint = chain.new_mint(made.grantor.pubkey(), SUPPLY, freeze=Keypair().pubkey())
    with refused(VESTING, "ForbiddenMint"):
        made.create()


def test_someone_elses_tokens_cannot_be_granted(chain: Chain) -> None:
    made, victim = grant(chain), chain.wallet()
    chain.set_tokens(victim.pubkey(), made.mint, 100_000)
    with refused(None, 2015):
        chain.send([made.create_instruction(source=made.of(victim))], [made.grantor])


def test_tokens_of_another_mint_cannot_be_granted(chain: Chain) -> None:
    made = grant(chain)
    other = chain.new_mint(made.grantor.pubkey(), SUPPLY)
    with refused(None, 2014):
        chain.send([made.create_instruction(source=ata(made.grantor.pubkey(), other))], [made.grantor])


def test_accounts_that_do_not_belong_are_refused(chain: Chain) -> None:
    made, stranger = grant(chain), chain.wallet()
    fake_source = Keypair().pubkey()
    chain.set_account(fake_source, chain.account(made.of(made.grantor)).data, stranger.pubkey())
    other_schedule = VESTING.pda(b"vesting", made.mint, stranger.pubkey(), b"\0\0")
    index_one = VESTING.pda(b"vesting", made.mint, made.beneficiary.pubkey(), b"\1\0")
    cases = [
        ({"schedule": other_schedule}, 2006),
        ({"schedule": index_one}, 2006),
        ({"schedule": made.of(made.grantor)}, 2006),
        ({"event_authority": stranger.pubkey()}, 2012),
        ({"source": fake_source}, 3007),
        ({"token_program": TOKEN}, 3007),
        ({"token_program": VESTING.id}, 3008),
        ({"associated_token_program": TOKEN}, 3008),
        ({"system_program": TOKEN}, 3008),
    ]
    for accounts, code in cases:
        with refused(None, code):
            chain.send([made.create_instruction(**accounts)], [made.grantor])
    assert made.held(made.grantor) == SUPPLY


def test_a_mint_that_no_token_program_made_is_refused(chain: Chain) -> None:
    made, stranger = grant(chain), chain.wallet()
    data = chain.account(made.mint).data
    made.mint = Keypair().pubkey()
    chain.set_account(made.mint, data, stranger.pubkey())
    with refused(None, 3007):
        made.create()
    chain.set_account(made.mint, bytes(82), TOKEN_2022)
    with refused(None, 3012):
        made.create()


def test_an_address_with_another_bump_is_refused(chain: Chain) -> None:
    made = grant(chain)
    seeds = [b"vesting", bytes(made.mint), bytes(made.beneficiary.pubkey()), b"\0\0"]
    bump = VESTING.pda_and_bump(*seeds)[1]
    with refused(None, 2006):
        chain.send([made.create_instruction(schedule=other_bump(seeds, bump))], [made.grantor])


def other_bump(seeds: list[bytes], canonical: int) -> Pubkey:
    """The next address of the same seeds below the canonical bump."""
    hashes = (
        hashlib.sha256(b"".join([*seeds, bytes([bump]), bytes(VESTING.id), b"ProgramDerivedAddress"])).digest()
        for bump in range(canonical - 1, 0, -1)
    )
    return next(Pubkey(each) for each in hashes if not Pubkey(each).is_on_curve())


def test_the_escrow_cannot_be_its_own_source(chain: Chain) -> None:
    made = grant(chain)
    chain.set_tokens(made.address, made.mint, 99_999)
    with refused(None, 2015):
        chain.send([made.create_instruction(source=made.escrow)], [made.grantor])


def test_an_escrow_at_another_address_is_refused(chain: Chain) -> None:
    made = grant(chain)
    for wrong in (made.of(made.grantor), made.of(made.beneficiary), Keypair().pubkey()):
        with refused(None):
            chain.send([made.create_instruction(escrow=wrong)], [made.grantor])


def test_a_missing_account_is_refused(chain: Chain) -> None:
    made = grant(chain)
    whole = made.create_instruction()
    with refused(None, 3005):
        chain.send([type(whole)(whole.program_id, whole.data, whole.accounts[:-1])], [made.grantor])
