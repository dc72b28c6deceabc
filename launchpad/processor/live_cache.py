"""The newest trade and the minutes of a day, by token, in Redis.

A batch says which tokens moved; what is written is read from the tables, never added up. So a batch
that comes twice changes nothing, and members that share a token's trades cannot leave an older
value behind a newer one: positions decide, inside Redis.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NamedTuple

import asyncpg
import orjson
from redis.asyncio import Redis

from launchpad.amounts import decimal_text, market_value_in_sol, price_in_sol, shifted
from launchpad.bus.base import Message
from launchpad.db import Database, Look
from launchpad.prices.service import fresh_usd, in_usd
from launchpad.processor import keys, queries

DAY_MS = 86_400_000
_MINUTE = 60
_KEEP_SECONDS = 7 * 86_400
_POSITION_DIGITS = 20

# KEYS: the token's hash, its points. ARGV: the trade's position, the oldest minute to keep, how long to keep the
# hash, how many fields, fields with values ('' removes one), then minute, position and point of each minute.
# Positions are texts of one length, because numbers in Lua are too short for them.
_STORE = """
local fields = tonumber(ARGV[4])
if (redis.call('HGET', KEYS[1], 'position') or '') <= ARGV[1] then
  redis.call('HSET', KEYS[1], 'position', ARGV[1])
  for place = 5, 4 + 2 * fields, 2 do
    if ARGV[place + 1] == '' then
      redis.call('HDEL', KEYS[1], ARGV[place])
    else
      redis.call('HSET', KEYS[1], ARGV[place], ARGV[place + 1])
    end
  end
end
for place = 5 + 2 * fields, #ARGV, 3 do
  local newest = redis.call('HGET', KEYS[1], 'minute') or ''
  local this = ARGV[place] .. ':' .. ARGV[place + 1]
  local same = string.sub(newest, 1, #ARGV[place]) == ARGV[place]
  if not same or newest <= this then
    redis.call('ZREMRANGEBYSCORE', KEYS[2], ARGV[place], ARGV[place])
    redis.call('ZADD', KEYS[2], ARGV[place], ARGV[place + 2])
    if newest < this then
      redis.call('HSET', KEYS[1], 'minute', this)
    end
  end
end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', '(' .. ARGV[2])
redis.call('EXPIRE', KEYS[2], 86400)
redis.call('EXPIRE', KEYS[1], ARGV[3])
"""


class _Fact(NamedTuple):
    decimals: int
    circulating: Decimal


class LiveCache:
    """Takes batches of the bus into `token:{mint}` and `token:{mint}:prices`."""

    def __init__(self, redis: Redis, database: Database) -> None:
        self._redis = redis
        self._database = database
        self.handled = 0

    async def take(self, messages: Sequence[Message]) -> None:
        """Write what a batch moved. May be repeated."""
        trades = [(one.mint, orjson.loads(one.body)) for one in messages]
        newest: dict[str, dict[str, Any]] = {}
        for mint, trade in trades:
            if mint not in newest or int(trade["position"]) > int(newest[mint]["position"]):
                newest[mint] = trade
        fresh = await self._without_points(list(newest))
        async with self._database.look() as look:
            rate = await fresh_usd(look)
            rows = await queries.facts(look, list(newest))
            facts = {row["mint"]: _Fact(row["decimals"], row["circulating"]) for row in rows}
            points = await _points(look, trades, fresh)
        await self._write({mint: newest[mint] for mint in newest if mint in facts}, facts, points, rate)
        self.handled += len(messages)

    async def _without_points(self, mints: Sequence[str]) -> list[str]:
        pipeline = self._redis.pipeline(transaction=False)
        for mint in mints:
            pipeline.exists(keys.prices(mint))
        return [mint for mint, there in zip(mints, await pipeline.execute(), strict=True) if not there]

    async def _write(
        self,
        newest: Mapping[str, Mapping[str, Any]],
        facts: Mapping[str, _Fact],
        points: Mapping[str, Sequence[asyncpg.Record]],
        rate: Decimal | None,
    ) -> None:
        script = await self._redis.script_load(_STORE)
        oldest = int(datetime.now(UTC).timestamp() * 1000) - DAY_MS
        pipeline = self._redis.pipeline(transaction=False)
        for mint, trade in newest.items():
            fields = fields_of(trade, facts[mint].decimals, facts[mint].circulating, rate)
            words: list[str] = [_padded(trade["position"]), str(oldest), str(_KEEP_SECONDS), str(len(fields))]
            words += [word for pair in fields.items() for word in pair]
            for row in points.get(mint, ()):
                words += (str(row["minute"] * 1000), _padded(row["position"]))
                words.append(_point(row, facts[mint].decimals, rate))
            pipeline.evalsha(script, 2, keys.token(mint), keys.prices(mint), *words)
        await pipeline.execute()


async def _points(
    look: Look, trades: Sequence[tuple[str, Mapping[str, Any]]], fresh: Sequence[str]
) -> dict[str, list[asyncpg.Record]]:
    """The minutes that moved, by token; of tokens without points the whole day before them."""
    moved = sorted({(mint, _minute_of(trade["traded_at"])) for mint, trade in trades})
    found: defaultdict[str, list[asyncpg.Record]] = defaultdict(list)
    if fresh:
        for row in await queries.day(look, fresh):
            found[row["mint"]].append(row)
    for row in await queries.minutes(look, [mint for mint, _ in moved], [minute for _, minute in moved]):
        found[row["mint"]].append(row)
    return found


def fields_of(trade: Mapping[str, Any], decimals: int, circulating: Decimal, rate: Decimal | None) -> dict[str, str]:
    """The fields of `token:{mint}` after a trade; '' where there is no price of SOL to tell dollars by."""
    price = Decimal(trade["price"])
    sol = price_in_sol(price, decimals)
    return {
        "latest_price_sol": decimal_text(sol),
        "latest_price_usd": in_usd(sol, rate) or "",
        "latest_market_cap": in_usd(market_value_in_sol(price, circulating), rate) or "",
        "last_trade_at": trade["traded_at"],
        "last_trade_type": trade["side"],
    }


def _point(row: Mapping[str, Any], decimals: int, rate: Decimal | None) -> str:
    price, volume = price_in_sol(row["close"], decimals), shifted(Decimal(row["volume"]), -9)
    point = {"t": row["minute"] * 1000, "p": in_usd(price, rate), "v": in_usd(volume, rate)}
    return orjson.dumps(point).decode()


def _minute_of(moment: str) -> datetime:
    seconds = int(datetime.fromisoformat(moment).timestamp())
    return datetime.fromtimestamp(seconds // _MINUTE * _MINUTE, UTC)


def _padded(position: int | str) -> str:
    return str(position).zfill(_POSITION_DIGITS)
