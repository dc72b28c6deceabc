"""A token's trading over time: volume from candles, buyers and sellers from the newest trades."""

import time
from typing import Any

from launchpad.analytics import queries
from launchpad.analytics.schemas import Activity, ActivityPoint, Span
from launchpad.db import Look
from launchpad.markets import queries as candle_queries
from launchpad.markets.intervals import STEPS, Interval
from launchpad.tokens import queries as token_queries
from launchpad.tokens.errors import unknown_token

# How many buckets of which interval.
SPANS: dict[Span, tuple[Interval, int]] = {
    "1h": ("1m", 60),
    "24h": ("15m", 96),
    "7d": ("1h", 168),
    "30d": ("4h", 180),
    "1y": ("1d", 365),
}


async def activity(look: Look, mint: str, span: Span, most: int = queries.MOST_TRADES) -> Activity:
    """Trading in the buckets of a span that ends now; raises TokenNotFoundError."""
    if not await token_queries.is_known(look, mint):
        raise unknown_token(mint)
    interval, count = SPANS[span]
    step = STEPS[interval]
    seconds = step.seconds or 0
    until = step.start(int(time.time())) + seconds
    first = until - count * seconds
    candles = await candle_queries.candles(look, mint, step, (first, until), count)
    whole, *counted = await queries.activity(look, mint, first, seconds, most)
    # Of the oldest bucket that was reached only a part was read.
    since = counted[0]["time"] + seconds if whole["trades"] >= most else first
    points = {row["time"]: row for row in counted if row["time"] >= since}
    volumes = {row["time"]: row for row in candles}
    return Activity(
        mint=mint,
        span=span,
        step=seconds,
        buyers=whole["buyers"],
        sellers=whole["sellers"],
        counted_from=since,
        data=[
            _point(start, volumes.get(start), points.get(start), read=start >= since)
            for start in range(first, until, seconds)
        ],
    )


_NOTHING = {"buys": 0, "sells": 0, "buyers": 0, "sellers": 0, "buy_volume": "0", "sell_volume": "0"}


def _point(start: int, candle: dict[str, Any] | None, counted: dict[str, Any] | None, *, read: bool) -> ActivityPoint:
    told = {name: value for name, value in (counted or {}).items() if name not in ("time", "trades")}
    volume, trades = (candle["volume"], candle["trades"]) if candle else ("0", 0)
    if counted and (candle is None or counted["trades"] > trades):
        # Candles of a busy market may be a minute behind.
        volume, trades = str(int(counted["buy_volume"]) + int(counted["sell_volume"])), counted["trades"]
    return ActivityPoint(time=start, volume=volume, trades=trades, **(_NOTHING | told if read else {}))
