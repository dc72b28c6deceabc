"""All SQL that reads what is exported."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from launchpad.db import Look
from launchpad.outbox.queries import HEAD_OF

_KEY = "t.position, t.signature, t.instruction, t.inner"


class Place(NamedTuple):
    """Where a trade stands in the order of the chain."""

    position: int
    signature: str
    instruction: int
    inner: int


_NEXT = f"AND ({_KEY}) > (:position, :signature, :instruction, :inner)"
_TRADES = f"""SELECT t.traded_at, t.slot, t.signature, t.instruction, t.inner, t.mint, t.venue, t.pool, t.side,
    t.trader, t.base_amount, t.quote_amount, t.protocol_fee, t.creator_fee, t.referrer_fee, t.launch_fee,
    t.liquidity_fee, trim_scale(t.price)::text AS price, t.counted, t.finalized, t.position
  FROM trades t WHERE t.mint = :mint AND t.traded_at >= :start AND t.traded_at < :end {{next}}
  ORDER BY {_KEY} LIMIT :limit"""  # noqa: S608 - our own text


async def trades(
    look: Look, mint: str, within: tuple[datetime, datetime], limit: int, after: Place | None
) -> Sequence[Any]:
    """The `limit` trades behind `after` that happened within `[start, end)`, oldest first, of every pool."""
    start, end = within
    place = after._asdict() if after else {}
    statement = _TRADES.format(next=_NEXT if after else "")
    return await look.rows(statement, mint=mint, start=start, end=end, limit=limit, **place)


# Final is what lies before every event that is not, and before the newest trade that is.
_FINAL = f"""SELECT {HEAD_OF.format(channel="'token:' || :mint")} AS seq
  WHERE CAST(:end AS timestamptz) <= coalesce((SELECT min(block_time) FROM chain_events WHERE NOT finalized), now())
    AND CAST(:end AS timestamptz) <= (SELECT traded_at FROM trades WHERE finalized ORDER BY position DESC LIMIT 1)"""  # noqa: S608 - fixed text


async def final_version(look: Look, mint: str, end: datetime) -> int | None:
    """A number that grows with whatever is told of a token; None while something before `end` is not final."""
    found = await look.row(_FINAL, mint=mint, end=end)
    return int(found["seq"]) if found else None


async def launched_at(look: Look, mint: str) -> datetime | None:
    """When a token was launched here, None for others."""
    row = await look.row("SELECT launched_at FROM tokens WHERE mint = :mint", mint=mint)
    return row["launched_at"] if row else None
