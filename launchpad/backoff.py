"""Waiting a little longer after each failure."""

import asyncio


def end_if_asked() -> None:
    """Raise CancelledError where this task was asked to end.

    A library can swallow the asking: a connection that is cut off in the middle of its work
    answers with a failure of its own, and until Python 3.12 `asyncio.wait_for` with the result
    that came at the same moment. So loops ask themselves in every round.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


class Backoff:
    """Pauses that double from `first` to `longest` seconds until something worked."""

    def __init__(self, first: float = 0.1, longest: float = 5.0) -> None:
        self._first = first
        self._longest = longest
        self.seconds = first

    def worked(self) -> None:
        """Begin with the shortest pause again."""
        self.seconds = self._first

    async def wait(self) -> None:
        """Pause, and make the next pause longer; CancelledError where this task was asked to end."""
        end_if_asked()
        seconds, self.seconds = self.seconds, min(self.seconds * 2, self._longest)
        await asyncio.sleep(seconds)
