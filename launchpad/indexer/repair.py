"""Mending what the loop missed, from another process: fetch, fold, fold anew, set balances.

Everything goes through the same folding as the loop, one transaction at a time,
under the same lock; so a repair that was not needed changes nothing.
"""

from collections.abc import Sequence

import asyncpg

from launchpad.chain.rpc import RpcPool
from launchpad.indexer import balances, queries
from launchpad.indexer.fetch import Fetcher
from launchpad.indexer.fold import Folded, fold, rebuild
from launchpad.indexer.listener import Found


async def index_again(connection: asyncpg.Connection, rpc: RpcPool, found: Sequence[Found]) -> Folded:
    """Fetch these transactions and fold what is not stored of them."""
    transactions = await Fetcher(rpc).fetch(found)
    async with connection.transaction():
        await queries.lock_writing(connection)
        return await fold(connection, transactions)


async def fold_anew(connection: asyncpg.Connection, mint: str) -> None:
    """Derive everything of a token again from its stored events."""
    async with connection.transaction():
        await queries.lock_writing(connection)
        await rebuild(connection, [mint])


async def correct_balances(
    connection: asyncpg.Connection, rpc: RpcPool, mint: str, accounts: Sequence[str] | None = None
) -> int:
    """Set a token's balances, or those of some accounts, to what the chain has; how many accounts differed."""
    reading = balances.read(rpc, mint) if accounts is None else balances.read_some(rpc, mint, accounts)
    snapshot = await reading
    async with connection.transaction():
        await queries.lock_writing(connection)
        return await balances.apply(connection, snapshot)
