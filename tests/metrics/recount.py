"""Figures counted again the slow way: straight from the rows of trades, by the definitions of docs/metrics.md."""

import math
from decimal import Decimal

WINDOWS = {"1m": (60, 1), "5m": (300, 5), "15m": (900, 15), "1h": (3600, 60), "6h": (21_600, 300), "24h": (86_400, 900)}
DUST = 1_000_000
WASH = 60


def recount(trades, opening, price, now):
    """Every column of every window of one token, from its counted trades in order."""
    figures = {}
    ranked = _ranked(trades)
    for name, (seconds, step) in WINDOWS.items():
        first = next(s for s in range(now - seconds - step, now + step + 1) if s % step == 0 and s > now - seconds)
        inside = [t for t in trades if t["time"] >= first]
        before = [t["price"] for t in trades if t["time"] < first]
        base = before[-1] if before else opening
        prices = [base, price, *(t["price"] for t in inside)]
        values = {
            "volume": sum(t["quote_amount"] for t in inside),
            "ranked_volume": sum(ranked[t["position"]] for t in inside),
            "buys": sum(t["side"] == "buy" for t in inside),
            "sells": sum(t["side"] == "sell" for t in inside),
            "buyers": len({t["trader"] for t in inside if t["side"] == "buy"}),
            "sellers": len({t["trader"] for t in inside if t["side"] == "sell"}),
            "change_bps": math.trunc((price - base) * 10_000 / base) if base else 0,
            "high": max(prices),
            "low": min(prices),
            "volatility_bps": _volatility(trades, opening, first, step),
        }
        figures |= {f"{figure}_{name}": value for figure, value in values.items()}
    return figures


def _ranked(trades):
    """What each trade adds to the ranked volume, by its position."""
    last, ranked = {}, {}
    for trade in trades:
        other = last.get((trade["trader"], "sell" if trade["side"] == "buy" else "buy"))
        washed = other is not None and trade["time"] - other < WASH
        ranked[trade["position"]] = 0 if washed or trade["quote_amount"] < DUST else trade["quote_amount"]
        last[trade["trader"], trade["side"]] = trade["time"]
    return ranked


def _volatility(trades, opening, first, step):
    """The root of the summed squares of log returns, step by step, in basis points."""
    total, price, steps = 0, opening, {}
    for trade in trades:
        start = trade["time"] // step * step
        steps.setdefault(start, [price, price])[1] = trade["price"]
        price = trade["price"]
    for start, (opened, closed) in steps.items():
        if start >= first:
            total += round(math.log(float(closed) / float(opened)) * 1_000_000) ** 2
    return math.isqrt(total) // 100


def gini_bps(balances):
    """Mean absolute difference of all pairs by twice the mean, in basis points."""
    total, count = sum(balances), len(balances)
    if not total:
        return 0
    apart = sum(abs(a - b) for a in balances for b in balances)
    return math.floor(Decimal(apart) * 10_000 / (2 * count * total))
