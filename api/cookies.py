"""The two cookies: the session, and the secret that binds a sign-in to its browser."""

from http.cookies import CookieError, SimpleCookie

from starlette.responses import Response
from starlette.types import Scope

from launchpad.accounts.service import ABSOLUTE_LIFE
from launchpad.accounts.siws import CHALLENGE_TTL
from launchpad.config import Settings

_SECRET_LENGTH = 43


def _is_https(settings: Settings) -> bool:
    return settings.origin.startswith("https://")


def session_cookie(settings: Settings) -> str:
    """`__Host-sid` on https, `sid` on plain http; never both."""
    return "__Host-sid" if _is_https(settings) else "sid"


def browser_cookie(settings: Settings) -> str:
    """The cookie that ties a challenge to the browser that asked for it."""
    return "__Host-pre" if _is_https(settings) else "pre"


def session_secret(scope: Scope, settings: Settings) -> str | None:
    """The value of the session cookie, if it can be one."""
    return _read(scope, session_cookie(settings))


def browser_secret(scope: Scope, settings: Settings) -> str | None:
    """The value of the pre-session cookie, if it can be one."""
    return _read(scope, browser_cookie(settings))


def _read(scope: Scope, name: str) -> str | None:
    for key, value in scope["headers"]:
        if key == b"cookie":
            try:
                cookies = SimpleCookie(value.decode("latin-1"))
            except CookieError:
                return None
            found = cookies.get(name)
            return found.value if found and len(found.value) == _SECRET_LENGTH else None
    return None


def set_session(response: Response, settings: Settings, secret: str) -> None:
    """Hand the browser its session."""
    _set(response, settings, session_cookie(settings), secret, int(ABSOLUTE_LIFE.total_seconds()))


def set_browser(response: Response, settings: Settings, secret: str) -> None:
    """Hand the browser the secret of a sign-in that has begun."""
    _set(response, settings, browser_cookie(settings), secret, int(CHALLENGE_TTL.total_seconds()))


def clear(response: Response, settings: Settings, name: str) -> None:
    """Take a cookie back."""
    _set(response, settings, name, "", 0)


def _set(response: Response, settings: Settings, name: str, value: str, max_age: int) -> None:
    response.set_cookie(
        name, value, max_age=max_age, path="/", secure=_is_https(settings), httponly=True, samesite="lax"
    )
