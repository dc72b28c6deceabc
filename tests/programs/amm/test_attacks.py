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

from tests.programs.amm.world import World
from tests.programs.attacks import (
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
    replaced,
    rewritten,
    without_last_account,
)
from tests.programs.harness import (
    AMM,
    ATA_PROGRAM,
    EVENT_TAG,
    SYSTEM,
    TOKEN,
    TOKEN_2022,
    Chain,
    RefusedError,
    refused,
)
from tests.programs.pool_market import CONFIG, RECIPIENT, fee_args, fund

ALL = [each["name"] for each in AMM.idl["instructions"] if each["name"] != "create_config"]
SWAPS = ["swap_exact_in", "swap_exact_out"]
LIQUIDITY = ["deposit", "withdraw"]
PAIRS = SWAPS + LIQUIDITY
CREATIONS = ["create_pool", "create_canonical_pool"]
PAYOUTS = ["claim_creator_fees", "sweep_protocol_fees"]


@pytest.fixture(scope="module")
def world() -> World:
    """One world for all attacks: each leaves it as it was."""
    return World()


def expect_refusal(world: World, instruction: Instruction, error: int | str | None) -> None:
    before = world.everything()
    with refused(AMM, error) if isinstance(error, str) else refused(None, error):
        world.send(instruction)
    assert world.everything() == before


@pytest.mark.parametrize("name", ALL)
def test_the_prepared_call_is_valid(name: str) -> None:
    fresh = World()
    fresh.send(fresh.call(name).instruction())


# 0. Signer authorisation


@pytest.mark.parametrize(
    ("name", "signer"), [(name, signer) for name in ALL for signer in named_accounts(AMM, name, "signer")]
)
def test_a_signer_that_did_not_sign_is_refused(world: World, name: str, signer: str) -> None:
    expect_refusal(world, world.call(name).instruction(unsigned=[signer]), NOT_SIGNER)


def test_the_config_is_not_created_without_its_payers_signature() -> None:
    chain = Chain([AMM])
    accounts = {"payer": chain.admin.pubkey(), "config": CONFIG, "program_data": AMM.program_data}
    args = {"args": {"authority": chain.admin.pubkey(), "fees": fee_args()}}
    with refused(None, NOT_SIGNER):
        chain.send([AMM.instruction("create_config", args, accounts, unsigned=["payer"])], [chain.wallet()])


# Accounts that must be writable


@pytest.mark.parametrize(
    ("name", "account"),
    # The receiver of a graduate's shares is optional, and none here.
    [(name, each) for name in ALL for each in named_accounts(AMM, name, "writable") if each != "lp_account"],
)
def test_an_account_that_must_change_must_be_writable(world: World, name: str, account: str) -> None:
    expect_refusal(world, read_only(AMM, world.call(name), account), NOT_WRITABLE)


# 2. Owner check, 3. type cosplay, 8. PDA sharing, closed accounts

TYPED = [
    (name, each)
    for name in ALL
    for each in ("config", "pool")
    if each in [account["name"] for account in AMM.spec(name)["accounts"]]
    and (each, name in CREATIONS) != ("pool", True)
]


@pytest.mark.parametrize(("name", "account"), TYPED)
def test_the_right_bytes_under_another_program_are_refused(world: World, name: str, account: str) -> None:
    call = world.call(name)
    forged = world.forged(call.accounts[account] or SYSTEM, owner=Keypair().pubkey())
    expect_refusal(world, replaced(AMM, call, account, forged), WRONG_OWNER)


@pytest.mark.parametrize(("name", "account"), TYPED)
def test_another_account_type_in_its_place_is_refused(world: World, name: str, account: str) -> None:
    cosplay = world.here.key if account == "config" else CONFIG
    expect_refusal(world, replaced(AMM, world.call(name), account, cosplay), WRONG_TYPE)


@pytest.mark.parametrize(("name", "account"), TYPED)
def test_an_account_that_does_not_exist_is_refused(world: World, name: str, account: str) -> None:
    expect_refusal(world, replaced(AMM, world.call(name), account, Keypair().pubkey()), NOT_INITIALIZED)


# A withdrawal insists that the config is one, but reads in it only when a second has passed.
READ = [each for each in TYPED if each != ("withdraw", "config")]


@pytest.mark.parametrize(("name", "account"), READ)
@pytest.mark.parametrize("length", [0, 7, 8, 40])
def test_an_account_cut_short_is_refused(world: World, name: str, account: str, length: int) -> None:
    key = world.call(name).accounts[account]
    assert key
    found = world.chain.account(key)
    with rewritten(world.chain, key, found.data[:length], AMM.id, found.lamports), refused(None):
        world.send(world.call(name).instruction())


# 6. Duplicate accounts, 1. account data matching, 8. PDA sharing: the table

OWNER_OF = {**dict.fromkeys(SWAPS, "trader"), **dict.fromkeys(LIQUIDITY, "provider")}
SWAPPED: list[tuple[str, str, str, int | str | None]] = [
    # Every account belongs to one pool, and each side to itself
    *[(name, "pool", "pool of another mint", "InvalidMint") for name in PAIRS],
    *[(name, "base_mint", "another mint", "InvalidMint") for name in PAIRS],
    *[(name, "quote_mint", "another mint", "InvalidMint") for name in PAIRS],
    *[(name, "quote_mint", "mint", "InvalidMint") for name in PAIRS],
    *[(name, "base_vault", "vault of another pool", WRONG_ADDRESS) for name in PAIRS],
    *[(name, "base_vault", "quote vault", WRONG_ADDRESS) for name in PAIRS],
    *[(name, "quote_vault", "base vault", WRONG_ADDRESS) for name in PAIRS],
    *[(name, "quote_vault", "quote vault of another pool", WRONG_ADDRESS) for name in PAIRS],
    *[(name, "base_vault", "user's own account", WRONG_ADDRESS) for name in PAIRS],
    *[(name, f"{OWNER_OF[name]}_base", "base vault", WRONG_TOKEN_OWNER) for name in PAIRS],
    *[(name, f"{OWNER_OF[name]}_quote", "quote vault", WRONG_TOKEN_OWNER) for name in PAIRS],
    *[(name, f"{OWNER_OF[name]}_base", "somebody else's account", WRONG_TOKEN_OWNER) for name in PAIRS],
    *[(name, f"{OWNER_OF[name]}_base", "account of another mint", WRONG_TOKEN_MINT) for name in PAIRS],
    *[(name, f"{OWNER_OF[name]}_quote", "user's own account", WRONG_OWNER) for name in PAIRS],
    *[(name, f"{OWNER_OF[name]}_base", "forged token account", WRONG_OWNER) for name in PAIRS],
    *[(name, f"{OWNER_OF[name]}_base", "mint", NOT_INITIALIZED) for name in PAIRS],
    *[(name, "base_token_program", "other token program", WRONG_PROGRAM) for name in PAIRS],
    *[(name, "quote_token_program", "token 2022", WRONG_PROGRAM) for name in PAIRS],
    *[(name, "base_token_program", "fake program", WRONG_PROGRAM) for name in PAIRS],
    *[(name, OWNER_OF[name], "attacker", WRONG_TOKEN_OWNER) for name in PAIRS],
    # Shares
    *[(name, "lp_mint", "shares of another pool", WRONG_ADDRESS) for name in LIQUIDITY],
    *[(name, "lp_mint", "mint", WRONG_ADDRESS) for name in LIQUIDITY],
    *[(name, "provider_lp", "shares of the attacker", WRONG_TOKEN_MINT) for name in LIQUIDITY],
    *[(name, "provider_lp", "user's own account", WRONG_OWNER) for name in LIQUIDITY],
    *[(name, "token_program", "token 2022", WRONG_PROGRAM) for name in LIQUIDITY],
    # Creating
    *[(name, "pool", "pool", WRONG_SEEDS) for name in CREATIONS],
    *[(name, "lp_mint", "shares of another pool", WRONG_SEEDS) for name in CREATIONS],
    *[(name, "base_vault", "quote vault", WRONG_SEEDS) for name in CREATIONS],
    *[(name, "quote_vault", "base vault", WRONG_SEEDS) for name in CREATIONS],
    *[(name, "base_mint", "another mint", WRONG_SEEDS) for name in CREATIONS],
    *[(name, "token_program", "token 2022", WRONG_PROGRAM) for name in CREATIONS],
    *[(name, "associated_token_program", "nothing", WRONG_PROGRAM) for name in CREATIONS],
    *[(name, "system_program", "nothing", WRONG_PROGRAM) for name in CREATIONS],
    *[(name, "base_token_program", "other token program", WRONG_OWNER) for name in CREATIONS],
    ("create_pool", "opener", "attacker", WRONG_SEEDS),
    ("create_pool", "opener_base", "somebody else's account", WRONG_TOKEN_MINT),
    ("create_pool", "opener_base", "nothing", WRONG_OWNER),
    ("create_pool", "opener_quote", "attacker's quote account", WRONG_TOKEN_OWNER),
    ("create_pool", "opener_lp", "user's own account", None),
    ("create_canonical_pool", "curve", "attacker", WRONG_SEEDS),
    ("create_canonical_pool", "quote_mint", "another mint", "InvalidMint"),
    ("create_canonical_pool", "curve_base", "user's own account", WRONG_TOKEN_MINT),
    # Claims and hand-overs
    *[(name, "base_vault", "quote vault", WRONG_ADDRESS) for name in PAYOUTS],
    *[(name, "quote_vault", "base vault", WRONG_ADDRESS) for name in PAYOUTS],
    *[(name, "quote_vault", "quote vault of another pool", WRONG_ADDRESS) for name in PAYOUTS],
    *[(name, "quote_mint", "mint", "InvalidMint") for name in PAYOUTS],
    *[(name, "quote_token_program", "token 2022", WRONG_PROGRAM) for name in PAYOUTS],
    *[(name, "quote_token_program", "fake program", WRONG_PROGRAM) for name in PAYOUTS],
    ("claim_creator_fees", "creator", "attacker", "InvalidCreator"),
    ("claim_creator_fees", "creator_quote", "attacker's quote account", WRONG_TOKEN_OWNER),
    ("claim_creator_fees", "creator_quote", "quote vault", WRONG_TOKEN_OWNER),
    ("sweep_protocol_fees", "recipient_quote", "attacker's quote account", "InvalidFeeRecipient"),
    ("sweep_protocol_fees", "recipient_quote", "quote vault", "InvalidFeeRecipient"),
    ("sweep_protocol_fees", "config", "pool", WRONG_TYPE),
    ("set_creator", "authority", "attacker", "InvalidAuthority"),
    ("set_creator", "pool", "pool of another mint", "InvalidAuthority"),
    ("set_creator", "base_vault", "quote vault", WRONG_ADDRESS),
    ("set_creator", "quote_vault", "base vault", WRONG_ADDRESS),
    *[(name, "authority", "attacker", "InvalidAuthority") for name in ("set_fees", "set_paused", "propose_authority")],
    ("accept_authority", "pending_authority", "attacker", "InvalidAuthority"),
]


def substitute(world: World, what: str) -> Pubkey:
    """The account that an attacker would try."""
    here, there, attacker = world.here, world.there, world.attacker.pubkey()
    makers: dict[str, Callable[[], Pubkey]] = {
        "pool": lambda: here.key,
        "pool of another mint": lambda: there.key,
        "mint": lambda: here.base_mint,
        "another mint": lambda: there.base_mint,
        "base vault": lambda: here.base_vault,
        "quote vault": lambda: here.quote_vault,
        "vault of another pool": lambda: there.base_vault,
        "quote vault of another pool": lambda: there.quote_vault,
        "user's own account": lambda: here.base_of(world.user.pubkey()),
        "somebody else's account": lambda: world.chain.set_tokens(attacker, here.base_mint, 10**16),
        "account of another mint": lambda: world.chain.set_tokens(world.user.pubkey(), there.base_mint, 10**16),
        "attacker's quote account": lambda: there.quote_of(attacker),
        "forged token account": lambda: world.forged(here.base_of(world.user.pubkey()), owner=Keypair().pubkey()),
        "shares of another pool": lambda: there.lp_mint,
        "shares of the attacker": lambda: there.lp_of(attacker),
        "nothing": lambda: Keypair().pubkey(),
        "other token program": lambda: TOKEN,
        "token 2022": lambda: TOKEN_2022,
        "fake program": lambda: ATA_PROGRAM,
        "attacker": lambda: attacker,
    }
    return makers[what]()


@pytest.mark.parametrize(("name", "account", "what", "error"), SWAPPED)
def test_a_swapped_account_is_refused(
    world: World, name: str, account: str, what: str, error: int | str | None
) -> None:
    expect_refusal(world, replaced(AMM, world.call(name), account, substitute(world, what)), error)


def test_both_vaults_swapped_with_their_mints_are_refused(world: World) -> None:
    """Direction is an argument and each side has its name: nothing is inferred from an order."""
    for name in SWAPS:
        call = world.call(name)
        pairs = [("base_mint", "quote_mint"), ("base_vault", "quote_vault"), ("trader_base", "trader_quote")]
        crossed = dict(call.accounts)
        for left, right in [*pairs, ("base_token_program", "quote_token_program")]:
            crossed[left], crossed[right] = crossed[right], crossed[left]
        expect_refusal(world, replace(call, accounts=crossed).instruction(), "InvalidMint")


def test_a_recipient_named_later_is_the_only_one(world: World) -> None:
    call = world.call("sweep_protocol_fees")
    stranger = Keypair().pubkey()
    account = fund(world.chain, stranger, world.here.quote_mint, 0, TOKEN)
    expect_refusal(world, replaced(AMM, call, "recipient_quote", account), "InvalidFeeRecipient")
    assert call.accounts["recipient_quote"] == world.here.quote_of(RECIPIENT.pubkey())


# Events


@pytest.mark.parametrize("name", ALL)
def test_a_forged_event_authority_is_refused(world: World, name: str) -> None:
    expect_refusal(world, replaced(AMM, world.call(name), "event_authority", Keypair().pubkey()), WRONG_ADDRESS)


def test_nobody_can_send_an_event_to_the_program(world: World) -> None:
    event = next(each for each in AMM.idl["events"] if each["name"] == "FeesClaimed")
    data = EVENT_TAG + bytes(event["discriminator"]) + bytes(145)
    for meta in (
        AccountMeta(AMM.event_authority, is_signer=False, is_writable=False),
        AccountMeta(world.attacker.pubkey(), is_signer=True, is_writable=False),
    ):
        with pytest.raises(RefusedError):
            world.send(Instruction(AMM.id, data, [meta]))


# 12. Missing accounts, unknown instructions, arguments cut short


@pytest.mark.parametrize("name", ALL)
def test_a_missing_last_account_is_refused(world: World, name: str) -> None:
    expect_refusal(world, without_last_account(world.call(name).instruction()), TOO_FEW_ACCOUNTS)


@pytest.mark.parametrize("name", [name for name in ALL if AMM.spec(name)["args"]])
def test_arguments_cut_short_are_refused(world: World, name: str) -> None:
    # Where an address depends on an argument, that is read first.
    expect_refusal(world, cut_short(world.call(name).instruction()), UNREADABLE_ARGUMENTS)


def test_an_unknown_instruction_is_refused(world: World) -> None:
    with refused(None, 101):
        world.send(Instruction(AMM.id, bytes(range(8)), []))


# 9. Closing accounts: a token account closed in the same transaction


def test_a_token_account_closed_in_the_same_transaction_is_refused(world: World) -> None:
    pool = world.here
    seller = pool.user(base=0)
    key = seller.pubkey()
    metas = [
        AccountMeta(pool.base_of(key), is_signer=False, is_writable=True),
        AccountMeta(key, is_signer=False, is_writable=True),
        AccountMeta(key, is_signer=True, is_writable=False),
    ]
    buy = pool.swap_instruction("buy_exact_in", key, 10**9)
    with refused(None, WRONG_OWNER):
        pool.chain.send([Instruction(TOKEN_2022, b"\x09", metas), buy], [seller])
