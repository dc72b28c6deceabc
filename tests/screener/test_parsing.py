"""Filters are read as people mean them, and refused where they go wrong."""

import json
import random
from pathlib import Path

import pytest

from launchpad.screener import tree
from launchpad.screener.errors import ExpressionError
from launchpad.screener.fields import FIELDS, FILTERABLE
from launchpad.screener.lexing import MAX_LENGTH, words
from launchpad.screener.parsing import operators_of, parse

VECTORS = json.loads((Path(__file__).parents[1] / "vectors/screener.json").read_text(encoding="utf-8"))
SYSTEM = "1" * 32


@pytest.mark.parametrize(("expression", "column", "length", "message"), VECTORS["refused"])
def test_what_cannot_be_read_is_refused_at_its_place(expression, column, length, message):
    with pytest.raises(ExpressionError) as refused:
        parse(expression)
    assert (refused.value.column, refused.value.length, refused.value.message) == (column, length, message)


@pytest.mark.parametrize("expression", [one for one, _ in VECTORS["matching"]])
def test_what_is_meant_survives_brackets_and_spaces(expression):
    found = parse(expression)
    assert parse(f"  {expression}\n") == found
    if found is not None:
        assert parse(f"(({expression}))") == found


def test_and_binds_closer_than_or():
    assert parse("holders > 1 or trades > 2 and age < 3h") == parse("holders > 1 or (trades > 2 and age < 3h)")


def test_a_list_and_its_contrary():
    assert parse("status not in (failed)") == tree.Not(parse("status in (failed)"))


def test_errors_name_what_is_known():
    with pytest.raises(ExpressionError) as refused:
        parse("volum > 5")
    assert "volume_24h" in refused.value.known
    assert "launched_at" not in refused.value.known


def test_dollars_are_noticed_wherever_they_stand():
    for expression in ("price > $1", "not (holders > 1 or price in (1, $2))"):
        assert tree.needs_dollars(parse(expression))
    for expression in ("price > 1", "not (holders > 1 or price in (1, 2))", "status = failed"):
        assert not tree.needs_dollars(parse(expression))


class Writer:
    """Writes trees that chance makes, as a person would."""

    def __init__(self, seed):
        self.chance = random.Random(seed)

    def condition(self, depth=0):
        """A tree and its text."""
        kind = self.chance.choice(["one"] * 3 + ["all", "any", "not"]) if depth < 4 else "one"
        if kind == "one":
            return self.comparison()
        if kind == "not":
            part, text = self.condition(depth + 1)
            return tree.Not(part), f"not ({text})"
        parts = [self.condition(depth + 1) for _ in range(self.chance.randint(2, 3))]
        text = f" {'and' if kind == 'all' else 'or'} ".join(f"({text})" for _, text in parts)
        whole = tree.All if kind == "all" else tree.Any
        return whole(tuple(part for part, _ in parts)), text

    def comparison(self):
        """One comparison and its text."""
        field = FIELDS[self.chance.choice(FILTERABLE)]
        operator = self.chance.choice(operators_of(field))
        value, text = self.value(field)
        return tree.Comparison(field, operator, value), f"{field.name} {operator} {text}"

    def value(self, field):
        """A value of the field and its text."""
        if field.kind == "choice":
            word = self.chance.choice(field.choices)
            return word, word
        if field.kind == "address":
            return SYSTEM, f'"{SYSTEM}"'
        if field.kind == "text":
            return "a b", "'a b'"
        number = self.chance.randint(-1000, 10**6)
        return tree.Amount(field.scale * number), str(number)


@pytest.mark.parametrize("seed", range(200))
def test_every_tree_that_can_be_written_is_read_back(seed):
    found, text = Writer(seed).condition()
    refused = refusal(text)
    if refused is None:
        assert parse(text) == found
    else:
        assert len(text) > MAX_LENGTH or "at most" in refused.message


def refusal(text):
    """Why a text is refused; None where it is not."""
    try:
        parse(text)
    except ExpressionError as error:
        return error
    return None


@pytest.mark.parametrize("seed", range(200))
def test_nonsense_is_refused_inside_its_text_and_never_crashes(seed):
    chance = random.Random(seed)
    _, text = Writer(seed).condition()
    letters = list(text[:MAX_LENGTH])
    for _ in range(chance.randint(1, 4)):
        letters[chance.randrange(len(letters))] = chance.choice("()<>=!~,'\"$%&5xé \0\n")
    broken = "".join(letters)
    refused = refusal(broken)
    if refused is not None:
        assert 1 <= refused.column <= len(broken) + 1
        assert refused.length >= 1
        assert refused.message.endswith(".")


def test_words_know_their_places():
    assert [(word.kind, word.text, word.column) for word in words("age<2h and 'x'")] == [
        ("name", "age", 1),
        ("sign", "<", 4),
        ("number", "2h", 5),
        ("name", "and", 8),
        ("text", "x", 12),
        ("end", "", 15),
    ]
