"""Child processes that never outlive us: how they are started, watched and ended."""

import ctypes
import fcntl
import os
import resource
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO

import psutil

from launchpad.errors import ConfigError

_NOBODY = 65534
# Above what services are known by, below the system's own (net.ipv4.ip_local_port_range).
_LOWEST_PORT, _HIGHEST_PORT = 12_000, 32_000
_OK = 200
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def spawn(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    output: IO[bytes] | int | None = None,
    death_signal: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own, so that Ctrl-C reaches only us.

    Where the system can (Linux), the child gets `death_signal` when we die, even by
    kill -9. `output` takes both streams; None inherits ours.
    """
    return subprocess.Popen(  # noqa: S603 - callers name the product's own programs
        [str(part) for part in command],
        env=dict(env) if env is not None else None,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        start_new_session=True,
        preexec_fn=partial(die_with_parent, death_signal),  # noqa: PLW1509 - one system call, no locks
    )


def die_with_parent(death_signal: signal.Signals) -> None:
    """Ask the system, in a child before it becomes its program, for `death_signal` when the parent dies."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(death_signal))


def raise_open_files() -> int:
    """Let this process and its children open as many files and sockets as the system allows; that many."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):  # macOS calls the limit endless, and refuses to set that
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def give_away(path: Path) -> None:
    """Make the unprivileged user of `unprivileged` the owner of `path`, where we are root."""
    if os.geteuid() == 0:
        os.chown(path, _NOBODY, _NOBODY)


def unprivileged(folder: Path, program: Path, death_signal: signal.Signals) -> list[str]:
    """The words before a command that must not run as root; none where we are not root.

    The command then runs as `nobody`. Where
    `nobody` cannot enter the way to `folder` or `program` (a checkout under /root),
    it keeps the one capability of reading past folder permissions; nothing on the
    disk is opened to others.
    """
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise ConfigError("Postgres does not run as root and `setpriv` is missing: install util-linux.")
    words = [setpriv, f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups", f"--pdeathsig={death_signal.name}"]
    if not all(_open_to_others(path) for path in (folder, program)):
        words += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--securebits=+no_setuid_fixup"]
    return words


def _open_to_others(path: Path) -> bool:
    """Whether anyone may walk down to `path`."""
    return all(parent.stat().st_mode & 0o001 for parent in path.resolve().parents)


def stop(process: subprocess.Popen[bytes], *, how: signal.Signals = signal.SIGTERM, patience: float = 10) -> int:
    """Ask a child to end, kill it after `patience` seconds; its exit code."""
    if process.poll() is None:
        process.send_signal(how)
        try:
            return process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
    return process.wait()


def stop_leftover(pid_file: Path, folder: Path, *, how: signal.Signals = signal.SIGTERM) -> None:
    """End what a killed run left working in `folder`; a pid that now belongs to another is left alone."""
    try:
        process = psutil.Process(int(pid_file.read_text().split()[0]))
        if Path(process.cwd()) != folder.resolve():
            return
        process.send_signal(how)
        process.wait(10)
    except psutil.TimeoutExpired:
        process.kill()
        process.wait(5)
    except (OSError, ValueError, IndexError, psutil.NoSuchProcess, psutil.AccessDenied):
        return


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], what: str, *, seconds: float = 30) -> None:
    """Wait for a child to be ready; ConfigError when it ends or takes longer than `seconds`."""
    deadline = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None:
            raise ConfigError(f"{what} ended at once with code {process.returncode}.")
        if time.monotonic() > deadline:
            raise ConfigError(f"{what} was not ready after {seconds:.0f} seconds.")
        time.sleep(0.02)


def answers(port: int, host: str = "127.0.0.1") -> bool:
    """Whether something accepts connections on that port."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((host, port)) == 0


def responds(url: str) -> bool:
    """Whether `url`, an http address of ours, answers with 200; proxies of the environment are for other things."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=5) as answer:
            return int(answer.status) == _OK
    except OSError:
        return False


def free_port(host: str = "127.0.0.1") -> int:
    """A port that nothing listens on now."""
    return free_ports(1, host)


def free_ports(count: int, host: str = "127.0.0.1") -> int:
    """The first of `count` neighbouring ports that nothing listens on now.

    Chosen by chance below those that the system gives to connections, so that none takes
    one of them before its listener does, and two who choose at once choose differently.
    """
    while True:
        first = _LOWEST_PORT + secrets.randbelow(_HIGHEST_PORT - _LOWEST_PORT - count)
        if all(is_free(port, host) for port in range(first, first + count)):
            return first


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether we could listen on that port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError):
            return False
        return True


class FolderLock:
    """One user of a folder at a time; the system lets go of it when the process ends."""

    def __init__(self, folder: Path, what: str) -> None:
        self.path = folder / "lock"
        self.what = what
        self._file: IO[str] | None = None

    def acquire(self) -> None:
        """Take the folder, or ConfigError with the process that has it."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = self.path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            file.close()
            message = (
                f"{self.what} in {self.path.parent} is in use by process {holder}: "
                "stop that one, or choose another folder with LAUNCHPAD_HOME."
            )
            raise ConfigError(message) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._file = file

    def release(self) -> None:
        """Let go of the folder."""
        if self._file is not None:
            self._file.close()
            self._file = None
