"""A market of made-up rows."""

from decimal import Decimal

import pytest

from launchpad.prices import queries as prices
from tests.conftest import make_settings
from tests.screener import rows


@pytest.fixture
def fill(database_url):
    """`await fill(count)`: so many tokens with figures."""
    return lambda count: rows.fill(database_url, count)


@pytest.fixture
def price_sol(database):
    """`await price_sol(moment)`: SOL costs 100 dollars as of then."""

    async def price_sol(moment):
        async with database.session() as session:
            await prices.save(session, Decimal(100), moment, "test")

    return price_sol


@pytest.fixture
def screener_settings(database_url):
    return make_settings(database_url=database_url)
