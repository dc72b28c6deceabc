"""`python tests/child.py ...` is `launchpad ...` whose worker threads never end; it says why tests want that.

Where coverage follows greenlets, each thread that ends leaves the main thread a pending call that
runs Python code. CPython 3.11 never gets out of the first line of such code while it is traced
and another pending call waits, which is so when two threads end together: the process spins.
"""

import math
import runpy
import sys
from pathlib import Path

from anyio._backends._asyncio import WorkerThread


def keep_threads() -> None:
    """Have the threads that serve files and the like wait for more, however long."""
    WorkerThread.MAX_IDLE_TIME = math.inf


if __name__ == "__main__":
    keep_threads()
    sys.path[0] = str(Path.cwd())
    runpy.run_module("launchpad", run_name="__main__", alter_sys=True)
