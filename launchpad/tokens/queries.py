"""All SQL that reads tokens, their curves and their market figures.

Figures come from the candles, by the primary key (mint, interval, bucket): a
window costs one short index range per token, however many trades it held.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.tables.tokens import Allocation, Curve, Token
from launchpad.tokens.schemas import ProjectState, TokenSort

_DAY = """LATERAL (
  SELECT coalesce(sum(k.volume_quote), 0)::bigint AS volume_24h, coalesce(sum(k.buys + k.sells), 0) AS trades_24h
  FROM candles k WHERE k.mint = t.mint AND k.interval = 900 AND k.bucket > now() - interval '24 hours') day"""

# The price a while ago; where the token is younger, the price at which it opened.
_BEFORE = """LATERAL (SELECT coalesce(
  (SELECT k.close FROM candles k WHERE k.mint = t.mint AND k.interval = 60
     AND k.bucket <= now() - interval '{window}' ORDER BY k.bucket DESC LIMIT 1),
  (SELECT k.open FROM candles k WHERE k.mint = t.mint AND k.interval = 60 ORDER BY k.bucket LIMIT 1),
  c.price) AS price) {name}"""
_HOUR_AGO = _BEFORE.format(window="1 hour", name="hour_ago")
_DAY_AGO = _BEFORE.format(window="24 hours", name="day_ago")

# The curve, the launch record and vesting escrows hold tokens for others.
_PEOPLE = """h.balance > 0 AND h.owner <> c.address AND h.owner IS DISTINCT FROM t.launch_record
  AND NOT EXISTS (SELECT 1 FROM vesting_schedules v WHERE v.schedule = h.owner)"""
_HOLDERS = f"""LATERAL (
  SELECT count(*) AS holders FROM holders h WHERE h.mint = t.mint AND {_PEOPLE}) people"""  # noqa: S608  fixed text

# A line needs points: the younger the token, the finer the candles.
_SPARKLINE = """LATERAL (
  SELECT array_agg(k.close ORDER BY k.bucket) AS sparkline FROM candles k
  WHERE k.mint = t.mint AND k.bucket > now() - interval '24 hours' AND k.interval = CASE
    WHEN t.launched_at > now() - interval '20 minutes' THEN 15
    WHEN t.launched_at > now() - interval '90 minutes' THEN 60
    WHEN t.launched_at > now() - interval '8 hours' THEN 300 ELSE 900 END) line"""

_SORT: dict[TokenSort, tuple[str, Sequence[str]]] = {
    "volume_24h": ("day.volume_24h", (_DAY,)),
    "market_cap": ("round(c.price * t.supply, 12)", ()),
    "launched_at": ("extract(epoch FROM t.launched_at)::numeric(20, 6)", ()),
    "last_trade_at": ("coalesce(extract(epoch FROM c.last_trade_at), 0)::numeric(20, 6)", ()),
    "progress": ("round(c.sold / c.sale_supply, 12)", ()),
    "price": ("c.price * 10::numeric ^ t.decimals", ()),
    "holders": ("people.holders", (_HOLDERS,)),
    "trades": ("c.trade_count", ()),
    "change_24h": ("coalesce(round((c.price - day_ago.price) / nullif(day_ago.price, 0), 12), 0)", (_DAY_AGO,)),
}

_STATES: dict[ProjectState, str] = {
    "upcoming": "c.opened_at > now()",
    "active": "c.opened_at <= now() AND c.status = 'trading'",
    "ended": "c.opened_at <= now() AND c.status <> 'trading'",
}

_ROW = """t.mint, t.name, t.symbol, t.image_uri, t.creator, t.decimals, t.supply, t.launched_at,
  c.status, c.price, c.sold, c.sale_supply, c.quote_reserve, c.raise_target, c.last_trade_at,
  c.trade_count, c.volume_quote, c.opened_at, c.graduated_at"""
_FIGURES = """, day.volume_24h, day.trades_24h, hour_ago.price AS price_1h_ago, day_ago.price AS price_24h_ago,
  people.holders, line.sparkline"""
_ALL = (_DAY, _HOUR_AGO, _DAY_AGO, _HOLDERS, _SPARKLINE)
_FROM = "FROM tokens t JOIN curves c ON c.mint = t.mint"


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
    mints: tuple[str, ...] | None = None


async def list_tokens(
    session: AsyncSession,
    which: TokenFilter,
    limit: int,
    after: tuple[Decimal, str] | None = None,
    offset: int = 0,
) -> Sequence[RowMapping]:
    """At most `limit` tokens with their figures; each row has its sort value as `sort_value`."""
    expression, needed = _SORT[which.sort]
    conditions, values = _conditions(which)
    if after is not None:
        sign = "<" if which.descending else ">"
        conditions.append(f"({expression}, t.mint) {sign} (CAST(:after_value AS numeric), CAST(:after_mint AS text))")
        values |= {"after_value": after[0], "after_mint": after[1]}
    direction = "DESC" if which.descending else "ASC"
    order = f"sort_value {direction}, mint {direction}"
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    # The page is cut before the other figures are worked out, so these cost only its own rows.
    statement = f"""WITH page AS MATERIALIZED (
      SELECT t.mint, {expression} AS sort_value {" CROSS JOIN ".join([_FROM, *needed])} {where}
      ORDER BY {order} LIMIT :limit OFFSET :offset)
    SELECT {_ROW}{_FIGURES}, page.sort_value FROM page JOIN tokens t ON t.mint = page.mint
      JOIN curves c ON c.mint = t.mint CROSS JOIN {" CROSS JOIN ".join(_ALL)}
    ORDER BY page.sort_value {direction}, t.mint {direction}"""  # noqa: S608  fixed text, values are bound
    rows = await session.execute(text(statement), {**values, "limit": limit, "offset": offset})
    return rows.mappings().all()


async def count_tokens(session: AsyncSession, which: TokenFilter) -> int:
    """How many tokens the filter leaves."""
    conditions, values = _conditions(which)
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    return int(await session.scalar(text(f"SELECT count(*) {_FROM} {where}"), values) or 0)


def _conditions(which: TokenFilter) -> tuple[list[str], dict[str, Any]]:
    """SQL conditions of a filter and the values that they bind."""
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
        conditions.append("c.status = :status")
        values["status"] = which.status
    if which.state:
        conditions.append(f"({_STATES[which.state]})")
    if which.min_liquidity is not None:
        conditions.append("c.quote_reserve >= CAST(:min_liquidity AS bigint)")
        values["min_liquidity"] = which.min_liquidity
    if which.max_age is not None:
        conditions.append("t.launched_at >= now() - make_interval(secs => CAST(:max_age AS double precision))")
        values["max_age"] = which.max_age
    if which.mints is not None:
        conditions.append("t.mint = ANY(CAST(:mints AS text[]))")
        values["mints"] = list(which.mints)
    return conditions, values


def _escaped(term: str) -> str:
    """`term` with the wildcards of LIKE taken literally."""
    return term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


async def token_row(session: AsyncSession, mint: str) -> RowMapping | None:
    """One token with its figures."""
    rows = await list_tokens(session, TokenFilter(sort="launched_at", mints=(mint,)), 1)
    return rows[0] if rows else None


async def token_and_curve(session: AsyncSession, mint: str) -> tuple[Token, Curve] | None:
    """The two rows of a token."""
    statement = select(Token, Curve).join(Curve, Curve.mint == Token.mint).where(Token.mint == mint)
    found = (await session.execute(statement)).one_or_none()
    return (found[0], found[1]) if found else None


async def exists(session: AsyncSession, mint: str) -> bool:
    """Whether a token of that mint was launched here."""
    return await session.scalar(select(Token.mint).where(Token.mint == mint)) is not None


async def allocations(session: AsyncSession, mint: str) -> list[Allocation]:
    """What the buckets of a launch received, largest first."""
    statement = select(Allocation).where(Allocation.mint == mint).order_by(Allocation.bps.desc(), Allocation.bucket)
    return list(await session.scalars(statement))


async def windows(session: AsyncSession, mint: str) -> Sequence[RowMapping]:
    """Trading in the last 5 minutes, hour, 6 hours and day, with the price before each window."""
    statement = """
    SELECT w.name, w.buys, w.sells, w.volume, w.high, w.low, c.price,
      coalesce(
        (SELECT k.close FROM candles k WHERE k.mint = c.mint AND k.interval = w.step
           AND k.bucket <= now() - w.span ORDER BY k.bucket DESC LIMIT 1),
        (SELECT k.open FROM candles k WHERE k.mint = c.mint AND k.interval = 60 ORDER BY k.bucket LIMIT 1),
        c.price) AS price_before
    FROM curves c CROSS JOIN LATERAL (
      SELECT v.name, v.span, v.step, coalesce(sum(k.buys), 0) AS buys, coalesce(sum(k.sells), 0) AS sells,
        coalesce(sum(k.volume_quote), 0)::bigint AS volume, max(k.high) AS high, min(k.low) AS low
      FROM (VALUES ('5m', interval '5 minutes', 15), ('1h', interval '1 hour', 60),
                   ('6h', interval '6 hours', 300), ('24h', interval '24 hours', 900)) AS v (name, span, step)
      LEFT JOIN candles k ON k.mint = c.mint AND k.interval = v.step AND k.bucket > now() - v.span
      GROUP BY v.name, v.span, v.step) w
    WHERE c.mint = :mint"""
    return (await session.execute(text(statement), {"mint": mint})).mappings().all()


async def totals(session: AsyncSession, mint: str) -> RowMapping:
    """Traders and buyers ever, fees claimed by kind, and the balance of the ten largest holders."""
    statement = f"""
    SELECT
      (SELECT count(*) FROM holders h WHERE h.mint = c.mint AND (h.base_bought > 0 OR h.base_sold > 0)) AS traders,
      (SELECT count(*) FROM holders h WHERE h.mint = c.mint AND h.base_bought > 0) AS investors,
      (SELECT coalesce(sum(f.amount), 0)::bigint FROM fee_events f WHERE f.mint = c.mint AND f.kind = 'protocol')
        AS protocol_claimed,
      (SELECT coalesce(sum(f.amount), 0)::bigint FROM fee_events f WHERE f.mint = c.mint AND f.kind = 'creator')
        AS creator_claimed,
      (SELECT coalesce(sum(top.balance), 0) FROM (
         SELECT h.balance FROM holders h WHERE h.mint = c.mint AND {_PEOPLE} ORDER BY h.balance DESC LIMIT 10) top)
        AS top_10
    FROM tokens t JOIN curves c ON c.mint = t.mint WHERE t.mint = :mint"""  # noqa: S608  fixed text
    return (await session.execute(text(statement), {"mint": mint})).mappings().one()


async def referrals(session: AsyncSession, mint: str) -> RowMapping:
    """What referrers brought and earned with a token."""
    statement = """SELECT count(DISTINCT referrer) AS referrers, count(*) AS trades,
      coalesce(sum(quote_amount), 0)::bigint AS volume, coalesce(sum(referrer_fee), 0)::bigint AS earned
    FROM trades WHERE mint = :mint AND referrer IS NOT NULL"""
    return (await session.execute(text(statement), {"mint": mint})).mappings().one()


async def holders(
    session: AsyncSession, mint: str, limit: int, after: tuple[Decimal, str] | None = None
) -> Sequence[RowMapping]:
    """Wallets that hold some, largest first, with what they are to the token."""
    beyond = "AND (h.balance, h.owner) < (CAST(:balance AS numeric), CAST(:owner AS text))" if after else ""
    statement = f"""
    SELECT h.owner, h.balance, t.supply, CASE
        WHEN h.owner = c.address THEN 'curve' WHEN h.owner = t.launch_record THEN 'launcher'
        WHEN h.owner = t.creator THEN 'creator'
        WHEN EXISTS (SELECT 1 FROM vesting_schedules v WHERE v.schedule = h.owner) THEN 'vesting'
        ELSE 'holder' END AS role
    FROM holders h JOIN tokens t ON t.mint = h.mint JOIN curves c ON c.mint = h.mint
    WHERE h.mint = :mint AND h.balance > 0 {beyond}
    ORDER BY h.balance DESC, h.owner DESC LIMIT :limit"""  # noqa: S608  fixed text
    values: dict[str, Any] = {"mint": mint, "limit": limit}
    if after:
        values |= {"balance": after[0], "owner": after[1]}
    return (await session.execute(text(statement), values)).mappings().all()
