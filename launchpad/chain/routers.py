"""Routers of fees as they are now on the cluster."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from solders.instruction import Instruction

from launchpad.chain import pda, pools
from launchpad.chain.accounts import ProposalState, ReleaseState, RouterState, ShareState, decode_account
from launchpad.chain.addresses import FEE_ROUTER
from launchpad.chain.borsh import Layout
from launchpad.chain.instructions import fee_router
from launchpad.chain.instructions.amm import graduates_pool
from launchpad.chain.pools import NoPoolError
from launchpad.chain.rpc import RpcPool
from launchpad.chain.tokens import data_of
from launchpad.errors import NotFoundError

T = TypeVar("T")
# What one transaction does.
Steps = Sequence[Instruction]
# The account's type, then its fields; the entries follow.
TABLE = 225
ENTRY = 52
_ENTRY: Layout[ShareState] = Layout(ShareState)


class NoRouterError(NotFoundError):
    """There is no router of fees at this address on this cluster."""

    code = "NO_ROUTER"


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
    state = _state(RouterState, account)
    if state is None or account is None:
        raise NoRouterError(f"There is no router of fees at {key} on this cluster: check the address.")
    data = data_of(account)
    rows = [data[start : start + ENTRY] for start in range(TABLE, TABLE + ENTRY * state.entries, ENTRY)]
    entries = tuple(_ENTRY.read(row) for row in rows)
    income = state.income_with(account["lamports"])
    return LiveRouter(key, state, entries, income, _state(ProposalState, proposal))


async def fetch_release(rpc: RpcPool, router: str, mint: str) -> ReleaseState | None:
    """A token's way out of its router; None where none is proposed."""
    return _state(ReleaseState, await rpc.get_account(pda.fee_release(router, mint)))


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
