"""Every generic account attack on every instruction: refused, and nothing changed.

One valid call of each instruction is prepared; a table says what is swapped and which error must
answer. Numbers are Anchor's (2000s constraints, 3000s accounts); names are the program's own.
"""

from collections.abc import Callable
from dataclasses import replace

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
    WRONG_TOKEN_MINT,
    WRONG_TOKEN_OWNER,
    WRONG_TYPE,
    cut_short,
    named_accounts,
    read_only,
    rewritten,
    without_last_account,
)
from tests.programs.bonding_curve.world import TREE, Call, World
from tests.programs.curve_market import CONFIG, Market, config_args
from tests.programs.harness import (
    ATA_PROGRAM,
    CURVE,
    EVENT_TAG,
    SOL,
    SYSTEM,
    TOKEN,
    TOKEN_2022,
    Chain,
    RefusedError,
    ata,
    refused,
)
from tests.programs.opening import position_of


@pytest.fixture(scope="module")
def world() -> World:
    """One world for all attacks: each leaves it as it was, or restores what it broke."""
    return World()


# See test_graduation_attacks.py and test_raydium_attacks.py.
ELSEWHERE = {"create_config", "graduate", "release_payout", "lock_liquidity", "graduate_to_raydium"}
ALL = [each["name"] for each in CURVE.idl["instructions"] if each["name"] not in ELSEWHERE]
TRADES = ["buy_exact_in", "buy_exact_out", "sell"]


# Accounts that the prepared calls do without.
NOT_GIVEN = {"opener", "position", "batch"}


def accounts_of(name: str, key: str) -> list[str]:
    return [each for each in named_accounts(CURVE, name, key) if each not in NOT_GIVEN]


def expect_refusal(world: World, call: Call, error: int | str | None, instruction: Instruction | None = None) -> None:
    before = world.everything()
    with refused(CURVE, error) if isinstance(error, str) else refused(None, error):
        world.send(call, instruction)
    assert world.everything() == before


@pytest.mark.parametrize("name", ALL)
def test_the_prepared_call_is_valid(name: str) -> None:
    fresh = World()
    fresh.send(fresh.call(name))


# 0. Signer authorisation


@pytest.mark.parametrize(("name", "signer"), [(name, signer) for name in ALL for signer in accounts_of(name, "signer")])
def test_a_signer_that_did_not_sign_is_refused(world: World, name: str, signer: str) -> None:
    call = world.call(name)
    expect_refusal(world, call, NOT_SIGNER, call.instruction(unsigned=[signer]))


def test_the_config_is_not_created_without_its_payers_signature() -> None:
    chain = Chain([CURVE])
    accounts = {"payer": chain.admin.pubkey(), "config": CONFIG, "program_data": CURVE.program_data}
    create = CURVE.instruction("create_config", {"args": config_args(chain)}, accounts, unsigned=["payer"])
    with refused(None, NOT_SIGNER):
        chain.send([create], [chain.wallet()])


# Accounts that must be writable


@pytest.mark.parametrize(("name", "account"), [(name, each) for name in ALL for each in accounts_of(name, "writable")])
def test_an_account_that_must_change_must_be_writable(world: World, name: str, account: str) -> None:
    call = world.call(name)
    expect_refusal(world, call, NOT_WRITABLE if account not in call.signers else None, read_only(CURVE, call, account))


# 2. Owner check, 3. type cosplay, 8. PDA sharing, closed accounts

OURS = {
    name: [
        each
        for each in ("config", "curve", "referrer_fees", "shape", "position", "batch", "deposit")
        if each in [a["name"] for a in CURVE.spec(name)["accounts"]]
    ]
    for name in ALL
}
# These are created by the instruction itself, so their address is all there is to forge.
CREATED = {
    *(("open_curve", "curve"), ("open_curve", "batch"), ("deposit", "deposit")),
    *(("register_referrer", "referrer_fees"), ("create_shape", "shape")),
}
CREATED.add(("open_position", "position"))
# Trades name one under rules only; those have tests of their own.
CREATED |= {(name, "position") for name in TRADES}
TYPED = [(name, each) for name in ALL for each in OURS[name] if (name, each) not in CREATED]


@pytest.mark.parametrize(("name", "account"), TYPED)
def test_the_right_bytes_under_another_program_are_refused(world: World, name: str, account: str) -> None:
    call = world.call(name)
    original = call.accounts[account]
    assert original
    forged = world.forged(original, owner=Keypair().pubkey())
    expect_refusal(world, replace(call, accounts={**call.accounts, account: forged}), WRONG_OWNER)


@pytest.mark.parametrize(("name", "account"), TYPED)
def test_another_account_type_in_its_place_is_refused(world: World, name: str, account: str) -> None:
    call = world.call(name)
    cosplay = world.there.curve if account != "curve" else world.referrer_fees
    expect_refusal(world, replace(call, accounts={**call.accounts, account: cosplay}), WRONG_TYPE)


@pytest.mark.parametrize(("name", "account"), TYPED)
def test_an_account_that_does_not_exist_is_refused(world: World, name: str, account: str) -> None:
    call = world.call(name)
    absent = {**call.accounts, account: Keypair().pubkey()}
    expect_refusal(world, replace(call, accounts=absent), NOT_INITIALIZED)


@pytest.mark.parametrize(("name", "account"), TYPED)
def test_an_account_closed_to_nothing_is_refused(world: World, name: str, account: str) -> None:
    call = world.call(name)
    key = call.accounts[account]
    assert key
    with rewritten(world.chain, key, b"", SYSTEM, 0), refused(None, NOT_INITIALIZED):
        world.send(call)


# A sell insists that the config is one, but reads nothing in it.
READ = [each for each in TYPED if each != ("sell", "config")]


@pytest.mark.parametrize(("name", "account"), READ)
@pytest.mark.parametrize("length", [0, 7, 8, 40])
def test_an_account_cut_short_is_refused(world: World, name: str, account: str, length: int) -> None:
    call = world.call(name)
    key = call.accounts[account]
    assert key
    found = world.chain.account(key)
    with rewritten(world.chain, key, found.data[:length], CURVE.id, found.lamports), refused(None):
        world.send(call)


# 6. Duplicate accounts, 1. account data matching, 8. PDA sharing: the table

SWAPS: list[tuple[str, str, str, int | str | None]] = [
    # Trading: every account belongs to one market
    *[(name, "curve", "curve of another mint", "InvalidMint") for name in TRADES],
    *[(name, "mint", "another mint", WRONG_TOKEN_MINT) for name in TRADES],
    *[(name, "base_vault", "vault of another mint", WRONG_ADDRESS) for name in TRADES],
    *[(name, "base_vault", "trader's own account", WRONG_ADDRESS) for name in TRADES],
    *[(name, "base_vault", "second vault of the curve", WRONG_ADDRESS) for name in TRADES],
    *[(name, "trader_base", "vault", WRONG_TOKEN_OWNER) for name in TRADES],
    *[(name, "trader_base", "somebody else's account", WRONG_TOKEN_OWNER) for name in TRADES],
    *[(name, "trader_base", "account of another mint", WRONG_TOKEN_MINT) for name in TRADES],
    *[(name, "trader_base", "forged token account", WRONG_OWNER) for name in TRADES],
    *[(name, "trader_base", "mint", NOT_INITIALIZED) for name in TRADES],
    *[(name, "trader_base", "nothing", "MissingTokenAccount") for name in TRADES],
    *[(name, "referrer_fees", "curve", None) for name in TRADES],
    *[(name, "token_program", "other token program", WRONG_OWNER) for name in TRADES],
    *[(name, "token_program", "nothing", WRONG_OWNER) for name in TRADES],
    *[(name, "system_program", "other token program", WRONG_PROGRAM) for name in TRADES],
    # Opening
    ("open_curve", "mint", "another mint", WRONG_SEEDS),
    ("open_curve", "mint", "vault", None),
    ("open_curve", "mint", "forged mint", WRONG_OWNER),
    ("open_curve", "curve", "curve of another mint", WRONG_SEEDS),
    ("open_curve", "curve", "nothing", WRONG_SEEDS),
    ("open_curve", "base_vault", "vault of another mint", None),
    ("open_curve", "base_vault", "depositor's own account", None),
    ("open_curve", "base_vault", "nothing", None),
    ("open_curve", "depositor_base", "forged token account", WRONG_OWNER),
    ("open_curve", "authority", "attacker", WRONG_TOKEN_OWNER),
    ("open_curve", "token_program", "other token program", None),
    ("open_curve", "token_program", "nothing", WRONG_PROGRAM),
    ("open_curve", "associated_token_program", "nothing", WRONG_PROGRAM),
    ("open_curve", "associated_token_program", "other token program", WRONG_PROGRAM),
    ("open_curve", "system_program", "nothing", WRONG_PROGRAM),
    ("open_curve", "shape", "copy of the shape", WRONG_SEEDS),
    ("open_curve", "shape", "mint", WRONG_OWNER),
    ("create_shape", "shape", "shape of other segments", WRONG_SEEDS),
    ("create_shape", "shape", "curve", WRONG_SEEDS),
    ("create_shape", "system_program", "other token program", WRONG_PROGRAM),
    ("open_curve", "terms", "copy of the terms", WRONG_OWNER),
    ("open_curve", "terms", "curve", 3002),
    ("open_curve", "terms", "mint", WRONG_OWNER),
    ("create_terms", "terms", "terms of another sale", WRONG_SEEDS),
    ("create_terms", "terms", "curve", WRONG_SEEDS),
    ("create_terms", "system_program", "other token program", WRONG_PROGRAM),
    # Rules of an opening
    ("open_position", "curve", "curve", WRONG_SEEDS),
    ("open_position", "wallet", "attacker", WRONG_SEEDS),
    ("open_position", "position", "nothing", WRONG_SEEDS),
    ("open_position", "position", "position of another wallet", WRONG_SEEDS),
    ("open_position", "system_program", "other token program", WRONG_PROGRAM),
    ("prove_allowlisted", "curve", "curve", "MissingTerms"),
    ("prove_allowlisted", "curve", "curve of another ruled sale", "MissingTerms"),
    ("prove_allowlisted", "terms", "terms of another sale", "MissingTerms"),
    ("prove_allowlisted", "terms", "copy of the terms", "MissingTerms"),
    ("prove_allowlisted", "position", "position of another wallet", "InvalidProof"),
    ("prove_allowlisted", "position", "position in another sale", "MissingPosition"),
    ("pledge", "wallet", "attacker", "MissingPosition"),
    ("pledge", "curve", "curve of another ruled sale", "MissingTerms"),
    ("pledge", "terms", "terms of another sale", "MissingTerms"),
    ("pledge", "position", "position in another sale", "MissingPosition"),
    ("pledge", "community_mint", "mint", WRONG_ADDRESS),
    ("pledge", "wallet_account", "vault", WRONG_TOKEN_MINT),
    ("pledge", "wallet_account", "nothing", "PledgeShort"),
    ("pledge", "escrow", "nothing", None),
    ("pledge", "token_program", "other token program", WRONG_OWNER),
    ("pledge", "token_program", "nothing", WRONG_PROGRAM),
    ("pledge", "associated_token_program", "other token program", WRONG_PROGRAM),
    ("pledge", "system_program", "other token program", WRONG_PROGRAM),
    ("close_position", "wallet", "attacker", "MissingPosition"),
    ("close_position", "curve", "curve of the ruled sale", "MissingPosition"),
    ("close_position", "position", "position of another wallet", "MissingPosition"),
    ("close_position", "terms", "terms of another sale", "MissingTerms"),
    ("close_position", "community_mint", "mint", WRONG_ADDRESS),
    ("close_position", "wallet_account", "nothing", WRONG_OWNER),
    ("close_position", "wallet_account", "vault", WRONG_TOKEN_MINT),
    ("close_position", "escrow", "nothing", WRONG_OWNER),
    ("close_position", "escrow", "vault", WRONG_TOKEN_MINT),
    ("close_position", "token_program", "other token program", WRONG_OWNER),
    ("close_position", "token_program", "nothing", WRONG_PROGRAM),
    # Refunds
    ("refund", "curve", "curve of another mint", "InvalidMint"),
    ("refund", "mint", "another mint", "InvalidMint"),
    ("refund", "base_vault", "vault of another mint", HAS_ONE),
    ("refund", "base_vault", "holder's own account", HAS_ONE),
    ("refund", "holder_base", "vault of this market", WRONG_TOKEN_OWNER),
    ("refund", "holder_base", "mint", NOT_INITIALIZED),
    ("refund", "holder_base", "nothing", "MissingTokenAccount"),
    ("refund", "holder_base", "forged token account", WRONG_OWNER),
    ("refund", "holder_base", "trader's own account", WRONG_TOKEN_MINT),
    ("refund", "token_program", "other token program", HAS_ONE),
    ("refund", "token_program", "nothing", HAS_ONE),
    ("expire", "curve", "curve", "SaleNotEnded"),
    # Batches
    ("deposit", "batch", "batch of another mint", WRONG_SEEDS),
    ("deposit", "deposit", "receipt of somebody else", WRONG_SEEDS),
    ("deposit", "deposit", "receipt of another batch", WRONG_SEEDS),
    ("deposit", "deposit", "nothing", WRONG_SEEDS),
    ("deposit", "depositor", "attacker", WRONG_SEEDS),
    ("deposit", "system_program", "other token program", WRONG_PROGRAM),
    ("withdraw_deposit", "batch", "batch of another mint", WRONG_SEEDS),
    ("withdraw_deposit", "deposit", "receipt of somebody else", WRONG_SEEDS),
    ("withdraw_deposit", "deposit", "receipt of another batch", WRONG_SEEDS),
    ("withdraw_deposit", "depositor", "attacker", WRONG_SEEDS),
    ("settle_batch", "batch", "batch of another mint", "NotDepositing"),
    ("settle_batch", "curve", "curve", "InvalidMint"),
    ("claim_batch", "batch", "batch of another mint", WRONG_SEEDS),
    ("claim_batch", "deposit", "receipt of somebody else", WRONG_SEEDS),
    ("claim_batch", "deposit", "receipt of another batch", WRONG_SEEDS),
    ("claim_batch", "depositor", "attacker", WRONG_SEEDS),
    ("claim_batch", "curve", "curve", "InvalidMint"),
    ("claim_batch", "mint", "another mint", "InvalidMint"),
    ("claim_batch", "base_vault", "vault of another mint", WRONG_ADDRESS),
    ("claim_batch", "base_vault", "trader's own account", WRONG_ADDRESS),
    ("claim_batch", "depositor_base", "vault of this market", None),
    ("claim_batch", "depositor_base", "trader's own account", None),
    ("claim_batch", "depositor_base", "nothing", None),
    ("claim_batch", "token_program", "other token program", WRONG_PROGRAM),
    ("claim_batch", "associated_token_program", "nothing", WRONG_PROGRAM),
    ("claim_batch", "system_program", "other token program", WRONG_PROGRAM),
    # Claims and hand-overs
    ("claim_creator_fees", "curve", "curve of another mint", "NotCreator"),
    ("claim_creator_fees", "creator", "attacker", "NotCreator"),
    ("sweep_protocol_fees", "fee_recipient", "attacker", "InvalidFeeRecipient"),
    ("sweep_protocol_fees", "fee_recipient", "curve", "InvalidFeeRecipient"),
    ("claim_referrer_fees", "referrer", "attacker", WRONG_SEEDS),
    ("set_creator", "curve", "curve of another mint", "InvalidAuthority"),
    ("set_creator", "authority", "attacker", "InvalidAuthority"),
    ("register_referrer", "referrer", "attacker", WRONG_SEEDS),
    ("register_referrer", "referrer_fees", "account of another referrer", WRONG_SEEDS),
    ("register_referrer", "system_program", "other token program", WRONG_PROGRAM),
    *[
        (name, "authority", "attacker", "InvalidAuthority")
        for name in ("update_config", "set_paused", "propose_authority")
    ],
    ("accept_authority", "pending_authority", "attacker", "InvalidAuthority"),
]


def substitute(world: World, call: Call, what: str) -> Pubkey:
    """The account that an attacker would try."""
    here, there, chain = world.here, world.there, world.chain
    vault = call.accounts.get("base_vault") or here.vault

    def second_vault() -> Pubkey:
        key = Keypair().pubkey()
        chain.set_account(key, chain.account(here.vault).data, TOKEN_2022)
        return key

    makers: dict[str, Callable[[], Pubkey]] = {
        "curve": lambda: here.curve,
        "curve of the ruled sale": lambda: world.ruled.curve,
        "curve of another ruled sale": lambda: world.over.curve,
        "position of another wallet": lambda: position_of(
            world.ruled, TREE.wallets[0] if call.name == "open_position" else world.trader.pubkey()
        ),
        "position in another sale": lambda: position_of(world.over, world.trader.pubkey()),
        "curve of another mint": lambda: there.curve,
        "mint": lambda: here.mint,
        "another mint": lambda: there.mint,
        "vault": lambda: here.vault,
        "vault of this market": lambda: vault,
        "vault of another mint": lambda: there.vault,
        "second vault of the curve": second_vault,
        "trader's own account": lambda: here.wallet_of(world.trader),
        "depositor's own account": lambda: ata(world.ready.authority.pubkey(), world.ready.mint),
        "somebody else's account": lambda: chain.set_tokens(world.attacker.pubkey(), here.mint, 10**16),
        "account of another mint": lambda: chain.set_tokens(world.trader.pubkey(), there.mint, 10**16),
        "forged token account": lambda: world.forged(
            call.accounts.get("trader_base")
            or call.accounts.get("holder_base")
            or call.accounts.get("depositor_base")
            or vault,
            owner=Keypair().pubkey(),
        ),
        "holder's own account": lambda: world.failed.wallet_of(world.holder),
        "copy of the shape": lambda: world.forged(world.shape, owner=CURVE.id),
        "shape of other segments": lambda: world.shape,
        "copy of the terms": lambda: world.forged(world.terms, owner=TOKEN_2022),
        "terms of another sale": lambda: world.terms,
        "forged mint": lambda: world.forged(world.ready.mint, owner=Keypair().pubkey()),
        "nothing": lambda: Keypair().pubkey(),
        "other token program": lambda: TOKEN,
        **world.of_batches(call),
        "attacker": world.attacker.pubkey,
        "account of another referrer": lambda: world.referrer_fees,
    }
    return makers[what]()


@pytest.mark.parametrize(("name", "account", "what", "error"), SWAPS)
def test_a_swapped_account_is_refused(
    world: World, name: str, account: str, what: str, error: int | str | None
) -> None:
    call = world.call(name)
    swapped = {**call.accounts, account: substitute(world, call, what)}
    expect_refusal(world, replace(call, accounts=swapped), error)


def test_a_canonical_address_is_the_only_one(world: World) -> None:
    """A lower bump gives another valid address for the same seeds; creation accepts the canonical one only."""
    call = world.call("register_referrer")
    referrer = call.accounts["referrer"]
    assert referrer
    canonical = CURVE.pda_and_bump(b"referrer", referrer)[1]
    for bump in range(canonical - 1, -1, -1):
        try:
            other = Pubkey.create_program_address([b"referrer", bytes(referrer), bytes([bump])], CURVE.id)
        except Exception:  # noqa: BLE001, S112 - solders' PubkeyError, which it does not export
            continue
        break
    expect_refusal(world, replace(call, accounts={**call.accounts, "referrer_fees": other}), WRONG_SEEDS)


# 5. Arbitrary CPI: a program of the attacker's that answers to everything


@pytest.mark.parametrize("name", ["buy_exact_in", "sell"])
def test_a_classic_account_cannot_stand_in_for_a_token_2022_one(world: World, name: str) -> None:
    call = world.call(name)
    classic = ata(world.trader.pubkey(), world.here.mint, TOKEN)
    world.chain.set_tokens(world.trader.pubkey(), world.here.mint, 10**18, program=TOKEN)
    swapped = {**call.accounts, "token_program": TOKEN, "trader_base": classic}
    expect_refusal(world, replace(call, accounts=swapped), WRONG_PROGRAM)


def test_a_forged_token_program_gets_nothing(world: World) -> None:
    call, fake = world.call("sell"), ATA_PROGRAM
    forged = world.forged(world.here.wallet_of(world.trader), owner=fake)
    swapped = {**call.accounts, "token_program": fake, "trader_base": forged}
    expect_refusal(world, replace(call, accounts=swapped), WRONG_PROGRAM)


# Events


@pytest.mark.parametrize("name", ALL)
def test_a_forged_event_authority_is_refused(world: World, name: str) -> None:
    call = world.call(name)
    forged = {**call.accounts, "event_authority": Keypair().pubkey()}
    expect_refusal(world, replace(call, accounts=forged), WRONG_ADDRESS)


@pytest.mark.parametrize("name", ALL)
def test_another_program_in_place_of_ours_receives_no_event(name: str) -> None:
    fresh = World()
    call = fresh.call(name)
    forged = replace(call, accounts={**call.accounts, "program": ATA_PROGRAM})
    receipt = fresh.chain.send([forged.instruction()], [fresh.attacker, *call.signers.values()])
    assert receipt.events(CURVE)
    assert not [program for program, _, data in receipt.inner if data.startswith(EVENT_TAG) and program != CURVE.id]


def test_nobody_can_send_an_event_to_the_program(world: World) -> None:
    event = next(each for each in CURVE.idl["events"] if each["name"] == "CurveCompleted")
    data = EVENT_TAG + bytes(event["discriminator"]) + bytes(88)
    meta = AccountMeta(CURVE.event_authority, is_signer=False, is_writable=False)
    with pytest.raises(RefusedError):
        world.chain.send([Instruction(CURVE.id, data, [meta])], [world.attacker])
    impostor = AccountMeta(world.attacker.pubkey(), is_signer=True, is_writable=False)
    with pytest.raises(RefusedError):
        world.chain.send([Instruction(CURVE.id, data, [impostor])], [world.attacker])


# 12. Missing accounts, unknown instructions, arguments cut short


@pytest.mark.parametrize("name", ALL)
def test_a_missing_last_account_is_refused(world: World, name: str) -> None:
    call = world.call(name)
    built = call.instruction()
    expect_refusal(world, call, TOO_FEW_ACCOUNTS, without_last_account(built))


@pytest.mark.parametrize("name", [name for name in ALL if CURVE.spec(name)["args"]])
def test_arguments_cut_short_are_refused(world: World, name: str) -> None:
    call = world.call(name)
    built = call.instruction()
    expect_refusal(world, call, UNREADABLE_ARGUMENTS, cut_short(built))


def test_an_unknown_instruction_is_refused(world: World) -> None:
    with refused(None, 101):
        world.chain.send([Instruction(CURVE.id, bytes(range(8)), [])], [world.attacker])


# 9. Closing accounts: a token account closed in the same transaction


def test_a_token_account_closed_in_the_same_transaction_is_refused(world: World) -> None:
    market: Market = world.here
    buyer = market.trader()
    account = market.wallet_of(buyer)
    close = Instruction(
        TOKEN_2022,
        b"\x09",
        [
            AccountMeta(account, is_signer=False, is_writable=True),
            AccountMeta(buyer.pubkey(), is_signer=False, is_writable=True),
            AccountMeta(buyer.pubkey(), is_signer=True, is_writable=False),
        ],
    )
    buy = market.instruction("buy_exact_in", buyer.pubkey(), SOL, 0)
    with refused(CURVE, "MissingTokenAccount"):
        market.chain.send([close, buy], [buyer])
