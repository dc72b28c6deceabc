"""A token's life goes on in its pool: one price, one history, one profit; and others' pools move nothing of it."""

import time
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

import orjson
import pytest

from launchpad import live
from launchpad.bench._market import Market
from launchpad.chain import curve_math
from launchpad.chain.events import AmmCreatorChanged, Swapped
from launchpad.db import Database, connect_directly
from launchpad.indexer import queries
from launchpad.indexer.fold import fold, rebuild, store_raw, undo
from launchpad.markets.service import INTERVALS
from launchpad.portfolio.service import positions_of
from tests.indexer.conftest import TABLES, decoded, ratio, rows_of, shuffled
from tests.indexer.pools import PoolWorld
from tests.telling import number

WHALE, FRIEND = "whale", "friend"


@pytest.fixture
def world(market, history):
    """The first token of the market, after all its curve trades but the last."""
    last = history[-1]
    return PoolWorld(market.tokens[0], last.slot, last.block_time)


@pytest.fixture
def other(world):
    """Somebody's own pool of the same token."""
    return replace(world, canonical=False)


@pytest.fixture
def life(history, world):
    """The market's curve trades, then how the first token sold out and was traded in its pool."""
    world.sell_out(WHALE)
    world.open()
    return [*history, *world.trade([WHALE, FRIEND], 60)]


@pytest.fixture
def told_trades(connection):
    async def told_trades(mint):
        await number(connection)
        rows = await connection.fetch(
            "SELECT data FROM outbox WHERE type = 'trade' AND channel = $1 ORDER BY id", f"token:{mint}"
        )
        return [live.TradeExecuted(**orjson.loads(row["data"])).model_dump() for row in rows]

    return told_trades


async def everything(connection):
    return {name: await rows_of(connection, name) for name in TABLES}


def swaps_of(life):
    return [event.data for tx in life for event in tx.events if isinstance(event.data, Swapped)]


async def test_every_swap_of_the_graduate_is_a_trade_of_its_token(store, rows, life, world):
    await store(life)
    stored = {row["signature"]: row for row in await rows("trades") if row["venue"] == "amm"}
    assert len(stored) == len(swaps_of(life)) > 30
    for tx in life:
        for swap in (event.data for event in tx.events if isinstance(event.data, Swapped)):
            row = stored[tx.signature]
            assert (row["mint"], row["pool"], row["counted"]) == (world.mint, world.key, True)
            assert row["price"] == ratio(swap.quote_reserve, swap.base_reserve)
            fees = row["protocol_fee"] + row["creator_fee"] + row["liquidity_fee"]
            sign = 1 if swap.is_buy else -1
            assert row["quote_amount"] + sign * fees == (swap.paid if swap.is_buy else swap.received)


async def test_the_pool_stands_where_its_last_event_left_it(store, rows, life, world):
    await store(life)
    [pool] = await rows("pools")
    assert (pool["base_reserve"], pool["quote_reserve"], pool["lp_supply"]) == (
        *(world.reserves.base, world.reserves.quote, world.supply),
    )
    assert (pool["protocol_fees"], pool["creator_fees"]) == (world.protocol_fees, world.creator_fees)
    swaps = swaps_of(life)
    assert (pool["trade_count"], pool["volume_quote"]) == (len(swaps), sum(one.quote_amount for one in swaps))
    assert pool["canonical"]


async def test_price_count_and_volume_go_on_and_the_curve_keeps_its_own(store, rows, life, world):
    await store(life)
    curve = next(row for row in await rows("curves") if row["mint"] == world.mint)
    own = [row for row in await rows("trades") if row["mint"] == world.mint]
    assert curve["price"] == max(own, key=lambda row: row["position"])["price"]
    assert (curve["trade_count"], curve["volume_quote"]) == (len(own), sum(row["quote_amount"] for row in own))
    assert curve["sold"] == curve["sale_supply"]
    assert curve["status"] == "complete"


async def test_candles_have_no_seam_between_the_curve_and_the_pool(store, rows, life, world):
    for start in range(0, len(life), 9):
        await store(life[start : start + 9])
    closes = {}
    moved = await liquidity_slots(life)
    for row in await rows("candles"):
        if row["mint"] == world.mint:
            before = closes.get(row["interval"], row["open"])
            # What liquidity that comes and goes leaves behind is a part in a thousand million.
            assert abs(row["open"] - before) <= before / 10**9 * moved
            assert row["low"] <= min(row["open"], row["close"]) <= max(row["open"], row["close"]) <= row["high"]
            closes[row["interval"]] = row["close"]
    assert set(closes) == set(INTERVALS)
    assert len(set(closes.values())) == 1


async def liquidity_slots(life):
    return sum(event.name.startswith("Liquidity") for tx in life for event in tx.events)


async def test_a_pool_that_opens_above_the_end_of_the_curve_moves_the_price_there(store, rows, history, world):
    world.sell_out(WHALE)
    segments = world.token.segments
    raised = curve_math.raise_target(segments)
    base, quote, _ = curve_math.spot(segments, curve_math.sale_supply(segments))
    opened = world.open(raised + raised // 10, raised * base // quote)
    await store([*history, *world.told])
    seconds = [row for row in await rows("candles") if (row["mint"], row["interval"]) == (world.mint, 1)]
    candle = next(row for row in seconds if int(row["bucket"].timestamp()) == opened.block_time)
    assert (candle["open"], candle["close"]) == (ratio(quote, base), ratio(world.reserves.quote, world.reserves.base))
    assert (candle["buys"], candle["sells"], candle["volume_quote"]) == (0, 0, 0)
    curve = next(row for row in await rows("curves") if row["mint"] == world.mint)
    assert curve["price"] == candle["close"]


async def test_frames_of_trades_go_on_in_the_same_form(store, life, world, told_trades):
    await store(life)
    frames = await told_trades(world.mint)
    positions = [int(frame["position"]) for frame in frames]
    assert positions == sorted(positions)
    venues = [frame["venue"] for frame in frames]
    assert venues == sorted(venues, reverse=True)
    met = None
    for frame in frames:
        if met is not None:
            assert abs(Decimal(frame["price_before"]) - met) <= met / 10**8
        met = Decimal(frame["price"])
        assert frame["liquidity"] != "0"
    last = frames[-1]
    assert (last["sold"], last["quote_reserve"]) == (str(curve_math.sale_supply(world.token.segments)), "0")
    assert last["liquidity"] == str(2 * world.reserves.quote) or last["signature"] != life[-1].signature


async def test_holders_and_profit_know_no_seam(store, rows, life, world, database_url):
    await store(life)
    held = {row["owner"]: row for row in await rows("holders") if row["mint"] == world.mint}
    assert held[WHALE]["balance"] == world.held[WHALE]
    assert held[world.key]["balance"] == world.reserves.base
    sums = defaultdict(int)
    for row in await rows("trades"):
        if row["mint"] == world.mint and row["trader"] == WHALE:
            fees = row["protocol_fee"] + row["creator_fee"] + row["liquidity_fee"]
            sign = 1 if row["side"] == "buy" else -1
            sums[row["side"]] += row["quote_amount"] + sign * fees
    assert (held[WHALE]["quote_spent"], held[WHALE]["quote_received"]) == (sums["buy"], sums["sell"])
    database = Database(database_url)
    async with database.read() as session:
        position = (await positions_of(session, WHALE))[world.mint]
    await database.close()
    assert (position.spent, position.received) == (sums["buy"], sums["sell"])
    assert position.sold > 0


@pytest.mark.parametrize("seed", range(2))
async def test_order_cuts_and_repeats_do_not_matter(store, connection, make_database, life, seed):
    await store(life)
    straight = await everything(connection)
    # Launches come first: of mints that nobody launched, balances are not kept.
    launches, later = life[:3], life[3:]
    mixed = [*launches, *shuffled([*later, *later[::4]], seed)]
    elsewhere = await connect_directly(make_database())
    for start in range(0, len(mixed), 23):
        async with elsewhere.transaction():
            await fold(elsewhere, mixed[start : start + 23])
    found = await everything(elsewhere)
    await elsewhere.close()
    for name in TABLES:
        assert found[name] == straight[name], name


async def test_folding_anew_changes_nothing(store, connection, life, world):
    await store(life)
    before = await everything(connection)
    async with connection.transaction():
        await rebuild(connection, [world.mint])
    assert await everything(connection) == before


async def test_swaps_that_were_undone_leave_no_trace_and_are_taken_back(store, connection, life, told_trades, told):
    kept, dead = life[:-30], life[-30:]
    await store(kept)
    before = await everything(connection)
    await store(dead)
    heard = len(await told())
    async with connection.transaction():
        await undo(connection, [tx.signature for tx in dead])
    after = await everything(connection)
    for name in ("chain_events", "curves", "pools", "trades", "candles", "fee_events"):
        assert after[name] == before[name], name
    retracted = [kind for channel, kind in (await told())[heard:] if channel == "market"]
    assert retracted == ["trade.retracted"] * len(swaps_of(dead))


async def test_a_pool_of_somebodys_own_moves_neither_price_nor_volume(store, rows, connection, life, other, told):
    await store(life)
    before, heard = await everything(connection), len(await told())
    other.open(10**9, 10**9)
    await store([*other.trade([FRIEND], 12), other.claim("creator", "opener")])
    after = await everything(connection)
    for name in ("candles", "curves"):
        assert after[name] == before[name], name
    assert len(await told()) == heard
    own = [row for row in after["trades"] if row["pool"] == other.key]
    assert own
    assert not any(row["counted"] for row in own)
    [pool] = [row for row in after["pools"] if row["address"] == other.key]
    assert (pool["canonical"], pool["trade_count"], pool["creator_fees"]) == (False, len(own), 0)
    # Yet the trader paid and got what he did.
    spent = {row["owner"]: row["quote_spent"] for row in after["holders"]}
    assert spent[FRIEND] > {row["owner"]: row["quote_spent"] for row in before["holders"]}[FRIEND]
    [paid] = [row for row in after["fee_events"] if row["pool"] == other.key]
    assert (paid["mint"], paid["kind"]) == (None, "creator")


async def test_claims_of_the_graduates_pool_are_the_tokens(store, rows, life, world, told):
    await store(life)
    waiting = (world.creator_fees, world.protocol_fees)
    claims = [world.claim("creator", "heir"), world.claim("protocol", "treasury")]
    await store(claims)
    paid = {row["kind"]: row for row in await rows("fee_events") if row["pool"] == world.key}
    assert (paid["creator"]["amount"], paid["protocol"]["amount"]) == waiting
    assert {row["mint"] for row in paid.values()} == {world.mint}
    [pool] = await rows("pools")
    assert (pool["creator_fees"], pool["protocol_fees"]) == (0, 0)
    assert (await told()).count((f"token:{world.mint}", "fees.claimed")) == 2


async def test_a_pool_pays_its_new_creator(store, rows, life, world):
    await store(life)
    await store([world.tell(AmmCreatorChanged(world.key, world.mint, None, "heir", True, world.time))])
    [pool] = await rows("pools")
    assert pool["creator"] == "heir"


async def test_pools_of_tokens_that_were_not_launched_here_are_only_stored(store, rows, world):
    world.open()
    await store(world.trade([FRIEND], 5))
    for table in ("pools", "trades", "holders", "token_accounts", "candles"):
        assert await rows(table) == [], table
    assert {row["mint"] for row in await rows("chain_events")} == {world.mint}


async def test_what_cannot_be_folded_is_kept_under_its_token(store, connection, life, world):
    await store(life)
    moved = world.add(FRIEND, 10**6)
    async with connection.transaction():
        await store_raw(connection, moved)
    stored = await connection.fetchval("SELECT mint FROM chain_events WHERE signature = $1", moved.signature)
    assert stored == world.mint


async def test_a_new_chain_begins_without_pools(store, rows, connection, life):
    await store(life)
    async with connection.transaction():
        await queries.wipe(connection)
    assert await rows("pools") == []


async def test_a_market_of_the_benches_trades_on_curves_and_in_pools(store, rows):
    market = Market(tokens=2, traders=3, per_second=20, start=int(time.time()) - 60, graduates=1)
    await store(decoded([*market.launches(), *market.trades(40)]))
    venues = {row["mint"]: row["venue"] for row in await rows("trades")}
    assert venues == {market.tokens[0].mint: "amm", market.tokens[1].mint: "curve"}
    [pool] = await rows("pools")
    assert (pool["base_reserve"], pool["quote_reserve"]) == (
        *(market.tokens[0].pool.reserves.base, market.tokens[0].pool.reserves.quote),
    )
