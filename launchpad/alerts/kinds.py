"""The kinds of rules: what each measures, by what, and of whom."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

RuleType = Literal[
    "price_above",
    "price_below",
    "price_change",
    "volume_spike",
    "whale_trade",
    "liquidity_change",
    "new_holder",
    "graduation",
    "creator_sells",
]
Unit = Literal["usd", "sol", "percent", "times"]
Window = Literal["5m", "15m", "1h", "6h", "24h"]
Channel = Literal["page", "push", "webhook", "room"]

MONEY: tuple[Unit, ...] = ("usd", "sol")
WINDOWS: tuple[Window, ...] = ("5m", "15m", "1h", "6h", "24h")
# An average of fewer trades says nothing of what is usual.
FEWEST_TRADES = 5


@dataclass(frozen=True, slots=True)
class Kind:
    """What a rule of one type takes; the first of `units` and of `windows` is the default."""

    title: str
    units: tuple[Unit, ...] = ()
    windows: tuple[Window, ...] = ()
    least: Decimal = Decimal(0)  # the threshold is above it
    needs_threshold: bool = True
    of_creators: bool = True


KINDS: dict[RuleType, Kind] = {
    "price_above": Kind("Price rises to", MONEY, of_creators=False),
    "price_below": Kind("Price falls to", MONEY, of_creators=False),
    "price_change": Kind("Price moves by", ("percent",), ("1h", "5m", "15m", "6h", "24h")),
    "volume_spike": Kind("Trade larger than usual", ("times",), ("24h", "1h", "6h"), least=Decimal(1)),
    "whale_trade": Kind("Whale trade", MONEY),
    "liquidity_change": Kind("Liquidity moves by", ("percent",)),
    "new_holder": Kind("New holder", needs_threshold=False),
    "graduation": Kind("Graduation", needs_threshold=False),
    "creator_sells": Kind("Creator sells", MONEY, needs_threshold=False),
}
# These are evaluated on stored figures, all others on what is told of a token.
BY_FIGURES: frozenset[str] = frozenset({"price_change", "liquidity_change"})
BY_PRICE: frozenset[str] = frozenset({"price_above", "price_below"})
