"""SQL that tells how far a server's log is."""

import asyncpg


async def position(connection: asyncpg.Connection) -> int:
    """Bytes of the log: written where the server is the primary, replayed where it is a replica."""
    found = await connection.fetchval(
        "SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END "
        "- '0/0'::pg_lsn"
    )
    return int(found)
