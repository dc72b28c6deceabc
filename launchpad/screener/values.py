"""What stands after an operator: numbers with their units, words that a field knows, texts, other fields."""

import re
from decimal import Decimal

from launchpad.chain.keys import is_address
from launchpad.screener.errors import ExpressionError
from launchpad.screener.fields import FIELDS, Field
from launchpad.screener.lexing import Word
from launchpad.screener.tree import Amount

Value = Amount | str | Field

MAX_DIGITS = 30
MAX_TEXT = 64
_NUMBER = re.compile(r"(\$?)(-?[0-9.]+)([A-Za-z%]*)", re.ASCII)
_MANY = {"": 1, "k": 10**3, "m": 10**6, "b": 10**9, "t": 10**12}
_SPANS = {"": 1, "s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_PERCENT = {"": 1, "%": 1}
_UNITS = {
    "seconds": (_SPANS, "s, m, h, d or w"),
    "percent": (_PERCENT, "%"),
    "score": ({"": 1}, "nothing"),
}
_OF_MONEY = ("sol", "price")


def value_of(field: Field, word: Word, *, fields: bool) -> Value:
    """The value that `word` is to `field`; with `fields` it may name another one. Raises ExpressionError."""
    if field.is_number:
        if word.kind == "number":
            return _amount(field, word)
        if fields and word.kind == "name":
            return _other(field, word)
        raise ExpressionError(_number_wanted(field, word), word.column, word.length)
    if field.kind == "choice":
        return _choice(field, word)
    if word.kind not in ("text", "name", "number"):
        message = f"After {field.name} belongs a text in quotes."
        raise ExpressionError(message, word.column, word.length)
    return _text(field, word)


def _amount(field: Field, word: Word) -> Amount:
    match = _NUMBER.fullmatch(word.text)
    assert match is not None  # noqa: S101  what the lexer takes for a number has this form
    dollar, digits, unit = match.groups()
    if len(digits) > MAX_DIGITS:
        raise ExpressionError(f"A number has at most {MAX_DIGITS} digits.", word.column, word.length)
    if dollar and field.kind not in _OF_MONEY:
        raise ExpressionError(f"{field.name} is no amount of money: leave out the $.", word.column, word.length)
    factors, told = _UNITS.get(field.kind, (_MANY, "K, M, B or T"))
    factor = factors.get(unit.lower())
    if factor is None:
        place = word.column + len(word.text) - len(unit)
        known = tuple(name for name in factors if name)
        raise ExpressionError(f"After a number of {field.name} may stand {told}, not {unit}.", place, len(unit), known)
    return Amount(Decimal(digits) * factor * field.scale, bool(dollar))


def _other(field: Field, word: Word) -> Field:
    other = FIELDS.get(word.text.lower())
    units = (field.kind, field.scale)
    alike = tuple(each.name for each in FIELDS.values() if each.filters and (each.kind, each.scale) == units)
    if other is None or not other.filters:
        raise ExpressionError(_number_wanted(field, word), word.column, word.length, alike)
    if (other.kind, other.scale) != units:
        message = f"{field.name} and {other.name} cannot be compared: their units differ."
        raise ExpressionError(message, word.column, word.length, alike)
    return other


def _number_wanted(field: Field, word: Word) -> str:
    told = "the end" if word.kind == "end" else word.text[:64] or "an empty text"
    examples = {
        "seconds": "30m or 2h",
        "percent": "5%",
        "price": "0.000001 or $0.01",
        "sol": "1000 or $50K",
        "count": "100",
        "score": "50",
    }
    return f"After {field.name} belongs a number, such as {examples[field.kind]}, not {told}."


def _choice(field: Field, word: Word) -> str:
    text = word.text.lower()
    if word.kind not in ("text", "name") or text not in field.choices:
        message = f"{field.name} is one of {', '.join(field.choices)}."
        raise ExpressionError(message, word.column, word.length, field.choices)
    return text


def _text(field: Field, word: Word) -> str:
    if len(word.text) > MAX_TEXT or not word.text.isprintable() or not word.text:
        message = f"A text has 1 to {MAX_TEXT} characters, none of them control characters."
        raise ExpressionError(message, word.column, word.length)
    if field.kind == "address" and not is_address(word.text):
        raise ExpressionError("This is no Solana address: copy it again.", word.column, word.length)
    return word.text
