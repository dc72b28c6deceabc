"""The ledger of slots: spans, holes, and that writing changes gives the same ledger."""

import random

from launchpad.indexer import ledger
from launchpad.indexer.gaps import describe
from launchpad.indexer.ledger import Change, Hole, Ledger, Span


def told(*spans):
    made, _ = Ledger().noted(Span(*one) for one in spans)
    return made


def test_neighbours_become_one_span():
    assert told((1, 3, "indexed"), (4, 4, "indexed"), (5, 9, "indexed")).spans == [Span(1, 9, "indexed")]


def test_what_nobody_told_of_is_a_hole():
    made = told((1, 3, "indexed"), (7, 9, "indexed"), (5, 5, "skipped"))
    assert made.holes() == [Hole(4, 4), Hole(6, 6)]
    assert (made.status(5), made.status(6), made.status(8), made.status(0)) == ("skipped", None, "indexed", None)
    assert made.newest == 9
    assert Ledger().holes() == []
    assert Ledger().newest is None


def test_a_dead_slot_stays_dead():
    made = told((1, 9, "indexed"), (4, 5, "dead"), (3, 7, "indexed"))
    assert made.spans == [Span(1, 3, "indexed"), Span(4, 5, "dead"), Span(6, 9, "indexed")]


def test_changes_applied_to_rows_give_the_same_ledger():
    dice = random.Random(7)
    made, rows = Ledger(), {}
    for _ in range(500):
        first = dice.randrange(300)
        span = Span(first, first + dice.randrange(12), dice.choice(["indexed", "indexed", "skipped", "dead"]))
        made, change = made.noted([span])
        for gone in change.gone:
            del rows[gone]
        rows |= {one.first: one for one in change.new}
        assert sorted(rows.values()) == made.spans


def test_every_slot_has_the_word_that_counts():
    dice = random.Random(11)
    made, slots = Ledger(), {}
    for _ in range(400):
        first = dice.randrange(200)
        span = Span(first, first + dice.randrange(9), dice.choice(["indexed", "skipped", "dead"]))
        made, _ = made.noted([span])
        for slot in range(span.first, span.last + 1):
            if slots.get(slot) != "dead":
                slots[slot] = span.status
    assert [made.status(slot) for slot in range(220)] == [slots.get(slot) for slot in range(220)]
    assert sum(one.slots for one in made.spans) == len(slots)


def test_nothing_new_changes_nothing():
    made = told((1, 9, "indexed"))
    assert made.noted([Span(2, 5, "indexed")])[1] == Change([], [])


def test_far_back_only_holes_are_remembered(monkeypatch):
    monkeypatch.setattr(ledger, "KEPT_SLOTS", 10)
    made = told((1, 3, "indexed"), (4, 4, "skipped"), (5, 8, "indexed"), (11, 40, "indexed"), (41, 41, "skipped"))
    assert made.spans == [Span(1, 8, "indexed"), Span(11, 40, "indexed"), Span(41, 41, "skipped")]


def test_a_ledger_in_words():
    assert describe(Ledger()) == "No slot has been indexed yet."
    assert describe(told((0, 9, "indexed"))) == "Slots 0 to 9.\nNo holes."
    words = describe(told((0, 3, "indexed"), (4, 4, "skipped"), (7, 8, "indexed"), (9, 9, "dead"), (12, 12, "indexed")))
    assert words.splitlines() == [
        "Slots 0 to 12, of these 1 skipped, 1 dead.",
        "2 holes, 4 slots; a running indexer fills them.",
        "  5 to 6",
        "  10 to 11",
    ]
    many = describe(told(*((3 * number, 3 * number, "indexed") for number in range(60))))
    assert many.endswith("  and 9 more")
