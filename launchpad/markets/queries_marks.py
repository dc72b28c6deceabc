"""All SQL that reads what charts mark: trades of some people, large ones, and what a token reached."""

from collections.abc import Sequence
from typing import Any

from launchpad.db import Look

# Of the newest trades so many are looked through for large ones.
_LOOKED_THROUGH = 20_000

_ROW = (
    "t.signature, t.instruction, t.inner, t.side, t.trader, t.quote_amount::text AS quote_amount, t.position, "
    "t.traded_at, trim_scale(t.price * 10::numeric ^ k.decimals * 0.000000001)::text AS price_sol"
)
_WITHIN = "t.mint = :mint AND t.counted AND t.traded_at >= to_timestamp(:first) AND t.traded_at < to_timestamp(:after)"
_OF_TRADERS = f"""SELECT {_ROW} FROM trades t JOIN tokens k ON k.mint = t.mint
  WHERE {_WITHIN} AND t.trader = ANY(CAST(:traders AS text[])) ORDER BY t.position DESC LIMIT :limit"""  # noqa: S608 - our own text
_LARGE = f"""SELECT {_ROW} FROM (SELECT t.* FROM trades t WHERE {_WITHIN}
    ORDER BY t.position DESC LIMIT {_LOOKED_THROUGH}) t JOIN tokens k ON k.mint = t.mint
  WHERE t.quote_amount >= :least ORDER BY t.position DESC LIMIT :limit"""  # noqa: S608 - our own text
_REACHED = """SELECT t.creator, c.graduated_at,
    (SELECT json_agg(json_build_object('usd', s.usd, 'at', s.reached_at) ORDER BY s.usd)
     FROM token_milestones s WHERE s.mint = t.mint)::text AS milestones
  FROM tokens t JOIN curves c ON c.mint = t.mint WHERE t.mint = :mint"""


async def token(look: Look, mint: str) -> Any:
    """Creator, graduation and milestones (JSON text) of a token; None for unknown ones."""
    return await look.row(_REACHED, mint=mint)


async def of_traders(
    look: Look, mint: str, traders: Sequence[str], within: tuple[int, int], limit: int
) -> list[dict[str, Any]]:
    """The newest trades of these wallets within `[first, after)`, newest first."""
    first, after = within
    rows = await look.rows(_OF_TRADERS, mint=mint, traders=list(traders), first=first, after=after, limit=limit)
    return [dict(row) for row in rows]


async def large(look: Look, mint: str, least: int, within: tuple[int, int], limit: int) -> list[dict[str, Any]]:
    """The newest trades of at least so many lamports within `[first, after)`, newest first."""
    first, after = within
    rows = await look.rows(_LARGE, mint=mint, least=least, first=first, after=after, limit=limit)
    return [dict(row) for row in rows]
