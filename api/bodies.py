"""No body larger than its route needs is read."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import TooLargeError, answer
from launchpad.chain.allowlist import MAX_WALLETS
from launchpad.config import Settings

_JSON_BYTES = 64 * 1024
_UPLOAD_PATHS = {"/api/launchpad/metadata", "/api/nfts/metadata"}
# Launches and their previews may carry an allowlist.
_LISTED_PATHS = {"/api/launchpad/deploy-token", "/api/launchpad/curve-preview"}
_LISTED_BYTES = _JSON_BYTES + 50 * MAX_WALLETS
_UPLOAD_FILES = 3
# Of a thousand items, or of their signed transactions.
_BULK_PREFIX, _BULK_BYTES = "/api/batch-operations", 2 * 1024 * 1024


class BodyLimit:
    """Refuses bodies by their declared length at once, and undeclared ones as soon as they grow too long."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self._app = app
        self._upload_bytes = _UPLOAD_FILES * settings.upload_max_bytes + _JSON_BYTES

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = self._most(scope["path"])
        declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if not declared.isdigit() or int(declared) > most:
            told = TooLargeError(f"The request is too large: at most {most} bytes.", limit=most)
            await answer(told, scope.get("request_id", ""))(scope, receive, send)
            return
        await self._app(scope, _counted(receive, most), send)

    def _most(self, path: str) -> int:
        if path in _UPLOAD_PATHS:
            return self._upload_bytes
        if path.startswith(_BULK_PREFIX):
            return _BULK_BYTES
        return _LISTED_BYTES if path in _LISTED_PATHS else _JSON_BYTES


def _counted(receive: Receive, most: int) -> Receive:
    read = 0

    async def receive_some() -> Message:
        nonlocal read
        message = await receive()
        if message["type"] == "http.request":
            read += len(message.get("body", b""))
            if read > most:
                raise HTTPException(413)
        return message

    return receive_some
