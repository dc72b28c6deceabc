"""Hearing of confirmations the moment they happen: signatureSubscribe over one WebSocket.

Only a hint: whoever listens asks for the status afterwards, and goes on asking when
the connection is away. So nothing here has to be reliable, it only has to be quick.
"""

import asyncio
import contextlib
import itertools
from collections.abc import Callable, Sequence

import orjson
from websockets.asyncio.client import ClientConnection

from launchpad.chain.sockets import SOCKET_LOST, keep_connected

_LONGEST_PAUSE = 30.0


class SignatureWatcher:
    """Subscribes to signatures and calls `heard` whenever one of them is confirmed.

    Without addresses it does nothing. It connects when the first signature is watched.
    """

    def __init__(self, urls: Sequence[str], heard: Callable[[], None]) -> None:
        self._urls = urls
        self._heard = heard
        self._signatures: dict[str, None] = {}
        self._socket: ClientConnection | None = None
        self._task: asyncio.Task[None] | None = None
        self._ids = itertools.count(1)

    @property
    def connected(self) -> bool:
        """Whether confirmations are heard of right now."""
        return self._socket is not None

    async def watch(self, signature: str) -> None:
        """Listen for a signature from now on; the second time changes nothing."""
        if signature in self._signatures:
            return
        self._signatures[signature] = None
        if self._task is None and self._urls:
            self._task = asyncio.create_task(self._run(), name="signature-watcher")
        elif self._socket is not None:
            with contextlib.suppress(*SOCKET_LOST):
                await self._subscribe(self._socket, signature)

    def forget(self, signature: str) -> None:
        """What is settled needs no new subscription after a reconnect."""
        self._signatures.pop(signature, None)

    async def close(self) -> None:
        """Hang up."""
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        await keep_connected(self._urls, self._listen, "chain", longest=_LONGEST_PAUSE)

    async def _listen(self, socket: ClientConnection) -> None:
        for signature in list(self._signatures):
            await self._subscribe(socket, signature)
        self._socket = socket
        try:
            async for frame in socket:
                if orjson.loads(frame).get("method") == "signatureNotification":
                    self._heard()
        finally:
            self._socket = None

    async def _subscribe(self, socket: ClientConnection, signature: str) -> None:
        request = {
            "jsonrpc": "2.0",
            "id": next(self._ids),
            "method": "signatureSubscribe",
            "params": [signature, {"commitment": "confirmed"}],
        }
        await socket.send(orjson.dumps(request).decode())
