"""Folding everything anew, and telling whether it came out the same."""

from typing import NamedTuple

import asyncpg

from launchpad.indexer import queries_replay, repair

# What is derived from the events of the chain and the same for everybody who derived it.
TABLES = ("trades", "candles", "holders", "curves", "token_accounts", "pools", "allocations", "vesting_schedules")


class Checksum(NamedTuple):
    """What a table holds, in a form that can be compared; the order of rows does not matter."""

    table: str
    rows: int
    digest: str  # 16 hexadecimal digits


async def checksums(connection: asyncpg.Connection) -> list[Checksum]:
    """The checksums of all derived tables at one moment."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        found = [(table, *await queries_replay.checksum(connection, table)) for table in TABLES]
    return [Checksum(table, rows, f"{digest:016x}") for table, rows, digest in found]


async def replay(connection: asyncpg.Connection) -> int:
    """Fold every token anew from its stored events, each in a transaction of its own; how many there are.

    Trades and balances stay; candles, curves, pools and the sums of holders are made again.
    The indexer may go on meanwhile.
    """
    mints = await queries_replay.mints(connection)
    for mint in mints:
        await repair.fold_anew(connection, mint)
    return len(mints)
