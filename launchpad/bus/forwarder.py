"""From the outbox to the bus: committed trades, in order, at least once.

A bus has a position of its own in the outbox, moved after the bus has taken what stands before it.
So a bus that is away delays nobody else, and gets everything when it is back, as long as the outbox
keeps it (seven days). A crash in between sends the last batch again.
"""

import asyncio

import asyncpg
import structlog

from launchpad.backoff import Backoff, end_if_asked
from launchpad.bus import queries
from launchpad.bus.base import Bus, BusAwayError, message_of
from launchpad.bus.tail import Tail, Trade
from launchpad.db import commit_without_waiting

log = structlog.get_logger(__name__)

BATCH = 1000
IDLE_SECONDS = 0.05
# What comes within this time goes together.
GATHERING_SECONDS = 0.02


async def forward(connection: asyncpg.Connection, bus: Bus, name: str, tail: Tail | None = None) -> None:
    """Forward until cancelled; only one process may, and a bus that is away is tried again later.

    With the `tail` of the one who writes the outbox in this process, the table is read only for what lies further back.
    """
    backoff = Backoff()
    # A position that is lost is an older one: what stands behind it is sent again.
    await commit_without_waiting(connection)
    position = await queries.position(connection, name)
    while True:
        end_if_asked()
        try:
            moved = await forward_some(connection, bus, name, position, tail)
        except BusAwayError as error:
            log.warning("bus.waiting", bus=name, error=error.message, retry_in=backoff.seconds)
            await backoff.wait()
            continue
        backoff.worked()
        if moved > position:
            await asyncio.sleep(0 if moved - position >= BATCH else GATHERING_SECONDS)
        elif tail is not None:
            await tail.beyond(position)
        else:
            await asyncio.sleep(IDLE_SECONDS)
        position = moved


async def forward_some(
    connection: asyncpg.Connection, bus: Bus, name: str, position: int, tail: Tail | None = None
) -> int:
    """Forward the next batch; the position behind it."""
    trades, moved = await _next(connection, position, tail)
    if trades:
        await bus.publish(
            [message_of(trade.channel.removeprefix("token:"), trade.data, trade.created_at) for trade in trades]
        )
        await queries.move(connection, name, moved)
    return moved


async def _next(connection: asyncpg.Connection, position: int, tail: Tail | None) -> tuple[list[Trade], int]:
    """The next trades beyond a position, and up to where there are no others."""
    remembered = tail and tail.trades(position, BATCH)
    if remembered:
        return remembered
    # What this process wrote by now is committed, so that the table has it.
    reached = tail.newest if tail else position
    trades = await queries.trades_after(connection, position, BATCH)
    last = trades[-1].id if trades else position
    return trades, last if len(trades) == BATCH else max(last, reached)
