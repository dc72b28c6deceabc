"""How far buys move a token's price, by the arithmetic that trades themselves go by."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import asyncpg
import orjson

from launchpad.amounts import decimal_text, price_in_sol, sol_text
from launchpad.analytics import queries
from launchpad.analytics.schemas import Depth, DepthPoint, DepthStep
from launchpad.chain import amm_math, curve_math
from launchpad.chain.amm_math import FeeRates, Reserves
from launchpad.chain.curve_math import BPS, Fees, LaunchFee, Segment
from launchpad.db import Look
from launchpad.errors import LaunchpadError
from launchpad.tokens.errors import unknown_token

SOL = 10**9
STEPS = tuple(amount * SOL for amount in (1, 5, 10, 25, 50))
POOL_REACH = 100 * SOL
POINTS = 40


@dataclass(frozen=True, slots=True)
class Bought:
    """A buy: lamports paid with fees, base units got, lamports without fees, and the price that it leaves."""

    paid: int
    base: int
    amount: int
    price_after: Fraction
    completes: bool = False


Quote = Callable[[int], Bought]


async def depth(look: Look, mint: str) -> Depth:
    """What buys would come to at this moment; raises TokenNotFoundError."""
    row = await queries.depth_source(look, mint)
    if row is None:
        raise unknown_token(mint)
    return _in_pool(row) if row["venue"] else _on_curve(row, datetime.now(UTC))


def _on_curve(row: asyncpg.Record, now: datetime) -> Depth:
    segments = [Segment(**{name: int(value) for name, value in one.items()}) for one in orjson.loads(row["segments"])]
    sold, supply = int(row["sold"]), int(row["sale_supply"])
    fees = Fees(row["protocol_fee_bps"], row["creator_fee_bps"], _launch_fee(row, now))
    told = {"venue": "curve", "fee_bps": sum((fees.protocol_bps, fees.creator_bps, fees.launch_bps))}
    over = row["deadline"] is not None and row["deadline"] <= now
    if row["status"] != "trading" or row["opened_at"] > now or over or sold >= supply:
        return _closed(row, told)

    def quote(lamports: int) -> Bought:
        trade = curve_math.quote_buy_exact_in(segments, sold, lamports, fees)
        ends = trade.sold_after == supply
        return Bought(trade.total, trade.base_amount, trade.curve_amount, trade.price_after, ends)

    rest = curve_math.quote_buy_exact_out(segments, sold, supply - sold, fees)
    last = Bought(rest.total, rest.base_amount, rest.curve_amount, rest.price_after, completes=True)
    return _open(row, told, curve_math.price(segments, sold), quote, last, rest.total)


def _launch_fee(row: asyncpg.Record, now: datetime) -> int:
    """What the sale's launch fee is by now, in basis points."""
    told: dict[str, Any] = orjson.loads(row["sale"] or "{}").get("launch_fee") or {"start_bps": 0}
    if not told["start_bps"]:
        return 0
    return LaunchFee(**told).bps_at(int((now - row["opened_at"]).total_seconds()))


def _in_pool(row: asyncpg.Record) -> Depth:
    fee_bps = row["pool_fee_bps"] or 0
    before = Reserves(int(row["pool_base"]), row["pool_quote"])
    told = {"venue": row["venue"], "fee_bps": fee_bps}
    if not (before.base and before.quote):
        return _closed(row, told)

    def quote(lamports: int) -> Bought:
        swap = amm_math.quote_buy_exact_in(before, FeeRates(0, fee_bps, 0), lamports)
        return Bought(swap.total, swap.base, swap.amount, swap.after.price)

    return _open(row, told, before.price, quote, None, POOL_REACH)


def _closed(row: asyncpg.Record, told: dict[str, Any]) -> Depth:
    price = decimal_text(price_in_sol(row["price"], row["decimals"]))
    lists: dict[str, Any] = {"steps": [], "points": [], "to_graduation": None}
    return Depth(mint=row["mint"], trading=False, price_sol=price, liquidity=_liquidity(row), **lists, **told)


def _open(
    row: asyncpg.Record, told: dict[str, Any], price: Fraction, quote: Quote, last: Bought | None, reach: int
) -> Depth:
    decimals = row["decimals"]
    found = [bought for bought in (_tried(quote, lamports) for lamports in STEPS) if bought]
    marks = [_tried(quote, reach * number // POINTS) for number in range(1, POINTS)]
    ends = [Bought(0, 0, 0, price), *(mark for mark in marks if mark), last or quote(reach)]
    return Depth(
        mint=row["mint"],
        trading=True,
        price_sol=sol_text(price, decimals),
        liquidity=_liquidity(row),
        to_graduation=_step(last, price, decimals) if last else None,
        steps=[_step(bought, price, decimals) for bought in found],
        points=[DepthPoint(lamports=str(one.paid), price_sol=sol_text(one.price_after, decimals)) for one in ends],
        **told,
    )


def _tried(quote: Quote, lamports: int) -> Bought | None:
    """A buy, None where the arithmetic refuses so little or so much."""
    try:
        return quote(lamports)
    except LaunchpadError:
        return None


def _step(bought: Bought, price: Fraction, decimals: int) -> DepthStep:
    return DepthStep(
        lamports=str(bought.paid),
        base_amount=str(bought.base),
        executed_price_sol=sol_text(Fraction(bought.amount, bought.base), decimals),
        price_after_sol=sol_text(bought.price_after, decimals),
        price_change_bps=int((bought.price_after - price) * BPS / price),
        completes=bought.completes,
    )


def _liquidity(row: asyncpg.Record) -> str:
    return str(2 * row["pool_quote"] if row["venue"] else row["quote_reserve"])
