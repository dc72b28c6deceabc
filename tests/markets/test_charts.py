"""Charts of every interval, also while the coarser candles wait to be derived."""

import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from launchpad.bench._market import Market
from launchpad.chain.events import Traded
from launchpad.db import Database
from launchpad.indexer import candles
from launchpad.indexer.candles import Waiting
from launchpad.indexer.fold import Memory, fold
from launchpad.markets.charts import ChartRange, chart
from launchpad.markets.intervals import STEPS
from tests.indexer.conftest import decoded


@pytest.fixture
async def database(database_url):
    database = Database(database_url, pool_size=2)
    yield database
    await database.close()


@pytest.fixture
def history():
    """A launch, and 300 trades over 150 seconds up to now."""
    market = Market(tokens=1, traders=3, per_second=2, start=int(time.time()) - 150)
    return decoded([*market.launches(), *market.trades(300)])


def expected(history, step):
    """Start of each bucket to its number of trades and its volume."""
    buckets = defaultdict(lambda: [0, 0])
    for trade in (event.data for tx in history for event in tx.events if isinstance(event.data, Traded)):
        bucket = buckets[step.start(trade.timestamp)]
        bucket[0] += 1
        bucket[1] += trade.quote_amount
    return dict(buckets)


async def drawn(database, history, interval):
    mint = history[0].events[0].data.mint
    now = datetime.now(UTC)
    async with database.look() as look:
        reading = await chart(look, mint, ChartRange(interval, now - timedelta(days=40), now + timedelta(seconds=1)))
    return reading.data


async def folded(connection, transactions, waiting):
    async with connection.transaction():
        await fold(connection, transactions, memory=None if waiting is None else Memory(waiting))


async def assert_every_chart_is_complete(database, history):
    for interval, step in STEPS.items():
        data = await drawn(database, history, interval)
        assert {one["time"]: [one["trades"], int(one["volume"])] for one in data} == expected(history, step), interval
        for before, after in pairwise(data):
            assert after["open"] == before["close"]
        assert all(Decimal(one["low"]) <= Decimal(one["open"]) <= Decimal(one["high"]) for one in data)


async def test_every_interval_adds_up_to_the_trades(database, connection, history):
    await folded(connection, history, None)
    await assert_every_chart_is_complete(database, history)


async def test_charts_are_complete_while_candles_wait(database, connection, history):
    waiting = Waiting()
    await folded(connection, history[:150], waiting)
    async with connection.transaction():
        waiting.done(await candles.catch_up(connection, waiting))
    for start in range(150, len(history), 13):
        await folded(connection, history[start : start + 13], waiting)
    assert len(waiting) in (1, 2)  # two where midnight lies between
    await assert_every_chart_is_complete(database, history)


def test_weeks_begin_on_monday_and_months_on_the_first():
    moment = int(datetime(2026, 11, 21, 13, 37, 5, tzinfo=UTC).timestamp())
    starts = {name: datetime.fromtimestamp(step.start(moment), UTC) for name, step in STEPS.items()}
    assert starts["1w"] == datetime(2026, 11, 16, tzinfo=UTC)
    assert starts["1M"] == datetime(2026, 11, 1, tzinfo=UTC)
    assert starts["12h"] == datetime(2026, 11, 21, 12, tzinfo=UTC)
    assert starts["30s"] == datetime(2026, 11, 21, 13, 37, tzinfo=UTC)
    month = STEPS["1M"]
    assert datetime.fromtimestamp(month.after(month.start(moment)), UTC) == datetime(2026, 12, 1, tzinfo=UTC)
