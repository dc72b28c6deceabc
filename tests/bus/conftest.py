"""Trades to tell, a bus to tell them to, and a real broker where there can be one."""

import asyncio
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest

from launchpad import live
from launchpad.bus.base import message_of
from launchpad.db import Database
from launchpad.processes import free_ports, spawn, stop
from tests.conftest import REPOSITORY, make_settings

MINTS = [f"Mint{letter}11111111111111111111111111111111111111" for letter in "ABC"]
_CANNOT = 3


def trade(number, venue="curve"):
    """A trade as the indexer tells it; its signature is its number."""
    amounts = dict.fromkeys(
        (
            *("base_amount", "quote_amount", "protocol_fee", "creator_fee", "referrer_fee", "launch_fee"),
            *("liquidity_fee", "sold", "quote_reserve", "liquidity", "price", "price_before"),
        ),
        "1",
    )
    return live.TradeExecuted(
        mint=MINTS[number % 3],
        signature=f"signature-{number}",
        instruction=0,
        inner=1,
        position=str(number),
        slot=number,
        side="buy",
        trader=MINTS[0],
        venue=venue,
        pool=None,
        trader_balance=None,
        traded_at="2026-11-21T20:00:00Z",
        **amounts,
    )


def message(number, venue="curve"):
    """The message of that trade."""
    event = trade(number, venue)
    return message_of(event.mint, event.model_dump_json(), datetime(2026, 11, 21, tzinfo=UTC))


async def read_all(bus, topic):
    return [one async for one in bus.read(topic)]


@pytest.fixture
async def database(database_url):
    database = Database(database_url, pool_size=4)
    yield database
    await database.close()


@pytest.fixture
def tell(database):
    """`await tell(event, ...)`: publish in one transaction."""

    async def tell(*events):
        async with database.session() as session:
            await live.publish(session, *events)

    return tell


@pytest.fixture
def store_settings(database_url, redis_url):
    return make_settings(database_url=database_url, redis_url=redis_url)


@pytest.fixture(scope="session")
def kafka(tmp_path_factory):
    """The address of a real broker; skips where there is no Java, no Maven, or nowhere to fetch Kafka from."""
    folder = tmp_path_factory.mktemp("kafka")
    port, log = free_ports(2), folder / "broker.log"
    words = [
        sys.executable,
        "scripts/kafka.py",
        "--port",
        port,
        "--controller-port",
        port + 1,
        "--folder",
        folder / "b",
    ]
    with log.open("wb") as output:
        process = spawn([str(word) for word in words], cwd=REPOSITORY, output=output)
    try:
        _wait_for_broker(process, f"127.0.0.1:{port}", log)
        yield f"127.0.0.1:{port}"
    finally:
        stop(process)


def _wait_for_broker(process, address, log):
    deadline = time.monotonic() + 360
    while time.monotonic() < deadline:
        try:
            if process.wait(0.2) == _CANNOT:
                pytest.skip(log.read_text().strip())
            pytest.fail(log.read_text()[-2000:])
        except subprocess.TimeoutExpired:
            if _answers(address):
                return
    pytest.fail(f"the broker never answered\n{log.read_text()[-2000:]}")


def _answers(address):
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - a loop of its own, beside the tests' one

    from aiokafka import AIOKafkaProducer  # noqa: PLC0415 - only these tests need it
    from aiokafka.errors import KafkaError  # noqa: PLC0415 - (the same)

    async def ask():
        producer = AIOKafkaProducer(bootstrap_servers=address)
        try:
            await producer.start()
        except (KafkaError, OSError):
            return False
        finally:
            await producer.stop()
        return True

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(ask())).result()
