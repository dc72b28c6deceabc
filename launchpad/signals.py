"""Ctrl-C and TERM end a long-running process cleanly."""

import asyncio
import contextlib
import signal
from collections.abc import Coroutine
from typing import Any

_ENDS = (signal.SIGINT, signal.SIGTERM)


async def until_signal(work: Coroutine[Any, Any, None]) -> None:
    """Do `work` until it ends, or cancel it at SIGINT or SIGTERM and wait for its clean-up."""
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(work)
    for number in _ENDS:
        loop.add_signal_handler(number, task.cancel)
    try:
        with contextlib.suppress(asyncio.CancelledError):
            await task
    finally:
        for number in _ENDS:
            loop.remove_signal_handler(number)
