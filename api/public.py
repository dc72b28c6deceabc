"""Data for everybody: read from any page, asked again without being sent again, and by HEAD.

Reads of the market tell nobody's own, so every origin may read them, without credentials.
Answers that are sent whole carry an ETag; a reader who has one is told that it still holds.
"""

import re
import zlib
from collections.abc import MutableMapping
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_PATHS = re.compile(
    r"^/api/(v1/(tokens|king|market|trending|prices)(/|$)|v1/screener(/fields)?$|launchpad/(token/|projects$)"
    r"|sync/launchpad/|prices/|udf/|dexscreener/|latest/dex/|tokens/v1/|token-pairs/v1/|graphql$|openapi\.json$)"
)
_ANYBODY = [
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"ETag, Retry-After, X-Request-Id, RateLimit, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset",
    ),
    (b"cross-origin-resource-policy", b"cross-origin"),
]
_ASKED_BEFORE = [
    (b"access-control-allow-methods", b"GET, HEAD, POST"),
    (b"access-control-allow-headers", b"Authorization, Content-Type, If-None-Match, X-API-Key, X-Request-Id"),
    (b"access-control-max-age", b"86400"),
    (b"content-length", b"0"),
]
_REPLACED = frozenset({name for name, _ in _ANYBODY} | {b"access-control-allow-credentials"})
_OK, _NOT_MODIFIED, _NO_CONTENT = 200, 304, 204


def is_public(path: str) -> bool:
    """Whether what is read at a path is for everybody."""
    return _PATHS.match(path) is not None


def etag_of(body: bytes) -> str:
    """The entity tag of a whole body."""
    return f'"{zlib.crc32(body):08x}{len(body):x}"'


def is_known(scope: Scope, etag: str) -> bool:
    """Whether the reader says that he has exactly this answer."""
    tag = etag.removeprefix("W/").encode()
    return any(name == b"if-none-match" and (tag in value or value.strip() == b"*") for name, value in scope["headers"])


class PublicData:
    """Gives public reads their headers; everything else passes untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or not is_public(scope["path"]):
            await self._app(scope, receive, send)
        elif scope["method"] == "OPTIONS":
            headers = [*_ANYBODY, *_ASKED_BEFORE]
            await send({"type": "http.response.start", "status": _NO_CONTENT, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
        else:
            await self._app(_as_get(scope), receive, _Public(scope, send))


def _as_get(scope: Scope) -> Scope:
    # The same mapping for all others: what inner layers write into it is read outside.
    return {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope


class _Public:
    """A `send` that adds the headers, and holds an answer back until its tag is known."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope, self._send = scope, send
        self._held: MutableMapping[str, Any] | None = None
        self._silent = scope["method"] == "HEAD"

    async def __call__(self, message: Message) -> None:
        """Take one message of the answer."""
        if message["type"] == "http.response.start":
            await self._start(message)
        else:
            await self._body(message)

    async def _start(self, message: Message) -> None:
        headers = [pair for pair in message.get("headers", ()) if pair[0] not in _REPLACED]
        message["headers"] = headers + _ANYBODY
        if self._may_be_tagged(message["status"], headers):
            self._held = message
        else:
            await self._send(message)

    def _may_be_tagged(self, status: int, headers: list[tuple[bytes, bytes]]) -> bool:
        told = dict(headers)
        return (
            status == _OK
            and self._scope["method"] in ("GET", "HEAD")
            and b"etag" not in told
            and told.get(b"cache-control") != b"no-store"
        )

    async def _body(self, message: Message) -> None:
        held, self._held = self._held, None
        if held is not None:
            if not message.get("more_body", False):
                message = self._tagged(held, message)
            await self._send(held)
        await self._send({**message, "body": b""} if self._silent else message)

    def _tagged(self, start: MutableMapping[str, Any], body: Message) -> Message:
        etag = etag_of(body.get("body", b""))
        start["headers"] = [*start["headers"], (b"etag", etag.encode())]
        if not any(name == b"cache-control" for name, _ in start["headers"]):
            start["headers"].append((b"cache-control", b"no-cache"))
        if not is_known(self._scope, etag):
            return body
        start["status"] = _NOT_MODIFIED
        start["headers"] = [pair for pair in start["headers"] if pair[0] != b"content-length"]
        return {**body, "body": b""}
