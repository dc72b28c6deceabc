"""Pools as they are now on the cluster."""

from dataclasses import dataclass
from typing import Any, TypeVar

from launchpad.chain import pda
from launchpad.chain.accounts import AmmConfig, PoolState, decode_account
from launchpad.chain.addresses import AMM
from launchpad.chain.amm_math import Reserves
from launchpad.chain.rpc import RpcPool
from launchpad.chain.tokens import data_of
from launchpad.errors import NotFoundError

T = TypeVar("T")
_AMOUNT = slice(64, 72)


class NoPoolError(NotFoundError):
    """There is no pool at this address on this cluster."""

    code = "NO_POOL"


@dataclass(frozen=True, slots=True)
class LivePool:
    """A pool with what its vaults hold for the liquidity."""

    key: str
    state: PoolState
    reserves: Reserves


async def fetch_config(rpc: RpcPool) -> AmmConfig | None:
    """The pools' parameters; None where the program is not set up yet."""
    return _state(AmmConfig, await rpc.get_account(pda.amm_config()))


async def fetch_pool(rpc: RpcPool, key: str) -> LivePool:
    """A pool by its address; NoPoolError where there is none."""
    state = _state(PoolState, await rpc.get_account(key))
    if state is None:
        raise NoPoolError(f"There is no pool at {key} on this cluster: check the address.")
    vaults = await rpc.get_accounts([state.base_vault, state.quote_vault])
    base, quote = (_amount(vault) for vault in vaults)
    return LivePool(key, state, state.reserves(base, quote))


def _state(kind: type[T], account: dict[str, Any] | None) -> T | None:
    if account is None or account["owner"] != AMM:
        return None
    return decode_account(kind, data_of(account))


def _amount(account: dict[str, Any] | None) -> int:
    return int.from_bytes(data_of(account)[_AMOUNT], "little") if account else 0
