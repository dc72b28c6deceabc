"""Running a local cluster with either engine."""

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress

import uvloop

from launchpad.localnet.options import LocalnetOptions
from launchpad.localnet.server import embedded_cluster
from launchpad.localnet.validator import run_validator

Ready = Callable[[], None]


async def run(options: LocalnetOptions, ready: Ready | None = None) -> None:
    """Run a cluster until cancelled; `ready` is called once it answers.

    Raises a LaunchpadError (LedgerInUseError, LedgerUnreadableError, PortInUseError,
    ProgramFileError, ValidatorMissingError, ValidatorFailedError) that says what to do.
    """
    announce = ready or (lambda: None)
    if options.engine == "validator":
        await run_validator(options, announce)
        return
    async with embedded_cluster(options) as cluster:
        announce()
        await cluster.failed()


def run_forever(options: LocalnetOptions, ready: Ready | None = None) -> None:
    """Run a cluster as a process of its own, until SIGINT or SIGTERM."""

    async def until_stopped() -> None:
        task = asyncio.create_task(run(options, ready))
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, task.cancel)
        with suppress(asyncio.CancelledError):
            await task

    uvloop.run(until_stopped())
