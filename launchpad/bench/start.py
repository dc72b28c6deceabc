"""Cold start: `launchpad dev` from installed to the first page, on an empty folder and on a used one."""

import os
import subprocess
import sys
import time

from launchpad.bench.measure import Measure, Measures
from launchpad.bench.stage import folder
from launchpad.config import Settings, child_environment
from launchpad.processes import free_port, free_ports, spawn, stop

_AIM = 15.0


def run() -> Measures:
    """Start it twice in one folder: the first makes stores and chain, the second finds them."""
    with folder() as home:
        settings = Settings(
            launchpad_home=home,
            port=free_port(),
            rpc_port=free_ports(2),
            database_url="",
            redis_url="",
            rpc_url="",
            demo=False,
        )
        first, second = _seconds_to_address(settings), _seconds_to_address(settings)
    return {
        "first start, empty folder": Measure(first, "s", at_most=_AIM, places=2),
        "second start": Measure(second, "s", at_most=_AIM, places=2),
    }


def _seconds_to_address(settings: Settings) -> float:
    """Seconds until the address is printed, which `launchpad dev` does once the first page was served."""
    reader, writer = os.pipe()
    started = time.monotonic()
    child = spawn([sys.executable, "-m", "launchpad", "dev"], env=child_environment(settings), output=writer)
    os.close(writer)
    try:
        with open(reader, encoding="utf-8") as lines:  # noqa: PTH123 - a pipe has no path
            for line in lines:
                if line.strip() == settings.origin:
                    return time.monotonic() - started
    finally:
        stop(child, patience=30)
    raise subprocess.SubprocessError("`launchpad dev` ended before it printed its address.")
