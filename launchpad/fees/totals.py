"""Running totals of revenue: what they are folded by, and how they are read."""

from launchpad.db import Database
from launchpad.fees import queries_totals

EVENTS_AT_ONCE = 20_000


async def catch_up(database: Database) -> int:
    """Fold everything final into the totals, in bounded transactions; how many events that were.

    Any number of processes may do it at any time: every event is taken in once.
    """
    total = 0
    while True:
        async with database.session() as session:
            folded = await queries_totals.fold_final(session, EVENTS_AT_ONCE)
        total += folded
        if folded < EVENTS_AT_ONCE:
            return total
