"""A made-up market of random trades, folded into a real database."""

import random
import time

import pytest

from launchpad.bench._market import Market
from tests import figures
from tests.metrics.conftest import decoded, price_sol, store

__all__ = ["price_sol", "store"]


@pytest.fixture
def market():
    """Four tokens, one of them in its pool; a trade a second, from ten minutes ago."""
    start = int(time.time()) - 600
    return Market(tokens=4, traders=25, per_second=3, start=start, seed=3, graduates=1)


@pytest.fixture
async def traded(market, store, database, connection):
    """The market after 400 random trades, with its figures; some wallets gave tokens away meanwhile."""
    await store(decoded([*market.launches(), *market.trades(400)]))
    dice = random.Random(5)
    for row in await connection.fetch("SELECT mint, owner, balance FROM holders WHERE base_bought > 0 ORDER BY owner"):
        if dice.random() < 0.2:
            await connection.execute(
                "UPDATE holders SET balance = balance - $3 WHERE mint = $1 AND owner = $2",
                *(row["mint"], row["owner"], int(row["balance"]) // 3),
            )
    await figures.work_out(database)
    return market


@pytest.fixture
async def rows(connection):
    """`await rows(statement, ...)`: what the database says."""

    async def rows(statement, *values):
        return [dict(row) for row in await connection.fetch(statement, *values)]

    return rows
