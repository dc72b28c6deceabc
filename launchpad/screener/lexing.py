"""The words of a filter, each with its place."""

import re
from typing import Literal, NamedTuple

from launchpad.screener.errors import ExpressionError

MAX_LENGTH = 1_000

WordKind = Literal["name", "number", "text", "sign", "end"]


class Word(NamedTuple):
    """One word. `column` counts characters from 1; `text` is as it was written, without quotes."""

    kind: WordKind
    text: str
    column: int
    length: int


_WORD = re.compile(
    r"""\s+
      | (?P<address>[1-9A-HJ-NP-Za-km-z]{32,44})(?![A-Za-z0-9_.])
      | (?P<number>\$?-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[A-Za-z%]*)
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<text>"[^"]*"|'[^']*')
      | (?P<sign><=|>=|!=|==|<|>|=|~|\(|\)|,)""",
    re.VERBOSE | re.ASCII,
)


def words(expression: str) -> list[Word]:
    """The words of `expression` and one that stands for its end; raises ExpressionError."""
    if len(expression) > MAX_LENGTH:
        message = f"The filter is longer than {MAX_LENGTH} characters: make it shorter."
        raise ExpressionError(message, MAX_LENGTH + 1, len(expression) - MAX_LENGTH)
    found, place = [], 0
    while place < len(expression):
        match = _WORD.match(expression, place)
        if match is None:
            raise _unreadable(expression, place)
        if match.lastgroup:
            found.append(_word(match))
        place = match.end()
    return [*found, Word("end", "", len(expression) + 1, 1)]


def _word(match: re.Match[str]) -> Word:
    text, kind = match.group(), match.lastgroup
    column, length = match.start() + 1, len(text)
    if kind == "text":
        return Word("text", text[1:-1], column, length)
    if kind == "number":
        return Word("number", text, column, length)
    return Word("sign" if kind == "sign" else "name", text, column, length)


def _unreadable(expression: str, place: int) -> ExpressionError:
    char = expression[place]
    if char in "\"'":
        return ExpressionError("This quote is never closed: end the text with the same sign.", place + 1)
    return ExpressionError(f"The sign {char} means nothing here.", place + 1)
