"""What Redis holds of tokens that were traded, against a second reckoning out of the trades themselves."""

import time
from datetime import UTC, datetime
from decimal import Decimal

import orjson
import pytest

from launchpad.processor import keys
from launchpad.processor.live_cache import LiveCache
from tests.metrics.conftest import decoded

USD = Decimal(150)
LAMPORTS = Decimal(10) ** 9


@pytest.fixture
async def traded(market, store, price_sol):
    """A market with its launches and a thousand trades; SOL costs 150 dollars."""
    await store(decoded([*market.launches(), *market.trades(1000)]))
    await price_sol(USD, datetime.now(UTC))


def texts(found):
    return {name.decode(): value.decode() for name, value in found.items()}


async def points_of(redis, mint):
    return [
        (orjson.loads(point), score) for point, score in await redis.zrange(keys.prices(mint), 0, -1, withscores=True)
    ]


async def test_a_tokens_hash_says_what_its_newest_trade_left(traded, told, connection, database, redis):
    await LiveCache(redis, database).take(await told())
    rows = await connection.fetch(
        """SELECT DISTINCT ON (t.mint) t.mint, t.side, t.price, k.decimals, k.supply FROM trades t
           JOIN tokens k ON k.mint = t.mint WHERE counted ORDER BY t.mint, t.position DESC"""
    )
    assert len(rows) == 5
    for row in rows:
        found = texts(await redis.hgetall(keys.token(row["mint"])))
        sol = row["price"] * 10 ** row["decimals"] / LAMPORTS
        assert Decimal(found["latest_price_sol"]) == sol
        assert abs(Decimal(found["latest_price_usd"]) / (sol * USD) - 1) < Decimal("1e-11")
        worth = row["price"] * row["supply"] / LAMPORTS * USD
        assert abs(Decimal(found["latest_market_cap"]) / worth - 1) < Decimal("1e-6")
        assert found["last_trade_type"] == row["side"]
        assert datetime.fromisoformat(found["last_trade_at"])


async def test_points_are_the_minutes_of_a_day_with_their_last_price_and_volume(
    traded, told, connection, database, redis
):
    await LiveCache(redis, database).take(await told())
    rows = await connection.fetch(
        """SELECT t.mint, extract(epoch FROM date_trunc('minute', traded_at))::bigint AS minute,
             max(k.decimals) AS decimals, sum(quote_amount) AS volume,
             (array_agg(price ORDER BY position DESC))[1] AS price
           FROM trades t JOIN tokens k ON k.mint = t.mint WHERE counted GROUP BY 1, 2 ORDER BY 1, 2"""
    )
    for mint in {row["mint"] for row in rows}:
        wanted = [row for row in rows if row["mint"] == mint]
        found = await points_of(redis, mint)
        assert [score for _, score in found] == [row["minute"] * 1000 for row in wanted]
        for (point, score), row in zip(found, wanted, strict=True):
            assert set(point) == {"t", "p", "v"}
            assert point["t"] == score
            assert abs(Decimal(point["v"]) - row["volume"] / LAMPORTS * USD) < Decimal("1e-6")
            price = row["price"] * 10 ** row["decimals"] / LAMPORTS * USD
            assert abs(Decimal(point["p"]) / price - 1) < Decimal("1e-11")


async def test_batches_that_come_again_and_out_of_order_change_nothing(traded, told, database, redis):
    cache, messages = LiveCache(redis, database), await told()
    await cache.take(messages)
    before = {key: await _content(redis, key) for key in await redis.keys("token:*")}
    for start in range(0, len(messages), 100):
        await cache.take(messages[start : start + 100])
    for start in reversed(range(0, len(messages), 250)):
        await cache.take(messages[start : start + 250])
    assert {key: await _content(redis, key) for key in await redis.keys("token:*")} == before


async def _content(redis, key):
    return await redis.hgetall(key) if await redis.type(key) == b"hash" else await redis.zrange(key, 0, -1)


async def test_an_empty_redis_gets_the_minutes_before_with_the_first_trade(traded, told, database, redis):
    whole, messages = LiveCache(redis, database), await told()
    await whole.take(messages)
    mint = messages[-1].mint
    points = await points_of(redis, mint)
    await redis.flushdb()
    await LiveCache(redis, database).take(messages[-1:])
    assert await points_of(redis, mint) == points
    assert await redis.keys("token:*:prices") == [keys.prices(mint).encode()]


async def test_points_older_than_a_day_go(traded, told, database, redis):
    messages = await told()
    mint = messages[-1].mint
    old = int(time.time() * 1000) - 86_400_000 - 120_000
    await redis.zadd(keys.prices(mint), {"old": old})
    await LiveCache(redis, database).take(messages[-1:])
    assert await redis.zrangebyscore(keys.prices(mint), 0, old) == []
    assert 0 < await redis.ttl(keys.prices(mint)) <= 86_400


async def test_without_a_price_of_sol_there_are_no_dollars(market, store, told, database, redis, price_sol):
    await store(decoded([*market.launches(), *market.trades(50)]))
    messages = await told()
    cache = LiveCache(redis, database)
    await cache.take(messages)
    found = texts(await redis.hgetall(keys.token(messages[-1].mint)))
    assert "latest_price_usd" not in found
    assert Decimal(found["latest_price_sol"]) > 0
    assert (await points_of(redis, messages[-1].mint))[-1][0]["p"] is None
    await price_sol(USD, datetime.now(UTC))
    await cache.take(messages)
    assert Decimal(texts(await redis.hgetall(keys.token(messages[-1].mint)))["latest_price_usd"]) > 0


async def test_trades_of_tokens_that_are_no_more_are_passed_over(traded, told, connection, database, redis):
    messages = await told()
    mint = messages[-1].mint
    await connection.execute("DELETE FROM tokens WHERE mint = $1", mint)
    await LiveCache(redis, database).take(messages)
    assert not await redis.exists(keys.token(mint))
    assert len(await redis.keys("token:*:prices")) == 4
