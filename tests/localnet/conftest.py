"""Clusters that the tests of the local cluster run against, with either engine."""

import asyncio
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from launchpad.localnet import ADMIN_KEYPAIR, LocalnetOptions, run
from launchpad.processes import free_ports

CONTENT_TYPE = {"content-type": "application/json"}


class RpcFailure(Exception):  # noqa: N818 - it is the server's answer, not an error of ours
    """A JSON-RPC error object."""

    def __init__(self, body: dict[str, Any]) -> None:
        super().__init__(body)
        self.code, self.message, self.data = body["code"], body["message"], body.get("data")


@dataclass
class Node:
    """A running cluster and the simplest client for it."""

    engine: str
    rpc_url: str
    ws_url: str
    ledger: Path
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=30))

    def ask(self, method: str, *params: Any) -> dict[str, Any]:
        """The whole reply to a call."""
        request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}
        return self.http.post(self.rpc_url, json=request).json()

    def call(self, method: str, *params: Any) -> Any:
        """The result of a call; raises RpcFailure."""
        reply = self.ask(method, *params)
        if "error" in reply:
            raise RpcFailure(reply["error"])
        return reply["result"]


@contextmanager
def running(options: LocalnetOptions) -> Iterator[Node]:
    """A cluster in a thread of this process, ended with everything on the disk."""
    ready, failures = threading.Event(), []
    loop_holder: list[tuple[asyncio.AbstractEventLoop, asyncio.Task[None]]] = []

    async def main() -> None:
        task = asyncio.ensure_future(run(options, ready.set))
        loop_holder.append((asyncio.get_running_loop(), task))
        try:
            await task
        except asyncio.CancelledError:
            return
        except Exception as error:  # noqa: BLE001 - raised again in the test's own thread
            failures.append(error)
        finally:
            ready.set()

    thread = threading.Thread(target=lambda: asyncio.run(main()), daemon=True)
    thread.start()
    assert ready.wait(120), "the cluster is not ready"
    if failures:
        raise failures[0]
    node = Node(options.engine, options.rpc_url, options.ws_url, options.ledger)
    try:
        yield node
    finally:
        node.http.close()
        loop, task = loop_holder[0]
        if not loop.is_closed():
            loop.call_soon_threadsafe(task.cancel)
        thread.join(30)
    if failures:
        raise failures[0]


@pytest.fixture(scope="session")
def run_cluster() -> Callable[..., Any]:
    """`with run_cluster(options) as node:` runs a cluster in this process."""
    return running


@pytest.fixture(scope="session")
def cluster_folder() -> Iterator[Path]:
    """A folder for ledgers, deleted at the end."""
    with tempfile.TemporaryDirectory(prefix="localnet-", ignore_cleanup_errors=True) as path:
        yield Path(path)


@pytest.fixture(scope="package", params=["embedded", "validator"])
def node(request: pytest.FixtureRequest, cluster_folder: Path) -> Iterator[Node]:
    """One cluster per engine for the tests of this folder, with the bundled programs.

    It ends with them: a validator that idles beside other tests takes half a core from them.
    """
    engine = request.param
    path = request.getfixturevalue("validator_path") if engine == "validator" else None
    options = LocalnetOptions(
        ledger=cluster_folder / engine,
        rpc_port=free_ports(60 if engine == "validator" else 2),
        engine=engine,
        slot_ms=200,
        validator_path=path,
    )
    with running(options) as node:
        assert (options.ledger / ADMIN_KEYPAIR).exists()
        yield node


@pytest.fixture
def options(tmp_path: Path) -> LocalnetOptions:
    """Options for an embedded cluster of a test's own, without programs."""
    return LocalnetOptions(ledger=tmp_path / "ledger", rpc_port=free_ports(2), slot_ms=50, programs={})
