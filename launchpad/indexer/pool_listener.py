"""Hearing of transactions in pools that come one by one: logsSubscribe for each, over one WebSocket."""

import itertools
from collections.abc import Callable, Sequence
from contextlib import suppress

import orjson
import structlog
from websockets.asyncio.client import ClientConnection

from launchpad.chain.sockets import SOCKET_LOST, keep_connected
from launchpad.indexer.listener import Found

log = structlog.get_logger(__name__)

# Beyond these, the oldest pools are only swept.
MOST = 1000


class PoolListener:
    """Listens to the pools that it was told of last, at most `MOST` of them.

    `found` gets every successful transaction; `joined` is called whenever there is a new connection.
    """

    def __init__(self, urls: Sequence[str], found: Callable[[Found], None], joined: Callable[[], None]) -> None:
        self._urls = urls
        self._found = found
        self._joined = joined
        self._pools: list[str] = []
        self._asked: set[str] = set()
        self._socket: ClientConnection | None = None
        self._ids = itertools.count(1)

    @property
    def connected(self) -> bool:
        """Whether transactions are heard of right now."""
        return self._socket is not None

    def follow(self, pool: str) -> None:
        """Listen to a pool from the next `subscribe` on."""
        self._pools.append(pool)

    async def subscribe(self) -> None:
        """Ask for the pools that were not asked for on this connection yet."""
        socket = self._socket
        if socket is None:
            return
        # A connection that was lost meanwhile begins anew with the next one.
        with suppress(*SOCKET_LOST):
            for pool in self._pools[-MOST:]:
                if pool not in self._asked:
                    self._asked.add(pool)
                    params = [{"mentions": [pool]}, {"commitment": "confirmed"}]
                    request = {"jsonrpc": "2.0", "id": next(self._ids), "method": "logsSubscribe", "params": params}
                    await socket.send(orjson.dumps(request).decode())

    async def run(self) -> None:
        """Listen until cancelled, reconnecting with back-off and to the next address."""
        if self._urls:
            await keep_connected(self._urls, self._listen, "graduates")

    async def _listen(self, socket: ClientConnection) -> None:
        self._asked.clear()
        self._socket = socket
        try:
            await self.subscribe()
            self._joined()
            async for frame in socket:
                self._notice(orjson.loads(frame))
        finally:
            self._socket = None

    def _notice(self, message: dict[str, object]) -> None:
        params = message.get("params")
        if isinstance(params, dict):
            value, context = params["result"]["value"], params["result"]["context"]
            if value["err"] is None:
                self._found(Found(value["signature"], context["slot"]))
        elif "error" in message:
            log.warning("indexer.subscription_refused", answer=message["error"])
