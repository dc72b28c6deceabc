"""A made-up market in a real database, its figures, and an empty Redis."""

import orjson
import pytest

from launchpad.bus.base import CURVE_TRADES, Message
from launchpad.db import Database
from tests.metrics.conftest import (  # noqa: F401 - fixtures
    clock,
    follower,
    market,
    metrics_settings,
    price_sol,
    store,
)


@pytest.fixture
async def database(database_url):
    database = Database(database_url, pool_size=4)
    yield database
    await database.close()


@pytest.fixture
def told(connection):
    """`await told()`: messages of all trades that are stored, with what the processor reads of them."""

    async def told():
        rows = await connection.fetch(
            "SELECT mint, signature, position, price, side, traded_at FROM trades WHERE counted ORDER BY position"
        )
        return [
            Message(
                CURVE_TRADES,
                row["signature"],
                row["mint"],
                orjson.dumps(
                    {
                        "signature": row["signature"],
                        "position": str(row["position"]),
                        "price": str(row["price"]),
                        "side": row["side"],
                        "traded_at": row["traded_at"],
                    }
                ),
                {},
            )
            for row in rows
        ]

    return told
