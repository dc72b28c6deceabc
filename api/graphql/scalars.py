"""Numbers that no float may touch, as text."""

import re
from typing import Any, NewType

import strawberry

BigInt = NewType("BigInt", str)
Exact = NewType("Exact", str)

_WHOLE = re.compile(r"^\d{1,20}$", re.ASCII)


def _whole(value: object) -> BigInt:
    text = str(value)
    if isinstance(value, bool) or not _WHOLE.match(text):
        message = "A BigInt is a whole number of base units, as a string."
        raise ValueError(message)
    return BigInt(text)


SCALARS: dict[object, Any] = {
    BigInt: strawberry.scalar(
        name="BigInt",
        description="A whole number of base units (lamports or token units) as a string.",
        serialize=str,
        parse_value=_whole,
    ),
    Exact: strawberry.scalar(name="Decimal", description="An exact decimal number as a string.", serialize=str),
}
