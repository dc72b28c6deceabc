"""Hearing of transactions as they are confirmed: logsSubscribe over WebSocket."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import orjson
import structlog
from websockets.asyncio.client import ClientConnection

from launchpad.chain.sockets import keep_connected

log = structlog.get_logger(__name__)


class Found(NamedTuple):
    """A successful transaction that touches one of our programs."""

    signature: str
    slot: int


class Listener:
    """Keeps one subscription per program alive, on whichever address answers.

    `found` gets every successful transaction, `joined` is called whenever the
    subscriptions stand again: what happened before must then be asked for.
    """

    def __init__(
        self,
        urls: Sequence[str],
        programs: Mapping[str, str],
        found: Callable[[Found], object],
        joined: Callable[[], None],
    ) -> None:
        self._urls = urls
        self._programs = programs
        self._found = found
        self._joined = joined
        self.connected = False

    async def run(self) -> None:
        """Listen until cancelled, reconnecting with back-off and to the next address."""
        await keep_connected(self._urls, self._listen, "indexer")

    async def _listen(self, socket: ClientConnection) -> None:
        try:
            await self._subscribe(socket)
            await self._hear(socket)
        finally:
            self.connected = False

    async def _subscribe(self, socket: ClientConnection) -> None:
        for number, address in enumerate(self._programs.values()):
            params = [{"mentions": [address]}, {"commitment": "confirmed"}]
            request = {"jsonrpc": "2.0", "id": number, "method": "logsSubscribe", "params": params}
            await socket.send(orjson.dumps(request).decode())

    async def _hear(self, socket: ClientConnection) -> None:
        waiting = set(range(len(self._programs)))
        async for frame in socket:
            message = orjson.loads(frame)
            if "method" in message:
                self._notice(message["params"]["result"])
            elif message.get("id") in waiting and "result" in message:
                waiting.discard(message["id"])
                if not waiting:
                    self.connected = True
                    self._joined()
            else:
                log.warning("indexer.subscription_refused", answer=message.get("error"))
                return

    def _notice(self, result: dict[str, object]) -> None:
        value, context = result["value"], result["context"]
        if isinstance(value, dict) and isinstance(context, dict) and value["err"] is None:
            self._found(Found(value["signature"], context["slot"]))
