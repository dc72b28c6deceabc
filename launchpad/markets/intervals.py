"""The intervals of charts: where their buckets start, and which stored candles they are made of.

Buckets are half-open and start in UTC: weeks on Monday, months on the first.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

Interval = Literal["1s", "5s", "15s", "30s", "1m", "5m", "15m", "30m", "1h", "4h", "12h", "1d", "1w", "1M"]

_MONDAY = 4 * 86_400  # the first one of Unix time


@dataclass(frozen=True, slots=True)
class Step:
    """One interval: `seconds` long, None for a month; up to `ratio` stored candles of `base` seconds make it."""

    seconds: int | None
    base: int
    ratio: int

    def start(self, moment: int) -> int:
        """Start of the bucket that a Unix second belongs to."""
        if self.seconds is not None:
            return moment - (moment - _MONDAY) % self.seconds
        day = datetime.fromtimestamp(moment, UTC)
        return int(datetime(day.year, day.month, 1, tzinfo=UTC).timestamp())

    def after(self, start: int) -> int:
        """Start of the bucket behind the one that starts at `start`."""
        return start + self.seconds if self.seconds is not None else self.start(start + 31 * 86_400)

    def starts(self, first: int, until: int) -> Iterator[int]:
        """Starts of buckets from `first` on, which is one, up to but without `until`."""
        while first < until:
            yield first
            first = self.after(first)


STEPS: dict[Interval, Step] = {
    "1s": Step(1, 1, 1),
    "5s": Step(5, 1, 5),
    "15s": Step(15, 15, 1),
    "30s": Step(30, 15, 2),
    "1m": Step(60, 60, 1),
    "5m": Step(300, 300, 1),
    "15m": Step(900, 900, 1),
    "30m": Step(1800, 900, 2),
    "1h": Step(3600, 3600, 1),
    "4h": Step(14_400, 14_400, 1),
    "12h": Step(43_200, 14_400, 3),
    "1d": Step(86_400, 86_400, 1),
    "1w": Step(604_800, 86_400, 7),
    "1M": Step(None, 86_400, 31),
}
