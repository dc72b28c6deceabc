"""What part of a history one file may hold."""

from dataclasses import dataclass
from datetime import UTC, datetime
from time import time

from launchpad.errors import InvalidInputError
from launchpad.markets.charts import InvalidRangeError
from launchpad.markets.intervals import Interval

DAY = 86_400
MONTH = 31 * DAY
TRADE_SECONDS = 31 * DAY
CANDLES = 500_000


class ExportTooLongError(InvalidInputError):
    """The range is longer than one file may be; `go_on_from` says where the first file has to end."""

    code = "EXPORT_TOO_LONG"


@dataclass(frozen=True, slots=True)
class ExportRange:
    """Unix seconds `[start, end)`."""

    start: int
    end: int

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """The same for the database."""
        return datetime.fromtimestamp(self.start, UTC), datetime.fromtimestamp(self.end, UTC)

    def since(self, launch: datetime) -> "ExportRange":
        """Without what was before the launch, when there was nothing."""
        return ExportRange(min(max(self.start, int(launch.timestamp())), self.end), self.end)

    def require(self, seconds: int, what: str) -> None:
        """Raise ExportTooLongError where the range is longer than `seconds`."""
        if self.end - self.start <= seconds:
            return
        until = self.start + seconds
        message = (
            f"One file holds at most {what}. Ask for `from={self.start}&to={until}` first, then go on "
            f"with `from={until}`: `to` itself is never in the file."
        )
        raise ExportTooLongError(message, field="to", go_on_from=until)


def export_range(start: int | None, end: int | None) -> ExportRange:
    """A range out of Unix seconds; the last 24 hours by default. Raises InvalidRangeError."""
    until = int(time()) + 1 if end is None else end
    since = max(until - DAY, 0) if start is None else start
    if since > until:
        raise InvalidRangeError("The range ends before it starts: swap `from` and `to`.", field="from")
    return ExportRange(since, until)


def most_seconds(interval: Interval, seconds: int | None) -> tuple[int, str]:
    """How long a file of candles may be, and the same in words."""
    return CANDLES * (seconds or MONTH), f"{CANDLES:,} candles of {interval}"
