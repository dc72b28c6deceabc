"""Running the embedded cluster: slots, HTTP, WebSocket, until it is told to stop."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TypeVar

from launchpad.localnet.errors import PortInUseError
from launchpad.localnet.http import serve_http
from launchpad.localnet.node import Node
from launchpad.localnet.options import LocalnetOptions
from launchpad.localnet.performance import take_samples
from launchpad.localnet.pubsub import Subscriptions
from launchpad.localnet.startup import LedgerLock, open_cluster
from launchpad.localnet.websocket import serve_websocket

Served = TypeVar("Served")


class EmbeddedCluster:
    """A cluster that serves its ports; `failed` resolves if it can no longer go on."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Produce slots from now on."""
        self._tasks = [
            asyncio.create_task(self.node.cluster.produce(), name="slots"),
            asyncio.create_task(take_samples(self.node), name="samples"),
        ]

    async def failed(self) -> None:
        """Wait for a part to fail, and raise what it raised."""
        done, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()

    async def stop(self) -> None:
        """Produce no more slots."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@asynccontextmanager
async def embedded_cluster(options: LocalnetOptions) -> AsyncIterator[EmbeddedCluster]:
    """A running cluster; left, it is stopped cleanly with everything on the disk."""
    async with AsyncExitStack() as stack:
        lock = LedgerLock(options.ledger)
        stack.callback(lock.release)
        cluster = open_cluster(options)
        stack.push_async_callback(cluster.store.close)
        cluster.store.start()
        node = Node(cluster, options)
        subscriptions = Subscriptions(node)
        cluster.listen(subscriptions)
        http = await _listening(options.rpc_port, serve_http(node, options.host, options.rpc_port))
        stack.push_async_callback(http.stop)
        websocket = await _listening(
            options.websocket_port,
            serve_websocket(node, subscriptions, options.host, options.websocket_port),
        )
        stack.push_async_callback(websocket.stop)
        if options.geyser_port is not None:
            await _serve_geyser(stack, node, options.host, options.geyser_port)
        running = EmbeddedCluster(node)
        stack.push_async_callback(running.stop)
        running.start()
        yield running


async def _serve_geyser(stack: AsyncExitStack, node: Node, host: str, port: int) -> None:
    # gRPC takes a while to import, and few clusters are asked for it.
    from launchpad.localnet.geyser import Geyser, serve_geyser, stop_geyser  # noqa: PLC0415

    geyser = Geyser(node)
    node.cluster.listen(geyser)
    server, _ = await serve_geyser(geyser, host, port)
    stack.push_async_callback(stop_geyser, server)


async def _listening(port: int, server: Awaitable[Served]) -> Served:
    try:
        return await server
    except OSError as error:
        raise PortInUseError(
            f"Port {port} cannot be listened on ({error.strerror}). Stop what uses it, or choose another port."
        ) from error
