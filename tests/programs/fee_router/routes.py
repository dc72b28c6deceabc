"""Routers for tests: their accounts, their calls, and what they hold."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from tests.programs.harness import (
    AMM,
    CURVE,
    LAUNCHER,
    ROUTER,
    SOL,
    TOKEN,
    VESTING,
    WSOL,
    Chain,
    Receipt,
    ata,
    transfer_sol,
)
from tests.programs.pool_market import Pool
from tests.programs.token_launcher.launches import Launched

ALL = (AMM, CURVE, LAUNCHER, ROUTER, VESTING)
DAY = 86_400
ONE = 10_000
PIECE = 25
Shares = list[tuple[Pubkey, int]]


def split(*bps: int) -> Shares:
    """New wallets with these shares, in the order that the program asks for."""
    wallets = sorted((Keypair().pubkey() for _ in bps), key=bytes)
    return list(zip(wallets, bps, strict=True))


def hundred() -> Shares:
    """As many recipients as there can be."""
    return split(*[100] * 100)


@dataclass
class Route:
    """A router, and who owns it."""

    chain: Chain
    owner: Keypair
    creator: Pubkey
    index: int = 0

    @property
    def key(self) -> Pubkey:
        """The router's address."""
        return ROUTER.pda(b"router", self.creator, self.index.to_bytes(2, "little"))

    @property
    def proposal(self) -> Pubkey:
        """Where the next shares are written."""
        return ROUTER.pda(b"proposal", self.key)

    def release_of(self, mint: Pubkey) -> Pubkey:
        """Where a token's way out is written."""
        return ROUTER.pda(b"release", self.key, mint)

    @property
    def state(self) -> dict[str, Any]:
        """The router's fields."""
        return self.chain.read(ROUTER, "Router", self.key)

    @property
    def entries(self) -> list[dict[str, Any]]:
        """The table behind the fields."""
        data, found = self.chain.account(self.key).data, []
        start = len(ROUTER.encode_account("Router", self.state))
        for at in range(start, start + 52 * self.state["entries"], 52):
            wallet, rest = Pubkey(data[at : at + 32]), struct.unpack_from("<HHQQ", data, at + 32)
            found.append({"wallet": wallet, **dict(zip(("bps", "fraction", "counted", "owed"), rest, strict=True))})
        return found

    @property
    def shares(self) -> Shares:
        """The shares that hold."""
        return [(each["wallet"], each["bps"]) for each in self.entries if each["bps"]]

    @property
    def held(self) -> int:
        """Lamports that are somebody's income."""
        return self.chain.lamports(self.key) - int(self.state["deposit"])

    def send(self, *instructions: Instruction, by: Keypair | None = None, also: Sequence[Keypair] = ()) -> Receipt:
        """One transaction of the owner's, or of somebody else."""
        return self.chain.send(list(instructions), [by or self.owner, *also])

    def create(self, *, delay: int = DAY, fixed: bool = False) -> Receipt:
        """Creates the router."""
        args = {"index": self.index, "delay_seconds": delay, "fixed": fixed}
        return self.send(ROUTER.instruction("create_router", {"args": args}, self.create_accounts))

    @property
    def create_accounts(self) -> dict[str, Pubkey | None]:
        """The accounts of create_router."""
        return {"payer": self.owner.pubkey(), "creator": self.creator, "router": self.key}

    @property
    def owned(self) -> dict[str, Pubkey | None]:
        """The accounts of what the owner does alone."""
        return {"owner": self.owner.pubkey(), "router": self.key}

    def write(self, shares: Shares) -> Instruction:
        """A piece of a proposal."""
        portions = [{"wallet": wallet, "bps": bps} for wallet, bps in shares]
        accounts = {**self.owned, "payer": self.owner.pubkey(), "proposal": self.proposal}
        return ROUTER.instruction("write_proposal", {"portions": portions}, accounts)

    def propose(self, shares: Shares) -> Receipt:
        """Writes shares, in as many transactions as they need, and proposes them."""
        for start in range(0, len(shares), PIECE):
            self.send(self.write(shares[start : start + PIECE]))
        return self.send(self.propose_instruction())

    def propose_instruction(self) -> Instruction:
        """The start of the time lock."""
        return ROUTER.instruction("propose_shares", {}, {**self.owned, "proposal": self.proposal})

    def apply_accounts(self, payer: Pubkey) -> dict[str, Pubkey | None]:
        """The accounts of apply_shares."""
        own = {"router": self.key, "proposal": self.proposal, "rent_payer": self.owner.pubkey()}
        return {**own, "payer": payer}

    def apply(self, by: Keypair | None = None) -> Receipt:
        """Applies what is proposed."""
        who = by or self.owner
        return self.send(ROUTER.instruction("apply_shares", {}, self.apply_accounts(who.pubkey())), by=who)

    def change(self, shares: Shares) -> Receipt:
        """Proposes shares, waits and applies them."""
        event = self.propose(shares).event(ROUTER, "SharesProposed")
        self.chain.set_time(event["effective_at"])
        return self.apply()

    def cancel(self, by: Keypair | None = None) -> Receipt:
        """Throws a proposal away."""
        accounts = {**self.owned, "proposal": self.proposal, "rent_payer": self.owner.pubkey()}
        return self.send(ROUTER.instruction("cancel_proposal", {}, accounts), by=by)

    def manage(self, name: str, args: dict[str, Any] | None = None) -> Receipt:
        """One of the owner's changes."""
        return self.send(ROUTER.instruction(name, args or {}, self.owned))

    def fund(self, lamports: int) -> Receipt:
        """Lamports from anybody."""
        giver = self.chain.wallet(lamports / SOL + 1)
        return self.send(transfer_sol(giver.pubkey(), self.key, lamports), by=giver)

    def claim_instruction(self, wallet: Pubkey) -> Instruction:
        """The payment of a recipient."""
        return ROUTER.instruction("claim", {}, {"router": self.key, "recipient": wallet})

    def claim(self, wallet: Pubkey) -> Receipt:
        """Pays a recipient; somebody asks for it."""
        return self.send(self.claim_instruction(wallet), by=self.chain.admin)

    def curve_accounts(self, mint: Pubkey) -> dict[str, Pubkey | None]:
        """The accounts of collect_curve."""
        own = {"router": self.key, "mint": mint, "curve": CURVE.pda(b"curve", mint)}
        return {**own, "bonding_curve_event_authority": CURVE.event_authority}

    def collect_curve(self, mint: Pubkey) -> Receipt:
        """Brings a curve's fees in; somebody asks for it."""
        called = ROUTER.instruction("collect_curve", {}, self.curve_accounts(mint))
        return self.send(called, by=self.chain.admin)

    def pool_accounts(self, pool: Pool, payer: Pubkey) -> dict[str, Pubkey | None]:
        """The accounts of collect_pool."""
        kept = ("pool", "quote_mint", "base_vault", "quote_vault")
        of_pool = {name: key for name, key in pool.claim_accounts(self.key).items() if name in kept}
        own = {"payer": payer, "router": self.key, "router_quote": ata(self.key, WSOL, TOKEN)}
        return {**of_pool, **own, "amm_event_authority": AMM.event_authority}

    def collect_pool(self, pool: Pool, by: Keypair | None = None) -> Receipt:
        """Brings a pool's fees in; somebody asks for it."""
        payer = by or self.chain.admin
        called = ROUTER.instruction("collect_pool", {}, self.pool_accounts(pool, payer.pubkey()))
        return self.send(called, by=payer)

    def adopt_accounts(self, mint: Pubkey) -> dict[str, Pubkey | None]:
        """The accounts of adopt."""
        return {
            "router": self.key,
            "mint": mint,
            "launch_record": LAUNCHER.pda(b"launch", mint),
            "curve": CURVE.pda(b"curve", mint),
            "token_launcher_event_authority": LAUNCHER.event_authority,
            "bonding_curve_event_authority": CURVE.event_authority,
        }

    def offer(self, token: Launched) -> Instruction:
        """The token's creator proposes the router as creator."""
        named = {"creator": token.pad.creator.pubkey(), "launch_record": token.address}
        return LAUNCHER.instruction("propose_creator", {"new_creator": self.key}, named)

    def adopt(self, token: Launched) -> Receipt:
        """Both steps, by the token's creator."""
        adopted = ROUTER.instruction("adopt", {}, self.adopt_accounts(token.mint))
        return self.send(self.offer(token), adopted, by=token.pad.creator)

    def propose_release(self, mint: Pubkey, new_creator: Pubkey) -> Receipt:
        """Starts a token's way out."""
        accounts = {**self.owned, "payer": self.owner.pubkey(), "mint": mint, "release": self.release_of(mint)}
        return self.send(ROUTER.instruction("propose_release", {"new_creator": new_creator}, accounts))

    def release_accounts(self, mint: Pubkey) -> dict[str, Pubkey | None]:
        """The accounts of release."""
        return {
            "router": self.key,
            "release": self.release_of(mint),
            "rent_payer": self.owner.pubkey(),
            "curve": CURVE.pda(b"curve", mint),
            "launch_record": LAUNCHER.pda(b"launch", mint),
            "token_launcher_event_authority": LAUNCHER.event_authority,
        }

    def release(self, mint: Pubkey) -> Receipt:
        """Offers a token as its release says; somebody asks for it."""
        return self.send(ROUTER.instruction("release", {}, self.release_accounts(mint)), by=self.chain.admin)


def open_route(chain: Chain, *, delay: int = DAY, fixed: bool = False, index: int = 0) -> Route:
    """A router that has no recipients yet."""
    owner = chain.wallet()
    route = Route(chain, owner, owner.pubkey(), index)
    route.create(delay=delay, fixed=fixed)
    return route
