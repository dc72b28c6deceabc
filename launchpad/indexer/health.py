"""How well a source does: from 0, which is not connected, to 100."""

import time
from collections import deque
from collections.abc import Callable

ERRORS_SECONDS = 60.0
_PER_SLOT, _MOST_FOR_SLOTS = 5, 40
_PER_ERROR, _MOST_FOR_ERRORS = 10, 30
_PER_SILENT_SECOND, _MOST_FOR_SILENCE = 5, 25


class Health:
    """What is known of one source. `first` counts what it brought before any other, `late` what others had brought."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._errors: deque[float] = deque()
        self._heard_at = clock()
        self.connected = False
        self.head = 0
        self.first = 0
        self.late = 0

    def begin(self) -> None:
        """Nothing was heard yet, and there is nothing to resume from."""
        self.connected, self.head = False, 0

    def heard(self, head: int, first: int, late: int) -> None:
        """The source brought something; `head` is the newest slot of it, 0 where it says nothing of slots."""
        self.connected = True
        self._heard_at = self._clock()
        self.head = max(self.head, head)
        self.first += first
        self.late += late

    def failed(self) -> None:
        """The source is gone until it is heard again."""
        self.connected = False
        self._errors.append(self._clock())

    @property
    def silence(self) -> float:
        """Seconds since the source brought anything."""
        return self._clock() - self._heard_at

    def errors(self) -> int:
        """How often it failed in the last minute."""
        while self._errors and self._errors[0] < self._clock() - ERRORS_SECONDS:
            self._errors.popleft()
        return len(self._errors)

    def lag(self, best: int) -> int:
        """How many slots it is behind the best."""
        return max(best - self.head, 0)

    def score(self, best: int) -> int:
        """The score against the best head of all sources: lag, errors of the last minute and silence take from 100."""
        if not self.connected:
            return 0
        lost = min(self.lag(best) * _PER_SLOT, _MOST_FOR_SLOTS)
        lost += min(self.errors() * _PER_ERROR, _MOST_FOR_ERRORS)
        lost += min(int(self.silence) * _PER_SILENT_SECOND, _MOST_FOR_SILENCE)
        return 100 - lost
