"""All SQL that reads tokens, their curves and their market figures.

Lists are put in order by the stored figures (`token_metrics`, a second old at most); the
figures of the rows that are shown come from the candles, by the primary key (mint,
interval, bucket): a window costs one short index range per token.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import asyncpg
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad import paging
from launchpad.chain.venues.raydium.pools import authority
from launchpad.db import Look
from launchpad.tables.pools import Pool
from launchpad.tables.tokens import Curve, Token
from launchpad.tokens.schemas import Program, ProjectState, TokenSort

# In these fragments t is the token, c its curve, m its figures if it has any yet; a page of rows stands for t and c.
# Of a token that moves, wide candles may come a minute late on a busy market, its stored figures a second.
# Figures that have more trades in than the curve still count one whose fork died.
_MOVING = "m.trades <= c.trade_count AND m.last_trade_at > now() - interval '2 minutes'"
_DAY = f"""LATERAL (
  SELECT greatest(coalesce(sum(k.volume_quote), 0)::bigint, CASE WHEN {_MOVING} THEN m.volume_24h END) AS volume_24h,
    greatest(coalesce(sum(k.buys + k.sells), 0), CASE WHEN {_MOVING} THEN m.buys_24h + m.sells_24h END) AS trades_24h
  FROM candles k WHERE k.mint = t.mint AND k.interval = 900 AND k.bucket > now() - interval '24 hours') day"""  # noqa: S608  fixed text

# The price a while ago; where the token is younger, the price at which it opened.
_BEFORE = """LATERAL (SELECT coalesce(
  (SELECT k.close FROM candles k WHERE k.mint = t.mint AND k.interval = 60
     AND k.bucket <= now() - interval '{window}' ORDER BY k.bucket DESC LIMIT 1),
  (SELECT k.open FROM candles k WHERE k.mint = t.mint AND k.interval = 60 ORDER BY k.bucket LIMIT 1),
  c.price) AS price) {name}"""
_HOUR_AGO = _BEFORE.format(window="1 hour", name="hour_ago")
_DAY_AGO = _BEFORE.format(window="24 hours", name="day_ago")

# Who holds what lies in the pools: each its own, and of those at Raydium one for all.
POOLS = f"ARRAY(SELECT p.address FROM pools p WHERE p.mint = t.mint UNION ALL SELECT '{authority()}')"  # noqa: S608  fixed text
# The curve, the launch record, vesting escrows and pools hold tokens for others. The pools are
# listed once: as a join, each would be looked for among all holders.
PEOPLE = f"""h.balance > 0 AND h.owner <> c.address AND h.owner IS DISTINCT FROM t.launch_record
  AND NOT EXISTS (SELECT 1 FROM vesting_schedules v WHERE v.schedule = h.owner)
  AND h.owner <> ALL ({POOLS})"""  # noqa: S608  fixed text
# The same owners as one list, which is made once for all holders that are compared with it.
ESCROWS = f"""ARRAY(SELECT c.address UNION ALL SELECT t.launch_record WHERE t.launch_record IS NOT NULL
  UNION ALL SELECT v.schedule FROM vesting_schedules v WHERE v.mint = t.mint
  UNION ALL SELECT p.address FROM pools p WHERE p.mint = t.mint UNION ALL SELECT '{authority()}')"""  # noqa: S608  fixed text
# Holders are found by the magnitude of what they hold; within one they are sorted as they are read.
LARGEST_FIRST = "h.magnitude DESC, h.balance DESC, h.owner DESC"
# How many of those who hold for others hold anything: looked up, and taken off the count of all who do.
ESCROWS_THAT_HOLD = f"""(SELECT count(*) FROM holders h
  WHERE h.mint = t.mint AND h.owner = ANY ({ESCROWS}) AND h.balance > 0)"""  # noqa: S608  fixed text
_HOLDERS = f"""LATERAL (SELECT count(*) - {ESCROWS_THAT_HOLD} AS holders
  FROM holders h WHERE h.mint = t.mint AND h.magnitude > 0) people"""  # noqa: S608  fixed text

# What there is to trade against: both sides of the graduate's pool, or the curve's reserve.
_CANONICAL = "FROM pools p WHERE p.mint = t.mint AND p.canonical"
_IN_POOL = f"SELECT p.quote_reserve {_CANONICAL}"
_LIQUIDITY = f"coalesce(2 * ({_IN_POOL}), c.quote_reserve)"
MARKET = f"""{_LIQUIDITY} AS liquidity,
  coalesce((SELECT p.venue {_CANONICAL}), CASE c.status WHEN 'graduated' THEN 'raydium' ELSE 'curve' END) AS venue"""

# A line needs points: the younger the token, the finer the candles.
_SPARKLINE = """LATERAL (
  SELECT array_agg(trim_scale(k.close)::text ORDER BY k.bucket) AS sparkline FROM candles k
  WHERE k.mint = t.mint AND k.bucket > now() - interval '24 hours' AND k.interval = CASE
    WHEN t.launched_at > now() - interval '20 minutes' THEN 15
    WHEN t.launched_at > now() - interval '90 minutes' THEN 60
    WHEN t.launched_at > now() - interval '8 hours' THEN 300 ELSE 900 END) line"""


# What a token is worth: what circulates, how it ranks, and a price of SOL that is not stale.
WORTH = """coalesce(m.circulating, t.supply) AS circulating, m.score,
  (SELECT s.usd FROM (SELECT p.usd, p.as_of FROM sol_prices p ORDER BY p.minute DESC LIMIT 1) s
   WHERE s.as_of > now() - interval '60 seconds') AS sol_usd"""

# In these m is the row of figures. An index serves the first seven.
_SORT: dict[TokenSort, str] = {
    "volume_24h": "m.volume_24h",
    "market_cap": "m.market_cap",
    "holders": "m.holders",
    "progress": "m.progress_ppm",
    "change_1h": "m.change_bps_1h",
    "change_24h": "m.change_bps_24h",
    "score": "m.score",
    "trades": "m.trades",
    "price": "m.price_sol",
    "last_trade_at": "coalesce(extract(epoch FROM m.last_trade_at), 0)::numeric(20, 6)",
}
_WHOLE = frozenset({"volume_24h", "holders", "progress", "change_1h", "change_24h", "trades"})
_LAUNCHED = "t.launched_at"


@dataclass(frozen=True)
class _Source:
    """Where a list is read from, and what the filters are called there."""

    tables: str
    mint: str
    names: dict[str, str]


_FIGURES_ALONE = _Source(
    "FROM token_metrics m",
    "m.mint",
    {"status": "m.status", "opened": "m.opened_at", "launched": "m.launched_at", "liquidity": "m.liquidity"}
    | {"venue": "m.venue"},
)
# What was launched a moment ago has no figures yet: where one looks for a token it is found nevertheless.
_TOKENS = _Source(
    "FROM tokens t JOIN curves c ON c.mint = t.mint LEFT JOIN token_metrics m ON m.mint = t.mint",
    "t.mint",
    {"status": "c.status", "opened": "c.opened_at", "launched": "t.launched_at", "liquidity": _LIQUIDITY}
    | {"venue": f"coalesce((SELECT p.venue {_CANONICAL}), 'curve')"},
)


_STATES: dict[ProjectState, str] = {
    "upcoming": "{opened} > now()",
    "active": "{opened} <= now() AND {status} IN ('trading', 'depositing')",
    "ended": "{opened} <= now() AND {status} NOT IN ('trading', 'depositing')",
}

_ROW = """t.mint, t.name, t.symbol, t.image_uri, t.creator, t.decimals, t.supply, t.launched_at, t.launch_record,
  c.address, c.status, c.price, c.sold, c.sale_supply, c.quote_reserve, c.raise_target, c.last_trade_at,
  c.trade_count, c.volume_quote, c.opened_at, c.deadline, c.graduated_at"""
_PROGRAMS: dict[Program, str] = {
    "bonding_curve": "{venue} = 'curve'",
    "amm": "{venue} = 'amm'",
    "raydium": "{venue} = 'raydium'",
}
FIGURES = """day.volume_24h, day.trades_24h, hour_ago.price AS price_1h_ago, day_ago.price AS price_24h_ago,
  people.holders, line.sparkline"""
TRADING_FROM = f"{_DAY} CROSS JOIN {_HOUR_AGO} CROSS JOIN {_DAY_AGO} CROSS JOIN {_SPARKLINE}"
_FIGURES_FROM = f"{TRADING_FROM} CROSS JOIN {_HOLDERS}"


@dataclass(frozen=True)
class TokenFilter:
    """Which tokens, in which order. Amounts in lamports, ages in seconds."""

    sort: TokenSort = "volume_24h"
    descending: bool = True
    search: str | None = None
    creator: str | None = None
    status: str | None = None
    state: ProjectState | None = None
    min_liquidity: int | None = None
    max_age: int | None = None
    program: Program | None = None
    mints: tuple[str, ...] | None = None


async def list_tokens(
    look: Look,
    which: TokenFilter,
    limit: int,
    after: tuple[Decimal, str] | None = None,
    offset: int = 0,
) -> Sequence[asyncpg.Record]:
    """At most `limit` tokens with their figures; each row has its sort value as `sort_value`."""
    source = _source(which)
    conditions, values = _conditions(which, source.names)
    place, kind = paging.bound(after[0], which.sort in _WHOLE) if after else (None, "numeric")
    expression, value, given = _order(which, source, kind)
    if after is not None:
        sign = "<" if which.descending else ">"
        conditions.append(f"({expression}, {source.mint}) {sign} ({given}, CAST(:after_mint AS text))")
        values |= {"after_value": place, "after_mint": after[1]}
    direction = "DESC" if which.descending else "ASC"
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    # The page is cut before the figures are worked out, so these cost only its own rows.
    figures, worth = _of_page(_FIGURES_FROM), _of_page(WORTH)
    # Limits are few, and in the text: with one that it does not know, Postgres plans each time anew, as for thousands.
    bounds = f"LIMIT {int(limit)}{' OFFSET :offset' if offset else ''}"
    if offset:
        values["offset"] = offset
    statement = f"""WITH chosen AS MATERIALIZED (
      SELECT {source.mint} AS mint, {value} AS sort_value {source.tables} {where}
      ORDER BY {expression} {direction}, {source.mint} {direction} {bounds}
    ), page AS MATERIALIZED (
      SELECT {_ROW}, {MARKET}, chosen.sort_value
      FROM chosen JOIN tokens t ON t.mint = chosen.mint JOIN curves c ON c.mint = chosen.mint)
    SELECT page.*, {worth}, {FIGURES} FROM page LEFT JOIN token_metrics m ON m.mint = page.mint CROSS JOIN {figures}
    ORDER BY page.sort_value {direction}, page.mint {direction}"""  # noqa: S608  fixed text, values are bound
    return await look.rows(statement, **values)


def _source(which: TokenFilter) -> _Source:
    looked_for = which.search or which.creator or which.mints is not None
    return _TOKENS if looked_for or which.sort == "launched_at" else _FIGURES_ALONE


def _order(which: TokenFilter, source: _Source, kind: str) -> tuple[str, str, str]:
    """What a list is ordered by, what stands for it in a cursor, and what a cursor's value, of `kind`, is there."""
    value = f"CAST(:after_value AS {kind})"
    if which.sort == "launched_at":
        # By the column itself, so that its index is used.
        epoch = f"extract(epoch FROM {_LAUNCHED})::numeric(20, 6)"
        return _LAUNCHED, epoch, f"to_timestamp({value})"
    expression = _SORT[which.sort]
    if source is _TOKENS:
        expression = f"coalesce({expression}, 0)"
    return expression, f"({expression})::numeric", value


def _of_page(fragment: str) -> str:
    """A fragment about t and c, told about a row of `page` instead."""
    return re.sub(r"\b[tc]\.", "page.", fragment)


async def count_tokens(look: Look, which: TokenFilter) -> int:
    """How many tokens the filter leaves."""
    source = _source(which)
    conditions, values = _conditions(which, source.names)
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    rows = await look.rows(f"SELECT count(*) AS tokens {source.tables} {where}", **values)
    return int(rows[0]["tokens"])


def _conditions(which: TokenFilter, names: dict[str, str]) -> tuple[list[str], dict[str, Any]]:
    """SQL conditions of a filter and the values that they bind; `names` says what the columns are called."""
    conditions: list[str] = []
    values: dict[str, Any] = {}
    if which.search:
        conditions.append(
            "(lower(t.name) LIKE :like OR lower(t.symbol) LIKE :like OR t.mint = :exact OR t.creator = :exact)"
        )
        values |= {"like": f"%{_escaped(which.search.lower())}%", "exact": which.search}
    if which.creator:
        conditions.append("t.creator = :creator")
        values["creator"] = which.creator
    if which.status:
        conditions.append(f"{names['status']} = :status")
        values["status"] = which.status
    if which.state:
        conditions.append(f"({_STATES[which.state].format(**names)})")
    if which.min_liquidity is not None:
        conditions.append(f"{names['liquidity']} >= CAST(:min_liquidity AS bigint)")
        values["min_liquidity"] = which.min_liquidity
    if which.program:
        conditions.append(_PROGRAMS[which.program].format(**names))
    if which.max_age is not None:
        age = "make_interval(secs => CAST(:max_age AS double precision))"
        conditions.append(f"{names['launched']} >= now() - {age}")
        values["max_age"] = which.max_age
    if which.mints is not None:
        conditions.append("t.mint = ANY(CAST(:mints AS text[]))")
        values["mints"] = list(which.mints)
    return conditions, values


def _escaped(term: str) -> str:
    """`term` with the wildcards of LIKE taken literally."""
    return term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


async def token_and_curve(session: AsyncSession, mint: str) -> tuple[Token, Curve] | None:
    """The two rows of a token."""
    statement = select(Token, Curve).join(Curve, Curve.mint == Token.mint).where(Token.mint == mint)
    found = (await session.execute(statement)).one_or_none()
    return (found[0], found[1]) if found else None


async def canonical_pool(session: AsyncSession, mint: str) -> Pool | None:
    """The pool that a graduate trades in, None before."""
    return (await session.scalars(select(Pool).where(Pool.mint == mint, Pool.canonical))).one_or_none()


async def decimals(look: Look, mint: str) -> int | None:
    """The decimal places of a token that was launched here, None for others."""
    row = await look.row("SELECT decimals FROM tokens WHERE mint = :mint", mint=mint)
    return row["decimals"] if row else None


async def is_known(look: Look, mint: str) -> bool:
    """Whether a token of that mint was launched here."""
    return await look.row("SELECT 1 FROM tokens WHERE mint = :mint", mint=mint) is not None
