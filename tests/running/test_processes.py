"""Children end when they are told to, and when we die."""

import os
import signal
import socket
import subprocess
import sys

import psutil
import pytest

from launchpad import processes
from launchpad.errors import ConfigError

SLEEPER = [sys.executable, "-c", "print('up', flush=True); import time; time.sleep(60)"]


def test_a_child_that_ignores_term_is_killed():
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
    child = processes.spawn([sys.executable, "-c", code], output=subprocess.PIPE)
    child.stdout.readline()
    assert processes.stop(child, patience=0.2) == -signal.SIGKILL


def test_a_child_that_ended_keeps_its_exit_code():
    child = processes.spawn([sys.executable, "-c", "raise SystemExit(7)"])
    child.wait()
    assert processes.stop(child) == 7


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children that their parent died")
def test_children_do_not_outlive_a_killed_parent():
    code = (
        "import sys; from launchpad.processes import spawn; child = spawn([sys.executable, '-c',"
        " 'import time; time.sleep(60)']); print(child.pid, flush=True); child.wait()"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    grandchild = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.wait()
    grandchild.wait(10)


def test_waiting_for_a_child_that_ends_says_so():
    child = processes.spawn([sys.executable, "-c", "raise SystemExit(4)"])
    with pytest.raises(ConfigError, match="The thing ended at once with code 4"):
        processes.wait_until(lambda: False, child, "The thing")


def test_waiting_for_a_child_that_is_never_ready_ends():
    child = processes.spawn(SLEEPER)
    try:
        with pytest.raises(ConfigError, match="was not ready"):
            processes.wait_until(lambda: False, child, "The thing", seconds=0.1)
    finally:
        processes.stop(child)


def test_a_leftover_of_the_folder_is_ended(tmp_path):
    child = processes.spawn(SLEEPER, cwd=tmp_path, output=subprocess.PIPE)
    child.stdout.readline()
    (tmp_path / "pid").write_text(f"{child.pid}\n")
    processes.stop_leftover(tmp_path / "pid", tmp_path)
    assert child.poll() is not None


def test_a_process_of_another_folder_is_left_alone(tmp_path):
    child = processes.spawn(SLEEPER, output=subprocess.PIPE)
    child.stdout.readline()
    (tmp_path / "pid").write_text(f"{child.pid}\n")
    processes.stop_leftover(tmp_path / "pid", tmp_path)
    assert child.poll() is None
    processes.stop(child)


def test_neighbouring_ports_are_all_free():
    first = processes.free_ports(3)
    assert all(processes.is_free(first + extra) for extra in range(3))


def test_a_taken_port_is_not_free():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert not processes.is_free(port)
        assert processes.answers(port)


def test_a_lock_names_its_holder_and_can_be_had_again(tmp_path):
    first, second = processes.FolderLock(tmp_path, "It"), processes.FolderLock(tmp_path, "It")
    first.acquire()
    with pytest.raises(ConfigError, match=f"in use by process {os.getpid()}"):
        second.acquire()
    first.release()
    second.acquire()
    second.release()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has privileges to give up")
def test_a_program_behind_a_closed_door_keeps_its_way_in(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    (closed / "data").mkdir()
    words = processes.unprivileged(closed / "data", closed / "program", signal.SIGINT)
    assert "--ambient-caps=+dac_override" in words
    assert closed.stat().st_mode & 0o777 == 0o700
