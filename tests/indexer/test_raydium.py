"""Trades go on in a graduate's pool at Raydium: the real program, the real decoder, and what rows say of it."""

import asyncio
from contextlib import aclosing, suppress
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest

from launchpad.chain.addresses import PROGRAMS, TOKEN_2022
from launchpad.chain.client import ChainClient
from launchpad.chain.events import ChainEvent, EventKey, Graduated, decode_transaction
from launchpad.chain.swapping import passing_sol
from launchpad.chain.venues.raydium import building
from launchpad.chain.venues.raydium.building import Order
from launchpad.chain.venues.raydium.pools import RaydiumPool, authority
from launchpad.chain.venues.raydium.reading import fetch_pool
from launchpad.chain.venues.raydium.swaps import RaydiumSwapped
from launchpad.db import Database
from launchpad.indexer import graduates
from launchpad.indexer.finality import Finality
from launchpad.indexer.fold import fold, rebuild, undo
from launchpad.indexer.graduates import GraduateSource
from launchpad.indexer.loop import Indexer
from launchpad.indexer.rpc_source import RpcSource
from launchpad.indexer.source import Chunk
from launchpad.tokens import catalog
from launchpad.tokens.queries import TokenFilter
from tests import figures, raydium
from tests.conftest import make_settings
from tests.dex.conftest import begins
from tests.indexer.trading import SOL, Trader
from tests.telling import number

BASE, LAMPORTS = 10**14, 5 * SOL


@pytest.fixture(scope="module")
def raydium_cluster(make_cluster, tmp_path_factory):
    """A cluster that no other module's tokens graduate on: its indexer is told of all of them."""
    return raydium.start_cluster(make_cluster, tmp_path_factory.mktemp("raydium"), "--slot-ms", "150")


@pytest.fixture(scope="module")
async def chain(raydium_cluster):
    async with ChainClient(raydium_cluster.settings()) as chain:
        yield chain


class Ended(RpcSource):
    """The cluster's own source, through which a graduation is told that no program of it knows yet."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.more = asyncio.Queue()

    async def stream(self, cursors):
        async with aclosing(super().stream(cursors)) as chunks:
            async for chunk in chunks:
                yield chunk
                while not self.more.empty():
                    yield Chunk([self.more.get_nowait()])


class Venue:
    """A token whose pool at Raydium was opened by hand, and how its graduation would be told."""

    def __init__(self, chain, mint, pool, opening):
        self.chain, self.mint, self.pool, self.opening = chain, mint, pool, opening

    async def graduation(self):
        opened = await fetch_pool(self.chain.rpc, self.pool.key)
        base, quote = self.pool.in_order(*opened.reserves) if opened.sol_side else reversed(opened.reserves)
        curve = await self.chain.require_curve(self.mint)
        amounts = {"base_amount": base, "quote_amount": quote, "burned": 0, "reward": 0, "locked_until": 0}
        named = {"mint": self.mint, "curve": curve.mint, "pool": self.pool.key, "venue": "raydium", "keeper": "k"}
        opening = decode_transaction(await self.chain.rpc.get_transaction(self.opening))
        event = Graduated(**named, **amounts, team_payout=0, treasury_payout=0, timestamp=opening.block_time)
        key = EventKey(self.opening, 60, 0)
        told = ChainEvent(key, "bonding_curve", "Graduated", event)
        return replace(opening, events=[told], index=0)

    async def swap(self, trader, side, amount):
        return await self.swap_in(trader, self.pool, Order(side, "in", amount, 1))

    async def swap_in(self, trader, pool, order):
        sol = await passing_sol(self.chain, trader.address)
        return await trader.send(await self.chain.build(trader.address, order.instructions(pool, sol)))

    async def reserves(self):
        """Base units and lamports of the liquidity."""
        live = await fetch_pool(self.chain.rpc, self.pool.key)
        return live.reserves[1 - live.sol_side], live.reserves[live.sol_side]


async def open_pool(chain, owner, mint, base=BASE, lamports=LAMPORTS):
    pool = RaydiumPool.of(mint, TOKEN_2022)
    sol = await passing_sol(chain, owner.address)
    return pool, await owner.send(await chain.build(owner.address, building.open_pool(pool, sol, base, lamports)))


@pytest.fixture
async def venue(chain):
    owner = await Trader.funded(chain, sol=200)
    mint = await owner.launch()
    await owner.buy(mint, 100 * SOL)
    pool, opening = await open_pool(chain, owner, mint)
    await begins(chain, pool)
    return Venue(chain, mint, pool, opening)


@pytest.fixture
async def start(chain, raydium_cluster, database_url, monkeypatch):
    """`source = start()` runs an indexer until `await stop()` or the test's end."""
    monkeypatch.setattr(graduates, "SWEEP_SECONDS", 0.2)
    settings, tasks = raydium_cluster.settings(), []

    def start(ws_urls=None):
        source = Ended(chain.rpc, settings.ws_urls, PROGRAMS)
        pools = GraduateSource(chain.rpc, settings.ws_urls if ws_urls is None else ws_urls)
        indexer = Indexer(database_url, source, tuple(PROGRAMS), Finality(chain.rpc), graduates=pools)
        tasks.append(asyncio.create_task(indexer.run()))
        return source

    async def stop():
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        tasks.clear()

    start.stop = stop
    yield start
    await stop()


@pytest.fixture
def until(connection):
    async def until(sql, value, *arguments):
        found = None
        with suppress(TimeoutError):
            async with asyncio.timeout(40):
                while (found := await connection.fetchval(sql, *arguments)) != value:
                    await asyncio.sleep(0.05)
        assert found == value, sql

    return until


SWAPS = "SELECT count(*) FROM trades WHERE mint = $1 AND venue = 'raydium'"


@pytest.fixture
async def graduate(venue, start, until):
    """The venue, whose graduation a running indexer has just been told of."""
    source = start()
    await until("SELECT count(*) FROM trades WHERE mint = $1", 1, venue.mint)
    await source.more.put(await venue.graduation())
    await until("SELECT status FROM curves WHERE mint = $1", "graduated", venue.mint)
    return venue


async def test_swaps_of_the_graduate_become_trades_that_equal_the_pool(graduate, chain, until, connection):
    trader = await Trader.funded(chain)
    before = await graduate.reserves()
    buying = await graduate.swap(trader, "buy", SOL)
    after_buy = await graduate.reserves()
    held = (await chain.rpc.get_token_balances(trader.address))[graduate.mint]
    await graduate.swap(trader, "sell", held // 2)
    after_sale = await graduate.reserves()
    await until(SWAPS, 2, graduate.mint)
    buy, sale = await connection.fetch(
        "SELECT * FROM trades WHERE mint = $1 AND venue = 'raydium' ORDER BY position", graduate.mint
    )
    assert (buy["signature"], buy["trader"], buy["side"], buy["pool"]) == (
        *(buying, trader.address, "buy", graduate.pool.key),
    )
    assert buy["counted"]
    assert (buy["program"], int(buy["base_amount"])) == ("raydium", held)
    fees = buy["liquidity_fee"] + buy["protocol_fee"] + buy["creator_fee"]
    assert buy["quote_amount"] + fees == SOL
    assert (buy["liquidity_fee"], buy["protocol_fee"]) == (2_100_000, 400_000)
    assert (int(buy["virtual_base"]), int(buy["virtual_quote"])) == after_buy
    assert (sale["side"], int(sale["base_amount"])) == ("sell", held // 2)
    assert (int(sale["virtual_base"]), int(sale["virtual_quote"])) == after_sale
    assert sale["quote_amount"] == after_buy[1] - after_sale[1]
    assert before != after_buy


async def test_the_token_goes_on_without_a_seam(graduate, chain, until, connection, database_url):
    trader = await Trader.funded(chain)
    await graduate.swap(trader, "buy", SOL)
    await graduate.swap(trader, "buy", 2 * SOL)
    await until(SWAPS, 2, graduate.mint)
    base, quote = await graduate.reserves()
    database = Database(database_url)
    try:
        await figures.work_out(database)
        async with database.look() as look:
            there = await catalog.list_tokens(look, make_settings(), TokenFilter(program="raydium"), 10)
            here = await catalog.list_tokens(look, make_settings(), TokenFilter(program="amm"), 10)
            token = await catalog.token_details(look, make_settings(), graduate.mint)
            listed = await catalog.list_holders(look, graduate.mint, 50, None)
    finally:
        await database.close()
    assert ([row.mint for row in there.data], here.data) == ([graduate.mint], [])
    assert (token.venue, token.liquidity, token.status) == ("raydium", str(2 * quote), "graduated")
    assert abs(Decimal(token.price) - Decimal(quote) / Decimal(base)) < Decimal(token.price) / 10**12
    assert token.trades_total == 3
    roles = {holder["owner"]: holder["role"] for holder in listed.data}
    assert roles[authority()] == "pool"
    assert roles[trader.address] == "holder"
    assert token.holders == len([role for role in roles.values() if role in ("holder", "creator")])
    candles = await connection.fetch(
        'SELECT open, close FROM candles WHERE mint = $1 AND "interval" = 1 ORDER BY bucket', graduate.mint
    )
    for earlier, later in pairwise(candles):
        assert abs(later["open"] - earlier["close"]) <= earlier["close"] / 10**9
    await number(connection)
    told = await connection.fetch(
        "SELECT data::text AS data FROM outbox WHERE channel = $1 AND type = 'trade' ORDER BY id",
        f"token:{graduate.mint}",
    )
    assert ['"raydium"' in row["data"] for row in told] == [False, True, True]
    mine = await connection.fetchrow(
        "SELECT * FROM holders WHERE mint = $1 AND owner = $2", graduate.mint, trader.address
    )
    assert (mine["quote_spent"], mine["balance"]) == (3 * SOL, mine["base_bought"])


async def test_what_happened_while_nobody_indexed_is_found(graduate, chain, start, until, connection):
    trader = await Trader.funded(chain)
    await graduate.swap(trader, "buy", SOL)
    await until(SWAPS, 1, graduate.mint)
    await start.stop()
    for _ in range(3):
        await graduate.swap(trader, "buy", SOL // 10)
    start(ws_urls=[])
    await until(SWAPS, 4, graduate.mint)
    assert await connection.fetchval("SELECT trade_count FROM curves WHERE mint = $1", graduate.mint) == 5
    await until("SELECT count(*) FROM trades WHERE mint = $1 AND NOT finalized", 0, graduate.mint)


async def test_swaps_of_before_the_graduation_was_known_are_found_from_its_slot(venue, chain, start, until):
    """The event may come late: whatever the pool did since is listed from the graduation on."""
    trader = await Trader.funded(chain)
    told = await venue.graduation()
    await venue.swap(trader, "buy", SOL)
    source = start()
    await until("SELECT count(*) FROM trades WHERE mint = $1", 1, venue.mint)
    await source.more.put(told)
    await until(SWAPS, 1, venue.mint)


async def test_others_pools_of_the_token_count_for_nothing(venue, chain, connection):
    trader = await Trader.funded(chain)
    signature = await venue.swap(trader, "buy", SOL)
    transaction = decode_transaction(await chain.rpc.get_transaction(signature))
    assert [type(event.data) for event in transaction.events] == [RaydiumSwapped]
    async with connection.transaction():
        folded = await fold(connection, [transaction])
    assert (folded.events, folded.rows) == (0, 0)


async def test_folding_anew_brings_the_same_rows(graduate, chain, start, until, connection, rows):
    trader = await Trader.funded(chain)
    await graduate.swap(trader, "buy", SOL)
    held = (await chain.rpc.get_token_balances(trader.address))[graduate.mint]
    await graduate.swap(trader, "sell", held // 3)
    await until(SWAPS, 2, graduate.mint)
    # Other tests' tokens live on the same cluster: they must not be indexed meanwhile.
    await start.stop()
    before = await rows()
    async with connection.transaction():
        await rebuild(connection, [graduate.mint])
    after = await rows()
    assert {name: after[name] for name in before} == before


async def test_a_swap_whose_fork_died_is_gone(graduate, chain, start, until, connection, rows):
    trader = await Trader.funded(chain)
    await graduate.swap(trader, "buy", SOL)
    base, quote = await graduate.reserves()
    await until(SWAPS, 1, graduate.mint)
    dead = await graduate.swap(trader, "buy", SOL)
    await until(SWAPS, 2, graduate.mint)
    await start.stop()
    async with connection.transaction():
        assert await undo(connection, [dead]) == [graduate.mint]
    [pool] = await rows("pools")
    assert (int(pool["base_reserve"]), pool["quote_reserve"], pool["trade_count"]) == (base, quote, 1)
    assert await connection.fetchval(SWAPS, graduate.mint) == 1
    await number(connection)
    assert await connection.fetchval("SELECT count(*) FROM outbox WHERE type = 'trade.retracted'") == 2


async def test_liquidity_that_comes_and_goes_moves_the_stored_pool_alone(graduate, chain, until, connection, rows):
    provider = await Trader.funded(chain)
    await graduate.swap(provider, "buy", SOL)
    live = await fetch_pool(chain.rpc, graduate.pool.key)
    most = tuple(side // 20 for side in live.reserves)
    sol = await passing_sol(chain, provider.address)
    shares = live.state.lp_supply // 100
    await provider.send(await chain.build(provider.address, building.deposit(graduate.pool, sol, shares, most)))
    await until("SELECT lp_supply::bigint FROM pools", live.state.lp_supply + shares)
    await provider.send(await chain.build(provider.address, building.withdraw(graduate.pool, sol, shares // 2, (0, 0))))
    await until("SELECT lp_supply::bigint FROM pools", live.state.lp_supply + shares - shares // 2)
    [pool] = await rows("pools")
    assert (int(pool["base_reserve"]), pool["quote_reserve"]) == await graduate.reserves()
    assert (pool["trade_count"], await connection.fetchval(SWAPS, graduate.mint)) == (1, 1)
    held = (await chain.rpc.get_token_balances(provider.address))[graduate.mint]
    balance = "SELECT balance::bigint FROM holders WHERE mint = $1 AND owner = $2"
    assert await connection.fetchval(balance, graduate.mint, provider.address) == held
