"""Requests that change something must come from our own pages: Origin, fetch metadata and CSRF token."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.cookies import session_secret
from api.errors import answer
from launchpad.accounts.credentials import csrf_token_is_valid, hash_of, signing_key
from launchpad.accounts.errors import CsrfFailedError
from launchpad.config import Settings

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_SAME_SITE_FETCH = frozenset({"same-origin", "none"})
# A sign-in is bound to its browser by a cookie of its own, so these need no token of a session.
_TOKENLESS = frozenset({"/api/auth/nonce", "/api/auth/verify"})
# Asked by POST, but only read: from every site, with or without a session.
_READS = frozenset({"/api/graphql"})


class CrossSiteGuard:
    """Refuses unsafe requests from other sites, and those with a session cookie but without its token."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._listed = {settings.origin, *settings.cors_origin_list}
        self._key: bytes | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["method"] in _SAFE or scope["path"] in _READS:
            await self._app(scope, receive, send)
            return
        problem = self._problem(scope, Headers(scope=scope))
        if problem is None:
            await self._app(scope, receive, send)
        else:
            await answer(CsrfFailedError(problem), scope.get("request_id", ""))(scope, receive, send)

    def _problem(self, scope: Scope, headers: Headers) -> str | None:
        origin = headers.get("origin")
        if origin is not None and not is_own_origin(origin, headers.get("host", ""), self._settings, self._listed):
            return "This request comes from another site: open the page here and try again."
        secret = session_secret(scope, self._settings)
        if secret is None:
            return None
        if origin is None and headers.get("sec-fetch-site") not in _SAME_SITE_FETCH:
            return "This request does not say which site it comes from: send the Origin header."
        if scope["path"] in _TOKENLESS:
            return None
        self._key = self._key or signing_key(self._settings)
        if csrf_token_is_valid(self._key, hash_of(secret), headers.get("x-csrf-token", "")):
            return None
        return "The page is out of date: load it again, then repeat this."


def is_own_origin(origin: str, host: str, settings: Settings, listed: set[str]) -> bool:
    """Whether `origin` is ours: as configured, or the very host that was asked where none is configured."""
    if origin in listed:
        return True
    return not settings.public_url and bool(host) and urlsplit(origin).netloc == host


def page_origin(headers: Headers, settings: Settings) -> str:
    """The origin of the page that asks, for the text that its wallet will show; ours where it does not say."""
    origin = headers.get("origin")
    if origin and is_own_origin(origin, headers.get("host", ""), settings, {settings.origin}):
        return origin
    return settings.origin
