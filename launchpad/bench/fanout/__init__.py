"""Fan-out: how many deliveries a second reach thousands of sockets, and how soon.

Three servers get the same load in one run, one after the other, with the same
clients: our chat door (fed through Redis, as in life), stock python-socketio, and
Node's socket.io (both told to emit in their own process, which spares them Redis).
"""

import asyncio
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from launchpad.bench.fanout.crowd import Crowd
from launchpad.bench.fanout.servers import NODE, OURS, STOCK, Server, contestants
from launchpad.bench.measure import Measure, Measures
from launchpad.processes import raise_open_files

SOCKETS, FRAMES, SINGLE_FRAMES, ROUNDS = 1000, 100, 20, 2
MANY, MANY_FRAMES = 5000, 20
ROOM, ROOM_FRAMES, PER_SECOND = 500, 100, 20.0
READERS, SLEEPERS, LARGE_FRAMES, LARGE_AT_ONCE, LARGE = 100, 5, 250, 10, 16_000
# Between loads, so that one server does not pay for closing the sockets of another.
_PAUSE_SECONDS = 0.5
_SMALL_RECEIVE_BUFFER = 65_536


@dataclass
class _Rates:
    """What one server did, once per round."""

    burst: list[float] = field(default_factory=list)
    single: list[float] = field(default_factory=list)
    # Deliveries per second of the server's processor time.
    work: list[float] = field(default_factory=list)
    client_busy: list[float] = field(default_factory=list)


def run() -> Measures:
    """Deliveries per second, ours in relation to the others', delays of a room, and what a slow reader costs."""
    with scratch_folder() as scratch, contestants(scratch, MANY) as servers:
        thousand: dict[str, _Rates] = {name: _Rates() for name in servers}
        for _ in range(ROUNDS):
            for name, server in servers.items():
                asyncio.run(_load(server, SOCKETS, FRAMES, thousand[name]))
        many = {name: _Rates() for name in servers}
        for name, server in servers.items():
            asyncio.run(_load(server, MANY, MANY_FRAMES, many[name]))
        delays = {name: asyncio.run(_delays(server)) for name, server in servers.items()}
        slow = asyncio.run(_slow_readers(servers[OURS]))
    return (
        _compared(thousand, SOCKETS, {STOCK: 4, NODE: 0.9})
        | _compared(many, MANY, {STOCK: 10})
        | _room(delays)
        | _clients(thousand)
        | slow
    )


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder for one run, which goes afterwards, and leave to open many files."""
    with tempfile.TemporaryDirectory(prefix="bench-fanout-") as folder:
        raise_open_files()
        yield Path(folder)


async def _load(server: Server, sockets: int, frames: int, rates: _Rates) -> None:
    burst = server.burst
    async with Crowd(server.port, sockets, burst.hello) as crowd:
        await crowd.deliver(burst.send, 5)  # warms the way up
        await asyncio.sleep(_PAUSE_SECONDS)
        worked = server.worked()
        done = await crowd.deliver(burst.send, frames)
        rates.work.append(sockets * frames / max(0.01, server.worked() - worked))
        rates.burst.append(sockets * frames / done.seconds)
        rates.client_busy.append(done.client_busy)
        rates.single.append(sockets * SINGLE_FRAMES / await crowd.deliver_in_steps(burst.send, SINGLE_FRAMES))
    await asyncio.sleep(_PAUSE_SECONDS)


async def _delays(server: Server) -> dict[str, float]:
    async with Crowd(server.port, ROOM, server.burst.hello) as crowd:
        await crowd.deliver(server.burst.send, 5)
        return await crowd.delays(server.burst.send, ROOM_FRAMES, PER_SECOND)


async def _slow_readers(server: Server) -> Measures:
    """The same load with and without sockets that do not read."""
    hello, send = server.burst.hello, partial(server.burst.send, size=LARGE)
    async with Crowd(server.port, READERS, hello) as crowd, _sleepers(server) as sleepers:
        await crowd.deliver(send, 5)
        alone = [await crowd.deliver_in_steps(send, LARGE_FRAMES, LARGE_AT_ONCE) for _ in range(2)]
        await sleepers.stall(SLEEPERS)
        beside = [await crowd.deliver_in_steps(send, LARGE_FRAMES, LARGE_AT_ONCE) for _ in range(2)]
        resynced = await sleepers.read_again()
    return {
        f"{READERS} readers beside {SLEEPERS} that do not read": Measure(min(alone) / min(beside), "x", places=2),
        f"of {SLEEPERS} that read again, told to resync": Measure(resynced, "sockets", at_least=SLEEPERS),
    }


def _sleepers(server: Server) -> Crowd:
    return Crowd(server.port, SLEEPERS, server.burst.hello, receive_buffer=_SMALL_RECEIVE_BUFFER)


def _compared(rates: dict[str, _Rates], sockets: int, aims: dict[str, float]) -> Measures:
    measures: Measures = {}
    for name, one in rates.items():
        measures[f"{name}, {sockets} sockets"] = Measure(statistics.median(one.burst), "deliveries/s")
        measures[f"{name}, {sockets} sockets, one event at a time"] = _rate(one.single)
        measures[f"{name}, {sockets} sockets, a second of its processor"] = _rate(one.work)
    for name in rates.keys() - {OURS}:
        aim = aims.get(name)
        for what in ("burst", "single", "work"):
            label = {"burst": "", "single": ", one event at a time", "work": ", by processor time"}[what]
            # Each round compares what ran under the same conditions.
            ratios = [a / b for a, b in zip(getattr(rates[OURS], what), getattr(rates[name], what), strict=True)]
            at_least = aim if what == "burst" else None
            measures[f"against {name}, {sockets} sockets{label}"] = Measure(
                statistics.median(ratios), "x", at_least=at_least, places=2
            )
    return measures


def _rate(values: list[float]) -> Measure:
    return Measure(statistics.median(values), "deliveries/s")


def _room(delays: dict[str, dict[str, float]]) -> Measures:
    measures: Measures = {}
    for name, delay in delays.items():
        where = f"{name}, a room of {ROOM}, {PER_SECOND:g} events/s"
        aim = 10 if name == OURS else None
        measures[f"{where}, p50"] = Measure(delay["p50"], "ms", places=1)
        measures[f"{where}, p99"] = Measure(delay["p99"], "ms", at_most=aim, places=1)
    return measures


def _clients(rates: dict[str, _Rates]) -> Measures:
    """How near the clients' process was to its own limit of 100 %."""
    return {
        f"clients of {name}, busy": Measure(100 * max(one.client_busy), "% of a core") for name, one in rates.items()
    }
