"""A world in which every instruction of the routers' program has a call that would succeed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from tests.programs import pool_market
from tests.programs.fee_router.routes import ALL, DAY, ONE, Route, open_route, split
from tests.programs.harness import ROUTER, SOL, TOKEN, WSOL, Chain
from tests.programs.pool_market import free_pool, fund
from tests.programs.token_launcher.launches import first_buy, open_pad

Prepared = tuple[dict[str, Any], dict[str, Pubkey | None]]


@dataclass(frozen=True)
class Call:
    """A valid call with its accounts by name."""

    name: str
    args: dict[str, Any]
    accounts: dict[str, Pubkey | None]

    def instruction(self, **options: Any) -> Instruction:
        return ROUTER.instruction(self.name, self.args, self.accounts, **options)


class World:
    """A router with tokens, a pool and a release; one with shares to apply; an attacker with his own; and all calls."""

    def __init__(self) -> None:
        self.chain = Chain(ALL)
        pool_market.create_config(self.chain)
        pad = open_pad(self.chain)
        self.here, self.waiting, self.there = (open_route(self.chain) for _ in range(3))
        for route in (self.here, self.waiting, self.there):
            route.change(split(5_000, 5_000))
        self.token, self.leaving, self.coming, self.other = (pad.launch(first_buy()) for _ in range(4))
        for token in (self.token, self.leaving):
            self.here.adopt(token)
        self.here.collect_curve(self.leaving.mint)
        self.here.send(self.here.offer(self.coming), by=pad.creator)
        self.pool = free_pool(self.chain, creator=self.here.key)
        self.pool.swap("buy_exact_in", self.pool.user(), SOL)
        self.here.fund(SOL)
        self.there.fund(SOL)
        self.wrapped = fund(self.chain, self.there.key, WSOL, SOL, TOKEN)
        self.attacker = self.there.owner
        self.heir, self.payer = self.chain.wallet(), self.chain.wallet()
        self._propose()

    def _propose(self) -> None:
        self.waiting.propose(split(ONE))
        self.there.propose(split(ONE))
        self.here.propose_release(self.leaving.mint, self.heir.pubkey())
        self.there.propose_release(self.leaving.mint, self.attacker.pubkey())
        self.here.manage("propose_owner", {"new_owner": self.heir.pubkey()})
        self.chain.set_time(self.chain.now + DAY)
        self.here.send(self.here.write(split(ONE)))

    def call(self, name: str) -> Call:
        """The valid call of an instruction."""
        prepared: Callable[[], Prepared] = getattr(self, f"_{name}")
        return Call(name, *prepared())

    def _create_router(self) -> Prepared:
        new = Route(self.chain, self.here.owner, self.here.creator, 9)
        args = {"index": 9, "delay_seconds": DAY, "fixed": False}
        return {"args": args}, {**new.create_accounts, "payer": self.payer.pubkey()}

    def _write_proposal(self) -> Prepared:
        own = {"payer": self.payer.pubkey(), "proposal": self.here.proposal}
        return {"portions": []}, {**self.here.owned, **own}

    def _propose_shares(self) -> Prepared:
        return {}, {**self.here.owned, "proposal": self.here.proposal}

    def _apply_shares(self) -> Prepared:
        return {}, self.waiting.apply_accounts(self.waiting.owner.pubkey())

    def _cancel_proposal(self) -> Prepared:
        own = {"proposal": self.waiting.proposal, "rent_payer": self.waiting.owner.pubkey()}
        return {}, {**self.waiting.owned, **own}

    def _fix_shares(self) -> Prepared:
        return {}, self.here.owned

    def _adopt(self) -> Prepared:
        return {}, self.here.adopt_accounts(self.coming.mint)

    def _collect_curve(self) -> Prepared:
        return {}, self.here.curve_accounts(self.token.mint)

    def _collect_pool(self) -> Prepared:
        return {}, self.here.pool_accounts(self.pool, self.here.owner.pubkey())

    def _unwrap(self) -> Prepared:
        return {}, {"router": self.there.key, "wrapped": self.wrapped}

    def _claim(self) -> Prepared:
        return {}, {"router": self.here.key, "recipient": self.here.shares[0][0]}

    def _propose_release(self) -> Prepared:
        own = {"payer": self.payer.pubkey(), "mint": self.token.mint}
        named = {**self.here.owned, **own, "release": self.here.release_of(self.token.mint)}
        return {"new_creator": self.heir.pubkey()}, named

    def _release(self) -> Prepared:
        return {}, self.here.release_accounts(self.leaving.mint)

    def _cancel_release(self) -> Prepared:
        own = {"release": self.here.release_of(self.leaving.mint), "rent_payer": self.here.owner.pubkey()}
        return {}, {**self.here.owned, **own}

    def _propose_owner(self) -> Prepared:
        return {"new_owner": Keypair().pubkey()}, self.here.owned

    def _accept_owner(self) -> Prepared:
        return {}, {"pending_owner": self.heir.pubkey(), "router": self.here.key}

    def send(self, instruction: Instruction) -> None:
        """Sends a call paid for by the attacker; whoever is marked as signer counts as one."""
        pool_market.send_as_program(self.chain, [instruction], self.attacker)

    def everything(self) -> list[Any]:
        """All accounts that an attack could have changed."""
        keys = [self.pool.key, self.pool.quote_vault, self.wrapped]
        for route in (self.here, self.waiting, self.there):
            keys += [route.key, route.proposal, route.release_of(self.leaving.mint), route.release_of(self.token.mint)]
            keys += [wallet for wallet, _ in route.shares]
        for token in (self.token, self.leaving, self.coming, self.other):
            keys += [token.address, self.here.adopt_accounts(token.mint)["curve"]]
        return [self.chain.svm.get_account(key) for key in keys if key]

    def forged(self, original: Pubkey, *, owner: Pubkey) -> Pubkey:
        """The same bytes elsewhere, owned by a program of the attacker's choice."""
        key, found = Keypair().pubkey(), self.chain.account(original)
        self.chain.set_account(key, found.data, owner, lamports=found.lamports)
        return key
