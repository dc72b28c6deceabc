"""Quotes as people see them, out of the arithmetic of the curve or the pool. Pure."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction

from launchpad.amounts import fraction_text
from launchpad.chain import curve_math
from launchpad.chain.curve_math import BPS, TradeQuote
from launchpad.chain.markets import TokenMarket
from launchpad.trades.errors import CurveNotTradingError, SlippageTooWideError
from launchpad.trades.schemas import FeeBreakdown, Quote, QuoteRequest, RouteHop

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
    passing_deposit: int = 0


def terms(market: TokenMarket, asked: QuoteRequest) -> Terms:
    """What `asked` comes to where the token trades now.

    Raises CurveNotTradingError, SlippageTooWideError, and what the arithmetic
    refuses (ZeroAmountError, AmountTooSmallError, InsufficientSoldError, InsufficientLiquidityError).
    """
    if not market.in_pool:
        _require_trading(market)
    found = _buy(market, asked) if asked.side == "buy" else _sell(market, asked)
    if found.worst_out <= 0:
        message = "With this slippage the trade could bring nothing: allow less of it, or trade more."
        raise SlippageTooWideError(message, field="slippage_bps")
    return found


def _require_trading(market: TokenMarket) -> None:
    curve = market.curve
    if curve.status != "trading":
        words = {
            "complete": "is sold out and waits for its pool",
            "graduated": "has graduated, and its pool is not one that is traded here",
            "refunding": "pays back",
        }
        word = words.get(curve.status, "is not open")
        raise CurveNotTradingError(f"This curve {word}: it does not trade.", status=curve.status)
    if curve.is_over(time.time()):
        raise CurveNotTradingError("This sale ended without reaching its goal: get your refund.", status="refunding")


def _buy(market: TokenMarket, asked: QuoteRequest) -> Terms:
    amount, slippage = int(asked.amount), asked.slippage_bps
    if asked.amount_is == "in":
        trade = market.quote_buy_exact_in(amount)
        # The curve takes no more than was given, and charges exactly what it delivers; a pool takes all of it.
        return Terms(trade, trade.total, trade.base_amount, amount, _less(trade.base_amount, slippage))
    trade = market.quote_buy_exact_out(amount)
    return Terms(trade, trade.total, trade.base_amount, _more(trade.total, slippage), trade.base_amount)


def _sell(market: TokenMarket, asked: QuoteRequest) -> Terms:
    amount, slippage = int(asked.amount), asked.slippage_bps
    if asked.amount_is == "in":
        trade = market.quote_sell(amount)
        return Terms(trade, amount, trade.total, amount, _less(trade.total, slippage))
    trade = market.quote_sell_exact_out(amount)
    if market.in_pool:
        return Terms(trade, trade.base_amount, trade.total, _more(trade.base_amount, slippage), trade.total)
    # A curve sells exact amounts in: the fewest that bring as much now.
    return Terms(trade, trade.base_amount, trade.total, trade.base_amount, _less(trade.total, slippage))


def _less(amount: int, slippage_bps: int) -> int:
    return amount * (BPS - slippage_bps) // BPS


def _more(amount: int, slippage_bps: int) -> int:
    return -(-amount * (BPS + slippage_bps) // BPS)


def quote(market: TokenMarket, symbol: str, asked: QuoteRequest, found: Terms, costs: Costs) -> Quote:
    """The quote that people see."""
    trade, curve = found.trade, market.curve
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
        fees=_fees(market, asked, trade, costs),
        slippage_bps=asked.slippage_bps,
        price_impact_bps=trade.price_impact_bps,
        price_before=fraction_text(trade.price_before),
        price_after=fraction_text(trade.price_after),
        price_sol_before=_sol(trade.price_before, curve.decimals),
        price_sol_after=_sol(trade.price_after, curve.decimals),
        executed_price_sol=_sol(Fraction(trade.curve_amount, trade.base_amount), curve.decimals),
        sold_after=str(trade.sold_after),
        completes_curve=not market.in_pool and trade.sold_after == curve.sale_supply,
        venue=market.venue,
        route=[_hop(market, asked, found)],
        as_of=datetime.now(UTC),
    )


def _fees(market: TokenMarket, asked: QuoteRequest, trade: TradeQuote, costs: Costs) -> FeeBreakdown:
    # Pools pay nobody for referring.
    share = market.curve.referrer_share_bps if asked.referrer and not market.in_pool else 0
    referrer = curve_math.referrer_part(trade.protocol_fee, share)
    return FeeBreakdown(
        protocol=str(trade.protocol_fee - referrer),
        creator=str(trade.creator_fee),
        referrer=str(referrer),
        launch=str(trade.launch_fee),
        liquidity=str(trade.liquidity_fee),
        network=str(costs.network),
        priority=str(costs.priority) if costs.priority is not None else None,
        tip=str(costs.tip),
        account_rent=str(costs.account_rent),
        passing_deposit=str(costs.passing_deposit),
    )


def _hop(market: TokenMarket, asked: QuoteRequest, found: Terms) -> RouteHop:
    return RouteHop(
        venue=market.venue,
        address=market.address,
        fee_bps=market.fee_bps(is_buy=asked.side == "buy"),
        amount_in=str(found.amount_in),
        amount_out=str(found.amount_out),
    )


def _sol(price: Fraction, decimals: int) -> str:
    """SOL per whole token, from lamports per base unit."""
    return fraction_text(price * 10**decimals / _LAMPORTS_PER_SOL)
