"""Rolling figures and rankings in Redis, against the stored figures."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from launchpad.processor import keys
from launchpad.processor.figures import LiveFigures
from tests.metrics.conftest import decoded

USD = Decimal(200)


@pytest.fixture
async def figures(market, store, follower, price_sol):
    """A market with figures; SOL costs 200 dollars."""
    await price_sol(USD, datetime.now(UTC))
    await store(decoded([*market.launches(), *market.trades(600)]))
    await follower.run()


def texts(found):
    return {name.decode(): value.decode() for name, value in found.items()}


async def test_the_day_of_every_token_and_two_rankings(figures, connection, database, redis):
    assert await LiveFigures(redis, database).run() == 5
    rows = await connection.fetch("SELECT * FROM token_metrics")
    for row in rows:
        found = texts(await redis.hgetall(keys.day(row["mint"])))
        assert int(found["trade_count"]) == row["buys_24h"] + row["sells_24h"]
        assert Decimal(found["volume_usd"]) == Decimal(row["volume_24h"]) / 10**9 * USD
    for ranking, column in ((keys.BY_VOLUME, "volume_24h"), (keys.BY_MARKET_CAP, "market_cap")):
        ranked = await redis.zrange(ranking, 0, -1, desc=True, withscores=True)
        wanted = sorted(rows, key=lambda row: (row[column], row["mint"]), reverse=True)
        assert [mint.decode() for mint, _ in ranked] == [row["mint"] for row in wanted]
        assert ranked[0][1] == pytest.approx(float(wanted[0][column]) / 1e9)


async def test_the_windows_of_the_largest_tokens(figures, connection, database, redis):
    await LiveFigures(redis, database).run()
    for row in await connection.fetch("SELECT * FROM token_metrics"):
        found = texts(await redis.hgetall(keys.metrics(row["mint"])))
        assert set(found) == {
            *("volume_5m", "volume_15m", "volume_1h", "volume_24h", "trades_5m", "trades_24h"),
            *("price_change_5m", "price_change_1h", "price_change_24h", "liquidity_usd", "holders", "score"),
        }
        assert Decimal(found["volume_1h"]) == Decimal(row["volume_1h"]) / 10**9 * USD
        assert Decimal(found["price_change_24h"]) == Decimal(row["change_bps_24h"]) / 100
        assert Decimal(found["liquidity_usd"]) == Decimal(row["liquidity"]) / 10**9 * USD
        assert (int(found["holders"]), Decimal(found["score"])) == (row["holders"], row["score"])
        assert 0 < await redis.ttl(keys.metrics(row["mint"])) <= 60


async def test_a_window_that_empties_takes_its_trades_out_again(figures, follower, clock, connection, database, redis):
    live = LiveFigures(redis, database)
    await live.run()
    mint = await connection.fetchval("SELECT mint FROM token_metrics ORDER BY volume_24h DESC LIMIT 1")
    assert await redis.exists(keys.day(mint))
    clock.now += 90_000
    await follower.run()
    await live.run()
    assert not await redis.exists(keys.day(mint))
    assert await redis.zscore(keys.BY_VOLUME, mint) == 0


async def test_a_turn_writes_only_what_changed(figures, store, market, follower, database, redis):
    live = LiveFigures(redis, database)
    assert await live.run() == 5
    assert await live.run() == 0
    await store(decoded(market.trades(1)))
    await follower.run()
    assert 1 <= await live.run() <= 5


async def test_one_member_keeps_them_and_another_goes_on_when_it_ends(figures, database, redis):
    one, other = LiveFigures(redis, database), LiveFigures(redis, database)
    assert await one.run() == 5
    assert await other.run() == 0
    await redis.delete("processor:figures")
    assert await other.run() == 5
    assert await one.run() == 0


async def test_tokens_that_are_no_more_leave_the_rankings(figures, connection, database, redis):
    await LiveFigures(redis, database).run()
    mint = await connection.fetchval(
        "DELETE FROM token_metrics WHERE ctid = (SELECT min(ctid) FROM token_metrics) RETURNING mint"
    )
    await redis.delete("processor:figures")
    await LiveFigures(redis, database).run()
    assert await redis.zscore(keys.BY_VOLUME, mint) is None
    assert await redis.zscore(keys.BY_MARKET_CAP, mint) is None
