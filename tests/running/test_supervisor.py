"""The supervisor restarts what crashes and ends everything together."""

import asyncio
import sys

import pytest

from launchpad.supervisor import Child, Supervisor


@pytest.fixture
def said():
    return []


@pytest.fixture
async def supervisor(said):
    supervisor = Supervisor(said.append)
    yield supervisor
    await supervisor.stop()


def _child(tmp_path, code, name="child"):
    return Child(name, [sys.executable, "-c", code], {"PATH": "/usr/bin:/bin"}, tmp_path / "logs" / f"{name}.log")


async def _until(question):
    async with asyncio.timeout(20):
        while not question():
            await asyncio.sleep(0.02)


async def test_a_crashed_child_is_started_again(supervisor, said, tmp_path):
    child = _child(tmp_path, "print('up', flush=True); import time; time.sleep(60)")
    supervisor.add(child)
    first = child.process.pid
    child.process.kill()
    await _until(lambda: child.process.pid != first and child.process.poll() is None)
    assert said == ["child ended with code -9; starting it again in 0.5 s."]


async def test_a_child_that_keeps_crashing_is_started_less_and_less_often(supervisor, said, tmp_path):
    supervisor.add(_child(tmp_path, "raise SystemExit(3)"))
    await _until(lambda: len(said) >= 3)
    assert [line.split()[-2] for line in said[:3]] == ["0.5", "1.0", "2.0"]


async def test_stopping_ends_every_child(supervisor, tmp_path):
    children = [_child(tmp_path, "import time; time.sleep(60)", f"child-{n}") for n in range(3)]
    for child in children:
        supervisor.add(child)
    await supervisor.stop()
    assert all(child.process.poll() is not None for child in children)


async def test_what_a_child_prints_is_in_its_log(supervisor, tmp_path):
    child = _child(tmp_path, "print('hello', flush=True); import time; time.sleep(60)")
    supervisor.add(child)
    await _until(lambda: "hello" in child.log.read_text())


async def test_a_log_that_grew_too_long_is_begun_anew(supervisor, tmp_path):
    child = _child(tmp_path, "import time; time.sleep(60)")
    child.log.parent.mkdir()
    with child.log.open("wb") as log:
        log.truncate(21 * 1024 * 1024)
    supervisor.add(child)
    assert child.log.stat().st_size == 0
