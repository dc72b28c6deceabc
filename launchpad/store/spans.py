"""Spans of time that one partition holds, and what they are called."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

PartitionBy = Literal["hour", "day", "month"]


@dataclass(frozen=True, slots=True)
class Span:
    """`[start, end)` in UTC."""

    start: datetime
    end: datetime

    @property
    def suffix(self) -> str:
        """The end of its partition's name."""
        return self.start.strftime("%Y%m%d_%H")

    def beside(self, taken: Sequence["Span"]) -> "Span | None":
        """What is left of it behind those it overlaps, for partitions may have had another length before."""
        start = max((one.end for one in taken if one.start < self.end and one.end > self.start), default=self.start)
        return Span(start, self.end) if start < self.end else None


def span_of(moment: datetime, by: PartitionBy) -> Span:
    """The span that a moment belongs to."""
    at = moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    if by == "hour":
        end = at + timedelta(hours=1)
    elif by == "day":
        at = at.replace(hour=0)
        end = at + timedelta(days=1)
    else:
        at = at.replace(day=1, hour=0)
        end = (at + timedelta(days=32)).replace(day=1)
    return Span(at, end)


def spans(first: datetime, last: datetime, by: PartitionBy) -> Iterator[Span]:
    """Every span from that of `first` to that of `last`."""
    span = span_of(first, by)
    while span.start <= last:
        yield span
        span = span_of(span.end, by)
