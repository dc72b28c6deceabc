"""What an alert says, in one line."""

from decimal import Context, Decimal

from launchpad.alerts.rules import Hit
from launchpad.amounts import decimal_text

_FOUR = Context(prec=4)
_HUNDRED = 100


def sentence(hit: Hit) -> str:
    """The alert in words, with what was measured."""
    return _SENTENCES[hit.rule.type](hit, hit.token.symbol)


def measure(value: Decimal | None, unit: str | None) -> str:
    """A value with its unit, four digits."""
    if value is None:
        return ""
    text = _grouped(value)
    if unit == "usd":
        return f"-${text[1:]}" if text.startswith("-") else f"${text}"
    return {"sol": f"{text} SOL", "percent": f"{text} %", "times": f"{text} times"}.get(unit or "", text)


def _grouped(value: Decimal) -> str:
    if abs(value) >= _HUNDRED:
        return f"{value.quantize(Decimal(1)):,}"
    return decimal_text(_FOUR.plus(value))


def _price(hit: Hit, symbol: str) -> str:
    way = "rose to" if hit.rule.type == "price_above" else "fell to"
    return f"{symbol} {way} {measure(hit.value, hit.rule.unit)}, past {measure(hit.rule.threshold, hit.rule.unit)}"


def _moved(hit: Hit, symbol: str) -> str:
    sign = "+" if (hit.value or 0) > 0 else ""
    return f"{symbol} moved {sign}{measure(hit.value, 'percent')} within {hit.rule.window}"


def _trade(hit: Hit) -> tuple[str, str]:
    trade = hit.trade
    if trade is None:  # pragma: no cover - these kinds fire on trades alone
        return "Somebody traded", ""
    verb = "bought" if trade.side == "buy" else "sold"
    return f"{trade.trader[:4]}…{trade.trader[-4:]} {verb}", measure(trade.amount, "sol")


def _spike(hit: Hit, symbol: str) -> str:
    who, amount = _trade(hit)
    return f"{who} {symbol} for {amount}, {measure(hit.value, 'times')} the usual trade"


def _whale(hit: Hit, symbol: str) -> str:
    return f"{_trade(hit)[0]} {symbol} for {measure(hit.value, hit.rule.unit)}"


def _liquidity(hit: Hit, symbol: str) -> str:
    way = "grew" if (hit.value or 0) > 0 else "fell"
    return f"Liquidity of {symbol} {way} by {measure(abs(hit.value or Decimal(0)), 'percent')}"


def _holder(hit: Hit, symbol: str) -> str:
    who, amount = _trade(hit)
    return f"New holder of {symbol}: {who} for {amount}"


def _creator(hit: Hit, symbol: str) -> str:
    return f"The creator of {symbol} sold for {measure(hit.value, hit.rule.unit or 'sol')}"


_SENTENCES = {
    "price_above": _price,
    "price_below": _price,
    "price_change": _moved,
    "volume_spike": _spike,
    "whale_trade": _whale,
    "liquidity_change": _liquidity,
    "new_holder": _holder,
    "graduation": lambda _hit, symbol: f"{symbol} graduated: it trades in its pool from now on",
    "creator_sells": _creator,
}
