"""Sockets: ten thousand readers of one channel, held by one process through their heartbeats."""

import asyncio

from launchpad.bench.fanout import scratch_folder
from launchpad.bench.fanout.crowd import Crowd
from launchpad.bench.fanout.servers import Server, ours
from launchpad.bench.measure import Measure, Measures
from launchpad.processes import raise_open_files

SOCKETS, FRAMES = 10_000, 10
# Longer than a heartbeat's interval, so that every socket has to answer one.
HOLD_SECONDS = 30.0
# Besides sockets: stores, pipes, libraries.
_OTHER_FILES = 200


def run() -> Measures:
    """Memory per socket, how many are left after a heartbeat, and a broadcast to all of them.

    Fewer sockets where the system does not let a process open that many files.
    """
    with scratch_folder() as scratch:
        sockets = min(SOCKETS, raise_open_files() - _OTHER_FILES)
        with ours(scratch, sockets) as server:
            return asyncio.run(_hold(server, sockets))


async def _hold(server: Server, sockets: int) -> Measures:
    before, worked = server.memory(), server.worked()
    async with Crowd(server.port, sockets, server.burst.hello) as crowd:
        memory, joined = server.memory() - before, server.worked() - worked
        worked = server.worked()
        left = await crowd.hold(HOLD_SECONDS)
        idle = (server.worked() - worked) / HOLD_SECONDS
        delays = await crowd.delays(server.burst.send, FRAMES, per_second=2)
        burst = await crowd.deliver(server.burst.send, FRAMES)
    return {
        "sockets": Measure(sockets, "sockets", at_least=min(SOCKETS, sockets)),
        "still connected": Measure(left, "sockets", at_least=sockets),
        "memory of one": Measure(memory / sockets / 1024, "KiB", places=1),
        "joining": Measure(sockets / crowd.joining, "sockets/s"),
        "joining, processor time of one": Measure(1e6 * joined / sockets, "µs"),
        "heartbeats": Measure(100 * idle, "% of a core", places=1),
        "an event to all, p50": Measure(delays["p50"], "ms", places=1),
        "an event to all, p99": Measure(delays["p99"], "ms", places=1),
        "events at once": Measure(sockets * FRAMES / burst.seconds, "deliveries/s"),
    }
