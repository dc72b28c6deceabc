"""What the ledger of slots says, for people."""

from launchpad.config import Settings
from launchpad.db import connect_directly
from launchpad.indexer import queries
from launchpad.indexer.ledger import Ledger

MOST_LINES = 50


async def show(settings: Settings) -> str:
    """The stored ledger: how far it goes, how many slots of each fate it holds, and every hole."""
    connection = await connect_directly(settings.require_database())
    try:
        ledger = Ledger(await queries.slot_spans(connection))
    finally:
        await connection.close()
    return describe(ledger)


def describe(ledger: Ledger) -> str:
    """A ledger in words, a line for each hole, the oldest first."""
    if not ledger.spans:
        return "No slot has been indexed yet."
    fates = {name: sum(one.slots for one in ledger.spans if one.status == name) for name in ("skipped", "dead")}
    counted = ", ".join(f"{number} {name}" for name, number in fates.items() if number)
    lines = [f"Slots {ledger.spans[0].first} to {ledger.newest}" + (f", of these {counted}." if counted else ".")]
    holes = ledger.holes()
    missing = sum(one.last - one.first + 1 for one in holes)
    lines.append(f"{len(holes)} holes, {missing} slots; a running indexer fills them." if holes else "No holes.")
    lines += [f"  {one.first} to {one.last}" for one in holes[:MOST_LINES]]
    if len(holes) > MOST_LINES:
        lines.append(f"  and {len(holes) - MOST_LINES} more")
    return "\n".join(lines)
