"""Routers of fees as they are now on the cluster."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from solders.instruction import Instruction

from launchpad.chain import pda, pools
from launchpad.chain.accounts import (
    LaunchState,
    ProposalState,
    ReleaseState,
    RouterState,
    ShareState,
    decode_account,
)
from launchpad.chain.addresses import FEE_ROUTER, TOKEN_LAUNCHER, WRAPPED_SOL
from launchpad.chain.borsh import Layout
from launchpad.chain.instructions import fee_router
from launchpad.chain.instructions.amm import Pool, graduates_pool
from launchpad.chain.pools import NoPoolError
from launchpad.chain.rpc import COMMITMENT, RpcPool
from launchpad.chain.tokens import data_of
from launchpad.errors import ConflictError, NotFoundError

T = TypeVar("T")
# What one transaction does.
Steps = Sequence[Instruction]
# The account's type, then its fields; the entries follow.
TABLE = 225
ENTRY = 52
_ENTRY: Layout[ShareState] = Layout(ShareState)
# The index has 16 bits; as many accounts are read at once.
_MOST_ROUTERS = 65_536
_AT_ONCE = 64


class NoRouterError(NotFoundError):
    """There is no router of fees at this address on this cluster."""

    code = "NO_ROUTER"


class TooManyRoutersError(ConflictError):
    """A creator has used every index."""

    code = "TOO_MANY_ROUTERS"


@dataclass(frozen=True, slots=True)
class LiveRouter:
    """A router with its entries, all its income in lamports, and the shares that come next, if any do."""

    key: str
    state: RouterState
    entries: tuple[ShareState, ...]
    income: int
    proposal: ProposalState | None

    def entry(self, wallet: str) -> ShareState | None:
        """The entry of a wallet."""
        return next((each for each in self.entries if each.wallet == wallet), None)


async def fetch_router(rpc: RpcPool, key: str) -> LiveRouter:
    """A router by its address; NoRouterError where there is none."""
    account, proposal = await rpc.get_accounts([key, pda.fee_proposal(key)])
    live = router_of(key, account, _state(ProposalState, proposal))
    if live is None:
        raise NoRouterError(f"There is no router of fees at {key} on this cluster: check the address.")
    return live


def router_of(key: str, account: dict[str, Any] | None, proposal: ProposalState | None = None) -> LiveRouter | None:
    """A router by its account as a node tells it; None for what is none."""
    state = _state(RouterState, account)
    if state is None or account is None:
        return None
    data = data_of(account)
    rows = [data[start : start + ENTRY] for start in range(TABLE, TABLE + ENTRY * state.entries, ENTRY)]
    entries = tuple(_ENTRY.read(row) for row in rows)
    return LiveRouter(key, state, entries, state.income_with(account["lamports"]), proposal)


async def fetch_release(rpc: RpcPool, router: str, mint: str) -> ReleaseState | None:
    """A token's way out of its router; None where none is proposed."""
    return _state(ReleaseState, await rpc.get_account(pda.fee_release(router, mint)))


async def fetch_releases(rpc: RpcPool, router: str, mints: Sequence[str]) -> dict[str, ReleaseState]:
    """The ways out that are proposed for these tokens, at most 100."""
    accounts = await rpc.get_accounts([pda.fee_release(router, mint) for mint in mints]) if mints else []
    found = {mint: _state(ReleaseState, account) for mint, account in zip(mints, accounts, strict=True)}
    return {mint: release for mint, release in found.items() if release}


async def fetch_records(rpc: RpcPool, mints: Sequence[str]) -> dict[str, LaunchState]:
    """What the launcher keeps about these tokens, at most 100; those that were launched elsewhere are left out."""
    accounts = await rpc.get_accounts([pda.launch_record(mint) for mint in mints]) if mints else []
    return {
        mint: decode_account(LaunchState, data_of(account))
        for mint, account in zip(mints, accounts, strict=True)
        if account is not None and account["owner"] == TOKEN_LAUNCHER
    }


async def fetch_wrapped(rpc: RpcPool, router: str) -> dict[str, int]:
    """Token accounts of a router's for wrapped SOL: address to lamports, rent included."""
    config = {"encoding": "base64", "commitment": COMMITMENT}
    answer = await rpc.call("getTokenAccountsByOwner", [router, {"mint": WRAPPED_SOL}, config])
    return {entry["pubkey"]: entry["account"]["lamports"] for entry in answer["value"]}


async def free_index(rpc: RpcPool, creator: str) -> int:
    """The lowest index at which a creator has no router yet."""
    for start in range(0, _MOST_ROUTERS, _AT_ONCE):
        accounts = await rpc.get_accounts([pda.fee_router(creator, start + place) for place in range(_AT_ONCE)])
        for place, account in enumerate(accounts):
            if account is None or account["owner"] != FEE_ROUTER:
                return start + place
    raise TooManyRoutersError("This wallet has created as many routers as there can be: use another.")


async def graduates_pool_of(rpc: RpcPool, mint: str) -> Pool | None:
    """The pool of our own that a token trades in, which has to learn of a new creator; None without one."""
    try:
        live = await pools.fetch_pool(rpc, pda.canonical_pool(mint))
    except NoPoolError:
        return None
    return graduates_pool(mint, live.state.base_token_program)


async def from_pool(rpc: RpcPool, router: str, payer: str, mint: str) -> list[Instruction]:
    """What brings in the fees that a graduate's pool owes a router; nothing where it owes none."""
    try:
        live = await pools.fetch_pool(rpc, pda.canonical_pool(mint))
    except NoPoolError:
        return []
    if live.state.creator != router or not live.state.creator_fees:
        return []
    return [fee_router.collect_pool(router, payer, graduates_pool(mint, live.state.base_token_program))]


def _state(kind: type[T], account: dict[str, Any] | None) -> T | None:
    if account is None or account["owner"] != FEE_ROUTER:
        return None
    return decode_account(kind, data_of(account))
