"""All SQL that reads marks."""

from collections.abc import Sequence
from typing import Any

from launchpad.db import Look

_EVENTS = """SELECT t.creator, extract(epoch FROM t.launched_at)::bigint AS launched,
    extract(epoch FROM c.graduated_at)::bigint AS graduated
  FROM tokens t JOIN curves c ON c.mint = t.mint WHERE t.mint = :mint"""
_TRADES = """SELECT t.signature, t.instruction, t.inner, t.side, extract(epoch FROM t.traded_at)::bigint AS time
  FROM trades t WHERE t.mint = :mint AND t.trader = :trader AND t.counted
    AND t.traded_at >= to_timestamp(:start) AND t.traded_at < to_timestamp(:after)
  ORDER BY t.position DESC LIMIT :limit"""


async def events(look: Look, mint: str) -> Any:
    """Creator, launch and graduation (Unix seconds, null before) of a token; None for unknown ones."""
    return await look.row(_EVENTS, mint=mint)


async def trades_of(look: Look, mint: str, trader: str, within: tuple[int, int], limit: int) -> Sequence[Any]:
    """The newest trades of one wallet in one token within `[start, after)`, oldest first."""
    start, after = within
    rows = await look.rows(_TRADES, mint=mint, trader=trader, start=start, after=after, limit=limit)
    return rows[::-1]
