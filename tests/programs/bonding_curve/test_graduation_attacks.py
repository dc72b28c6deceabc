"""Every account attack on graduation and what follows it: refused, and nothing changed.

Numbers are Anchor's (2000s constraints, 3000s accounts); names are the program's own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from tests.programs.curve_market import CONFIG
from tests.programs.graduating import LOCK, TEAM, TEAM_RAISE, graduation, new_chain, sold_out
from tests.programs.harness import AMM, CURVE, SYSTEM, TOKEN, TOKEN_2022, VESTING, ata, refused

NOT_SIGNER, WRONG_OWNER, WRONG_TYPE, NOT_INITIALIZED, WRONG_PROGRAM = 3010, 3007, 3002, 3012, 3008
HAS_ONE, WRONG_SEEDS, NOT_WRITABLE = 2001, 2006, 2000
SALE = graduation(**{**TEAM_RAISE["graduation"], "liquidity_lock_seconds": LOCK})
ALL = ["graduate", "release_payout", "lock_liquidity"]


@dataclass(frozen=True)
class Call:
    """A valid call."""

    name: str
    args: dict[str, Any]
    accounts: dict[str, Pubkey | None]

    def instruction(self, **accounts: Pubkey | None) -> Instruction:
        return CURVE.instruction(self.name, self.args, {**self.accounts, **accounts})


class World:
    """A sale that is about to graduate, two that did, and a caller who pays for everything."""

    def __init__(self) -> None:
        self.chain = new_chain()
        self.caller, self.thief = self.chain.wallet(), self.chain.wallet()
        self.coming, self.other = sold_out(self.chain, sale=SALE), sold_out(self.chain, sale=SALE)
        self.done, self.there = sold_out(self.chain, sale=SALE), sold_out(self.chain, sale=TEAM_RAISE)
        for graduate in (self.done, self.there):
            graduate.send(self.caller)

    def call(self, name: str) -> Call:
        """The valid call of an instruction."""
        key = self.caller.pubkey()
        if name == "graduate":
            return Call(name, {}, {"keeper": key, **self.coming.accounts})
        if name == "release_payout":
            args = {"kind": "Team", "index": 0}
            return Call(name, args, self.done.payout_accounts(key, TEAM.pubkey()))
        return Call(name, {"index": 0}, self.done.lock_accounts(key))

    def everything(self) -> list[Any]:
        """All accounts that an attack could have changed."""
        keys = [CONFIG]
        for each in (self.coming, self.other, self.done, self.there):
            pool = each.pool
            keys += [each.market.curve, each.market.vault, each.market.mint, each.curve_lp, pool.key, pool.lp_mint]
            keys += [pool.base_vault, pool.quote_vault]
            keys += [each.schedule(pool.lp_mint, each.market.creator.pubkey())]
        return [self.chain.svm.get_account(key) for key in keys]

    def forged(self, original: Pubkey, owner: Pubkey) -> Pubkey:
        """The same bytes elsewhere, owned by a program of the attacker's choice."""
        key, found = Keypair().pubkey(), self.chain.account(original)
        self.chain.set_account(key, found.data, owner, lamports=found.lamports)
        return key


@pytest.fixture(scope="module")
def world() -> World:
    """One world for all attacks: each leaves it as it was."""
    return World()


def expect_refusal(world: World, instruction: Instruction, error: int | str | None) -> None:
    before = world.everything()
    with refused(CURVE, error) if isinstance(error, str) else refused(None, error):
        world.chain.send([instruction], [world.caller])
    assert world.everything() == before


@pytest.mark.parametrize("name", ALL)
def test_the_prepared_call_is_valid(name: str) -> None:
    fresh = World()
    fresh.chain.send([fresh.call(name).instruction()], [fresh.caller])


def having(name: str, key: str) -> list[str]:
    return [each["name"] for each in CURVE.spec(name)["accounts"] if each.get(key)]


@pytest.mark.parametrize(("name", "signer"), [(name, signer) for name in ALL for signer in having(name, "signer")])
def test_a_signer_that_did_not_sign_is_refused(world: World, name: str, signer: str) -> None:
    call = world.call(name)
    victim = Keypair().pubkey()
    world.chain.airdrop(victim, 10)
    accounts = {**call.accounts, signer: victim}
    unsigned = CURVE.instruction(name, call.args, accounts, unsigned=[signer])
    expect_refusal(world, unsigned, NOT_SIGNER)


WRITABLE = [(name, each) for name in ALL for each in having(name, "writable") if each not in ("keeper", "caller")]


@pytest.mark.parametrize(("name", "account"), WRITABLE)
def test_an_account_that_must_change_must_be_writable(world: World, name: str, account: str) -> None:
    built = world.call(name).instruction()
    names = [each["name"] for each in CURVE.spec(name)["accounts"]]
    metas = [
        AccountMeta(meta.pubkey, meta.is_signer, is_writable=meta.is_writable and each != account)
        for each, meta in zip(names, built.accounts, strict=True)
    ]
    expect_refusal(world, Instruction(built.program_id, bytes(built.data), metas), NOT_WRITABLE)


TYPED = [
    (name, each)
    for name in ALL
    for each in ("config", "curve", "terms")
    if each in [account["name"] for account in CURVE.spec(name)["accounts"]]
]


@pytest.mark.parametrize(("name", "account"), TYPED)
def test_the_right_bytes_under_another_program_are_refused(world: World, name: str, account: str) -> None:
    call = world.call(name)
    original = call.accounts[account]
    assert original
    expect_refusal(world, call.instruction(**{account: world.forged(original, Keypair().pubkey())}), WRONG_OWNER)


@pytest.mark.parametrize(("name", "account"), TYPED)
def test_another_account_type_in_its_place_is_refused(world: World, name: str, account: str) -> None:
    cosplay = world.there.market.curve if account != "curve" else CONFIG
    expect_refusal(world, world.call(name).instruction(**{account: cosplay}), WRONG_TYPE)


@pytest.mark.parametrize(("name", "account"), TYPED)
def test_an_account_that_does_not_exist_is_refused(world: World, name: str, account: str) -> None:
    expect_refusal(world, world.call(name).instruction(**{account: Keypair().pubkey()}), NOT_INITIALIZED)


SWAPS: list[tuple[str, str, Callable[[World], Pubkey], int | str | None]] = [
    ("graduate", "curve", lambda it: it.other.market.curve, "InvalidMint"),
    ("graduate", "mint", lambda it: it.other.market.mint, "InvalidMint"),
    ("graduate", "base_vault", lambda it: it.other.market.vault, HAS_ONE),
    ("graduate", "base_vault", lambda it: it.forged(it.coming.market.vault, TOKEN_2022), HAS_ONE),
    ("graduate", "quote_mint", lambda it: it.other.market.mint, "InvalidMint"),
    ("graduate", "token_program", lambda _: TOKEN, HAS_ONE),
    ("graduate", "classic_token_program", lambda _: TOKEN_2022, WRONG_PROGRAM),
    ("graduate", "associated_token_program", lambda _: TOKEN, WRONG_PROGRAM),
    ("graduate", "system_program", lambda _: TOKEN, WRONG_PROGRAM),
    ("graduate", "amm_program", lambda _: TOKEN, WRONG_PROGRAM),
    ("graduate", "amm_config", lambda it: it.forged(it.coming.accounts["amm_config"] or SYSTEM, AMM.id), WRONG_SEEDS),
    ("graduate", "amm_event_authority", lambda _: CURVE.event_authority, None),
    ("graduate", "pool", lambda it: it.other.pool.key, None),
    ("graduate", "pool", lambda it: it.done.pool.key, None),
    ("graduate", "lp_mint", lambda it: it.other.pool.lp_mint, None),
    ("graduate", "pool_base_vault", lambda it: it.other.pool.base_vault, None),
    ("graduate", "pool_quote_vault", lambda it: it.thief.pubkey(), None),
    ("graduate", "pool_quote_vault", lambda it: it.other.pool.quote_vault, None),
    ("graduate", "curve_lp", lambda it: it.done.curve_lp, None),
    ("graduate", "curve_lp", lambda it: ata(it.thief.pubkey(), it.coming.pool.lp_mint, TOKEN), None),
    ("release_payout", "curve", lambda it: it.there.market.curve, "MissingTerms"),
    ("release_payout", "curve", lambda it: it.coming.market.curve, "PayoutMissing"),
    ("release_payout", "terms", lambda it: it.there.accounts["terms"] or SYSTEM, "MissingTerms"),
    ("release_payout", "quote_mint", lambda it: it.done.market.mint, "InvalidMint"),
    ("release_payout", "schedule", lambda it: it.done.schedule(it.done.market.mint, TEAM.pubkey()), None),
    ("release_payout", "escrow", lambda it: ata(it.thief.pubkey(), it.done.market.mint, TOKEN), None),
    ("release_payout", "token_program", lambda _: TOKEN_2022, WRONG_PROGRAM),
    ("release_payout", "vesting_program", lambda _: AMM.id, WRONG_PROGRAM),
    ("release_payout", "vesting_event_authority", lambda _: CURVE.event_authority, None),
    ("lock_liquidity", "curve", lambda it: it.there.market.curve, "InvalidMint"),
    ("lock_liquidity", "lp_mint", lambda it: it.done.market.mint, "InvalidMint"),
    ("lock_liquidity", "curve_lp", lambda it: it.done.market.vault, WRONG_OWNER),
    ("lock_liquidity", "curve_lp", lambda it: it.there.pool.quote_vault, None),
    ("lock_liquidity", "schedule", lambda it: it.done.schedule(it.done.pool.lp_mint, it.thief.pubkey()), None),
    ("lock_liquidity", "escrow", lambda it: ata(it.thief.pubkey(), it.done.pool.lp_mint, TOKEN), None),
    ("lock_liquidity", "vesting_program", lambda _: AMM.id, WRONG_PROGRAM),
    ("lock_liquidity", "vesting_event_authority", lambda _: VESTING.id, None),
]


@pytest.mark.parametrize(("name", "account", "what", "error"), SWAPS)
def test_a_swapped_account_is_refused(
    world: World, name: str, account: str, what: Callable[[World], Pubkey], error: int | str | None
) -> None:
    expect_refusal(world, world.call(name).instruction(**{account: what(world)}), error)


def test_the_pools_program_opens_no_pool_for_a_caller_in_the_curves_place(world: World) -> None:
    pool = world.coming.pool
    accounts = {**pool.canonical_accounts(), "payer": world.caller.pubkey(), "curve": pool.curve}
    direct = AMM.instruction("create_canonical_pool", pool.canonical_args(), accounts, unsigned=["curve"])
    expect_refusal(world, direct, NOT_SIGNER)


def test_a_sale_graduates_once_in_a_transaction_too() -> None:
    """The same sale twice in one transaction pays one reward."""
    fresh = World()
    steps = [fresh.call("graduate").instruction()] * 2
    receipt = fresh.chain.send(steps, [fresh.caller])
    assert len(receipt.events(CURVE, "Graduated")) == 1
