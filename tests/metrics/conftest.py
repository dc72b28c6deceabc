"""A made-up market, folded into a real database, with somebody who keeps its figures."""

import time
from dataclasses import replace

import pytest

from launchpad.bench._market import Market
from launchpad.chain.events import decode_transaction
from launchpad.config import Settings
from launchpad.indexer.fold import fold, undo
from launchpad.metrics.follower import Follower
from launchpad.prices import queries as prices
from tests.telling import number

TRADES = """SELECT mint, position, trader, side, quote_amount, price, extract(epoch FROM traded_at)::bigint AS time
  FROM trades WHERE counted ORDER BY position"""


class Clock:
    """A clock that moves when it is told to."""

    def __init__(self):
        self.now = int(time.time())

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def market():
    """Five tokens, one of them in its pool; two trades a second, from three hours ago."""
    return Market(tokens=5, traders=8, per_second=2, start=int(time.time()) - 3 * 3600, graduates=1)


def decoded(answers):
    """Transactions with their places in their slots."""
    slot, index, transactions = -1, 0, []
    for answer in answers:
        index = index + 1 if answer["slot"] == slot else 0
        slot = answer["slot"]
        transactions.append(replace(decode_transaction(answer), index=index))
    return transactions


@pytest.fixture
def store(connection):
    """`await store(transactions)`: fold them."""

    async def store(transactions):
        async with connection.transaction():
            return await fold(connection, transactions, 0)

    return store


@pytest.fixture
def take_back(connection):
    """`await take_back(transactions)`: their fork died, and the publisher told so."""

    async def take_back(transactions):
        async with connection.transaction():
            await undo(connection, [one.signature for one in transactions])
        await number(connection)

    return take_back


@pytest.fixture
def metrics_settings(database_url):
    return Settings(_env_file=None, database_url=database_url)


@pytest.fixture
async def follower(metrics_settings, database, clock):
    follower = Follower(metrics_settings, database, clock)
    yield follower
    await follower.close()


@pytest.fixture
def price_sol(database):
    """`await price_sol(usd, as_of)`: that is what SOL costs."""

    async def price_sol(usd, as_of):
        async with database.session() as session:
            await prices.save(session, usd, as_of, "test")

    return price_sol
