"""Figures of 50 000 tokens while 10 000 trades arrive every second: how long a turn takes, and lists by any figure.

Rows are made up in the database itself. A turn is what the worker does twice a second; here each finds
a whole second's trades, spread evenly (nearly every trade moves another token), which is the hardest.
"""

import resource
import time
from datetime import UTC, datetime, timedelta

import asyncpg
import psutil

from launchpad.bench import queries
from launchpad.bench.measure import Measure, Measures, percentile
from launchpad.bench.stage import stage
from launchpad.config import Settings
from launchpad.db import Database, connect_directly
from launchpad.metrics.follower import Follower
from launchpad.tokens import catalog
from launchpad.tokens.queries import TokenFilter
from launchpad.tokens.schemas import TokenSort

TOKENS = 50_000
HOLDERS = 10
PAST_TRADES = 500_000
PER_SECOND = 10_000
SECONDS = 10
FEW = 100
LOOKS = 20
FIRST_SLOT = 10_000_000
SORTS: tuple[TokenSort, ...] = (
    *("volume_24h", "market_cap", "change_1h", "change_24h", "holders", "launched_at", "price", "score"),
)


async def run() -> Measures:
    """Make a day of trading, then turns over seconds of it, then lists."""
    with stage(cluster=False) as settings:
        database = Database.from_settings(settings)
        connection = await connect_directly(settings.require_database())
        follower = Follower(settings, database)
        try:
            day = datetime.now(UTC) - timedelta(hours=23)
            await queries.make_tokens(connection, TOKENS, HOLDERS)
            await queries.make_trades(connection, PAST_TRADES, TOKENS, FIRST_SLOT, day, timedelta(hours=22, minutes=58))
            await queries.settle(connection)
            return {**await _turns(connection, follower), **await _lists(database, settings)}
        finally:
            await follower.close()
            await connection.close()
            await database.close()


async def _turns(connection: asyncpg.Connection, follower: Follower) -> Measures:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = await _timed(follower)
    # The first rows of all tokens, a share in each turn, are no part of what keeping them costs.
    while (await follower.run()).rows:
        pass
    await queries.settle(connection)
    busy, cpu = [], time.process_time()
    rows = distributed = 0
    for second in range(SECONDS):
        await _second(connection, second, PER_SECOND)
        began = time.monotonic()
        turn = await follower.run()
        busy.append((time.monotonic() - began) * 1000)
        rows, distributed = rows + turn.rows, distributed + turn.distributions
    cpu = (time.process_time() - cpu) / SECONDS
    few = []
    for second in range(SECONDS, 2 * SECONDS):
        await _second(connection, second, FEW)
        few.append(await _timed(follower))
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 / TOKENS
    return {
        f"start with {PAST_TRADES:,} trades of a day": Measure(started / 1000, "s", places=1),
        "rows written in a turn": Measure(rows / SECONDS, "rows"),
        "distributions worked out in a turn": Measure(distributed / SECONDS, "tokens"),
        f"turn over {PER_SECOND:,} trades, p50": Measure(percentile(busy, 0.5), "ms", at_most=1000),
        f"turn over {PER_SECOND:,} trades, longest": Measure(max(busy), "ms"),
        "processor of the worker for it": Measure(cpu * 100, "%"),
        f"turn over {FEW} trades, p50": Measure(percentile(few, 0.5), "ms", at_most=250),
        "memory of a token": Measure(memory / 1024, "KiB", places=1),
        "memory of the process": Measure(psutil.Process().memory_info().rss / 2**20, "MiB"),
    }


async def _second(connection: asyncpg.Connection, second: int, trades: int) -> None:
    slot = FIRST_SLOT + PAST_TRADES + 10 * second
    moment = datetime.now(UTC)
    await queries.make_trades(connection, trades, TOKENS, slot, moment - timedelta(seconds=1), timedelta(seconds=1))


async def _timed(follower: Follower) -> float:
    began = time.monotonic()
    await follower.run()
    return (time.monotonic() - began) * 1000


async def _lists(database: Database, settings: Settings) -> Measures:
    """The first page of every order, fifty tokens, as the API reads it."""
    measures: Measures = {}
    async with database.look() as look:
        for sort in SORTS:
            times = []
            for _ in range(LOOKS):
                began = time.monotonic()
                await catalog.list_tokens(look, settings, TokenFilter(sort=sort), 50)
                times.append((time.monotonic() - began) * 1000)
            measures[f"list by {sort}, p50"] = Measure(percentile(times, 0.5), "ms", at_most=50, places=1)
    return measures
