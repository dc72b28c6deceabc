"""Forgetting what has run its course."""

from datetime import timedelta

import structlog

from launchpad.db import Database
from launchpad.outbox.queries import delete_older
from launchpad.worker import queries

log = structlog.get_logger(__name__)

# Readers may catch up this far back; see launchpad.outbox.read_after.
OUTBOX_KEPT = timedelta(days=7)
SETTLED_KEPT = timedelta(days=30)
OPERATIONS_KEPT = timedelta(days=90)
ROWS_AT_ONCE = 5000


async def forget_told(database: Database) -> int:
    """Delete outbox rows published over 7 days ago, in bounded transactions; how many."""
    total = 0
    while True:
        async with database.session() as session:
            gone = await delete_older(session, OUTBOX_KEPT, ROWS_AT_ONCE)
        total += gone
        if gone < ROWS_AT_ONCE:
            break
    if total:
        log.info("worker.outbox_trimmed", rows=total)
    return total


async def forget_expired(database: Database) -> int:
    """Delete sessions and challenges that have run out, transactions and operations of long ago; how many."""
    async with database.session() as session:
        gone = await queries.delete_expired_sign_ins(session)
        gone += await queries.delete_old_operations(session, OPERATIONS_KEPT)
        return gone + await queries.delete_settled_transactions(session, SETTLED_KEPT)
