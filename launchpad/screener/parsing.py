"""From the text of a filter to its tree, by recursive descent.

    expression = both { "or" both }
    both       = single { "and" single }
    single     = "not" single | "(" expression ")" | comparison
    comparison = field operator value | field [ "not" ] "in" "(" value { "," value } ")"
    operator   = ">" | ">=" | "<" | "<=" | "=" | "!=" | "~"          ("==" is "=", `contains` is "~")
    value      = number | text | word | field

Every error says where it went wrong and what would be known there. The page has a twin of this
(web/static/js/screener/parser.js): both read tests/vectors/screener.json.
"""

from launchpad.screener.errors import ExpressionError
from launchpad.screener.fields import FIELDS, FILTERABLE, Field
from launchpad.screener.lexing import Word, words
from launchpad.screener.tree import All, Any, Comparison, Condition, Not, OneOf, Operator
from launchpad.screener.values import Value, value_of

MAX_DEPTH = 16
MAX_COMPARISONS = 50
MAX_VALUES = 50
KEYWORDS = ("and", "or", "not", "in", "contains")
_OF_NUMBERS: tuple[Operator, ...] = (">", ">=", "<", "<=", "=", "!=")
_OF_TEXTS: tuple[Operator, ...] = ("=", "!=", "~")
_OF_WORDS: tuple[Operator, ...] = ("=", "!=")
_SPELLINGS: dict[str, Operator] = {"==": "=", "contains": "~"}


def parse(expression: str) -> Condition | None:
    """The tree of `expression`; None where nothing is asked. Raises ExpressionError."""
    found = words(expression)
    return _Parser(found).whole() if len(found) > 1 else None


def operators_of(field: Field) -> tuple[Operator, ...]:
    """What a field may be compared by."""
    if field.is_number:
        return _OF_NUMBERS
    return _OF_TEXTS if field.kind == "text" else _OF_WORDS


class _Parser:
    """One reading, from the first word to the last."""

    def __init__(self, found: list[Word]) -> None:
        self._words = found
        self._place = 0
        self._depth = 0
        self._comparisons = 0

    def whole(self) -> Condition:
        """Everything, up to the end."""
        condition = self._either()
        word = self._next
        if word.kind != "end":
            message = f"Here {_told(word)} cannot follow: use and, or, or nothing."
            raise ExpressionError(message, word.column, word.length, ("and", "or"))
        return condition

    @property
    def _next(self) -> Word:
        return self._words[self._place]

    def _take(self) -> Word:
        word = self._next
        self._place += word.kind != "end"
        return word

    def _takes(self, text: str) -> bool:
        """Whether the next word is this one; then it is taken."""
        word = self._next
        found = word.kind in ("name", "sign") and word.text.lower() == text
        self._place += found
        return found

    def _either(self) -> Condition:
        parts = [self._both()]
        while self._takes("or"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Any(tuple(parts))

    def _both(self) -> Condition:
        parts = [self._single()]
        while self._takes("and"):
            parts.append(self._single())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _single(self) -> Condition:
        start = self._next
        self._depth += 1
        if self._depth > MAX_DEPTH:
            message = f"Brackets and nots go deeper than {MAX_DEPTH}: write it flatter."
            raise ExpressionError(message, start.column, start.length)
        try:
            if self._takes("not"):
                return Not(self._single())
            if self._takes("("):
                return self._bracket(start)
            return self._comparison()
        finally:
            self._depth -= 1

    def _bracket(self, opened: Word) -> Condition:
        condition = self._either()
        word = self._next
        if self._takes(")"):
            return condition
        if word.kind == "end":
            raise ExpressionError("This bracket is never closed: add ) after it.", opened.column, 1, (")",))
        message = f"Here {_told(word)} cannot follow: use and, or, or )."
        raise ExpressionError(message, word.column, word.length, ("and", "or", ")"))

    def _comparison(self) -> Condition:
        field = self._field()
        self._comparisons += 1
        if self._comparisons > MAX_COMPARISONS:
            word = self._words[self._place - 1]
            message = f"A filter compares at most {MAX_COMPARISONS} times: leave some out."
            raise ExpressionError(message, word.column, word.length)
        place = self._place
        if self._takes("not"):
            if self._next.text.lower() == "in":
                self._take()
                return Not(self._list(field))
            self._place = place
        if self._takes("in"):
            return self._list(field)
        operator = self._operator(field)
        return Comparison(field, operator, self._value(field, fields=True))

    def _field(self) -> Field:
        word = self._take()
        name = word.text.lower()
        if word.kind != "name" or name in KEYWORDS:
            message = f"Here belongs a field, such as volume_24h or holders, not {_told(word)}."
            raise ExpressionError(message, word.column, word.length, FILTERABLE)
        field = FIELDS.get(name)
        if field is None or not field.filters:
            message = f"There is no field called {word.text[:64]} to filter by."
            raise ExpressionError(message, word.column, word.length, FILTERABLE)
        return field

    def _operator(self, field: Field) -> Operator:
        word, allowed = self._take(), operators_of(field)
        text = word.text.lower()
        text = _SPELLINGS.get(text, text) if word.kind in ("sign", "name") else ""
        for operator in allowed:
            if operator == text:
                return operator
        message = f"After {field.name} belongs one of {' '.join(allowed)} or in, not {_told(word)}."
        raise ExpressionError(message, word.column, word.length, (*allowed, "in"))

    def _list(self, field: Field) -> OneOf:
        word = self._next
        if not self._takes("("):
            raise ExpressionError("After in belongs a list in brackets.", word.column, word.length, ("(",))
        values: list[Value] = []
        while True:
            start = self._next
            value = self._value(field, fields=False)
            values.append(value)
            if len(values) > MAX_VALUES:
                raise ExpressionError(f"A list holds at most {MAX_VALUES} values.", start.column, start.length)
            word = self._next
            if self._takes(")"):
                return OneOf(field, tuple(value for value in values if not isinstance(value, Field)))
            if not self._takes(","):
                message = f"In a list belongs , or ), not {_told(word)}."
                raise ExpressionError(message, word.column, word.length, (",", ")"))

    def _value(self, field: Field, *, fields: bool) -> Value:
        return value_of(field, self._take(), fields=fields)


def _told(word: Word) -> str:
    return "the end" if word.kind == "end" else word.text[:64] or "an empty text"
