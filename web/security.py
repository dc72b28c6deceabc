"""Headers that keep a page to what it is meant to do."""

import re
from collections.abc import MutableMapping
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HOST = re.compile(r"[A-Za-z0-9.\-]{1,253}(:\d{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:\d{1,5})?")

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class SecurityHeaders:
    """ASGI middleware: a strict Content-Security-Policy and its companions on every answer.

    Scripts and styles come from this origin only, as files: nothing inline runs, so no
    nonce is needed. Pictures may come from elsewhere, because creators host theirs there.
    """

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._https = https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to what comes back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(scope, message)
            await send(message)

        await self._app(scope, receive, with_headers)

    def _add(self, scope: Scope, message: MutableMapping[str, Any]) -> None:
        headers = MutableHeaders(raw=message["headers"])
        for name, value in _HEADERS.items():
            headers.setdefault(name, value)
        headers["Content-Security-Policy"] = policy(_host_of(scope), https=self._https)
        if self._https:
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"


def policy(host: str | None, *, https: bool) -> str:
    """The Content-Security-Policy of a page served at `host`."""
    # Not every browser lets 'self' cover WebSockets of the same origin.
    socket = f" {'wss' if https else 'ws'}://{host}" if host else ""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data: blob: https:; "
        f"connect-src 'self'{socket}; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


def _host_of(scope: Scope) -> str | None:
    """The Host header, if it is nothing but a host."""
    raw = next((value for name, value in scope["headers"] if name == b"host"), b"").decode("latin-1")
    return raw if _HOST.fullmatch(raw) else None
