"""Pools at Orca: splash pools with one full-range position, in two transactions."""

from launchpad.chain import keys
from launchpad.chain.client import ChainClient
from launchpad.chain.swapping import passing_sol
from launchpad.chain.venues.building import SplashPool, build_after
from launchpad.chain.venues.orca import Whirlpool
from launchpad.dex.building import fetch_token, require_extensions, require_funds, step
from launchpad.dex.errors import PoolExistsError
from launchpad.dex.schemas import BuiltSplashPool, BuiltStep, CreateSplashPool
from launchpad.dex.venues import require_venue

# Transfer fee, interest, metadata pointer, metadata, scaled amounts; others need a badge of Orca's.
_ACCEPTED = frozenset({1, 10, 18, 19, 25})
# Pool, two arrays of ticks and a position with its token, about; the program charges no more for a pool.
_DEPOSITS = 170_000_000
_FILL_UNITS = 300_000


async def create_pool(chain: ChainClient, asked: CreateSplashPool) -> BuiltSplashPool:
    """A pool with its first liquidity; raises what `open_pool` does."""
    amounts = int(asked.base_amount), int(asked.quote_amount)
    pool, steps = await open_pool(chain, asked.wallet, asked.mint, *amounts)
    return BuiltSplashPool(venue="orca", pool=pool, steps=steps)


async def open_pool(
    chain: ChainClient, wallet: str, mint: str, base: int, lamports: int
) -> tuple[str, list[BuiltStep]]:
    """A pool of a token against SOL and its first liquidity: the address, and what to sign in order.

    Raises NotOnThisNetworkError, MintNotAcceptedError, PoolExistsError, NoTokensError,
    InsufficientFundsError, and what the first transaction would fail with.
    """
    await require_venue(chain, "orca")
    token = await fetch_token(chain, mint)
    require_extensions(token, _ACCEPTED, "Orca")
    await require_funds(chain, wallet, token.mint, base, lamports + _DEPOSITS)
    vaults, position = (keys.generate(), keys.generate()), keys.generate()
    addresses = (keys.address_of(vaults[0]), keys.address_of(vaults[1]))
    pool = Whirlpool.of(mint, token.mint.token_program, addresses)
    if await chain.rpc.get_account(pool.key) is not None:
        raise PoolExistsError("Orca has a pool of this token against SOL already: add liquidity there.", pool=pool.key)
    splash = SplashPool(pool, wallet, keys.address_of(position), base, lamports)
    opening = splash.opening()
    first = await chain.build(wallet, opening, list(vaults))
    filling = splash.filling(await passing_sol(chain, wallet))
    second = await build_after(chain, wallet, filling, opening, _FILL_UNITS, [*vaults, position])
    return pool.key, [step("Open the pool at Orca", first), step("Fill it, once it is confirmed", second)]
