"""Every account attack on graduate_to_raydium: refused, and nothing changed.

Numbers are Anchor's (2000s constraints, 3000s accounts) or Raydium's; names are the program's own.
"""

from collections.abc import Callable
from typing import Any

import pytest
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from launchpad.chain.venues.raydium.pools import amm_config
from tests.programs.curve_market import CONFIG
from tests.programs.graduating import LOCK, PAYOUT
from tests.programs.harness import AMM, CURVE, SYSTEM, TOKEN, TOKEN_2022, WSOL, ata, refused
from tests.programs.pool_market import fund
from tests.programs.raydium_graduating import RAYDIUM, TIER, raydium_chain, raydium_sale, sold_out_for_raydium
from tests.raydium import config_data, needs_raydium

pytestmark = needs_raydium

NOT_SIGNER, WRONG_OWNER, WRONG_TYPE, NOT_INITIALIZED, WRONG_PROGRAM = 3010, 3007, 3002, 3012, 3008
HAS_ONE, WRONG_SEEDS, WRONG_ADDRESS, NOT_WRITABLE, WRONG_SYSVAR = 2001, 2006, 2012, 2000, 3015
NAME = "graduate_to_raydium"
SALE = raydium_sale(liquidity_bps=7_000, payout=PAYOUT, liquidity_lock_seconds=LOCK)
NAMES = [each["name"] for each in CURVE.spec(NAME)["accounts"]]


class World:
    """A sale that is about to go to Raydium, one beside it, one that is there, and a caller who pays for everything."""

    def __init__(self) -> None:
        self.chain = raydium_chain()
        self.caller, self.thief = self.chain.wallet(), self.chain.wallet()
        self.coming, self.other = (sold_out_for_raydium(self.chain, sale=SALE) for _ in range(2))
        self.done = sold_out_for_raydium(self.chain, sale=raydium_sale())
        self.done.send(self.caller)
        self.second_tier = Pubkey.from_string(amm_config(1))
        self.chain.set_account(self.second_tier, config_data(index=1), RAYDIUM)

    def instruction(self, **accounts: Pubkey | None) -> Instruction:
        return self.coming.instruction(self.caller.pubkey(), **accounts)

    def everything(self) -> list[Any]:
        """All accounts that an attack could have changed."""
        keys = [CONFIG, TIER]
        for each in (self.coming, self.other, self.done):
            keys += [each.market.curve, each.market.vault, each.market.mint, each.curve_lp, each.creator]
            keys += [*each.made.values(), *each.passing.values(), each.instead.pool.key]
        return [self.chain.svm.get_account(key) for key in keys]

    def forged(self, original: Pubkey, owner: Pubkey) -> Pubkey:
        """The same bytes elsewhere, owned by a program of the attacker's choice."""
        key, found = Keypair().pubkey(), self.chain.account(original)
        self.chain.set_account(key, found.data, owner, lamports=found.lamports)
        return key

    def purse(self, mint: Pubkey, program: Pubkey) -> Pubkey:
        """The thief's own account of a token, full."""
        return fund(self.chain, self.thief.pubkey(), mint, 10**18 if mint != WSOL else 200 * 10**9, program)


@pytest.fixture(scope="module")
def world() -> World:
    """One world for all attacks: each leaves it as it was."""
    return World()


def expect_refusal(world: World, instruction: Instruction, error: int | str | None) -> None:
    before = world.everything()
    with refused(CURVE, error) if isinstance(error, str) else refused(None, error):
        world.chain.send([instruction], [world.caller])
    assert world.everything() == before


def test_the_prepared_call_is_valid() -> None:
    fresh = World()
    fresh.chain.send([fresh.instruction()], [fresh.caller])


def test_a_keeper_who_did_not_sign_is_refused(world: World) -> None:
    victim = Keypair().pubkey()
    world.chain.airdrop(victim, 10)
    unsigned = CURVE.instruction(NAME, {}, {**world.coming.accounts, "keeper": victim}, unsigned=["keeper"])
    expect_refusal(world, unsigned, NOT_SIGNER)


WRITABLE = [each["name"] for each in CURVE.spec(NAME)["accounts"] if each.get("writable") and each["name"] != "keeper"]


@pytest.mark.parametrize("account", WRITABLE)
def test_an_account_that_must_change_must_be_writable(world: World, account: str) -> None:
    built = world.instruction()
    metas = [
        AccountMeta(meta.pubkey, meta.is_signer, is_writable=meta.is_writable and each != account)
        for each, meta in zip(NAMES, built.accounts, strict=True)
    ]
    expect_refusal(world, Instruction(built.program_id, bytes(built.data), metas), NOT_WRITABLE)


@pytest.mark.parametrize("account", ["config", "curve", "terms"])
def test_the_right_bytes_under_another_program_are_refused(world: World, account: str) -> None:
    original = world.coming.accounts[account]
    assert original
    forged = world.forged(original, Keypair().pubkey())
    expect_refusal(world, world.instruction(**{account: forged}), WRONG_OWNER)


@pytest.mark.parametrize("account", ["config", "curve", "terms"])
def test_another_account_type_in_its_place_is_refused(world: World, account: str) -> None:
    cosplay = world.other.market.curve if account != "curve" else CONFIG
    expect_refusal(world, world.instruction(**{account: cosplay}), WRONG_TYPE)


@pytest.mark.parametrize("account", ["config", "curve", "terms"])
def test_an_account_that_does_not_exist_is_refused(world: World, account: str) -> None:
    expect_refusal(world, world.instruction(**{account: Keypair().pubkey()}), NOT_INITIALIZED)


SWAPS: list[tuple[str, Callable[[World], Pubkey | None], int | str | None]] = [
    ("curve", lambda it: it.other.market.curve, "InvalidMint"),
    ("terms", lambda it: it.done.accounts["terms"], "MissingTerms"),
    ("mint", lambda it: it.other.market.mint, "InvalidMint"),
    ("base_vault", lambda it: it.other.market.vault, HAS_ONE),
    ("base_vault", lambda it: it.forged(it.coming.market.vault, TOKEN_2022), HAS_ONE),
    ("base_vault", lambda it: it.purse(it.coming.market.mint, TOKEN_2022), HAS_ONE),
    ("quote_mint", lambda it: it.other.market.mint, "InvalidMint"),
    ("pool_creator", lambda it: it.thief.pubkey(), WRONG_SEEDS),
    ("pool_creator", lambda it: it.other.creator, WRONG_SEEDS),
    ("pool_creator", lambda it: it.coming.market.curve, WRONG_SEEDS),
    ("pool_creator", lambda it: it.caller.pubkey(), WRONG_SEEDS),
    ("creator_base", lambda it: it.other.passing["creator_base"], WRONG_SEEDS),
    ("creator_base", lambda it: it.coming.market.vault, WRONG_SEEDS),
    ("creator_base", lambda it: it.purse(it.coming.market.mint, TOKEN_2022), WRONG_SEEDS),
    ("creator_quote", lambda it: it.other.passing["creator_quote"], WRONG_SEEDS),
    ("creator_quote", lambda it: it.purse(WSOL, TOKEN), WRONG_SEEDS),
    ("creator_quote", lambda it: it.coming.passing["creator_base"], WRONG_SEEDS),
    ("creator_lp", lambda it: it.other.passing["creator_lp"], None),
    ("creator_lp", lambda it: it.coming.curve_lp, None),
    ("creator_lp", lambda it: ata(it.thief.pubkey(), it.coming.lp_mint, TOKEN), None),
    ("curve_lp", lambda _: None, 3005),
    ("curve_lp", lambda it: ata(it.thief.pubkey(), it.coming.lp_mint, TOKEN), None),
    ("curve_lp", lambda it: it.coming.passing["creator_lp"], None),
    ("curve_lp", lambda it: it.other.curve_lp, None),
    ("pool", lambda it: it.other.made["pool"], WRONG_SEEDS),
    ("pool", lambda it: it.done.made["pool"], WRONG_SEEDS),
    ("pool", lambda it: it.thief.pubkey(), WRONG_SEEDS),
    ("lp_mint", lambda it: it.other.lp_mint, None),
    ("lp_mint", lambda it: it.done.lp_mint, None),
    ("lp_mint", lambda it: it.coming.market.mint, None),
    ("pool_base_vault", lambda it: it.other.made["pool_base_vault"], None),
    ("pool_base_vault", lambda it: it.coming.made["pool_quote_vault"], None),
    ("pool_base_vault", lambda it: it.purse(it.coming.market.mint, TOKEN_2022), None),
    ("pool_quote_vault", lambda it: it.other.made["pool_quote_vault"], None),
    ("pool_quote_vault", lambda it: it.thief.pubkey(), None),
    ("observation", lambda it: it.other.made["observation"], None),
    ("observation", lambda it: it.coming.made["pool"], None),
    ("pool_fee_receiver", lambda it: it.purse(WSOL, TOKEN), None),
    ("pool_fee_receiver", lambda it: it.thief.pubkey(), None),
    ("raydium_config", lambda it: it.second_tier, WRONG_ADDRESS),
    ("raydium_config", lambda it: it.forged(TIER, RAYDIUM), WRONG_ADDRESS),
    ("raydium_authority", lambda it: it.thief.pubkey(), None),
    ("raydium_program", lambda _: AMM.id, WRONG_PROGRAM),
    ("raydium_program", lambda _: SYSTEM, WRONG_PROGRAM),
    ("token_program", lambda _: TOKEN, HAS_ONE),
    ("classic_token_program", lambda _: TOKEN_2022, WRONG_PROGRAM),
    ("associated_token_program", lambda _: TOKEN, WRONG_PROGRAM),
    ("system_program", lambda _: TOKEN, WRONG_PROGRAM),
    ("rent", lambda it: it.thief.pubkey(), WRONG_SYSVAR),
    ("event_authority", lambda it: it.thief.pubkey(), WRONG_ADDRESS),
]


@pytest.mark.parametrize(("account", "what", "error"), SWAPS)
def test_a_swapped_account_is_refused(
    world: World, account: str, what: Callable[[World], Pubkey | None], error: int | str | None
) -> None:
    expect_refusal(world, world.instruction(**{account: what(world)}), error)


def test_every_account_was_tried() -> None:
    tried = {account for account, _, _ in SWAPS}
    assert tried == set(NAMES) - {"keeper", "config", "program"}


def test_accounts_behind_the_others_change_nothing() -> None:
    fresh = World()
    extra = (fresh.thief.pubkey(), fresh.other.market.vault)
    fresh.coming.send(fresh.caller, extra)
    assert fresh.coming.market.state["pool"] == fresh.coming.made["pool"]


def test_one_account_in_two_places_is_refused(world: World) -> None:
    coming = world.coming
    for account, twin in (
        ("creator_base", "creator_quote"),
        ("pool_base_vault", "creator_base"),
        ("curve_lp", "creator_lp"),
    ):
        expect_refusal(world, world.instruction(**{account: coming.accounts[twin]}), None)
