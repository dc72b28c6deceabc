"""A world in which every instruction of the pools' program has a call that would succeed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from tests.programs.harness import AMM, SOL, TOKEN, Chain, transfer_sol
from tests.programs.pool_market import (
    AUTHORITY_OF_CREATOR,
    BASE,
    CONFIG,
    CREATOR,
    DEADLINE,
    QUOTE,
    RECIPIENT,
    create_config,
    fee_args,
    free_pool,
    fund,
    graduated,
    manage,
    new_pool,
    send_as_program,
)


@dataclass(frozen=True)
class Call:
    """A valid call with its accounts by name."""

    name: str
    args: dict[str, Any]
    accounts: dict[str, Pubkey | None]

    def instruction(self, **options: Any) -> Instruction:
        return AMM.instruction(self.name, self.args, self.accounts, **options)


class World:
    """Two pools, a user of both, an attacker with tokens and shares of the second, and all calls."""

    def __init__(self) -> None:
        self.chain = Chain([AMM])
        create_config(self.chain)
        self.here = graduated(self.chain)
        self.there = free_pool(self.chain, creator=CREATOR.pubkey())
        self.user, self.attacker = self.here.user(), self.there.user()
        self.here.deposit(self.user, 10**15, 10**12)
        self.here.swap("buy_exact_in", self.user, SOL)
        self.there.swap("buy_exact_in", self.attacker, SOL)
        self.coming = new_pool(self.chain)
        self.coming.fund(self.coming.opener.pubkey(), BASE, QUOTE)
        self.graduate = new_pool(self.chain, canonical=True)
        self.chain.set_tokens(self.graduate.curve, self.graduate.base_mint, BASE)
        put = transfer_sol(self.user.pubkey(), self.graduate.quote_vault, QUOTE)
        self.chain.send([put], [self.user])
        for key in (CREATOR, RECIPIENT):
            fund(self.chain, key.pubkey(), self.here.quote_mint, 0, TOKEN)
        manage(self.chain, "propose_authority", {"new_authority": self.user.pubkey()})

    def call(self, name: str) -> Call:
        """The valid call of an instruction."""
        prepared: Callable[[], tuple[dict[str, Any], dict[str, Pubkey | None]]] = getattr(self, f"_{name}")
        return Call(name, *prepared())

    def _managed(self, args: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Pubkey | None]]:
        return args, {"authority": self.chain.admin.pubkey(), "config": CONFIG}

    def _set_fees(self) -> tuple[dict[str, Any], dict[str, Pubkey | None]]:
        return self._managed({"fees": fee_args()})

    def _set_paused(self) -> tuple[dict[str, Any], dict[str, Pubkey | None]]:
        return self._managed({"paused": True})

    def _propose_authority(self) -> tuple[dict[str, Any], dict[str, Pubkey | None]]:
        return self._managed({"new_authority": self.attacker.pubkey()})

    def _accept_authority(self) -> tuple[dict[str, Any], dict[str, Pubkey | None]]:
        return {}, {"pending_authority": self.user.pubkey(), "config": CONFIG}

    def _create_pool(self) -> tuple[dict[str, Any], dict[str, Pubkey | None]]:
        return self.coming.create_args(), self.coming.create_accounts

    def _create_canonical_pool(self) -> tuple[dict[str, Any], dict[str, Pubkey | None]]:
        return self.graduate.canonical_args(), self.graduate.canonical_accounts()

    def _swap_exact_in(self) -> tuple[dict[str, Any], dict[str, Pubkey | None]]:
        args = {"is_buy": True, "amount_in": SOL, "min_amount_out": 0, "deadline": DEADLINE}
        return args, self.here.swap_accounts(self.user.pubkey())

    def _swap_exact_out(self) -> tuple[dict[str, Any], dict[str, Pubkey | None]]:
        args = {"is_buy": False, "amount_out": SOL, "max_amount_in": 2**63, "deadline": DEADLINE}
        return args, self.here.swap_accounts(self.user.pubkey())

    def _deposit(self) -> tuple[dict[str, Any], dict[str, Pubkey | None]]:
        args = {"max_base": 10**15, "max_quote": 10**12, "min_lp": 0, "deadline": DEADLINE}
        return args, self.here.liquidity_accounts(self.user.pubkey())

    def _withdraw(self) -> tuple[dict[str, Any], dict[str, Pubkey | None]]:
        args = {"lp_amount": 10**9, "min_base": 0, "min_quote": 0}
        return args, self.here.liquidity_accounts(self.user.pubkey())

    def _claim_creator_fees(self) -> tuple[dict[str, Any], dict[str, Pubkey | None]]:
        return {}, self.here.claim_accounts(CREATOR.pubkey())

    def _sweep_protocol_fees(self) -> tuple[dict[str, Any], dict[str, Pubkey | None]]:
        return {}, self.here.sweep_accounts(self.user.pubkey())

    def _set_creator(self) -> tuple[dict[str, Any], dict[str, Pubkey | None]]:
        vaults = {"base_vault": self.here.base_vault, "quote_vault": self.here.quote_vault}
        accounts = {"authority": AUTHORITY_OF_CREATOR.pubkey(), "pool": self.here.key, **vaults}
        return {"new_creator": self.user.pubkey()}, accounts

    def send(self, instruction: Instruction) -> None:
        """Sends a call paid for by the attacker; whoever is marked as signer counts as one."""
        send_as_program(self.chain, [instruction], self.attacker)

    def everything(self) -> list[Any]:
        """All accounts that an attack could have changed."""
        keys = [CONFIG]
        for pool, owner in ((self.here, self.user), (self.there, self.attacker)):
            own = (pool.base_of(owner.pubkey()), pool.quote_of(owner.pubkey()), pool.lp_of(owner.pubkey()))
            keys += [pool.key, pool.base_vault, pool.quote_vault, pool.lp_mint, *own]
        for coming in (self.coming, self.graduate):
            keys += [coming.key, coming.lp_mint, coming.base_vault, coming.quote_vault]
        return [self.chain.svm.get_account(key) for key in keys]

    def forged(self, original: Pubkey, *, owner: Pubkey) -> Pubkey:
        """The same bytes elsewhere, owned by a program of the attacker's choice."""
        key, found = Keypair().pubkey(), self.chain.account(original)
        self.chain.set_account(key, found.data, owner, lamports=found.lamports)
        return key
