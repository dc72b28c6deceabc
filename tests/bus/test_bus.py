"""The bus: trades from the outbox to Redis or a real Kafka, none lost, in order within a mint."""

import asyncio
import time
from contextlib import suppress
from itertools import pairwise

import orjson
import pytest

from launchpad import outbox
from launchpad.bus import AMM_TRADES, CURVE_TRADES, open_bus
from launchpad.bus.base import BusAwayError
from launchpad.bus.forwarder import forward, forward_some
from launchpad.bus.kafka_bus import KafkaBus, partition_of
from launchpad.bus.queries import position
from launchpad.bus.redis_bus import RedisBus
from launchpad.processes import free_port
from tests.bus.conftest import MINTS, message, read_all, trade


@pytest.fixture
async def running(store_settings):
    """`running(settings)`: an outbox' publisher until the test ends."""
    tasks = []

    async def start(**overrides):
        chosen = store_settings.model_copy(update=overrides)
        tasks.append(asyncio.create_task(outbox.run(chosen)))
        return open_bus(chosen)

    yield start
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until_there(bus, topic, count):
    """The messages of a topic once there are so many."""
    async with asyncio.timeout(60):
        while True:
            with suppress(BusAwayError):
                if len(found := await read_all(bus, topic)) >= count:
                    return found
            await asyncio.sleep(0.05)


async def begun(connection, name):
    """Wait until the forwarder has its position: what is told from then on it forwards."""
    async with asyncio.timeout(60):
        while not await connection.fetchval("SELECT count(*) FROM bus_positions WHERE name = $1", name):
            await asyncio.sleep(0.01)


async def test_trades_go_to_the_topic_of_their_venue(running, tell, connection):
    bus = await running()
    await begun(connection, "redis")
    await tell(trade(1), trade(2, "amm"), trade(3, "raydium"), trade(4))
    on_curves, in_pools = await until_there(bus, CURVE_TRADES, 2), await until_there(bus, AMM_TRADES, 2)
    assert [one.key for one in on_curves] == ["signature-1", "signature-4"]
    assert [one.key for one in in_pools] == ["signature-2", "signature-3"]
    assert on_curves[0].headers["program"] == "bonding_curve"
    assert in_pools[0].headers["program"] == "amm_pool"
    assert abs(int(on_curves[0].headers["timestamp"]) / 1000 - time.time()) < 600
    assert orjson.loads(on_curves[0].body)["slot"] == 1
    assert on_curves[0].mint == MINTS[1]
    await bus.close()


async def test_a_batch_that_was_sent_before_a_crash_is_sent_again_and_none_is_lost(
    running, tell, connection, redis_url, monkeypatch
):
    bus = await running()
    await begun(connection, "redis")
    await tell(*(trade(number) for number in range(5)))
    await until_there(bus, CURVE_TRADES, 5)
    start = await position(connection, "other")
    await connection.execute("UPDATE bus_positions SET outbox_id = 0 WHERE name = 'other'")
    start = await position(connection, "other")
    other = RedisBus(redis_url, 1000)
    moved = await forward_some(connection, other, "other", start)
    assert await position(connection, "other") == moved
    again = await forward_some(connection, other, "other", start)
    assert again == moved
    keys = [one.key for one in await read_all(bus, CURVE_TRADES)]
    assert keys == [f"signature-{number}" for number in [*range(5)] * 3]
    await other.close()
    await bus.close()


async def test_a_bus_that_is_away_gets_everything_later_and_delays_nobody(running, tell, connection, redis_url):
    bus = await running(kafka_brokers=f"127.0.0.1:{free_port()}")
    await begun(connection, "kafka")
    await tell(*(trade(number) for number in range(3)))
    async with asyncio.timeout(60):
        while await connection.fetchval("SELECT count(*) FROM outbox") < 6:
            await asyncio.sleep(0.01)
    with pytest.raises(BusAwayError, match="Kafka does not take trades"):
        await bus.publish([message(1)])
    await connection.execute("UPDATE bus_positions SET outbox_id = 0 WHERE name = 'kafka'")
    back = RedisBus(redis_url, 1000)
    mine = asyncio.create_task(forward(connection, back, "kafka"))
    assert len(await until_there(back, CURVE_TRADES, 3)) == 3
    mine.cancel()
    await asyncio.gather(mine, return_exceptions=True)
    await back.close()


async def test_redis_keeps_the_newest_and_follows_what_comes(redis_url):
    bus = RedisBus(redis_url, 1000)
    await bus.publish([message(number) for number in range(2000)])
    kept = await read_all(bus, CURVE_TRADES)
    assert 1000 <= len(kept) < 2000
    assert kept[-1] == message(1999)
    following = bus.read(AMM_TRADES, follow=True)
    waiting = asyncio.create_task(anext(following))
    await bus.publish([message(7, "amm")])
    async with asyncio.timeout(30):
        assert (await waiting).key == "signature-7"
    await following.aclose()
    await bus.close()


async def test_a_redis_that_is_away_is_told_as_that():
    bus = RedisBus(f"redis://127.0.0.1:{free_port()}/0", 1000)
    with pytest.raises(BusAwayError, match="does not take"):
        await bus.publish([message(1)])
    with pytest.raises(BusAwayError, match="does not give"):
        await read_all(bus, CURVE_TRADES)
    await bus.close()


def test_a_mint_has_one_partition_for_ever():
    assert [partition_of(mint, 12) for mint in MINTS] == [partition_of(mint, 12) for mint in MINTS]
    assert {partition_of(f"mint-{number}", 4) for number in range(100)} == {0, 1, 2, 3}


async def test_a_real_kafka_gets_every_trade_partitioned_by_mint(kafka, running, tell, connection):
    bus = await running(kafka_brokers=kafka)
    await begun(connection, "kafka")
    for number in range(0, 60, 6):
        await tell(*(trade(one) for one in range(number, number + 6)))
    found = await until_there(bus, CURVE_TRADES, 60)
    assert sorted(one.key for one in found) == sorted(f"signature-{number}" for number in range(60))
    for mint in MINTS:
        slots = [orjson.loads(one.body)["slot"] for one in found if one.mint == mint]
        assert all(left < right for left, right in pairwise(slots))
    assert found[0].headers["program"] == "bonding_curve"
    await bus.close()


async def test_readers_of_a_real_kafka_follow_what_comes(kafka):
    bus = KafkaBus(kafka)
    await bus.publish([message(1, "amm"), message(2, "amm")])
    following = bus.read(AMM_TRADES, follow=True)
    async with asyncio.timeout(60):
        assert {(await anext(following)).key for _ in range(2)} == {"signature-1", "signature-2"}
        await bus.publish([message(3, "amm")])
        assert (await anext(following)).key == "signature-3"
    await following.aclose()
    await bus.close()
