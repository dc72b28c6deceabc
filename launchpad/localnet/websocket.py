"""Subscriptions over WebSocket."""

import asyncio
from typing import Any

import orjson
import structlog
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from launchpad.localnet.errors import INTERNAL_ERROR, RpcError
from launchpad.localnet.methods.cluster import get_version
from launchpad.localnet.node import Node
from launchpad.localnet.pubsub import Subscriber, Subscriptions
from launchpad.localnet.rpc import check_frame, error_reply, parse_error

log = structlog.get_logger(__name__)

MAX_MESSAGE = 1024 * 1024
MAX_WAITING = 65_536


class Session:
    """One WebSocket connection: answers in order, notices in between."""

    def __init__(self, node: Node, subscriptions: Subscriptions, connection: ServerConnection) -> None:
        self._node = node
        self._subscriptions = subscriptions
        self._connection = connection
        self._outgoing: asyncio.Queue[bytes] = asyncio.Queue()
        self._subscriber = Subscriber(self._send)

    async def run(self) -> None:
        """Serve the connection until it ends."""
        writer = asyncio.create_task(self._write())
        try:
            async for message in self._connection:
                reply = self._answer(message)
                if reply:
                    self._send(reply)
        except ConnectionClosed:
            pass
        finally:
            self._subscriptions.leave(self._subscriber)
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)

    def _send(self, message: bytes) -> None:
        if self._outgoing.qsize() >= MAX_WAITING:
            # A reader that fell this far behind is cut off; it resubscribes when it can keep up.
            self._connection.transport.abort()
            return
        self._outgoing.put_nowait(message)

    async def _write(self) -> None:
        try:
            while True:
                await self._connection.send(await self._outgoing.get(), text=True)
        except ConnectionClosed:
            return

    def _answer(self, message: str | bytes) -> bytes:
        try:
            request = orjson.loads(message)
        except orjson.JSONDecodeError:
            return orjson.dumps(error_reply(parse_error()))
        if isinstance(request, list) and all(isinstance(each, dict) for each in request):
            replies = [reply for each in request if (reply := self._answer_one(each)) is not None]
            return orjson.dumps(replies) if replies else b""
        if not isinstance(request, dict):
            return orjson.dumps(error_reply(parse_error()))
        reply = self._answer_one(request)
        return b"" if reply is None else orjson.dumps(reply)

    def _answer_one(self, request: dict[str, Any]) -> dict[str, Any] | None:
        refusal = check_frame(request)
        if refusal is not None:
            return refusal
        if "id" not in request:
            # Clients keep the connection alive by notifications named "ping".
            return None
        try:
            result = self._call(request["method"], request.get("params"))
        except RpcError as error:
            return error_reply(error, request["id"])
        return {"jsonrpc": "2.0", "result": result, "id": request["id"]}

    def _call(self, name: str, params: Any) -> Any:
        if name == "getVersion":
            return get_version(self._node, [])
        try:
            return self._subscriptions.call(self._subscriber, name, params)
        except RpcError:
            raise
        except Exception as error:
            # A bug must cost one answer, never the connection or the cluster.
            log.exception("a subscription failed", method=name)
            raise RpcError(INTERNAL_ERROR, "Internal error") from error


class WebSocketServer:
    """The listening server."""

    def __init__(self, server: Server) -> None:
        self._server = server

    async def stop(self) -> None:
        """Take no more connections and close those that are open."""
        self._server.close()
        await self._server.wait_closed()


async def serve_websocket(node: Node, subscriptions: Subscriptions, host: str, port: int) -> WebSocketServer:
    """Listen for subscriptions; raises OSError when the port is taken."""

    async def handle(connection: ServerConnection) -> None:
        await Session(node, subscriptions, connection).run()

    server = await serve(handle, host, port, compression=None, max_size=MAX_MESSAGE, close_timeout=1)
    return WebSocketServer(server)
