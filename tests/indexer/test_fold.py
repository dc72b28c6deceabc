"""Folding events into rows: right, and the same whatever the order, the cuts and the repeats."""

from collections import Counter, defaultdict
from dataclasses import replace
from decimal import Decimal

import orjson
import pytest

from launchpad import live
from launchpad.bench._market import Market
from launchpad.chain.curve_math import Segment
from launchpad.chain.events import Traded
from launchpad.db import connect_directly
from launchpad.indexer.fold import fold, undo
from launchpad.markets.service import INTERVALS
from tests.indexer.conftest import TABLES, decoded, ratio, rows_of, shuffled
from tests.telling import number


def trades_of(history):
    return [event.data for tx in history for event in tx.events if isinstance(event.data, Traded)]


async def test_every_trade_becomes_one_row_with_its_price(store, rows, history):
    await store(history)
    stored = await rows("trades")
    assert len(stored) == len(trades_of(history)) == 200
    for row in stored:
        assert row["price"] == ratio(row["virtual_quote"], row["virtual_base"])
        assert (row["compute_units"], row["priority_fee"]) == (28_000, 700)


async def test_a_curve_stands_where_its_last_trade_left_it(store, rows, history, market):
    await store(history)
    for row in await rows("curves"):
        token = next(one for one in market.tokens if one.mint == row["mint"])
        own = [trade for trade in trades_of(history) if trade.mint == row["mint"]]
        assert (row["sold"], row["protocol_fees"], row["creator_fees"]) == (
            token.sold,
            token.protocol_fees,
            token.creator_fees,
        )
        assert (row["trade_count"], row["volume_quote"]) == (len(own), sum(trade.quote_amount for trade in own))
        assert row["status"] == "trading"


async def test_holders_have_their_balances_and_what_they_paid(store, rows, history, market):
    await store(history)
    balances = {(row["mint"], row["owner"]): row for row in await rows("holders")}
    sums = defaultdict(Counter)
    for trade in trades_of(history):
        fees = trade.protocol_fee + trade.creator_fee + trade.referrer_fee
        own = sums[trade.mint, trade.trader]
        if trade.is_buy:
            own.update(base_bought=trade.base_amount, quote_spent=trade.quote_amount + fees)
        else:
            own.update(base_sold=trade.base_amount, quote_received=trade.quote_amount - fees)
    for token in market.tokens:
        for owner, held in token.held.items():
            row = balances[token.mint, owner]
            assert row["balance"] == held
            for name in ("base_bought", "base_sold", "quote_spent", "quote_received"):
                assert row[name] == sums[token.mint, owner][name]


def launch_price(token):
    return ratio(token.segments[0].quote_reserve, token.segments[0].base_reserve)


def in_pieces(segments, size, count):
    """The same curve, cut so that trades cross from one segment into the next."""
    [whole], pieces, taken = segments, [], 0
    for _ in range(count):
        pieces.append(Segment(whole.base_reserve - taken, whole.quote_at(taken), size))
        taken += size
    return [*pieces, Segment(whole.base_reserve - taken, whole.quote_at(taken), whole.base_for_sale - taken)]


@pytest.mark.parametrize("pieces", [0, 25])
async def test_a_candle_opens_where_the_one_before_closed_and_the_first_at_the_launch_price(
    store, rows, market, pieces
):
    for token in market.tokens:
        token.segments = in_pieces(token.segments, 3 * 10**14, pieces)
    history = decoded([*market.launches(), *market.trades(200)])
    # In pieces, so that what a trade met is mostly in an earlier one.
    for start in range(0, len(history), 7):
        await store(history[start : start + 7])
    assert len({event.segment for event in trades_of(history)}) > min(pieces, 10)
    closes = {(token.mint, interval): launch_price(token) for token in market.tokens for interval in INTERVALS}
    for row in await rows("candles"):
        own = row["mint"], row["interval"]
        assert row["open"] == closes[own]
        assert row["low"] <= min(row["open"], row["close"]) <= max(row["open"], row["close"]) <= row["high"]
        closes[own] = row["close"]


async def test_a_trade_tells_the_price_that_it_met(store, connection, market):
    await store(decoded([*market.launches(), *market.trades(30)]))
    met = {token.mint: launch_price(token) for token in market.tokens}
    await number(connection)
    told = await connection.fetch("SELECT data FROM outbox WHERE type = 'trade' AND channel = 'market' ORDER BY id")
    for data in (orjson.loads(row["data"]) for row in told):
        assert live.TradeExecuted(**data).model_dump() == data
        assert Decimal(data["price_before"]) == met[data["mint"]]
        met[data["mint"]] = Decimal(data["price"])


async def test_candles_equal_those_folded_by_hand(store, rows, history, market):
    await store(history)
    buckets, met = defaultdict(list), {}
    last = {token.mint: launch_price(token) for token in market.tokens}
    for row in sorted(await rows("trades"), key=lambda row: row["position"]):
        met[row["position"]], last[row["mint"]] = last[row["mint"]], row["price"]
        for interval in INTERVALS:
            buckets[row["mint"], interval, int(row["traded_at"].timestamp()) // interval * interval].append(row)
    stored = await rows("candles")
    assert len(stored) == len(buckets)
    for row in stored:
        own = buckets[row["mint"], row["interval"], int(row["bucket"].timestamp())]
        prices = [met[own[0]["position"]], *(trade["price"] for trade in own)]
        assert (row["open"], row["high"], row["low"], row["close"]) == (
            prices[0],
            max(prices),
            min(prices),
            prices[-1],
        )
        assert row["volume_quote"] == sum(trade["quote_amount"] for trade in own)
        assert row["volume_base"] == sum(trade["base_amount"] for trade in own)
        assert row["buys"] + row["sells"] == len(own)


async def test_folding_the_same_again_changes_nothing(store, rows, told, history):
    await store(history)
    before, heard = await rows(), await told()
    again = await store(history)
    assert (again.events, again.rows) == (0, 0)
    assert await rows() == before
    assert await told() == heard


@pytest.mark.parametrize("seed", range(3))
async def test_order_cuts_and_repeats_do_not_matter(store, rows, make_database, history, seed):
    await store(history)
    straight = await rows()
    mixed = shuffled([*history, *history[::3]], seed)
    other = make_database()
    assert await _stored_elsewhere(other, [mixed[start : start + 17] for start in range(0, len(mixed), 17)]) == straight


async def _stored_elsewhere(url, pieces):
    connection = await connect_directly(url)
    for piece in pieces:
        async with connection.transaction():
            await fold(connection, piece)
    found = {name: await rows_of(connection, name) for name in TABLES}
    await connection.close()
    return found


async def test_trades_that_were_undone_leave_no_trace(store, rows, connection, history):
    kept, dead = history[:150], history[150:]
    await store(kept)
    before = await rows()
    await store(dead)
    async with connection.transaction():
        await undo(connection, [tx.signature for tx in dead])
    after = await rows()
    # Balances are the chain's word; they are asked for again, apart from this.
    for table in ("chain_events", "tokens", "curves", "trades", "candles", "allocations"):
        assert after[table] == before[table]
    sums = ("mint", "owner", "base_bought", "base_sold", "quote_spent", "quote_received")
    traded = [{name: row[name] for name in sums} for row in after["holders"] if row["base_bought"]]
    assert traded == [{name: row[name] for name in sums} for row in before["holders"] if row["base_bought"]]


async def test_undoing_a_trade_is_told(store, told, connection, history):
    await store(history)
    heard = await told()
    async with connection.transaction():
        await undo(connection, [history[-1].signature])
    mint = history[-1].events[0].data.mint
    assert (await told())[len(heard) :] == [(f"token:{mint}", "trade.retracted"), ("market", "trade.retracted")]


async def test_undoing_a_launch_removes_the_token(store, rows, connection, history):
    await store(history[:1])
    async with connection.transaction():
        await undo(connection, [history[0].signature])
    assert {name: len(found) for name, found in (await rows()).items()} == dict.fromkeys(await rows(), 0)


async def test_each_trade_is_told_to_its_token_and_to_the_market(store, told, history):
    await store(history)
    heard = Counter(await told())
    assert heard["market", "token.launched"] == 3
    assert heard["market", "trade"] == 200
    assert sum(count for (channel, kind), count in heard.items() if kind == "trade" and channel != "market") == 200


async def test_old_news_is_stored_but_not_told(store, told, rows):
    old = Market(tokens=1, traders=2, per_second=20, start=1_700_000_000)
    await store(decoded([*old.launches(), *old.trades(5)]))
    assert await told() == []
    assert len(await rows("trades")) == 5


async def test_what_is_final_already_is_stored_as_final(store, rows, history):
    slot = history[100].slot
    await store(history, finalized_slot=slot)
    for row in await rows("trades"):
        assert row["finalized"] == (row["slot"] <= slot)


async def test_a_failed_transaction_leaves_no_rows(store, rows, history):
    await store([replace(tx, err={"InstructionError": [0, {"Custom": 6000}]}) for tx in history])
    assert {len(found) for found in (await rows()).values()} == {0}
