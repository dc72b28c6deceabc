"""Pools of our own program that anybody opens, as one venue among others."""

import time

from launchpad.chain import pda
from launchpad.chain.addresses import WRAPPED_SOL
from launchpad.chain.client import ChainClient
from launchpad.chain.markets import fetch_open_pool
from launchpad.chain.venues.building import own_pool
from launchpad.dex.building import fetch_token, require_funds, step
from launchpad.dex.errors import PoolExistsError
from launchpad.dex.schemas import BuiltStep
from launchpad.dex.venues import require_venue

# How many pools of one pair a wallet can open here.
_INDEXES = 16
# Pool, LP mint, two vaults and the opener's accounts, about.
_DEPOSITS = 15_000_000


async def open_pool(
    chain: ChainClient, wallet: str, mint: str, base: int, lamports: int
) -> tuple[str, list[BuiltStep]]:
    """A pool of the wallet's own against SOL: its address, and what to sign.

    Raises PoolExistsError, NoTokensError, InsufficientFundsError, and what it would fail with.
    """
    await require_venue(chain, "amm")
    token = await fetch_token(chain, mint)
    await require_funds(chain, wallet, token.mint, base, lamports + _DEPOSITS)
    addresses = [pda.free_pool(mint, WRAPPED_SOL, wallet, index) for index in range(_INDEXES)]
    taken = await chain.rpc.get_accounts(addresses)
    index = next((place for place, account in enumerate(taken) if account is None), None)
    if index is None:
        raise PoolExistsError("This wallet has as many pools of this pair as it can open: add liquidity to one.")
    wanted = own_pool(addresses[index], wallet, (mint, token.mint.token_program), (base, lamports), index)
    built = await chain.build(wallet, wanted)
    return addresses[index], [step("Open a Launchpad pool", built)]


async def reserves(chain: ChainClient, pool: str, mint: str) -> dict[str, str] | None:
    """Base units and lamports in a pool, None where it is none."""
    found = await fetch_open_pool(chain.rpc, pool, mint, int(time.time()))
    return {"base": str(found.reserves.base), "quote": str(found.reserves.quote)} if found else None
