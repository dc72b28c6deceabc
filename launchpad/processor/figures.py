"""Rolling figures in Redis: the last 24 hours of every token, all windows of the largest, and two rankings.

They are read from `token_metrics`, whose windows move on without trades, too. One member writes and
renews a mark as it does; the others wait for it to end. Two at once would write the same.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from launchpad.amounts import decimal_text, shifted
from launchpad.db import Database
from launchpad.prices.service import fresh_usd, in_usd
from launchpad.processor import keys, queries

# How many of the largest tokens have all their windows in Redis, and how often these are written.
LARGEST = 1000
METRICS_SECONDS = 10.0
# Rankings are made anew now and then, without tokens that are no more.
WHOLE_SECONDS = 600.0
_METRICS_KEPT = 60
_DAY_KEPT = 86_400
_MARK = "processor:figures"
_MARK_MS = 10_000
_AT_ONCE = 5000
_SOL = -9
_BPS_OF_PERCENT = Decimal(100)


class LiveFigures:
    """Keeps `token:{mint}:24h`, `token:{mint}:metrics`, `tokens:by_volume` and `tokens:by_mcap`."""

    def __init__(self, redis: Redis, database: Database) -> None:
        self._redis = redis
        self._database = database
        self._name = uuid4().hex
        self._seen: datetime | None = None
        self._next_whole = self._next_metrics = 0.0

    async def run(self) -> int:
        """One turn; how many tokens were written. Does nothing while another member keeps them."""
        if not await self._leads():
            self._seen = None
            return 0
        now = time.monotonic()
        whole = self._seen is None or now >= self._next_whole
        async with self._database.look() as look:
            rate = await fresh_usd(look)
            rows = await queries.figures_after(look, None if whole else self._seen)
            largest = await queries.largest(look, LARGEST) if whole or now >= self._next_metrics else ()
        if whole:
            await self._begin_rankings()
            self._next_whole = now + WHOLE_SECONDS
        for page in _pages(rows):
            await self._write(page, rate, anew=whole)
        if whole and rows:
            await self._redis.rename(_anew(keys.BY_MARKET_CAP), keys.BY_MARKET_CAP)
            await self._redis.rename(_anew(keys.BY_VOLUME), keys.BY_VOLUME)
        if largest:
            await self._write_metrics(largest, rate)
            self._next_metrics = now + METRICS_SECONDS
        if rows:
            self._seen = rows[-1]["updated_at"]
        return len(rows)

    async def _leads(self) -> bool:
        if await self._redis.set(_MARK, self._name, nx=True, px=_MARK_MS):
            # Whoever had it before may have stopped long ago, and Redis may have forgotten everything.
            self._seen = None
            return True
        if await self._redis.get(_MARK) != self._name.encode():
            return False
        await self._redis.pexpire(_MARK, _MARK_MS)
        return True

    async def _begin_rankings(self) -> None:
        await self._redis.delete(_anew(keys.BY_VOLUME), _anew(keys.BY_MARKET_CAP))

    async def _write(self, rows: Sequence[Mapping[str, Any]], rate: Decimal | None, *, anew: bool) -> None:
        pipeline = self._redis.pipeline(transaction=False)
        for row in rows:
            _day(pipeline, row, rate)
        for ranking, column in ((keys.BY_VOLUME, "volume_24h"), (keys.BY_MARKET_CAP, "market_cap")):
            # A score is a double anyhow: SOL, so that a ranking does not move with the price of SOL.
            scores = {row["mint"]: float(shifted(Decimal(row[column]), _SOL)) for row in rows}
            pipeline.zadd(_anew(ranking) if anew else ranking, scores)
        await pipeline.execute()

    async def _write_metrics(self, rows: Sequence[Mapping[str, Any]], rate: Decimal | None) -> None:
        pipeline = self._redis.pipeline(transaction=False)
        for row in rows:
            fields = {name: value for name, value in metrics_of(row, rate).items() if value is not None}
            pipeline.delete(keys.metrics(row["mint"]))
            pipeline.hset(keys.metrics(row["mint"]), mapping=fields)
            pipeline.expire(keys.metrics(row["mint"]), _METRICS_KEPT)
        await pipeline.execute()


def _day(pipeline: Pipeline, row: Mapping[str, Any], rate: Decimal | None) -> None:
    """The commands that leave `token:{mint}:24h` as it is now; there is none where nothing was traded."""
    key = keys.day(row["mint"])
    if not row["trades_24h"]:
        pipeline.delete(key)
        return
    pipeline.hset(key, "trade_count", row["trades_24h"])
    volume = _usd(row["volume_24h"], rate)
    if volume is None:
        pipeline.hdel(key, "volume_usd")
    else:
        pipeline.hset(key, "volume_usd", volume)
    pipeline.expire(key, _DAY_KEPT)


def metrics_of(row: Mapping[str, Any], rate: Decimal | None) -> dict[str, str | int | None]:
    """The fields of `token:{mint}:metrics`: dollars (None without a price of SOL), counts, changes in percent."""
    return {
        **{f"volume_{window}": _usd(row[f"volume_{window}"], rate) for window in ("5m", "15m", "1h", "24h")},
        **{f"trades_{window}": row[f"trades_{window}"] for window in ("5m", "24h")},
        **{f"price_change_{window}": _percent(row[f"change_bps_{window}"]) for window in ("5m", "1h", "24h")},
        "liquidity_usd": _usd(row["liquidity"], rate),
        "holders": row["holders"],
        "score": decimal_text(row["score"]),
    }


def _usd(lamports: int, rate: Decimal | None) -> str | None:
    return in_usd(shifted(Decimal(lamports), _SOL), rate)


def _percent(bps: int) -> str:
    return decimal_text(Decimal(bps) / _BPS_OF_PERCENT)


def _anew(ranking: str) -> str:
    return f"{ranking}:anew"


def _pages(rows: Sequence[Mapping[str, Any]]) -> Iterator[Sequence[Mapping[str, Any]]]:
    for start in range(0, len(rows), _AT_ONCE):
        yield rows[start : start + _AT_ONCE]
