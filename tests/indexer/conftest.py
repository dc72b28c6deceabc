"""A made-up market in front of a real database."""

import random
import time
from dataclasses import replace
from decimal import Decimal

import pytest

from launchpad.bench._market import Market
from launchpad.chain.events import decode_transaction
from launchpad.indexer.fold import fold
from tests.telling import number

# All that folding derives; cursors and the outbox are looked at apart.
TABLES = {
    "chain_events": 'signature, instruction, "inner"',
    "tokens": "mint",
    "curves": "mint",
    "trades": 'signature, instruction, "inner"',
    "candles": 'mint, "interval", bucket',
    "holders": "mint, owner",
    "token_accounts": "account",
    "allocations": "mint, bucket",
    "fee_events": 'signature, instruction, "inner"',
    "vesting_schedules": "schedule",
    "pools": "address",
}


@pytest.fixture
def market():
    return Market(tokens=3, traders=5, per_second=20, start=int(time.time()) - 600)


def decoded(answers):
    """Transactions with their places in their slots."""
    slot, index, transactions = -1, 0, []
    for answer in answers:
        index = index + 1 if answer["slot"] == slot else 0
        slot = answer["slot"]
        transactions.append(replace(decode_transaction(answer), index=index))
    return transactions


@pytest.fixture
def history(market):
    """Three launches and 200 trades over ten seconds."""
    return decoded([*market.launches(), *market.trades(200)])


@pytest.fixture
def store(connection):
    """`await store(transactions)`: fold them in one transaction."""

    async def store(transactions, finalized_slot=0):
        async with connection.transaction():
            return await fold(connection, transactions, finalized_slot)

    return store


@pytest.fixture
def rows(connection):
    """`await rows()`: everything derived, table by table; `await rows("trades")`: one table."""

    async def rows(table=None):
        if table:
            return await rows_of(connection, table)
        return {name: await rows_of(connection, name) for name in TABLES}

    return rows


async def rows_of(connection, table):
    """A table's rows in the order of its key."""
    found = await connection.fetch(f"SELECT * FROM {table} ORDER BY {TABLES[table]}")  # noqa: S608 - our own names
    # When an event came is no part of what it says.
    return [{name: value for name, value in row.items() if name != "ordinal"} for row in found]


@pytest.fixture
def told(connection):
    """`await told()`: what the outbox holds, as (channel, type), in order."""

    async def told():
        await number(connection)
        return [
            tuple(row) for row in await connection.fetch("SELECT channel, type FROM outbox ORDER BY id, channel DESC")
        ]

    return told


def shuffled(items, seed):
    mixed = list(items)
    random.Random(seed).shuffle(mixed)
    return mixed


def ratio(quote, base):
    """The exact quotient to 20 decimals."""
    return (Decimal(quote) / Decimal(base)).quantize(Decimal("1e-20"))
