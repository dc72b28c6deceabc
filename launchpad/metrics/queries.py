"""Reading figures: one token's, and lists of tokens by any figure of any window.

Names of figures are those of the columns (`volume_1h`, `market_cap`, `holders`), and a few
that are sums or ratios of them (`trades_1h`). `select` is what screeners are made of:
any figure sorts, any figure filters by a range; values are bound, names are checked.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import asyncpg
from sqlalchemy import Integer, text
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad import paging
from launchpad.db import Look
from launchpad.errors import InvalidInputError
from launchpad.tables.metrics import WINDOW_COLUMNS, WINDOW_NAMES, TokenMetrics

_PLAIN = (
    *("market_cap", "liquidity", "price_sol", "supply", "circulating", "progress_ppm", "trades", "volume"),
    *("holders", "top_10_bps", "gini_bps", "creator_bps", "sniper_bps", "bundler_bps", "fresh_bps"),
    *("organic", "momentum_bps", "score"),
)
_WORKED_OUT = {
    **{f"trades_{window}": f"(m.buys_{window} + m.sells_{window})" for window in WINDOW_NAMES},
    **{f"net_buyers_{window}": f"(m.buyers_{window} - m.sellers_{window})" for window in WINDOW_NAMES},
    "age": "extract(epoch FROM now() - m.launched_at)",
    "launched_at": "extract(epoch FROM m.launched_at)",
    "last_trade_at": "coalesce(extract(epoch FROM m.last_trade_at), 0)",
}
# Every figure by its name: what stands for it in a statement about `token_metrics m`.
FIGURES: Mapping[str, str] = {name: f"m.{name}" for name in (*_PLAIN, *WINDOW_COLUMNS)} | _WORKED_OUT
# What is always a whole number: compared as such, an index in its order can be asked for it.
WHOLE = frozenset(
    column.name for column in TokenMetrics.columns if isinstance(column.type, Integer) and column.name in FIGURES
) | {name for name in _WORKED_OUT if name.startswith(("trades_", "net_buyers_"))}
# An age grows from page to page, so it only filters: `launched_at` sorts.
SORTABLE = frozenset(FIGURES) - {"age"}


class UnknownFigureError(InvalidInputError):
    """There is no figure of that name."""

    code = "UNKNOWN_FIGURE"


@dataclass(frozen=True, slots=True)
class Range:
    """Tokens whose figure is not below `least` and not above `most`; None is no bound."""

    figure: str
    least: Decimal | None = None
    most: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Screen:
    """Which tokens, in which order. Figures keep their units: lamports, basis points, Unix seconds."""

    sort: str = "volume_24h"
    descending: bool = True
    ranges: tuple[Range, ...] = ()
    statuses: tuple[str, ...] | None = None
    venues: tuple[str, ...] | None = None
    creator: str | None = None
    mints: tuple[str, ...] | None = None
    search: str | None = None


def figure(name: str, allowed: Collection[str] = FIGURES.keys()) -> str:
    """What stands for a figure in SQL; raises UnknownFigureError."""
    if name not in allowed:
        message = f"There is no figure called {name[:64]}: use one such as volume_1h, market_cap or holders."
        raise UnknownFigureError(message, field="figure")
    return FIGURES[name]


async def select(
    look: Look, which: Screen, limit: int, after: tuple[Decimal, str] | None = None
) -> Sequence[asyncpg.Record]:
    """At most `limit` rows of `token_metrics`, with name and symbol and their place in the order as `sort_value`.

    `after` is sort value and mint of the last row seen. Raises UnknownFigureError.
    """
    expression = figure(which.sort, SORTABLE)
    conditions, values = _conditions(which)
    if after is not None:
        sign = "<" if which.descending else ">"
        place, kind = paging.bound(after[0], which.sort in WHOLE)
        conditions.append(f"({expression}, m.mint) {sign} (CAST(:after_value AS {kind}), CAST(:after_mint AS text))")
        values |= {"after_value": place, "after_mint": after[1]}
    direction = "DESC" if which.descending else "ASC"
    order = f"ORDER BY {expression} {direction}, m.mint {direction}"
    statement = f"""SELECT m.*, t.name, t.symbol, t.image_uri, t.decimals, ({expression})::numeric AS sort_value
      FROM (SELECT m.* FROM token_metrics m {_names(which)} {_where(conditions)} {order} LIMIT :limit) m
      JOIN tokens t ON t.mint = m.mint {order}"""  # noqa: S608 - fixed text, values are bound
    return await look.rows(statement, **values, limit=limit)


async def count(look: Look, which: Screen) -> int:
    """How many tokens the screen leaves; raises UnknownFigureError."""
    conditions, values = _conditions(which)
    statement = f"SELECT count(*) AS tokens FROM token_metrics m {_names(which)} {_where(conditions)}"  # noqa: S608 - (same)
    found = await look.row(statement, **values)
    return int(found["tokens"]) if found else 0


def _names(which: Screen) -> str:
    return "JOIN tokens t ON t.mint = m.mint" if which.search else ""


def _where(conditions: Sequence[str]) -> str:
    return f"WHERE {' AND '.join(conditions)}" if conditions else ""


def _conditions(which: Screen) -> tuple[list[str], dict[str, Any]]:
    conditions: list[str] = []
    values: dict[str, Any] = {}
    for place, wanted in enumerate(which.ranges):
        expression = figure(wanted.figure)
        for name, sign, bound in ((f"least_{place}", ">=", wanted.least), (f"most_{place}", "<=", wanted.most)):
            if bound is not None:
                conditions.append(f"{expression} {sign} CAST(:{name} AS numeric)")
                values[name] = bound
    for column, wanted_values in (("status", which.statuses), ("venue", which.venues), ("mint", which.mints)):
        if wanted_values is not None:
            conditions.append(f"m.{column} = ANY(CAST(:{column} AS text[]))")
            values[column] = list(wanted_values)
    if which.creator:
        conditions.append("m.creator = :creator")
        values["creator"] = which.creator
    if which.search:
        conditions.append("(position(:term IN lower(t.name)) > 0 OR position(:term IN lower(t.symbol)) > 0)")
        values["term"] = which.search.lower()
    return conditions, values


_FIGURES_OF = """SELECT m.*, t.supply_mode, t.update_authority, t.decimals,
    (SELECT json_agg(json_build_object('usd', s.usd, 'market_cap', s.market_cap::text, 'reached_at', s.reached_at,
       'sol_usd', trim_scale(s.sol_usd)::text) ORDER BY s.usd)
     FROM token_milestones s WHERE s.mint = t.mint)::text AS milestones
  FROM tokens t LEFT JOIN token_metrics m ON m.mint = t.mint WHERE t.mint = :mint"""


async def of_token(look: Look, mint: str) -> asyncpg.Record | None:
    """A token's figures, with what its risks are judged by and its milestones as JSON; None for unknown tokens.

    `mint` and all figures are null until they were worked out.
    """
    return await look.row(_FIGURES_OF, mint=mint)


_KING = """SELECT s.mint, s.reached_at, m.market_cap FROM token_milestones s JOIN token_metrics m ON m.mint = s.mint
  WHERE s.usd = :usd AND m.status = 'trading' AND m.market_cap * CAST(:rate AS numeric) >= CAST(:least AS numeric)
    AND (CAST(:most AS numeric) IS NULL OR m.market_cap * CAST(:rate AS numeric) < CAST(:most AS numeric))
  ORDER BY s.reached_at DESC, m.market_cap DESC, s.mint LIMIT 1"""
_LAMPORTS = 10**9


async def king(look: Look, sol_usd: Decimal, least: int, most: int | None) -> asyncpg.Record | None:
    """The token on its curve that came last to `least` dollars and is worth so much, but less than `most`, now.

    mint, reached_at, market_cap in lamports.
    """
    bounds = {"least": Decimal(least * _LAMPORTS), "most": None if most is None else Decimal(most * _LAMPORTS)}
    return await look.row(_KING, usd=least, rate=sol_usd, **bounds)


_ADD_MILESTONE = text("""INSERT INTO token_milestones (mint, usd, market_cap, sol_usd, reached_at)
  SELECT mint, CAST(:usd AS bigint), CAST(:market_cap AS numeric), CAST(:sol_usd AS numeric),
    CAST(:reached_at AS timestamptz) FROM tokens WHERE mint = :mint
  ON CONFLICT DO NOTHING RETURNING mint, usd""")


async def add_milestones(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> set[tuple[str, int]]:
    """Keep milestones; those that nobody had kept before."""
    new = set()
    for row in rows:
        kept = (await session.execute(_ADD_MILESTONE, dict(row))).one_or_none()
        if kept is not None:
            new.add((kept.mint, kept.usd))
    return new


_NAMES = text("SELECT mint, name, symbol FROM tokens WHERE mint = ANY(:mints)")


async def names(session: AsyncSession, mints: Sequence[str]) -> dict[str, dict[str, str]]:
    """Name and symbol of tokens."""
    found = await session.execute(_NAMES, {"mints": list(mints)})
    return {row.mint: {"name": row.name, "symbol": row.symbol} for row in found}
