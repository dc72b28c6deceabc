"""What only the cluster knows of a wallet's claims: asked for in one request for each hundred accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from launchpad.chain import pda, routers
from launchpad.chain.accounts import PROGRAM_OF, ReferrerFees, decode_account
from launchpad.chain.rpc import RpcPool
from launchpad.chain.sale_accounts import PositionState
from launchpad.chain.tokens import data_of

_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Claimable:
    """Lamports: of referred trades, of the rent of positions by mint, of shares by router; nothing that is 0."""

    referrer: int
    positions: dict[str, int]
    shares: dict[str, int]


async def fetch_claimable(rpc: RpcPool, wallet: str, mints: Sequence[str], keys: Sequence[str]) -> Claimable:
    """What waits for a wallet as a referrer, in its positions in these sales, and with these routers."""
    addresses = [pda.referrer_fees(wallet), *(pda.position(mint, wallet) for mint in mints), *keys]
    first, *others = await _accounts(rpc, addresses)
    rents = {mint: _rent(account) for mint, account in zip(mints, others, strict=False)}
    shares = {key: _share(key, account, wallet) for key, account in zip(keys, others[len(mints) :], strict=True)}
    return Claimable(
        _referrer(first),
        {mint: lamports for mint, lamports in rents.items() if lamports},
        {key: lamports for key, lamports in shares.items() if lamports},
    )


async def _accounts(rpc: RpcPool, addresses: Sequence[str]) -> list[dict[str, Any] | None]:
    pages = [addresses[start : start + _AT_ONCE] for start in range(0, len(addresses), _AT_ONCE)]
    return [account for page in pages for account in await rpc.get_accounts(page)]


def _referrer(account: dict[str, Any] | None) -> int:
    if account is None or account["owner"] != PROGRAM_OF[ReferrerFees]:
        return 0
    return decode_account(ReferrerFees, data_of(account)).unclaimed


def _rent(account: dict[str, Any] | None) -> int:
    ours = account is not None and account["owner"] == PROGRAM_OF[PositionState]
    return int(account["lamports"]) if account and ours else 0


def _share(key: str, account: dict[str, Any] | None, wallet: str) -> int:
    live = routers.router_of(key, account)
    entry = live.entry(wallet) if live else None
    return entry.claimable(live.income) if live and entry else 0
