"""The outermost layer of a request: its id, its log line, its figures, and a plain answer when all else fails."""

import re
import secrets
import time

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import metrics
from api.errors import UnexpectedError, answer, outage
from launchpad.errors import LaunchpadError

_LOG = structlog.get_logger(__name__)
_GIVEN_ID = re.compile(rb"^[A-Za-z0-9_-]{8,64}$")
_QUIET = frozenset({"/metrics", "/health", "/api/health"})

_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=()"),
    (b"x-frame-options", b"DENY"),
]
_POLICY = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'")
_HSTS = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")


class RequestContext:
    """Gives every request an id, and every answer that id and the security headers.

    What a route does not expect ends here: logged with the id, answered without details.
    """

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._headers = [*_HEADERS, *([_HSTS] if https else [])]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = scope["request_id"] = _request_id(scope)
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started, status = time.perf_counter(), 0
        told: LaunchpadError | None

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._add_headers(message, request_id)
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Exception as error:  # noqa: BLE001  whatever it is, the caller gets an answer and the log the rest
            told = outage(error)
            if told is None:
                _LOG.exception("api.unexpected", method=scope["method"], path=scope["path"])
                told = UnexpectedError("Something went wrong on our side. Nothing is lost: try again in a moment.")
            if not status:
                await answer(told, request_id)(scope, receive, send_with_headers)
        finally:
            self._account(scope, status, time.perf_counter() - started)
            structlog.contextvars.unbind_contextvars("request_id")

    def _add_headers(self, message: Message, request_id: str) -> None:
        headers = message.setdefault("headers", [])
        present = {name for name, _ in headers}
        headers += [pair for pair in self._headers if pair[0] not in present]
        if _POLICY[0] not in present:
            headers.append(_POLICY)
        headers.append((b"x-request-id", request_id.encode()))

    @staticmethod
    def _account(scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", None) or scope.get("hot_route") or "none"
        metrics.REQUESTS.labels(scope["method"], route, status).inc()
        metrics.SECONDS.labels(route).observe(seconds)
        if scope["path"] in _QUIET:
            return
        log = _LOG.info if status >= 400 or scope["method"] != "GET" else _LOG.debug  # noqa: PLR2004
        milliseconds = round(seconds * 1000, 1)
        log("api.request", method=scope["method"], path=scope["path"], status=status, ms=milliseconds)


def _request_id(scope: Scope) -> str:
    """The caller's own X-Request-Id where it is harmless, else a new one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _GIVEN_ID.match(value):
            return str(value.decode())
    return secrets.token_hex(8)
