"""All SQL that reads candles."""

from datetime import datetime
from typing import Any

from launchpad.db import Look

_SOL = "trim_scale(c.{0} * 10::numeric ^ t.decimals * 0.000000001)::text AS {0}"
_PRICES = ", ".join(map(_SOL.format, ("open", "high", "low", "close")))
_CANDLES = f"""SELECT extract(epoch FROM c.bucket)::bigint AS time, {_PRICES},
    c.volume_quote::text AS volume, c.volume_base::text AS volume_base, c.buys + c.sells AS trades, t.decimals
  FROM candles c JOIN tokens t ON t.mint = c.mint
  WHERE c.mint = :mint AND c.interval = :interval AND c.bucket BETWEEN :start AND :end
  ORDER BY c.bucket DESC LIMIT :limit"""  # noqa: S608  fixed text, values are bound


async def candles(
    look: Look, mint: str, interval: int, start: datetime, end: datetime, limit: int
) -> list[dict[str, Any]]:
    """The newest `limit` buckets that start within `[start, end]`, oldest first: CandleViews with `decimals`."""
    rows = await look.rows(_CANDLES, mint=mint, interval=interval, start=start, end=end, limit=limit)
    return [dict(row) for row in reversed(rows)]


_POINTS = """SELECT extract(epoch FROM bucket)::bigint AS time, trim_scale(close)::text AS price,
    volume_quote::text AS volume
  FROM candles WHERE mint = :mint AND interval = 60 ORDER BY bucket DESC LIMIT :limit"""


async def minutes(look: Look, mint: str, limit: int) -> list[dict[str, Any]]:
    """The newest `limit` minutes in which the token was traded, oldest first: time, price and volume."""
    return [dict(row) for row in reversed(await look.rows(_POINTS, mint=mint, limit=limit))]
