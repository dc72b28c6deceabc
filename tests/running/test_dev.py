"""`launchpad dev` runs everything with one command, and ends all of it."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import orjson
import psutil
import pytest

from launchpad.config import Settings, child_environment
from launchpad.processes import FolderLock, free_port, free_ports

REPOSITORY = Path(__file__).resolve().parent.parent.parent


class Installation:
    """One `launchpad dev` in a folder of its own."""

    def __init__(self, home, **values):
        values = {"port": free_port(), "rpc_port": free_ports(2), "demo": False} | values
        self.settings = Settings(_env_file=None, launchpad_home=home, **values)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "launchpad", "dev"],
            env=child_environment(self.settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=REPOSITORY,
            start_new_session=True,
        )

    def address(self):
        """Wait for the line that holds the address."""
        line = self.process.stdout.readline().strip()
        assert line, self.process.stderr.read()
        return line

    def read(self, path):
        with httpx.Client(base_url=self.settings.origin, timeout=20, trust_env=False) as client:
            return client.get(path).content

    def children(self):
        return psutil.Process(self.process.pid).children(recursive=True)

    def stop(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.communicate(timeout=60)[1], self.process.returncode


@pytest.fixture
def install(folder, tmp_path_factory):
    started = []

    def start(name=None, **values):
        started.append(Installation(folder / (name or f"dev-{tmp_path_factory.mktemp('n').name}"), **values))
        return started[-1]

    yield start
    for installation in started:
        installation.stop()


@pytest.mark.timeout(240)
def test_two_installations_run_side_by_side_and_end_with_all_their_children(install):
    one, other = install(), install()
    for installation, how in ((one, signal.SIGINT), (other, signal.SIGTERM)):
        assert installation.address() == installation.settings.origin
        assert b"<html" in installation.read("/")
        assert orjson.loads(installation.read("/api/health"))["status"] == "ok"
        children = installation.children()
        assert len(children) >= 6
        _, code = installation.stop(how)
        assert code == 0
        assert [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE] == []


@pytest.mark.timeout(240)
def test_a_killed_installation_starts_again_with_its_data(install):
    first = install("killed")
    first.address()
    children = first.children()
    first.process.kill()
    first.process.wait()
    psutil.wait_procs(children, timeout=30)
    second = install("killed")
    assert second.address() == second.settings.origin
    names = {path.name for path in second.settings.launchpad_home.iterdir()}
    assert names >= {"postgres", "redis", "ledger", "logs", "dev.json"}


@pytest.mark.timeout(240)
def test_a_crashed_process_is_started_again(install):
    installation = install()
    installation.address()
    worker = next(child for child in installation.children() if child.cmdline()[-1] == "outbox")
    worker.kill()
    while "outbox ended with code -9; starting it again" not in installation.process.stderr.readline():
        pass


@pytest.mark.parametrize("name", ["PORT", "RPC_PORT"])
def test_a_taken_port_is_named_in_one_line(install, name):
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = server.getsockname()[1]
        said, code = _ended(install(**{name.lower(): taken}))
    assert code == 1
    assert f"Error: Port {taken} ({name}) is taken" in " ".join(said.split())
    assert "Traceback" not in said


def _ended(installation):
    said = installation.process.communicate(timeout=60)[1]
    return said, installation.process.returncode


def test_a_second_start_in_one_folder_is_refused(install, folder):
    home = folder / "dev-once"
    home.mkdir()
    lock = FolderLock(home, "Launchpad")
    lock.acquire()
    try:
        said, code = _ended(install("dev-once"))
    finally:
        lock.release()
    assert code == 1
    assert f"in use by process {os.getpid()}" in " ".join(said.split())
