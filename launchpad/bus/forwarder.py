"""From the outbox to the bus: committed trades, in order, at least once.

A bus has a position of its own in the outbox, moved after the bus has taken what stands before it.
So a bus that is away delays nobody else, and gets everything when it is back, as long as the outbox
keeps it (seven days). A crash in between sends the last batch again.
"""

import asyncio

import asyncpg
import orjson
import structlog

from launchpad.backoff import Backoff, end_if_asked
from launchpad.bus import queries
from launchpad.bus.base import Bus, BusAwayError, message_of
from launchpad.bus.queries import Position

log = structlog.get_logger(__name__)

BATCH = 1000
IDLE_SECONDS = 0.05


async def forward(connection: asyncpg.Connection, bus: Bus, name: str) -> None:
    """Forward until cancelled; only one process may, and a bus that is away is tried again later."""
    backoff = Backoff()
    position = await queries.position(connection, name)
    while True:
        end_if_asked()
        try:
            moved = await forward_some(connection, bus, name, position)
        except BusAwayError as error:
            log.warning("bus.waiting", bus=name, error=error.message, retry_in=backoff.seconds)
            await backoff.wait()
            continue
        backoff.worked()
        if moved == position:
            await asyncio.sleep(IDLE_SECONDS)
        position = moved


async def forward_some(connection: asyncpg.Connection, bus: Bus, name: str, position: Position) -> Position:
    """Forward the next batch; the position behind it."""
    rows = await queries.trades_after(connection, position, BATCH)
    if not rows:
        return position
    await bus.publish(
        [
            message_of(row["channel"].removeprefix("token:"), orjson.loads(row["data"]), row["created_at"])
            for row in rows
        ]
    )
    moved = Position(rows[-1]["published_at"], rows[-1]["id"])
    await queries.move(connection, name, moved)
    return moved
