"""The examples run as they stand, against a real cluster."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parent.parent.parent / "examples"


def run(name, *arguments):
    command = [sys.executable, str(EXAMPLES / f"{name}.py"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=EXAMPLES.parent)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def story(cluster):
    """What the first example printed."""
    return run("launch_and_trade", cluster.rpc_url)


@pytest.fixture(scope="module")
def mint(story):
    return re.search(r"Launched (\w+),", story)[1]


def test_a_launch_is_lived_through(story):
    assert all(word in story for word in ("Launched", "Bought", "Sold", "of the way to graduation", "Collected"))


def test_a_quote_needs_no_wallet(cluster, mint):
    assert "1 SOL buys" in run("quote_without_wallet", mint, cluster.rpc_url)


def test_trades_are_read_from_the_chain(cluster, mint):
    sides = [line.split()[0] for line in run("read_trades", mint, cluster.rpc_url).splitlines()]
    assert sides == ["buy", "buy", "sell"]


def test_every_example_is_tested():
    tested = Path(__file__).read_text()
    assert [path.stem for path in EXAMPLES.glob("*.py") if f'"{path.stem}"' not in tested] == []
