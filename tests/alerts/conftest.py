"""A made-up market, folded into a real database and told, with people who set rules."""

import time

import pytest
from sqlalchemy import text

from launchpad.alerts import service
from launchpad.alerts.engine import AlertEngine
from launchpad.alerts.schemas import CreateAlert
from launchpad.bench._market import Market
from launchpad.config import Settings
from launchpad.indexer.fold import fold
from launchpad.outbox import queries as outbox
from launchpad.prices import queries as prices
from tests.indexer.conftest import decoded

OWNER = "A1ice111111111111111111111111111111111111111"
OTHER = "Bob11111111111111111111111111111111111111111"


@pytest.fixture
def market():
    """Three tokens, one of them in its pool; two trades a second, from an hour ago."""
    return Market(tokens=3, traders=6, per_second=2, start=int(time.time()) - 3600, graduates=1)


@pytest.fixture
def alert_settings(database_url, redis_url):
    return Settings(_env_file=None, database_url=database_url, redis_url=redis_url, alert_loopback=True)


@pytest.fixture
def tell(connection):
    """`await tell(transactions)`: fold them, and tell what came of it as the publisher does."""

    async def tell(transactions=()):
        async with connection.transaction():
            await fold(connection, list(transactions), 0)
        async with connection.transaction():
            rows = await outbox.take(connection, 100_000)
        return [row for row in rows if row.channel.startswith("token:")]

    return tell


@pytest.fixture
async def trades(market, tell):
    """`trades` are told one after the other by the test; the launches are told already."""
    launches = decoded(market.launches())
    moves = decoded([*market.launches(), *market.trades(400)])[len(launches) :]
    await tell(launches)
    return moves


@pytest.fixture
async def engine(database):
    """An evaluator that has begun: what is told from now on counts."""
    engine = AlertEngine(database)
    await engine.run()
    await engine.run()
    return engine


@pytest.fixture
def add_rule(database, alert_settings):
    """`await add_rule(type=..., mint=...)`: somebody's rule, without a cooldown unless one is given."""

    async def add(owner=OWNER, cooldown=0, **fields):
        async with database.session() as session:
            made = await service.create_rule(session, alert_settings, owner, CreateAlert(**fields))
            values = {"id": made.id, "seconds": cooldown}
            await session.execute(text("UPDATE alert_rules SET cooldown_seconds = :seconds WHERE id = :id"), values)
        return made

    return add


@pytest.fixture
def alerts_of(database):
    """`await alerts_of(owner)`: what fired, oldest first."""

    async def alerts_of(owner=OWNER):
        async with database.read() as session:
            return (await service.list_alerts(session, owner, 1000, None)).data[::-1]

    return alerts_of


@pytest.fixture
def price_sol(database):
    """`await price_sol(usd, as_of)`: that is what SOL costs."""

    async def price_sol(usd, as_of):
        async with database.session() as session:
            await prices.save(session, usd, as_of, "test")

    return price_sol
