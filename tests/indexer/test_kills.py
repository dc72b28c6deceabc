"""kill -9 of the indexer, the outbox, Redis or Postgres while a trader trades: nothing lost, nothing twice."""

import asyncio
import random
from contextlib import suppress

import asyncpg
import orjson
import pytest
from redis.asyncio import Redis

from launchpad import migrate
from launchpad.chain.client import ChainClient
from launchpad.db import Database, connect_directly
from launchpad.embedded import EmbeddedPostgres, EmbeddedRedis
from launchpad.errors import LaunchpadError
from launchpad.feed import LiveFeed
from tests.indexer.trading import SOL, Trader, differences, wrong_tellings

KILLS = 10


@pytest.fixture(scope="module")
def servers(folder):
    """A Postgres and a Redis that only this test kills."""
    with EmbeddedPostgres(folder / "killed-postgres", durable=False) as postgres:
        migrate.upgrade(postgres.url)
        with EmbeddedRedis(folder / "killed-redis") as redis:
            yield {"postgres": postgres, "redis": redis}


@pytest.fixture
def victims(servers, cluster, launch_process):
    """What can be killed and started again, and the settings that all of it runs with."""
    settings = cluster.settings(database_url=servers["postgres"].url, redis_url=servers["redis"].url)
    return Victims(settings, servers, launch_process)


class Victims:
    def __init__(self, settings, servers, launch_process):
        self.settings = settings
        self._servers = servers
        self._launch = launch_process
        self._processes = {name: launch_process(name, settings=settings) for name in ("indexer", "outbox")}
        self.names = (*self._processes, *servers)

    def kill(self, name):
        if name in self._processes:
            self._processes[name].kill()
        else:
            self._servers[name].process.kill()
            self._servers[name].process.wait()

    def start(self, name):
        if name in self._processes:
            self._processes[name] = self._launch(name, settings=self.settings)
        else:
            self._servers[name].restart()

    def stop(self):
        for process in self._processes.values():
            process.stop()


class Traders:
    """Wallets that trade two tokens, one after the other, until they are told to stop."""

    def __init__(self, chain, seed):
        self._chain = chain
        self._random = random.Random(seed)
        self.mints = []
        self.trades = 0
        self._moved = asyncio.Condition()

    async def start(self):
        self._traders = [await Trader.funded(self._chain) for _ in range(3)]
        self.mints = [await trader.launch(f"Token {n}") for n, trader in enumerate(self._traders[:2])]
        self._tasks = [asyncio.create_task(self._trade(trader)) for trader in self._traders]

    async def stop(self):
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def until(self, count):
        """Wait until so many trades have landed."""
        async with asyncio.timeout(120), self._moved:
            await self._moved.wait_for(lambda: self.trades >= count)

    async def _trade(self, trader):
        while True:
            mint = self._random.choice(self.mints)
            # A seller may hold nothing yet: the chain says so and nothing happens.
            with suppress(LaunchpadError):
                if self._random.random() < 0.6:
                    await trader.buy(mint, self._random.randrange(SOL // 100, SOL // 10))
                else:
                    await trader.sell(mint)
                async with self._moved:
                    self.trades += 1
                    self._moved.notify_all()


class Page:
    """A reader of live channels, as every page is: it hears, and catches up after what it missed."""

    def __init__(self, settings):
        self._database = Database(settings.database_url, pool_size=2)
        self._redis = Redis.from_url(settings.redis_url)
        self._feed = LiveFeed(self._redis, self._database)
        self.heard = {}

    async def __aenter__(self):
        await self._feed.__aenter__()
        return self

    async def __aexit__(self, *error):
        await self._feed.__aexit__(*error)
        await self._redis.aclose()
        await self._database.close()

    async def listen(self, channel):
        heard = self.heard.setdefault(channel, [])
        await self._feed.subscribe(channel, lambda seq, envelope: heard.append((seq, orjson.loads(envelope))))


async def _settled(chain, settings, mints, page):
    """Wait until rows, tellings and page are complete; what is wrong when they never are."""
    wrong = ["never looked"]
    with suppress(TimeoutError):
        async with asyncio.timeout(60):
            while wrong := await _wrong(chain, settings, mints, page):
                await asyncio.sleep(0.3)
    return wrong


async def _wrong(chain, settings, mints, page):
    try:
        connection = await connect_directly(settings.database_url)
    except (OSError, asyncpg.PostgresError) as error:
        return [error]
    try:
        wrong = await differences(chain.rpc, connection, mints) + await wrong_tellings(connection, mints)
        heads = dict(await connection.fetch("SELECT channel, max(seq) FROM outbox GROUP BY channel"))
    except (KeyError, asyncpg.PostgresError) as error:
        return [error]
    finally:
        await connection.close()
    for channel, heard in page.heard.items():
        numbers = [seq for seq, _ in heard]
        if not numbers or numbers != list(range(numbers[0], heads[channel] + 1)):
            wrong.append(("page", channel, len(numbers), heads[channel]))
    return wrong


@pytest.mark.parametrize("seed", [1])
async def test_nothing_is_lost_and_nothing_comes_twice(victims, seed):
    luck = random.Random(seed)
    async with ChainClient(victims.settings) as chain, Page(victims.settings) as page:
        traders = Traders(chain, seed)
        await traders.start()
        for mint in traders.mints:
            await page.listen(f"token:{mint}")
        await page.listen("market")
        try:
            for turn in range(KILLS):
                await traders.until(3 * turn + luck.randrange(1, 4))
                # Each of them once, then whichever; sometimes it stays away while trading goes on.
                name = victims.names[turn] if turn < len(victims.names) else luck.choice(victims.names)
                victims.kill(name)
                if luck.random() < 0.5:
                    await traders.until(traders.trades + 2)
                await asyncio.to_thread(victims.start, name)
            await traders.until(traders.trades + 3)
        finally:
            await traders.stop()
        assert await _settled(chain, victims.settings, traders.mints, page) == []
        victims.stop()
    assert traders.trades >= 3 * KILLS - 2
