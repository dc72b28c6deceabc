"""Fuzzes every instruction of every program; `make fuzz` calls it.

    python -m tests.fuzz [--transactions N] [--seed S] [--world W] [--workers K]

The same seed gives the same worlds with any number of workers. Ends with 1 for a finding, and for an
instruction that never succeeded: a run of rejections alone would prove nothing.
"""

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor

from tests.fuzz.run import Report, one_world, worlds


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--transactions", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--world", type=int, default=None, help="this world of the run alone")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args(arguments)
    began, report = time.monotonic(), Report()
    if options.world is not None:
        report.add(one_world(options.seed, options.world))
    else:
        with ProcessPoolExecutor(options.workers) as pool:
            shares = [
                pool.submit(worlds, options.seed, first, options.workers, options.transactions)
                for first in range(options.workers)
            ]
            for share in shares:
                report.add(share.result())
    return told(report, time.monotonic() - began, whole=options.world is None)


def told(report: Report, seconds: float, *, whole: bool) -> int:
    """Prints the report; returns the exit status."""
    rate = report.transactions / max(seconds, 0.001)
    lines = [report.table(), "", f"{report.transactions:,} transactions in {seconds:.0f} s ({rate:.0f} a second)."]
    lines += [f"\nFOUND {each}" for each in report.found]
    never = report.never() if whole else []
    if never:
        lines.append(f"Never succeeded: {', '.join(never)}. Teach tests/fuzz/calls.py or values.py how to call them.")
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if report.found or never else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
