"""Keeps child processes running: restarts what crashes, with back-off, and ends all of them together."""

import asyncio
import contextlib
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from launchpad.processes import spawn, stop

_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0
_LONG_ENOUGH = 60.0  # a child that ran this long is well; its back-off begins anew
_LOG_LIMIT = 20 * 1024 * 1024

Tell = Callable[[str], None]


class Service(Protocol):
    """What the supervisor keeps running: an embedded server, or a child process."""

    name: str
    process: subprocess.Popen[bytes] | None

    def restart(self) -> None:
        """Start it again after it ended."""

    def stop(self) -> None:
        """End it for good."""


@dataclass
class Child:
    """One process of the product, with its log in a file."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def restart(self) -> None:
        """Start it, appending to its log; a log that grew too long is begun anew."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        too_long = self.log.exists() and self.log.stat().st_size > _LOG_LIMIT
        with self.log.open("wb" if too_long else "ab") as output:
            self.process = spawn(self.command, env=self.environment, output=output)

    def stop(self) -> None:
        """Ask it to end, and wait."""
        if self.process is not None:
            stop(self.process)


class Supervisor:
    """Runs services until told to stop.

    `tell` gets one line for people about every restart. Services end in the reverse
    order of their start, so that what others need goes last.
    """

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._services: list[Service] = []
        self._watchers: list[asyncio.Task[None]] = []

    def add(self, service: Service) -> None:
        """Watch a service; it is started unless it already runs."""
        self._services.append(service)
        if service.process is None:
            service.restart()
        self._watchers.append(asyncio.create_task(self._watch(service)))

    async def stop(self) -> None:
        """End every service and wait for all of them."""
        for watcher in self._watchers:
            watcher.cancel()
        await asyncio.gather(*self._watchers, return_exceptions=True)
        self._ask_to_end()
        for service in reversed(self._services):
            await asyncio.to_thread(service.stop)

    def _ask_to_end(self) -> None:
        """Let the product's own processes end side by side; the stores that they need follow after."""
        for service in self._services:
            if isinstance(service, Child) and service.process is not None:
                with contextlib.suppress(ProcessLookupError):
                    service.process.terminate()

    async def _watch(self, service: Service) -> None:
        pause = _FIRST_PAUSE
        while True:
            started = time.monotonic()
            code = await _ended(service)
            pause = _FIRST_PAUSE if time.monotonic() - started > _LONG_ENOUGH else pause
            self._tell(f"{service.name} ended with code {code}; starting it again in {pause:.1f} s.")
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
            try:
                service.restart()
            except Exception as error:  # noqa: BLE001 - whatever keeps it down, the next try may succeed
                self._tell(f"{service.name}: {error}")


async def _ended(service: Service) -> int:
    """Wait for the service's process to end; its exit code."""
    while service.process is not None:
        code = service.process.poll()
        if code is not None:
            return code
        await asyncio.sleep(0.1)
    return 0
