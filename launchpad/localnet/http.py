"""JSON-RPC over HTTP/1.1, straight on asyncio: one parser, no framework in between."""

import asyncio
from typing import cast

import httptools

from launchpad.localnet.node import Node
from launchpad.localnet.rpc import answer

MAX_BODY = 51_200
MAX_PIPELINED = 64
CORS_MAX_AGE = 86_400
REASONS = {
    200: "OK",
    400: "Bad Request",
    405: "Method Not Allowed",
    413: "Payload Too Large",
    415: "Unsupported Media Type",
}
WRONG_TYPE = b"Supplied content type is not allowed. Content-Type: application/json is required\n"
WRONG_METHOD = b"Used HTTP Method is not allowed. POST or OPTIONS is required\n"
TEXT = b"text/plain; charset=utf-8"
JSON = b"application/json; charset=utf-8"


class Connection(asyncio.Protocol):
    """One client connection; requests on it are answered in their order."""

    def __init__(self, node: Node, connections: "set[Connection]") -> None:
        self._node = node
        self._connections = connections
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport | None = None
        self._requests: asyncio.Queue[Request] = asyncio.Queue()
        self._worker: asyncio.Task[None] | None = None
        self._current = Request()
        self._writable = asyncio.Event()
        self._writable.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client connected."""
        self._transport = cast("asyncio.Transport", transport)
        self._connections.add(self)
        self._worker = asyncio.create_task(self._work())

    def connection_lost(self, _error: Exception | None) -> None:
        """The client is gone."""
        self._connections.discard(self)
        if self._worker is not None:
            self._worker.cancel()

    def pause_writing(self) -> None:
        """The client reads slower than it asks."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """The client caught up."""
        self._writable.set()

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()

    def data_received(self, data: bytes) -> None:
        """Bytes from the client."""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._requests.put_nowait(Request(method=b"UPGRADE"))
        except httptools.HttpParserError:
            self._requests.put_nowait(Request(bad=True))
        if self._requests.qsize() > MAX_PIPELINED and self._transport is not None:
            self._transport.close()

    def on_message_begin(self) -> None:
        """A request starts."""
        self._current = Request()

    def on_url(self, url: bytes) -> None:
        """The request's path."""
        self._current.path += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """One of the request's headers."""
        self._current.headers[name.lower()] = value

    def on_headers_complete(self) -> None:
        """The body follows; some clients wait to be asked for it."""
        if self._current.headers.get(b"expect", b"").lower() == b"100-continue" and self._transport:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        """A piece of the request's body; what is beyond the limit is not kept."""
        if self._current.size <= MAX_BODY:
            self._current.body.append(body)
        self._current.size += len(body)

    def on_message_complete(self) -> None:
        """The request is whole."""
        request = self._current
        request.method = self._parser.get_method()
        request.keep_alive = self._parser.should_keep_alive()
        self._requests.put_nowait(request)

    async def _work(self) -> None:
        while True:
            request = await self._requests.get()
            response = await respond(self._node, request)
            transport = self._transport
            if transport is None or transport.is_closing():
                return
            transport.write(response)
            if not request.keep_alive or request.bad:
                transport.close()
                return
            await self._writable.wait()


class Request:
    """What arrived of an HTTP request."""

    __slots__ = ("bad", "body", "headers", "keep_alive", "method", "path", "size")

    def __init__(self, method: bytes = b"", *, bad: bool = False) -> None:
        self.method = method
        self.path = b""
        self.headers: dict[bytes, bytes] = {}
        self.body: list[bytes] = []
        self.size = 0
        self.keep_alive = not (bad or method)
        self.bad = bad


async def respond(node: Node, request: Request) -> bytes:
    """The response to a request, head and body."""
    if request.bad:
        return _response(400, TEXT, b"Bad Request\n", request)
    if request.method == b"OPTIONS":
        return _response(200, TEXT, b"", request, _preflight_headers(request))
    if request.method == b"GET" and request.path.split(b"?")[0] == b"/health":
        return _response(200, TEXT, b"ok", request, cors=b"")
    refusal = _refusal(request)
    if refusal is not None:
        return _response(refusal[0], TEXT, refusal[1], request)
    body = await answer(node, b"".join(request.body))
    return _response(200, JSON, body, request)


def _refusal(request: Request) -> tuple[int, bytes] | None:
    """The status and text for a request that is no JSON-RPC call."""
    if request.method != b"POST":
        return 405, WRONG_METHOD
    kind = request.headers.get(b"content-type", b"").split(b";")[0].strip().lower()
    if kind != b"application/json":
        return 415, WRONG_TYPE
    if request.size > MAX_BODY:
        return 413, b"Payload Too Large\n"
    return None


def _preflight_headers(request: Request) -> bytes:
    asked = request.headers.get(b"access-control-request-headers", b"content-type, solana-client")
    return (
        b"access-control-allow-methods: OPTIONS, POST\r\n"
        b"access-control-allow-headers: " + asked + b"\r\n"
        b"access-control-max-age: " + str(CORS_MAX_AGE).encode() + b"\r\n"
    )


def _response(
    status: int,
    kind: bytes,
    body: bytes,
    request: Request,
    extra: bytes = b"",
    cors: bytes | None = None,
) -> bytes:
    origin = request.headers.get(b"origin")
    if cors is None:
        cors = b"access-control-allow-origin: " + (origin or b"*") + b"\r\nvary: origin\r\n"
    closing = b"" if request.keep_alive else b"connection: close\r\n"
    return b"HTTP/1.1 %d %b\r\ncontent-type: %b\r\ncontent-length: %d\r\n%b%b%b\r\n%b" % (
        status,
        REASONS[status].encode(),
        kind,
        len(body),
        cors,
        extra,
        closing,
        body,
    )


class HttpServer:
    """The listening server with its open connections."""

    def __init__(self, server: asyncio.Server, connections: "set[Connection]") -> None:
        self._server = server
        self._connections = connections

    async def stop(self) -> None:
        """Take no more connections and hang up on everybody."""
        self._server.close()
        for connection in list(self._connections):
            connection.close()
        await self._server.wait_closed()


async def serve_http(node: Node, host: str, port: int) -> HttpServer:
    """Listen for JSON-RPC; raises OSError when the port is taken."""
    connections: set[Connection] = set()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(node, connections), host, port, backlog=1024)
    return HttpServer(server, connections)
