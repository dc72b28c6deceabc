"""Figures are what the rows of trades say, however these came to be there."""

import asyncio
import random
from decimal import Decimal

import pytest

from launchpad.metrics import follower as following
from launchpad.metrics import queries_store
from launchpad.metrics.follower import Follower
from tests.metrics.conftest import TRADES, decoded
from tests.metrics.recount import gini_bps, recount

HELD = "SELECT holders, distribution_at FROM token_metrics WHERE buys_24h > 0"


async def compare(connection, now):
    """Every stored figure of every window against the slow count; how many trades the longest windows held."""
    trades = {}
    for row in await connection.fetch(TRADES):
        trades.setdefault(row["mint"], []).append(dict(row))
    held = 0
    rows = await connection.fetch("SELECT * FROM token_metrics")
    curves = {row["mint"]: row for row in await connection.fetch("SELECT * FROM curves")}
    assert {row["mint"] for row in rows} == set(curves)
    for row in rows:
        curve = curves[row["mint"]]
        opening = await connection.fetchval(
            "SELECT round((segments->0->>'quote_reserve')::numeric / (segments->0->>'base_reserve')::numeric, 20) "
            "FROM curves WHERE mint = $1",
            row["mint"],
        )
        wanted = recount(trades.get(row["mint"], []), opening, curve["price"], now)
        assert {name: row[name] for name in wanted} == wanted
        assert (row["trades"], row["volume"]) == (curve["trade_count"], curve["volume_quote"])
        held += row["buys_24h"] + row["sells_24h"]
    return held


async def test_figures_follow_the_trades_turn_by_turn(market, store, follower, connection, clock):
    clock.now = market._start
    answers = decoded([*market.launches(), *market.trades(600)])
    for start in range(0, len(answers), 40):
        await store(answers[start : start + 40])
        clock.now += 20
        await follower.run()
        await compare(connection, clock.now)


@pytest.fixture
def small_pieces(monkeypatch):
    """A turn takes trades and writes rows a few at a time."""
    monkeypatch.setattr(following, "TRADES_AT_ONCE", 3)
    monkeypatch.setattr(following, "ROWS_AT_ONCE", 2)


async def test_figures_of_trades_that_came_late_in_pieces(market, store, follower, connection, clock, small_pieces):
    clock.now = market._start + 100
    answers = decoded([*market.launches(), *market.trades(200)])
    for start in range(0, len(answers), 50):
        await store(answers[start : start + 50])
        clock.now += 20
        await follower.run()
        await compare(connection, clock.now)


async def test_a_turn_that_breaks_off_writes_nothing_and_is_made_up_for(
    market, store, follower, connection, clock, small_pieces, monkeypatch
):
    clock.now = market._start + 60
    answers = decoded([*market.launches(), *market.trades(80)])
    await store(answers[:60])
    await follower.run()
    stored = await connection.fetch("SELECT * FROM token_metrics ORDER BY mint")
    await store(answers[60:])
    save = queries_store.save

    async def save_one(connection, piece, rows):
        if piece:
            raise ConnectionError
        await save(connection, piece, rows)

    with monkeypatch.context() as broken:
        broken.setattr(queries_store, "save", save_one)
        with pytest.raises(ConnectionError):
            await follower.run()
    assert await connection.fetch("SELECT * FROM token_metrics ORDER BY mint") == stored
    await follower.run()
    assert await compare(connection, clock.now) == 80


async def test_figures_stay_true_through_shuffles_duplicates_and_forks(
    market, store, take_back, follower, clock, connection
):
    answers = decoded([*market.launches(), *market.trades(400)])
    launches, trades = answers[:-400], answers[-400:]
    chance = random.Random(11)
    await store(launches)
    clock.now = market._start + 210
    pieces = [trades[start : start + 25] for start in range(0, 400, 25)]
    chance.shuffle(pieces)
    for piece in pieces:
        await store(piece + chance.sample(trades, 5))
        if chance.random() < 0.4:
            await take_back(chance.sample(piece, 3))
        await follower.run()
        clock.now += chance.choice((0, 1, 7))
    await settle(follower)
    assert await compare(connection, clock.now) > 300


async def settle(follower):
    """A turn that looks at everything."""
    follower._next_audit = 0
    await follower.run()


async def test_a_trade_that_was_taken_back_leaves_the_next_turn(market, store, take_back, follower, clock, connection):
    answers = decoded([*market.launches(), *market.trades(60)])
    clock.now = market._start + 40
    await store(answers)
    await follower.run()
    await take_back(answers[-3:])
    await follower.run()
    assert await compare(connection, clock.now) == 57


async def test_windows_empty_when_nobody_trades(market, store, follower, clock, connection):
    clock.now = market._start + 100
    await store(decoded([*market.launches(), *market.trades(100)]))
    await follower.run()
    for pause in (61, 300, 900, 3600, 21_600, 90_000):
        clock.now += pause
        await follower.run()
        held = await compare(connection, clock.now)
    assert held == 0
    assert follower.board.forget_quiet()


async def test_a_new_start_finds_the_same(market, store, follower, clock, connection, metrics_settings, database):
    clock.now = market._start + 200
    answers = decoded([*market.launches(), *market.trades(300)])
    await store(answers[:200])
    await follower.run()
    await follower.close()
    await store(answers[200:])
    clock.now += 400
    again = Follower(metrics_settings, database, clock)
    held = await connection.fetch(HELD)
    await again.run()
    assert await compare(connection, clock.now) == 300
    assert all(row["holders"] and row["distribution_at"] for row in held + await connection.fetch(HELD))
    await again.close()


async def test_only_one_keeps_the_figures(market, store, follower, clock, metrics_settings, database):
    await store(decoded(market.launches()))
    second = Follower(metrics_settings, database, clock)
    assert (await follower.run()).rows
    assert (await second.run()).rows == 0
    await follower.close()
    await store(decoded([*market.launches(), *market.trades(5)])[-5:])
    async with asyncio.timeout(10):
        while not (await second.run()).rows:
            await asyncio.sleep(0.01)
    await second.close()


async def test_a_turn_writes_only_who_moved(market, store, follower, clock):
    clock.now = market._start + 60
    answers = decoded([*market.launches(), *market.trades(100)])
    await store(answers[:-1])
    await settle(follower)
    await follower.run()
    assert (await follower.run()).rows == 0
    await store(answers[-1:])
    turn = await follower.run()
    assert (turn.trades, turn.rows, turn.read_again) == (1, 1, 0)


async def test_what_is_seen_twice_counts_once(market, store, follower, clock, connection):
    clock.now = market._start + 60
    answers = decoded([*market.launches(), *market.trades(80)])
    await store(answers)
    await follower.run()
    await store(answers)
    await follower.run()
    assert await compare(connection, clock.now) == 80


async def test_another_chain_begins_anew(market, store, follower, clock, connection):
    clock.now = market._start + 60
    await store(decoded([*market.launches(), *market.trades(50)]))
    await connection.execute("INSERT INTO cursors (name, slot, genesis_hash) VALUES ('bonding_curve', 0, 'one')")
    await follower.run()
    for table in ("trades", "curves", "tokens", "holders", "candles", "chain_events"):
        await connection.execute(f"TRUNCATE {table}")
    await connection.execute("UPDATE cursors SET genesis_hash = 'another'")
    follower._next_clean = 0
    await follower.run()
    assert follower.board.tokens == {}
    assert await connection.fetchval("SELECT count(*) FROM token_metrics") == 0


async def test_the_distribution_is_that_of_the_balances(market, store, follower, clock, connection):
    clock.now = market._start + 200
    await store(decoded([*market.launches(), *market.trades(400)]))
    await settle(follower)
    await follower.run()
    token = market.tokens[2]
    row = await connection.fetchrow("SELECT * FROM token_metrics WHERE mint = $1", token.mint)
    balances = [int(amount) for amount in token.held.values() if amount]
    supply = int(row["supply"])
    assert row["holders"] == len(balances)
    assert row["top_10_bps"] == sum(sorted(balances)[-10:]) * 10_000 // supply
    assert row["gini_bps"] == gini_bps(balances)
    assert row["distribution_at"] is not None
    assert 0 <= row["organic"] <= 100
    assert row["market_cap"] == int(row["price"] * row["circulating"])
    assert row["score"] == Decimal(str(row["score"]))
