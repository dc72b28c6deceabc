"""Rows that the bus takes from memory: all of them, in order, or none."""

import asyncio
from datetime import UTC, datetime

import pytest

from launchpad import live
from launchpad.bus.forwarder import forward_some
from launchpad.bus.queries import position
from launchpad.bus.redis_bus import RedisBus
from launchpad.bus.tail import Tail
from launchpad.outbox import queries
from launchpad.outbox.envelope import Told
from tests.bus.conftest import read_all, trade


def row(name, kind="trade", channel="token:a"):
    return Told(channel, kind, 1, None, name, datetime(2026, 11, 22, tzinfo=UTC))


def names(found):
    trades, reached = found
    return [(one.id, one.data) for one in trades], reached


def test_only_trades_of_tokens_are_given_and_the_rest_is_passed_over():
    tail = Tail(10)
    tail.add([row("a"), row("b", "token.updated"), row("c", channel="market"), row("d")])
    tail.add([])
    assert names(tail.trades(10, 100)) == ([(11, "a"), (14, "d")], 14)
    assert names(tail.trades(11, 100)) == ([(14, "d")], 14)
    assert names(tail.trades(14, 100)) == ([], 14)


def test_what_lies_further_back_than_memory_is_not_answered():
    tail = Tail(10, kept=3)
    assert tail.trades(9, 100) is None
    assert names(tail.trades(10, 100)) == ([], 10)
    for name in "abcd":
        tail.add([row(name), row(name)])
    assert tail.trades(15, 100) is None
    assert names(tail.trades(16, 100)) == ([(17, "d"), (18, "d")], 18)


def test_a_batch_is_given_whole_and_no_further_one_beyond_the_limit():
    tail = Tail(0)
    for name in "abc":
        tail.add([row(name), row(name)])
    assert names(tail.trades(0, 3)) == ([(1, "a"), (2, "a"), (3, "b"), (4, "b")], 4)


async def test_who_waits_is_woken_by_what_comes():
    tail = Tail(5)
    waiting = asyncio.create_task(tail.beyond(5))
    await asyncio.sleep(0)
    assert not waiting.done()
    tail.add([row("a")])
    async with asyncio.timeout(30):
        await waiting
        await tail.beyond(5)


@pytest.mark.parametrize("remembered", [True, False])
async def test_memory_and_table_give_the_bus_the_same(connection, tell, redis_url, remembered):
    start = await position(connection, "redis")
    numbers = await queries.begin(connection)
    tail = Tail(numbers.last)
    for number in range(3):
        await tell(trade(number), live.TokenUpdated(mint="m", name="n", symbol="s", image_uri=None, creator="c"))
        async with connection.transaction():
            tail.add(await queries.take(connection, 100, numbers))
    bus = RedisBus(redis_url, 1000)
    moved = await forward_some(connection, bus, "redis", start, tail if remembered else Tail(numbers.last))
    assert moved == numbers.last == 6
    assert [one.key for one in await read_all(bus, "bc-trades")] == [f"signature-{number}" for number in range(3)]
    assert await position(connection, "redis") == 6
    await bus.close()
