"""The ledger of slots: which were indexed, which were skipped, which died, and which nobody looked at.

Kept as spans of neighbouring slots of one status, so that a day of slots is a handful of rows.
What lies between two spans is a hole: a job for the back-fill.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

SlotStatus = Literal["indexed", "skipped", "dead"]

# Further back, which slot was skipped is of no use any more: spans are joined there.
KEPT_SLOTS = 20_000


class Span(NamedTuple):
    """Slots from `first` to `last`, both included."""

    first: int
    last: int
    status: SlotStatus

    @property
    def slots(self) -> int:
        """How many they are."""
        return self.last - self.first + 1


class Hole(NamedTuple):
    """Slots between two spans, of which nobody told."""

    first: int
    last: int


class Change(NamedTuple):
    """What differs between two states of a ledger: the first slots of spans that are gone, and new spans."""

    gone: list[int]
    new: list[Span]


class Ledger:
    """The spans of one chain. A dead slot stays dead, whoever else tells of it; else the newest word counts."""

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        self.spans = sorted(spans)

    def noted(self, told: Iterable[Span]) -> "tuple[Ledger, Change]":
        """This ledger with what was told, and how it differs; this one itself stays as it is."""
        after = Ledger(self.spans)
        for one in told:
            after._note(one)
        after._join_old()
        before = set(self.spans)
        now = set(after.spans)
        return after, Change(sorted(one.first for one in before - now), sorted(now - before))

    def holes(self) -> list[Hole]:
        """What lies between the first and the last slot that anybody told of, oldest first."""
        pairs = zip(self.spans, self.spans[1:], strict=False)
        return [Hole(left.last + 1, right.first - 1) for left, right in pairs if left.last + 1 < right.first]

    def status(self, slot: int) -> SlotStatus | None:
        """What is known of a slot."""
        number = bisect_left(self.spans, slot + 1, key=lambda one: one.first) - 1
        found = self.spans[number] if number >= 0 else None
        return found.status if found is not None and slot <= found.last else None

    @property
    def newest(self) -> int | None:
        """The last slot of which anybody told."""
        return self.spans[-1].last if self.spans else None

    def _note(self, told: Span) -> None:
        start, end = self._touched(told)
        touched = self.spans[start:end]
        self.spans[start:end] = _joined(_laid_over(touched, told))

    def _touched(self, told: Span) -> tuple[int, int]:
        """The spans that overlap or adjoin what was told, as a slice."""
        start = bisect_left(self.spans, told.first - 1, key=lambda one: one.last)
        end = bisect_left(self.spans, told.last + 2, key=lambda one: one.first)
        return start, end

    def _join_old(self) -> None:
        """Forget, far back, which slots were skipped or dead; holes stay."""
        newest = self.newest
        if newest is None or self.spans[0].last >= newest - 2 * KEPT_SLOTS:
            return
        old = [one._replace(status="indexed") for one in self.spans if one.last < newest - KEPT_SLOTS]
        self.spans = [*_joined(old), *self.spans[len(old) :]]


def _laid_over(touched: Sequence[Span], told: Span) -> list[Span]:
    """The pieces, in order, that remain when one span is laid over others."""
    pieces = []
    for one in touched:
        if one.status == "dead" and told.status != "dead":
            continue
        if one.first < told.first:
            pieces.append(Span(one.first, min(one.last, told.first - 1), one.status))
        if one.last > told.last:
            pieces.append(Span(max(one.first, told.last + 1), one.last, one.status))
    kept = [one for one in touched if one.status == "dead" and told.status != "dead"]
    pieces += [*kept, *_without(told, kept)]
    return sorted(pieces)


def _without(told: Span, kept: Sequence[Span]) -> list[Span]:
    """What is left of a span where others keep their places."""
    left, first = [], told.first
    for one in kept:
        if one.first > first:
            left.append(Span(first, one.first - 1, told.status))
        first = max(first, one.last + 1)
    return [*left, Span(first, told.last, told.status)] if first <= told.last else left


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Neighbours of one status become one span."""
    joined: list[Span] = []
    for one in spans:
        last = joined[-1] if joined else None
        if last is not None and last.status == one.status and last.last + 1 >= one.first:
            joined[-1] = Span(last.first, max(last.last, one.last), one.status)
        else:
            joined.append(one)
    return joined
