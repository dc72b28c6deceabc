"""Running a local cluster with either engine."""

from collections.abc import Callable

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
