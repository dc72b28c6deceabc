"""Every generic account attack on every instruction: refused, and nothing changed.

One valid call of each instruction is prepared; a table says what is swapped and which error must
answer. Numbers are Anchor's (2000s constraints, 3000s accounts); names are the program's own.
"""

from collections.abc import Callable

import pytest
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from tests.programs.attacks import (
    HAS_ONE,
    NOT_INITIALIZED,
    NOT_SIGNER,
    NOT_WRITABLE,
    TOO_FEW_ACCOUNTS,
    UNREADABLE_ARGUMENTS,
    WRONG_ADDRESS,
    WRONG_OWNER,
    WRONG_PROGRAM,
    WRONG_SEEDS,
    WRONG_TYPE,
    cut_short,
    named_accounts,
    read_only,
    replaced,
    rewritten,
    without_last_account,
)
from tests.programs.fee_router.routes import split
from tests.programs.fee_router.world import World
from tests.programs.harness import (
    AMM,
    CURVE,
    EVENT_TAG,
    LAUNCHER,
    ROUTER,
    SOL,
    SYSTEM,
    TOKEN_2022,
    RefusedError,
    refused,
    transfer_sol,
)

ALL = [each["name"] for each in ROUTER.idl["instructions"]]
TELLING = [name for name in ALL if name != "write_proposal"]
OWNED = ["write_proposal", "propose_shares", "cancel_proposal", "fix_shares", "propose_owner"]
OWNED += ["propose_release", "cancel_release"]


@pytest.fixture(scope="module")
def world() -> World:
    """One world for all attacks: each leaves it as it was."""
    return World()


def accounts_of(name: str, key: str) -> list[str]:
    """Those that the prepared calls name: without a graduate, adopt does without its pool."""
    found = named_accounts(ROUTER, name, key)
    return [each for each in found if (name, each) != ("adopt", "pool")]


def expect_refusal(world: World, instruction: Instruction, error: int | str | None) -> None:
    before = world.everything()
    with refused(ROUTER, error) if isinstance(error, str) else refused(None, error):
        world.send(instruction)
    assert world.everything() == before


@pytest.mark.parametrize("name", ALL)
def test_the_prepared_call_is_valid(name: str) -> None:
    fresh = World()
    fresh.send(fresh.call(name).instruction())


@pytest.mark.parametrize(("name", "signer"), [(name, signer) for name in ALL for signer in accounts_of(name, "signer")])
def test_a_signer_that_did_not_sign_is_refused(world: World, name: str, signer: str) -> None:
    expect_refusal(world, world.call(name).instruction(unsigned=[signer]), NOT_SIGNER)


@pytest.mark.parametrize(("name", "account"), [(name, each) for name in ALL for each in accounts_of(name, "writable")])
def test_an_account_that_must_change_must_be_writable(world: World, name: str, account: str) -> None:
    call = world.call(name)
    if list(call.accounts.values()).count(call.accounts[account]) > 1:
        pytest.skip("the same account stands elsewhere, writable")
    expect_refusal(world, read_only(ROUTER, call, account), NOT_WRITABLE)


TYPED = [
    (name, each)
    for name in ALL
    for each in ("router", "proposal", "release", "pool", "curve")
    if each in [account["name"] for account in ROUTER.spec(name)["accounts"]]
    and (name, each)
    not in {
        ("create_router", "router"),
        ("write_proposal", "proposal"),
        ("propose_release", "release"),
        ("adopt", "curve"),
        ("adopt", "pool"),
        ("collect_curve", "curve"),
    }
]
PROGRAM_OF = {"pool": AMM.id, "curve": CURVE.id}


@pytest.mark.parametrize(("name", "account"), TYPED)
def test_the_right_bytes_under_another_program_are_refused(world: World, name: str, account: str) -> None:
    call = world.call(name)
    forged = world.forged(call.accounts[account] or SYSTEM, owner=Keypair().pubkey())
    expect_refusal(world, replaced(ROUTER, call, account, forged), WRONG_OWNER)


@pytest.mark.parametrize(("name", "account"), TYPED)
def test_another_account_type_in_its_place_is_refused(world: World, name: str, account: str) -> None:
    cosplay = {
        "router": world.waiting.proposal,
        "proposal": world.here.key,
        "release": world.here.key,
        "pool": AMM.pda(b"config"),
        "curve": CURVE.pda(b"config"),
    }[account]
    expect_refusal(world, replaced(ROUTER, world.call(name), account, cosplay), WRONG_TYPE)


@pytest.mark.parametrize(("name", "account"), TYPED)
def test_an_account_that_does_not_exist_is_refused(world: World, name: str, account: str) -> None:
    expect_refusal(world, replaced(ROUTER, world.call(name), account, Keypair().pubkey()), NOT_INITIALIZED)


@pytest.mark.parametrize(("name", "account"), TYPED)
@pytest.mark.parametrize("length", [0, 7, 8, 40])
def test_an_account_cut_short_is_refused(world: World, name: str, account: str, length: int) -> None:
    call = world.call(name)
    key = call.accounts[account]
    assert key
    found, program = world.chain.account(key), PROGRAM_OF.get(account, ROUTER.id)
    with rewritten(world.chain, key, found.data[:length], program, found.lamports), refused(None):
        world.send(call.instruction())


SWAPPED: list[tuple[str, str, str, int | str | None]] = [
    *[(name, "owner", "attacker", "NotOwner") for name in OWNED],
    *[(name, "router", "attacker's router", "NotOwner") for name in OWNED],
    ("accept_owner", "pending_owner", "attacker", "NotPendingOwner"),
    ("accept_owner", "router", "attacker's router", "NotPendingOwner"),
    ("create_router", "router", "router", WRONG_SEEDS),
    ("create_router", "creator", "attacker", WRONG_SEEDS),
    # Shares of one router are never another's
    ("write_proposal", "proposal", "attacker's proposal", WRONG_SEEDS),
    ("propose_shares", "proposal", "attacker's proposal", HAS_ONE),
    ("apply_shares", "proposal", "attacker's proposal", HAS_ONE),
    ("apply_shares", "router", "router", HAS_ONE),
    ("cancel_proposal", "proposal", "attacker's proposal", HAS_ONE),
    ("apply_shares", "rent_payer", "attacker", "WrongRentPayer"),
    ("cancel_proposal", "rent_payer", "attacker", "WrongRentPayer"),
    # Money
    ("claim", "recipient", "attacker", "NotRecipient"),
    ("claim", "recipient", "router", "NotRecipient"),
    ("claim", "router", "attacker's router", "NotRecipient"),
    ("collect_curve", "router", "attacker's router", CURVE.error("NotCreator")),
    ("collect_curve", "mint", "another mint", WRONG_SEEDS),
    ("collect_curve", "curve", "curve of another mint", WRONG_SEEDS),
    ("collect_curve", "bonding_curve_program", "fake program", WRONG_PROGRAM),
    ("collect_curve", "bonding_curve_event_authority", "attacker", WRONG_ADDRESS),
    ("collect_pool", "router", "attacker's router", None),
    ("collect_pool", "quote_mint", "another mint", WRONG_ADDRESS),
    ("collect_pool", "base_vault", "quote vault", WRONG_ADDRESS),
    ("collect_pool", "quote_vault", "base vault", WRONG_ADDRESS),
    ("collect_pool", "router_quote", "attacker's wrapped SOL", None),
    ("collect_pool", "token_program", "token 2022", WRONG_PROGRAM),
    ("collect_pool", "associated_token_program", "fake program", WRONG_PROGRAM),
    ("collect_pool", "amm_program", "fake program", WRONG_PROGRAM),
    ("collect_pool", "amm_event_authority", "attacker", WRONG_ADDRESS),
    ("unwrap", "router", "router", 2015),
    ("unwrap", "token_program", "token 2022", WRONG_PROGRAM),
    # Tokens
    ("adopt", "router", "attacker's router", LAUNCHER.error("InvalidCreator")),
    ("adopt", "mint", "another mint", WRONG_SEEDS),
    ("adopt", "launch_record", "record of another mint", WRONG_SEEDS),
    ("adopt", "curve", "curve of another mint", HAS_ONE),
    ("adopt", "token_launcher_program", "fake program", WRONG_PROGRAM),
    ("adopt", "bonding_curve_program", "fake program", WRONG_PROGRAM),
    ("adopt", "token_launcher_event_authority", "attacker", WRONG_ADDRESS),
    ("adopt", "bonding_curve_event_authority", "attacker", WRONG_ADDRESS),
    ("propose_release", "mint", "another mint", WRONG_SEEDS),
    ("propose_release", "release", "attacker's release", WRONG_SEEDS),
    ("release", "router", "attacker's router", HAS_ONE),
    ("release", "release", "attacker's release", HAS_ONE),
    ("release", "curve", "curve of another mint", WRONG_SEEDS),
    ("release", "launch_record", "record of another mint", WRONG_SEEDS),
    ("release", "rent_payer", "attacker", "WrongRentPayer"),
    ("release", "token_launcher_program", "fake program", WRONG_PROGRAM),
    ("release", "token_launcher_event_authority", "attacker", WRONG_ADDRESS),
    ("cancel_release", "release", "attacker's release", HAS_ONE),
    ("cancel_release", "rent_payer", "attacker", "WrongRentPayer"),
    *[(name, "system_program", "fake program", WRONG_PROGRAM) for name in ("create_router", "apply_shares")],
]


def substitute(world: World, what: str) -> Pubkey:
    """The account that an attacker would try."""
    here, there = world.here, world.there
    makers: dict[str, Callable[[], Pubkey]] = {
        "attacker": world.attacker.pubkey,
        "router": lambda: here.key,
        "attacker's router": lambda: there.key,
        "attacker's proposal": lambda: there.proposal,
        "attacker's release": lambda: there.release_of(world.leaving.mint),
        "attacker's wrapped SOL": lambda: world.wrapped,
        "another mint": lambda: world.other.mint,
        "curve of another mint": lambda: CURVE.pda(b"curve", world.other.mint),
        "record of another mint": lambda: world.other.address,
        "base vault": lambda: world.pool.base_vault,
        "quote vault": lambda: world.pool.quote_vault,
        "token 2022": lambda: TOKEN_2022,
        "fake program": lambda: TOKEN_2022,
    }
    return makers[what]()


@pytest.mark.parametrize(("name", "account", "what", "error"), SWAPPED)
def test_a_swapped_account_is_refused(
    world: World, name: str, account: str, what: str, error: int | str | None
) -> None:
    expect_refusal(world, replaced(ROUTER, world.call(name), account, substitute(world, what)), error)


@pytest.mark.parametrize("name", TELLING)
def test_a_forged_event_authority_is_refused(world: World, name: str) -> None:
    expect_refusal(world, replaced(ROUTER, world.call(name), "event_authority", Keypair().pubkey()), WRONG_ADDRESS)


def test_nobody_can_send_an_event_to_the_program(world: World) -> None:
    event = next(each for each in ROUTER.idl["events"] if each["name"] == "SharePaid")
    data = EVENT_TAG + bytes(event["discriminator"]) + bytes(96)
    for meta in (
        AccountMeta(ROUTER.event_authority, is_signer=False, is_writable=False),
        AccountMeta(world.attacker.pubkey(), is_signer=True, is_writable=False),
    ):
        with pytest.raises(RefusedError):
            world.send(Instruction(ROUTER.id, data, [meta]))


@pytest.mark.parametrize("name", ALL)
def test_a_missing_last_account_is_refused(world: World, name: str) -> None:
    expect_refusal(world, without_last_account(world.call(name).instruction()), TOO_FEW_ACCOUNTS)


@pytest.mark.parametrize("name", [name for name in ALL if ROUTER.spec(name)["args"]])
def test_arguments_cut_short_are_refused(world: World, name: str) -> None:
    expect_refusal(world, cut_short(world.call(name).instruction()), UNREADABLE_ARGUMENTS)


@pytest.mark.parametrize("length", [101, 2**16, 2**32 - 1])
def test_a_list_that_claims_to_be_longer_than_it_is_is_refused(world: World, length: int) -> None:
    built = world.call("write_proposal").instruction()
    data = bytes(built.data)[:8] + length.to_bytes(4, "little")
    expect_refusal(world, Instruction(built.program_id, data, list(built.accounts)), 102)


def test_an_unknown_instruction_is_refused(world: World) -> None:
    with refused(None, 101):
        world.send(Instruction(ROUTER.id, bytes(range(8)), []))


def test_nobody_but_the_router_takes_its_lamports(world: World) -> None:
    stolen = transfer_sol(world.here.key, world.attacker.pubkey(), SOL)
    with refused(None):
        world.send(stolen)


def test_a_closed_proposal_that_is_funded_again_in_the_same_transaction_is_gone() -> None:
    """Its owner could otherwise apply it twice."""
    fresh = World()
    route = fresh.waiting
    payer = route.owner
    applied = fresh.call("apply_shares").instruction()
    revived = transfer_sol(payer.pubkey(), route.proposal, 10**9)
    route.send(applied, revived)
    with refused(None, WRONG_OWNER):
        route.apply()
    route.propose(split(10_000))


def test_a_proposal_is_not_lost_when_a_stranger_funds_its_address(world: World) -> None:
    fresh = World()
    fresh.waiting.cancel()
    giver = fresh.chain.admin
    fresh.waiting.send(transfer_sol(giver.pubkey(), fresh.waiting.proposal, 10**6), by=giver)
    fresh.waiting.change(split(10_000))
