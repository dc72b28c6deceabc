"""Whose API key came with a request."""

from starlette.types import ASGIApp, Receive, Scope, Send

from api.addresses import address_key
from api.errors import answer
from api.services import Services
from launchpad.api_keys import service
from launchpad.api_keys.errors import ApiKeyRefusedError
from launchpad.api_keys.schemas import Holder
from launchpad.errors import LaunchpadError, RateLimitedError
from launchpad.limits import Limit, Rule

_BEARER = b"bearer "
# What Redis does not remember is asked of Postgres: once a minute for a key that holds, ever again for made-up ones.
_LOOKUPS = Limit("key-lookups", 60, 60)


def sent_key(scope: Scope) -> str | None:
    """The key of a request, out of `X-API-Key` or a bearer token; None where there is none."""
    for name, value in scope["headers"]:
        if name == b"x-api-key":
            return str(value.decode("latin-1")).strip()
        if name == b"authorization" and value[: len(_BEARER)].lower() == _BEARER:
            return str(value[len(_BEARER) :].decode("latin-1")).strip()
    return None


async def holder_of(scope: Scope, services: Services) -> Holder | None:
    """Whose key came with a request, None without one; ApiKeyRefusedError, RateLimitedError. Looked up once."""
    if "api_key" not in scope:
        secret = sent_key(scope)
        scope["api_key"] = None if secret is None else await _found(scope, secret, services)
    found: Holder | ApiKeyRefusedError | None = scope["api_key"]
    if isinstance(found, ApiKeyRefusedError):
        raise found
    return found


async def _found(scope: Scope, secret: str, services: Services) -> Holder | ApiKeyRefusedError:
    holder: Holder | None = None
    if service.may_be_key(secret):
        known = await service.recalled(services.redis, secret)
        holder = known.holder if known.known else await _looked_up(scope, secret, services)
    if holder is not None:
        return holder
    return ApiKeyRefusedError("This API key is not known here or was revoked: make one at /api-keys, or send none.")


async def _looked_up(scope: Scope, secret: str, services: Services) -> Holder | None:
    if services.settings.rate_limits:
        decision = await services.limiter.ask([Rule(_LOOKUPS, address_key(scope, services.settings))])
        if not decision.allowed:
            message = "Too many different API keys came from your address: try again in a minute."
            raise RateLimitedError(message, retry_after_ms=decision.retry_after_ms, limit=_LOOKUPS.name)
    return await service.holder_of(services.database, services.redis, secret)


class KnownKeys:
    """Answers 401 to a key that does not hold, before anything is served."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and scope["method"] != "OPTIONS":
            try:
                await holder_of(scope, scope["app"].state.services)
            except LaunchpadError as error:
                await answer(error, scope["request_id"])(scope, receive, send)
                return
        await self._app(scope, receive, send)
