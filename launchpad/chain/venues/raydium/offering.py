"""Whether Raydium takes a new pool on a cluster, and what it asks for one."""

import asyncio
from dataclasses import dataclass
from typing import Final

from launchpad.chain.deposits import rent_of
from launchpad.chain.instructions.solana import TOKEN_ACCOUNT_BYTES
from launchpad.chain.rpc import RpcPool
from launchpad.chain.tokens import data_of
from launchpad.chain.venues.raydium.accounts import decode_config
from launchpad.chain.venues.raydium.pools import RAYDIUM_CP_SWAP, amm_config
from launchpad.errors import InvalidInputError

# Bytes of what a pool consists of: the pool, its record of prices, the mint of its shares, two vaults.
_SPACES: Final = (637, 4_075, 82, TOKEN_ACCOUNT_BYTES, TOKEN_ACCOUNT_BYTES)
# The most of a raise that a graduation costs: one part in so many.
_PART: Final = 10


class VenueUnavailableError(InvalidInputError):
    """The venue takes no pools on this cluster."""

    code = "VENUE_UNAVAILABLE"


@dataclass(frozen=True, slots=True)
class RaydiumOffer:
    """What a new pool costs, in lamports: Raydium's fee, and rent that stays with the pool.

    `fee` is None where Raydium takes none, for the reason in `missing`. `share_account` is the rent
    of an account of shares, which the program counts too.
    """

    fee: int | None
    rent: int
    share_account: int
    missing: str | None = None

    def takes(self, raise_target: int, bounty: int) -> bool:
        """Whether Raydium takes a sold-out curve of so many lamports, as our program sees it."""
        return self.fee is not None and self.fee + self.rent + self.share_account + bounty <= raise_target // _PART

    def require(self) -> int:
        """The fee; VenueUnavailableError where there is no pool to be had."""
        if self.fee is None:
            message = f"{self.missing} Choose the launchpad's own pool, or another cluster."
            raise VenueUnavailableError(message, field="venue")
        return self.fee


async def fetch_offer(rpc: RpcPool) -> RaydiumOffer:
    """What the cluster says now."""
    (program, tier), empty = await asyncio.gather(rpc.get_accounts([RAYDIUM_CP_SWAP, amm_config()]), rpc.get_rent(0))
    config = decode_config(tier, data_of(tier) if tier else b"")
    missing = None
    if program is None or not program["executable"]:
        missing = "Raydium is not on this cluster."
    elif config is None:
        missing = "Raydium has no fee tier 0 on this cluster."
    elif config.disable_create_pool:
        missing = "Raydium takes no new pools now."
    fee = config.create_pool_fee if config and missing is None else None
    return RaydiumOffer(fee, rent_of(empty, *_SPACES), rent_of(empty, TOKEN_ACCOUNT_BYTES), missing)
