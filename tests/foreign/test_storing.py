"""Foreign trades in a real database: stored once, summed up by pool, undone with their fork, listed by mint."""

from dataclasses import replace
from decimal import Decimal

import pytest

from launchpad.chain.addresses import WRAPPED_SOL
from launchpad.chain.foreign.decoder import ForeignDecoder, known_programs
from launchpad.db import connect_directly
from launchpad.foreign.service import list_trades, store_trades, undo_trades
from launchpad.indexer.decode import decode
from launchpad.paging import InvalidCursorError
from tests.chain.foreign import venues
from tests.chain.foreign.answers import address

FOREIGN = ForeignDecoder.of(known_programs())


@pytest.fixture
def keys():
    return address(), address(), address()


def placed(answer, slot, index=0):
    """The decoded transaction in this slot."""
    return decode(answer.build() | {"slot": slot, "blockTime": 1_700_000_000 + slot}, index, FOREIGN)


def bought(keys, slot, index=0):
    """A buy of 500 for 3 000 in a Raydium pool."""
    mint, user, pool = keys
    answer = venues.raydium_cp(pool, user, WRAPPED_SOL, mint).build() | {
        "slot": slot,
        "blockTime": 1_700_000_000 + slot,
    }
    return decode(answer, index, FOREIGN)


def sold(keys, slot):
    """A sale of 3 000 for 500."""
    mint, user, pool = keys
    answer = venues.raydium_cp(pool, user, mint, WRAPPED_SOL).build() | {
        "slot": slot,
        "blockTime": 1_700_000_000 + slot,
    }
    return decode(answer, 0, FOREIGN)


async def store(connection, *transactions, finalized=0):
    async with connection.transaction():
        return await store_trades(connection, transactions, finalized)


async def pool_row(connection):
    return dict(await connection.fetchrow("SELECT * FROM foreign_pools"))


async def test_what_comes_twice_is_stored_once(connection, keys):
    trade = bought(keys, 5)
    assert await store(connection, trade, trade) == 1
    assert await store(connection, trade) == 1
    assert await connection.fetchval("SELECT count(*) FROM foreign_trades") == 1
    row = await pool_row(connection)
    assert (row["trade_count"], row["volume_quote"]) == (1, 3_000)


async def test_a_pool_stands_where_its_newest_trade_left_it_in_any_order(connection, keys):
    trades = [bought(keys, 5), sold(keys, 7), bought(keys, 6)]
    for trade in trades:
        await store(connection, trade)
    row = await pool_row(connection)
    assert (row["trade_count"], row["volume_quote"]) == (3, 6_500)
    assert row["price"] == (Decimal(500) / Decimal(3_000)).quantize(Decimal("1e-20"))
    assert (row["base_reserve"], row["quote_reserve"]) == (1_003_000, 1_999_500)
    assert (row["first_trade_at"].timestamp(), row["last_trade_at"].timestamp()) == (1_700_000_005, 1_700_000_007)


async def test_one_batch_equals_many(connection, make_database, keys):
    trades = [bought(keys, 5), sold(keys, 7), bought(keys, 7, index=3)]
    await store(connection, *trades)
    other = await connect_directly(make_database())
    for trade in trades:
        await store(other, trade)
    assert await pool_row(connection) == await pool_row(other)
    await other.close()


async def test_a_trade_of_a_dead_fork_is_taken_back(connection, keys):
    kept, dead = bought(keys, 5), sold(keys, 7)
    await store(connection, kept, dead)
    before = await pool_row(connection)
    async with connection.transaction():
        assert await undo_trades(connection, [dead.signature]) == 1
    row = await pool_row(connection)
    assert (before["trade_count"], row["trade_count"], row["volume_quote"]) == (2, 1, 3_000)
    async with connection.transaction():
        await undo_trades(connection, [kept.signature])
    assert await connection.fetchval("SELECT count(*) FROM foreign_pools") == 0


async def test_pages_of_a_mint_go_on_where_the_last_one_ended(connection, database, keys):
    trades = [bought(keys, slot) for slot in range(1, 8)]
    await store(connection, *trades, finalized=3)
    await store(connection, decode(venues.pump(keys[0], keys[1]), 0, FOREIGN))
    async with database.read() as session:
        first = await list_trades(session, keys[0], 4, None, "raydium_cp")
        rest = await list_trades(session, keys[0], 4, first.meta.next, "raydium_cp")
        assert [one.slot for one in [*first.data, *rest.data]] == [7, 6, 5, 4, 3, 2, 1]
        assert [one.finalized for one in rest.data] == [True, True, True]
        assert first.meta.has_more
        assert not rest.meta.has_more
        everything = await list_trades(session, keys[0], 100, None, None)
        assert {one.program for one in everything.data} == {"raydium_cp", "pump"}
        with pytest.raises(InvalidCursorError):
            await list_trades(session, keys[0], 4, "no-cursor", None)


async def test_amounts_survive_beyond_what_a_float_can_hold(connection, database, keys):
    transaction = bought(keys, 5)
    huge = replace(transaction.foreign[0], base_amount=2**64 - 1, quote_amount=2**64 - 3, base_reserve=None)
    await store(connection, replace(transaction, foreign=[huge]))
    async with database.read() as session:
        (view,) = (await list_trades(session, keys[0], 1, None, None)).data
    assert (view.base_amount, view.quote_amount, view.base_reserve) == (str(2**64 - 1), str(2**64 - 3), None)
    assert view.fees == {"liquidity": "7", "creator": "2"}
