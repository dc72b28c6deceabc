"""Raydium's pools as they are now on the cluster."""

from dataclasses import dataclass
from typing import Any

from launchpad.chain.addresses import WRAPPED_SOL
from launchpad.chain.extensions import mint_extensions
from launchpad.chain.pools import NoPoolError
from launchpad.chain.rpc import RpcPool
from launchpad.chain.tokens import data_of
from launchpad.chain.venues.raydium.accounts import (
    AmmConfig,
    Observation,
    PoolState,
    decode_config,
    decode_pool,
    observations,
)
from launchpad.chain.venues.raydium.math import FeeRates
from launchpad.chain.venues.raydium.pools import RaydiumPool, amm_config, observation
from launchpad.errors import UnavailableError

_AMOUNT = slice(64, 72)
_TRANSFER_FEE = 1


class NoFeeTierError(UnavailableError):
    """Raydium's fee tier is missing on this cluster, or takes no new pools."""

    code = "RAYDIUM_FEE_TIER"


@dataclass(frozen=True, slots=True)
class LivePool:
    """A pool, its fee tier, and what the liquidity consists of (token 0, token 1)."""

    pool: RaydiumPool
    state: PoolState
    config: AmmConfig
    reserves: tuple[int, int]
    taxed: bool

    def rates(self, side_in: int) -> FeeRates:
        """The fees of a swap that pays side 0 or 1."""
        return self.state.rates(self.config, side_in)

    def facing(self, side_in: int) -> tuple[int, int]:
        """The reserves as (in, out) of a swap that pays side 0 or 1."""
        return self.reserves[side_in], self.reserves[1 - side_in]

    @property
    def sol_side(self) -> int | None:
        """Which side is wrapped SOL, None for a pool of two other tokens."""
        return self.pool.mints.index(WRAPPED_SOL) if WRAPPED_SOL in self.pool.mints else None


async def fetch_fee_tier(rpc: RpcPool, index: int = 0) -> AmmConfig:
    """A fee tier; NoFeeTierError where this cluster does not have it."""
    account = await rpc.get_account(amm_config(index))
    config = decode_config(account, _bytes(account))
    if config is None:
        raise NoFeeTierError(f"Raydium has no fee tier {index} on this cluster: choose another venue.")
    return config


async def find_pool(rpc: RpcPool, key: str) -> LivePool | None:
    """A pool by its address, None where there is none of Raydium's."""
    account = await rpc.get_account(key)
    state = decode_pool(account, _bytes(account))
    if state is None:
        return None
    names = [state.amm_config, state.token_0_vault, state.token_1_vault, state.token_0_mint, state.token_1_mint]
    config_account, vault_0, vault_1, *mints = await rpc.get_accounts(names)
    config = decode_config(config_account, _bytes(config_account))
    if config is None:
        return None
    reserves = state.reserves((_amount(vault_0), _amount(vault_1)))
    taxed = any(each.number == _TRANSFER_FEE for mint in mints for each in mint_extensions(_bytes(mint)))
    return LivePool(state.pool(key), state, config, reserves, taxed)


async def fetch_pool(rpc: RpcPool, key: str) -> LivePool:
    """A pool by its address; NoPoolError where there is none of Raydium's."""
    found = await find_pool(rpc, key)
    if found is None:
        raise NoPoolError(f"Raydium has no pool at {key} on this cluster: check the address.")
    return found


async def fetch_observations(rpc: RpcPool, key: str) -> list[Observation]:
    """A pool's record of prices in the order of time, empty where there is none."""
    account = await rpc.get_account(observation(key))
    return observations(data_of(account)) if account else []


def _bytes(account: dict[str, Any] | None) -> bytes:
    return data_of(account) if account else b""


def _amount(account: dict[str, Any] | None) -> int:
    return int.from_bytes(_bytes(account)[_AMOUNT], "little")
