"""All SQL that reads trades."""

from collections.abc import Sequence
from datetime import datetime
from heapq import merge
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from launchpad.db import Look
from launchpad.deposits import queries as deposit_queries
from launchpad.tables.trades import Trade

# Position orders trades across the chain; the rest of the key makes the order total.
_ORDER = (Trade.position, Trade.signature, Trade.instruction, Trade.inner)
_KEY = "t.position, t.signature, t.instruction, t.inner"
_NEWEST_FIRST = "t.position DESC, t.signature DESC, t.instruction DESC, t.inner DESC"

# A trade as the wire has it: amounts and prices are text already, because a list of a hundred is read often.
_VIEW = """t.signature, t.instruction, t.inner, t.mint, t.venue, t.pool, t.side, t.trader,
  t.base_amount::text AS base_amount,
  t.quote_amount::text AS quote_amount, t.protocol_fee::text AS protocol_fee, t.creator_fee::text AS creator_fee,
  t.referrer_fee::text AS referrer_fee, t.launch_fee::text AS launch_fee,
  t.liquidity_fee::text AS liquidity_fee, (t.quote_amount + CASE t.side WHEN 'buy' THEN 1 ELSE -1 END
    * (t.protocol_fee + t.creator_fee + t.referrer_fee + t.launch_fee + t.liquidity_fee))::text AS total,
  trim_scale(t.price)::text AS price,
  trim_scale(t.price * 10::numeric ^ k.decimals * 0.000000001)::text AS price_sol,
  t.compute_units, t.priority_fee::text AS priority_fee, t.slot, t.traded_at, t.finalized"""
_FROM = "FROM trades t JOIN tokens k ON k.mint = t.mint"


class TradePlace(NamedTuple):
    """Where a trade stands in lists."""

    position: int
    signature: str
    instruction: int
    inner: int


async def of_token(
    look: Look, mint: str, limit: int, after: TradePlace | None = None, offset: int = 0
) -> list[dict[str, Any]]:
    """Trades of a token that its figures count, newest first: the fields of a TradeView and `position`."""
    statement = f"""SELECT {_VIEW}, t.position {_FROM} WHERE t.mint = :mint AND t.counted {_older(after)}
      ORDER BY {_NEWEST_FIRST} LIMIT :limit OFFSET :offset"""
    rows = await look.rows(statement, mint=mint, limit=limit, offset=offset, **_place(after))
    return [dict(row) for row in rows]


async def of_tokens(
    look: Look, mints: Sequence[str], limit: int, after: TradePlace | None = None
) -> list[dict[str, Any]]:
    """The same of several tokens in one statement, at most `limit` of each."""
    statement = f"""SELECT v.* FROM unnest(CAST(:mints AS text[])) AS asked (mint) CROSS JOIN LATERAL (
      SELECT {_VIEW}, t.position {_FROM} WHERE t.mint = asked.mint AND t.counted {_older(after)}
      ORDER BY {_NEWEST_FIRST} LIMIT :limit) v"""  # noqa: S608 - fixed text, values are bound
    rows = await look.rows(statement, mints=list(mints), limit=limit, **_place(after))
    return [dict(row) for row in rows]


async def count_of_token(look: Look, mint: str) -> int:
    """How often a token was traded."""
    row = await look.row("SELECT trade_count FROM curves WHERE mint = :mint", mint=mint)
    return row["trade_count"] if row else 0


async def of_wallet(look: Look, wallet: str, limit: int, after: TradePlace | None = None) -> list[dict[str, Any]]:
    """Trades of a wallet, newest first: the fields of a WalletTradeView, with `image_uri`, and `position`."""
    statement = f"""SELECT {_VIEW}, t.position, k.name, k.symbol, k.image_uri, k.decimals {_FROM}
      WHERE t.trader = :wallet {_older(after)} ORDER BY {_NEWEST_FIRST} LIMIT :limit"""
    rows = await look.rows(statement, wallet=wallet, limit=limit, **_place(after))
    return [dict(row) for row in rows]


def _older(after: TradePlace | None) -> str:
    return f"AND ({_KEY}) < (:position, :signature, :instruction, :inner)" if after else ""


def _place(after: TradePlace | None) -> dict[str, Any]:
    return after._asdict() if after else {}


class WalletFill(NamedTuple):
    """One trade of a wallet, bare: base units, lamports without fees, and the sum of its fees."""

    mint: str
    side: str
    base: int
    quote: int
    fees: int
    traded_at: datetime
    counted: bool = True  # False in pools that do not make the token's price

    @property
    def lamports(self) -> int:
        """What was paid for a buy or received for a sell, fees settled."""
        return self.quote + self.fees if self.side == "buy" else self.quote - self.fees


async def fills_of_wallet(session: AsyncSession, wallet: str) -> list[WalletFill]:
    """Every trade of a wallet and what it got of batches, oldest first: what cost bases are folded from."""
    fees = Trade.protocol_fee + Trade.creator_fee + Trade.referrer_fee + Trade.launch_fee + Trade.liquidity_fee
    statement = (
        select(
            *(Trade.position, Trade.mint, Trade.side, Trade.base_amount, Trade.quote_amount, fees),
            *(Trade.traded_at, Trade.counted),
        )
        .where(Trade.trader == wallet)
        .order_by(*_ORDER)
    )
    rows = await session.execute(statement)
    fills = [
        (place, WalletFill(mint, side, int(base), quote, int(fee), *rest))
        for place, mint, side, base, quote, fee, *rest in rows
    ]
    claims = [
        (place, WalletFill(mint, "buy", base, paid, 0, at))
        for place, mint, base, paid, at in await deposit_queries.claims_of_wallet(session, wallet)
    ]
    return [fill for _, fill in merge(fills, claims, key=itemgetter(0))]
