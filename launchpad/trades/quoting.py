"""Quotes as people see them, out of the curve's own arithmetic. Pure."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction

from launchpad.amounts import fraction_text
from launchpad.chain import curve_math
from launchpad.chain.accounts import CurveState
from launchpad.chain.curve_math import AmountTooSmallError, InsufficientSoldError, TradeQuote
from launchpad.trades.errors import CurveNotTradingError, SlippageTooWideError
from launchpad.trades.schemas import FeeBreakdown, Quote, QuoteRequest

BPS = 10_000
_LAMPORTS_PER_SOL = 10**9


@dataclass(frozen=True)
class Terms:
    """What a transaction is built from: the expected amounts and the worst that it accepts. Base units."""

    trade: TradeQuote
    amount_in: int
    amount_out: int
    worst_in: int
    worst_out: int


@dataclass(frozen=True)
class Costs:
    """Lamports besides the trade itself; `priority` is None until a transaction has been built."""

    network: int
    account_rent: int
    priority: int | None = None
    tip: int = 0


def terms(curve: CurveState, asked: QuoteRequest) -> Terms:
    """What `asked` comes to on this curve now.

    Raises CurveNotTradingError, SlippageTooWideError, and what the arithmetic
    refuses (ZeroAmountError, AmountTooSmallError, InsufficientSoldError).
    """
    if curve.status != "trading":
        words = {"complete": "is sold out", "graduated": "has graduated", "refunding": "pays back"}
        raise CurveNotTradingError(f"This curve {words[curve.status]}: it no longer trades.", status=curve.status)
    if curve.is_over(time.time()):
        raise CurveNotTradingError("This sale ended without reaching its goal: get your refund.", status="refunding")
    found = _buy(curve, asked) if asked.side == "buy" else _sell(curve, asked)
    if found.worst_out <= 0:
        message = "With this slippage the trade could bring nothing: allow less of it, or trade more."
        raise SlippageTooWideError(message, field="slippage_bps")
    return found


def _buy(curve: CurveState, asked: QuoteRequest) -> Terms:
    amount, slippage = int(asked.amount), asked.slippage_bps
    if asked.amount_is == "in":
        trade = curve.quote_buy_exact_in(amount)
        # The program takes no more than was given, and charges exactly what it delivers.
        return Terms(trade, trade.total, trade.base_amount, amount, _less(trade.base_amount, slippage))
    trade = curve.quote_buy_exact_out(amount)
    return Terms(trade, trade.total, trade.base_amount, _more(trade.total, slippage), trade.base_amount)


def _sell(curve: CurveState, asked: QuoteRequest) -> Terms:
    amount = int(asked.amount)
    base = amount if asked.amount_is == "in" else _base_for(curve, amount)
    trade = curve.quote_sell(base)
    return Terms(trade, base, trade.total, base, _less(trade.total, asked.slippage_bps))


def _base_for(curve: CurveState, wanted: int) -> int:
    """The fewest base units whose sale brings `wanted` lamports after fees; proceeds grow with the amount sold."""
    if wanted <= 0 or _proceeds(curve, curve.sold) < wanted:
        message = "The curve does not hold that much: it can pay out only what was paid in, less fees."
        raise InsufficientSoldError(message, field="amount", most=str(_proceeds(curve, curve.sold)))
    low, high = 1, curve.sold
    while low < high:
        middle = (low + high) // 2
        if _proceeds(curve, middle) >= wanted:
            high = middle
        else:
            low = middle + 1
    return low


def _proceeds(curve: CurveState, base: int) -> int:
    try:
        return curve.quote_sell(base).total if base else 0
    except AmountTooSmallError:
        return 0


def _less(amount: int, slippage_bps: int) -> int:
    return amount * (BPS - slippage_bps) // BPS


def _more(amount: int, slippage_bps: int) -> int:
    return -(-amount * (BPS + slippage_bps) // BPS)


def quote(curve: CurveState, symbol: str, asked: QuoteRequest, found: Terms, costs: Costs) -> Quote:
    """The quote that people see."""
    trade = found.trade
    referrer = curve_math.referrer_part(trade.protocol_fee, curve.referrer_share_bps) if asked.referrer else 0
    return Quote(
        mint=curve.mint,
        symbol=symbol,
        decimals=curve.decimals,
        side=asked.side,
        amount_is=asked.amount_is,
        amount_in=str(found.amount_in),
        amount_out=str(found.amount_out),
        worst_in=str(found.worst_in),
        worst_out=str(found.worst_out),
        curve_amount=str(trade.curve_amount),
        fees=FeeBreakdown(
            protocol=str(trade.protocol_fee - referrer),
            creator=str(trade.creator_fee),
            referrer=str(referrer),
            launch=str(trade.launch_fee),
            network=str(costs.network),
            priority=str(costs.priority) if costs.priority is not None else None,
            tip=str(costs.tip),
            account_rent=str(costs.account_rent),
        ),
        slippage_bps=asked.slippage_bps,
        price_impact_bps=trade.price_impact_bps,
        price_before=fraction_text(trade.price_before),
        price_after=fraction_text(trade.price_after),
        price_sol_before=_sol(trade.price_before, curve.decimals),
        price_sol_after=_sol(trade.price_after, curve.decimals),
        executed_price_sol=_sol(Fraction(trade.curve_amount, trade.base_amount), curve.decimals),
        sold_after=str(trade.sold_after),
        completes_curve=trade.sold_after == curve.sale_supply,
        as_of=datetime.now(UTC),
    )


def _sol(price: Fraction, decimals: int) -> str:
    """SOL per whole token, from lamports per base unit."""
    return fraction_text(price * 10**decimals / _LAMPORTS_PER_SOL)
