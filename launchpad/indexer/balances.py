"""Token balances read from the chain itself, where transactions alone cannot tell them."""

from dataclasses import dataclass

import asyncpg

from launchpad.chain.rpc import RpcPool
from launchpad.folding import AccountBalance, Batch
from launchpad.indexer import queries, writer
from launchpad.indexer.position import INDEX_BITS, pack


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Every token account of a mint as the chain had it at `slot` or later."""

    mint: str
    slot: int
    accounts: list[tuple[str, str, int]]  # owner, account, amount


async def read(rpc: RpcPool, mint: str) -> Snapshot:
    """Ask the chain; the slot is taken first, so that the balances are never older than it."""
    slot = await rpc.get_slot("confirmed")
    return Snapshot(mint, slot, await rpc.get_token_accounts_by_mint(mint))


async def apply(connection: asyncpg.Connection, snapshot: Snapshot) -> int:
    """Store what differs from a snapshot, inside the caller's transaction; how many accounts differed.

    Balances that a later transaction told are left alone.
    """
    position = pack(snapshot.slot, (1 << INDEX_BITS) - 1)
    found = {account: (owner, amount) for owner, account, amount in snapshot.accounts}
    rows = await queries.token_accounts(connection, snapshot.mint)
    stored = {row["account"]: ((row["owner"], int(row["amount"])), row["position"]) for row in rows}
    batch = Batch(quiet=True)
    for account in found.keys() | stored.keys():
        known, known_at = stored.get(account, (None, -1))
        now = found.get(account) or (known[0] if known else "", 0)
        if known != now and known_at < position:
            batch.accounts[account] = AccountBalance(account, snapshot.mint, *now, position)
            if known and known[0] != now[0]:
                batch.holding(snapshot.mint, known[0])
    await writer.write(connection, batch)
    return len(batch.accounts)
