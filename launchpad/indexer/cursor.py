"""Loading cursors, and starting clean when the chain is another one."""

from collections.abc import Sequence

import asyncpg
import structlog

from launchpad.indexer import queries
from launchpad.indexer.source import Cursor

log = structlog.get_logger(__name__)


async def load_pools(connection: asyncpg.Connection) -> list[Cursor]:
    """The cursors of the graduates' pools at Raydium, the newest last."""
    return [Cursor(row["pool"], row["signature"], row["slot"]) for row in await queries.pool_cursors(connection)]


async def load(connection: asyncpg.Connection, programs: Sequence[str], genesis_hash: str) -> dict[str, Cursor]:
    """The cursor of each program on this chain.

    When the stored cursors belong to a chain with another genesis hash, every row
    that came from that chain is removed in the same transaction.
    """
    async with connection.transaction():
        rows = await queries.cursors(connection)
        known = {row["genesis_hash"] for row in rows} - {None}
        if known and known != {genesis_hash}:
            log.warning(
                "indexer.new_chain",
                indexed=sorted(known),
                found=genesis_hash,
                action="Removing everything that was indexed from the former chain and starting at its beginning.",
            )
            await queries.wipe(connection)
            rows = []
        await queries.begin_cursors(connection, programs, genesis_hash)
    stored = {row["name"]: Cursor(row["name"], row["signature"], row["slot"]) for row in rows}
    return {program: stored.get(program, Cursor(program)) for program in programs}
