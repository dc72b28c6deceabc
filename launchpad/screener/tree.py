"""What a filter means: a tree of conditions over fields."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from launchpad.screener.fields import Field

Operator = Literal[">", ">=", "<", "<=", "=", "!=", "~"]


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in the units of the figure; with `dollars` still in the units that so many US dollars buy at 1 USD."""

    value: Decimal
    dollars: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """A field against a number, a text, or another field of the same kind."""

    field: Field
    operator: Operator
    value: Amount | str | Field


@dataclass(frozen=True, slots=True)
class OneOf:
    """A field that is one of several values."""

    field: Field
    values: tuple[Amount | str, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary."""

    part: "Condition"


@dataclass(frozen=True, slots=True)
class All:
    """All of the parts hold."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one of the parts holds."""

    parts: tuple["Condition", ...]


Condition = Comparison | OneOf | Not | All | Any


def needs_dollars(condition: Condition) -> bool:
    """Whether it compares anything with US dollars."""
    match condition:
        case Comparison(value=Amount(dollars=True)):
            return True
        case OneOf(values=values):
            return any(isinstance(value, Amount) and value.dollars for value in values)
        case Not(part=part):
            return needs_dollars(part)
        case All(parts=parts) | Any(parts=parts):
            return any(needs_dollars(part) for part in parts)
    return False
