"""The root of every error that a user can meet.

LaunchpadError
    ConfigError            settings that cannot be used (launchpad.config)
    NotFoundError          a thing that was asked for does not exist (404)
    ConflictError          an expected clash with what is already there (409)
    InvalidInputError      input that can be mended by the caller (422)
    UnauthenticatedError   sign in first (401)
    ForbiddenError         signed in, but not allowed (403)
    RateLimitedError       too many requests; says when to try again (429)
    UnavailableError       something that we depend on is away; try again (503)

Each concrete error stands beside the service that raises it and sets its own
`code`, a stable SCREAMING_SNAKE_CASE word that clients may branch on.
"""

from typing import ClassVar


class LaunchpadError(Exception):
    """What went wrong, and what to do next.

    `code` is stable, `status` is the HTTP status, `message` is for people,
    `details` holds JSON-ready facts such as `field` or `retry_after_ms`.
    """

    code: ClassVar[str] = "INTERNAL"
    status: ClassVar[int] = 500

    def __init__(self, message: str, **details: object) -> None:
        super().__init__(message)
        self.message = message
        self.details = details

    def body(self) -> dict[str, object]:
        """The one JSON shape of an error: `{"error": {"code", "message", ...details}}`."""
        return {"error": {"code": self.code, "message": self.message, **self.details}}


class ConfigError(LaunchpadError):
    """A setting is missing or unusable; the message names the variable and the remedy."""

    code = "CONFIG"


class NotFoundError(LaunchpadError):
    """There is no such thing."""

    code = "NOT_FOUND"
    status = 404


class ConflictError(LaunchpadError):
    """The request clashes with the present state."""

    code = "CONFLICT"
    status = 409


class InvalidInputError(LaunchpadError):
    """The input cannot be used; `field` in the details names the culprit where there is one."""

    code = "INVALID_INPUT"
    status = 422


class UnauthenticatedError(LaunchpadError):
    """The caller has to sign in."""

    code = "AUTH_REQUIRED"
    status = 401


class ForbiddenError(LaunchpadError):
    """The caller is known but may not do this."""

    code = "FORBIDDEN"
    status = 403


class RateLimitedError(LaunchpadError):
    """Too many requests; `retry_after_ms` in the details says when to come back."""

    code = "RATE_LIMITED"
    status = 429


class UnavailableError(LaunchpadError):
    """A service that this request needs does not answer; nothing was changed."""

    code = "UNAVAILABLE"
    status = 503
