"""Token balances read from the chain itself, where transactions alone cannot tell them."""

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from launchpad.chain.rpc import RpcPool
from launchpad.chain.tokens import data_of, parse_token_account
from launchpad.folding import AccountBalance, Batch
from launchpad.indexer import queries, writer
from launchpad.indexer.position import INDEX_BITS, pack


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Token accounts of a mint as the chain had them when `slot` was over, or later: all, unless `some` is set."""

    mint: str
    slot: int
    accounts: list[tuple[str, str, int]]  # owner, account, amount
    some: frozenset[str] | None = None


async def read(rpc: RpcPool, mint: str) -> Snapshot:
    """Ask the chain for every account of a mint."""
    slot = await _settled_slot(rpc)
    return Snapshot(mint, slot, await rpc.get_token_accounts_by_mint(mint))


async def read_some(rpc: RpcPool, mint: str, accounts: Sequence[str]) -> Snapshot:
    """Ask the chain for these accounts of a mint, 100 at most; those that are closed are left out."""
    slot = await _settled_slot(rpc)
    found = zip(accounts, await rpc.get_accounts(accounts), strict=True)
    holders = [(parse_token_account(data_of(account)), address) for address, account in found if account]
    held = [(holder.owner, address, holder.amount) for holder, address in holders if holder.mint == mint]
    return Snapshot(mint, slot, held, frozenset(accounts))


async def _settled_slot(rpc: RpcPool) -> int:
    """The last slot that takes no more transactions: what is read after asking is never older than its end."""
    return max(0, await rpc.get_slot("confirmed") - 1)


async def apply(connection: asyncpg.Connection, snapshot: Snapshot) -> int:
    """Store what differs from a snapshot, inside the caller's transaction; how many accounts differed.

    Balances that a later transaction told are left alone.
    """
    position = pack(snapshot.slot, (1 << INDEX_BITS) - 1)
    found = {account: (owner, amount) for owner, account, amount in snapshot.accounts}
    rows = await queries.token_accounts(connection, snapshot.mint)
    stored = {row["account"]: ((row["owner"], int(row["amount"])), row["position"]) for row in rows}
    asked = found.keys() | stored.keys() if snapshot.some is None else snapshot.some
    batch = Batch(quiet=True)
    for account in asked:
        known, known_at = stored.get(account, (None, -1))
        now = found.get(account) or (known[0] if known else "", 0)
        if now[0] and known != now and known_at < position:
            batch.accounts[account] = AccountBalance(account, snapshot.mint, *now, position)
            if known and known[0] != now[0]:
                batch.holding(snapshot.mint, known[0])
    await writer.write(connection, batch)
    return len(batch.accounts)
