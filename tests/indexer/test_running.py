"""The indexer's own process on an embedded cluster with a Geyser: as anybody would run it."""

import urllib.request

import pytest

from launchpad.chain.client import ChainClient
from launchpad.db import connect_directly
from launchpad.processes import free_port
from tests.indexer.trading import SOL, Trader, differences


@pytest.fixture(scope="module")
def streaming(make_cluster):
    port = free_port()
    return make_cluster("--slot-ms", "150", "--geyser-port", str(port)), f"http://127.0.0.1:{port}"


async def test_trades_come_over_the_geyser_and_rows_agree_with_the_chain(
    streaming, database_url, redis_url, launch_process, wait_until
):
    cluster, url = streaming
    metrics = free_port()
    stores = {"database_url": database_url, "redis_url": redis_url}
    settings = cluster.settings(**stores, geyser_urls=url, decode_workers=1, indexer_metrics_port=metrics)
    indexer = launch_process("indexer", settings=settings)

    def figures():
        return urllib.request.urlopen(f"http://127.0.0.1:{metrics}/metrics", timeout=5).read().decode()

    name = url.removeprefix("http://")
    connected = f'launchpad_indexer_source_score{{source="{name}"}} 0.0'
    wait_until(lambda: name in (text := figures()) and connected not in text, child=indexer)
    async with ChainClient(settings) as chain:
        trader = await Trader.funded(chain)
        mint = await trader.launch()
        for _ in range(5):
            await trader.buy(mint, SOL // 10)
        await trader.sell(mint)
        connection = await connect_directly(database_url)
        try:
            counted = "SELECT count(*) FROM trades WHERE mint = $1"
            while await connection.fetchval(counted, mint) < 6:
                assert indexer.process.poll() is None, indexer.output()
            assert await differences(chain.rpc, connection, [mint]) == []
            assert await connection.fetchval("SELECT count(*) FROM slot_spans") > 0
        finally:
            await connection.close()
    brought = f'launchpad_indexer_source_first_total{{source="{name}"}} '
    assert float(figures().split(brought)[1].split()[0]) > 0
    assert indexer.stop() == 0


async def test_an_indexer_killed_again_and_again_loses_and_doubles_nothing(
    streaming, database_url, redis_url, launch_process
):
    cluster, url = streaming
    settings = cluster.settings(database_url=database_url, redis_url=redis_url, geyser_urls=url, decode_workers=0)
    async with ChainClient(settings) as chain:
        trader = await Trader.funded(chain)
        mint = await trader.launch()
        connection = await connect_directly(database_url)
        counted = "SELECT count(*) FROM trades WHERE mint = $1"
        try:
            for number in range(1, 4):
                indexer = launch_process("indexer", settings=settings)
                while await connection.fetchval(counted, mint) < 2 * (number - 1):
                    assert indexer.process.poll() is None, indexer.output()
                await trader.buy(mint, SOL // 10)
                indexer.kill()
                await trader.buy(mint, SOL // 10)
            indexer = launch_process("indexer", settings=settings)
            while await connection.fetchval(counted, mint) < 6:
                assert indexer.process.poll() is None, indexer.output()
            assert await differences(chain.rpc, connection, [mint]) == []
        finally:
            await connection.close()
    assert indexer.stop() == 0
