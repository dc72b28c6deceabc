"""What lists, pages, charts and portfolios read of a token that goes on in its pool."""

import time
from decimal import Decimal
from itertools import pairwise

import pytest

from launchpad.chain import curve_math
from launchpad.chain.addresses import NONE
from launchpad.chain.client import ChainClient
from launchpad.db import Database
from launchpad.markets import charts
from launchpad.pools import queries as pool_queries
from launchpad.portfolio import history as portfolio_history
from launchpad.portfolio import service as portfolios
from launchpad.processes import free_port
from launchpad.tokens import catalog, syncing
from launchpad.tokens.queries import TokenFilter
from launchpad.trades import history as trades
from tests import figures
from tests.conftest import make_settings
from tests.indexer.pools import PoolWorld

WHALE, FRIEND = "whale", "friend"


@pytest.fixture
async def database(database_url):
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture
def world(market, history):
    last = history[-1]
    return PoolWorld(market.tokens[0], last.slot, int(time.time()) - 300)


@pytest.fixture
async def life(store, history, world):
    """The first token of the market, folded: its curve trades, its end, and sixty swaps in its pool."""
    world.sell_out(WHALE)
    world.open()
    await store([*history, *world.trade([WHALE, FRIEND], 60)])
    return world


async def test_lists_and_pages_tell_the_pools_liquidity_and_venue(database, life):
    settings = make_settings()
    await figures.work_out(database)
    async with database.look() as look:
        details = await catalog.token_details(look, settings, life.mint)
        listed = await catalog.list_tokens(look, settings, TokenFilter(program="amm"), 10)
        others = await catalog.list_tokens(look, settings, TokenFilter(program="bonding_curve"), 10)
        deep = await catalog.list_tokens(look, settings, TokenFilter(min_liquidity=2 * life.reserves.quote), 10)
    assert (details.liquidity, details.venue) == (str(2 * life.reserves.quote), "amm")
    assert [row.mint for row in listed.data] == [row.mint for row in deep.data] == [life.mint]
    assert {row.venue for row in others.data} == {"curve"}
    for row in others.data:
        assert row.liquidity == row.quote_reserve
    price = Decimal(life.reserves.quote) / Decimal(life.reserves.base)
    assert abs(Decimal(details.price) - price) <= price / 10**8


async def test_the_pool_is_no_holder_and_its_fees_are_the_creators(database, life):
    async with database.look() as look:
        details = await catalog.token_details(look, make_settings(), life.mint)
        listed = await catalog.list_holders(look, life.mint, 50, None)
    roles = {holder["owner"]: holder["role"] for holder in listed.data}
    assert roles[life.key] == "pool"
    people = [owner for owner, role in roles.items() if role in ("holder", "creator")]
    assert details.holders == len(people)
    on_curve = int(details.curve.unclaimed_creator_fees)
    assert int(details.analytics.creator_fees_earned) == on_curve + life.creator_fees


async def test_trades_are_one_list_and_all_of_a_wallets_are_its_own(database, life, store):
    other = PoolWorld(life.token, life.slot + 100, life.time, canonical=False)
    other.open(10**9, 10**9)
    await store([*other.told, other.buy(FRIEND, 10**7)])
    async with database.look() as look:
        listed = (await trades.token_trades(look, life.mint, 300)).data
        paged = await trades.token_trades(look, life.mint, 5, page=1)
        friends = (await trades.wallet_trades(look, make_settings(), FRIEND, 300)).data
    venues = [trade["venue"] for trade in listed]
    assert venues == sorted(venues)
    assert {trade["pool"] for trade in listed} == {None, life.key}
    assert paged.meta.total == len(listed)
    assert friends[0]["pool"] == other.key
    for trade in listed:
        fees = sum(int(trade[f"{who}_fee"]) for who in ("protocol", "creator", "referrer", "launch", "liquidity"))
        sign = 1 if trade["side"] == "buy" else -1
        assert int(trade["total"]) == int(trade["quote_amount"]) + sign * fees


async def test_a_chart_is_one_line(database, life):
    async with database.look() as look:
        asked = charts.chart_range("1s", life.time - 3600, None)
        candles = (await charts.chart(look, life.mint, asked)).data
    for before, after in pairwise(candles):
        assert abs(Decimal(after["open"]) - Decimal(before["close"])) <= Decimal(before["close"]) / 10**7


async def test_a_portfolio_knows_no_seam(database, life):
    async with database.read() as session:
        mine = await portfolios.portfolio(session, make_settings(), WHALE, 10)
        told = await portfolio_history.portfolio_history(session, WHALE, "1h")
        creators = await portfolios.portfolio(session, make_settings(), life.token.creator, 10)
    [position] = mine.data
    assert int(position.balance) == life.held[WHALE]
    assert int(position.base_bought) - int(position.base_sold) <= life.held[WHALE]
    assert int(position.value) > 0
    assert abs(int(told.data[-1].value) - int(position.value)) <= int(position.value) // 50
    [fees] = [one for one in creators.creator_fees if one.mint == life.mint]
    assert int(fees.claimable) >= life.creator_fees > 0


async def test_others_pools_do_not_price_a_portfolios_past(database, life, store):
    async with database.read() as session:
        before = await portfolio_history.portfolio_history(session, FRIEND, "1h")
    other = PoolWorld(life.token, life.slot + 100, life.time, canonical=False)
    # A unit costs a thousand times as much there.
    other.open(10**10, 10**14)
    await store([*other.told, other.buy(FRIEND, 10**8)])
    async with database.read() as session:
        after = await portfolio_history.portfolio_history(session, FRIEND, "1h")
    assert abs(int(after.data[-1].value) - int(before.data[-1].value)) <= int(before.data[-1].value) // 100


async def test_the_hours_average_weighs_prices_by_how_long_they_stood(database, life, connection):
    rows = await connection.fetch(
        "SELECT extract(epoch FROM traded_at) AS moment, price FROM trades WHERE pool = $1 ORDER BY position", life.key
    )
    opened = await connection.fetchval("SELECT extract(epoch FROM opened_at) FROM pools")
    segments = life.token.segments
    base, quote, _ = curve_math.spot(segments, curve_math.sale_supply(segments))
    marks = [(opened, Decimal(quote) / Decimal(base)), *((row["moment"], row["price"]) for row in rows)]
    ends = [*(moment for moment, _ in marks[1:]), Decimal(time.time())]
    spans = [(end - moment, price) for (moment, price), end in zip(marks, ends, strict=True)]
    by_hand = sum(seconds * price for seconds, price in spans) / sum(seconds for seconds, _ in spans)
    async with database.read() as session:
        found = await pool_queries.hour_average(session, life.key)
        none = await pool_queries.hour_average(session, NONE)
    assert abs(found - by_hand) <= by_hand / 100
    assert none is None


async def test_without_the_cluster_the_index_tells_of_the_pool(database, life):
    async with ChainClient(make_settings(rpc_url=f"http://127.0.0.1:{free_port()}")) as nowhere:
        told = await syncing.sync_state(database, nowhere, life.mint)
    assert (told.source, told.venue, told.liquidity) == ("index", "amm", str(2 * life.reserves.quote))
