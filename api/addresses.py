"""Which address a connection is counted under."""

from functools import cache

from starlette.datastructures import Headers
from starlette.types import Scope

from launchpad.clients import Network, client_address, limit_key, parse_networks
from launchpad.config import Settings


@cache
def _trusted(proxies: str) -> tuple[Network, ...]:
    return parse_networks(proxies)


def address_key(scope: Scope, settings: Settings) -> str:
    """The client's address as limits count it, past the proxies that are trusted."""
    peer = (scope.get("client") or ("unknown", 0))[0]
    forwarded = Headers(scope=scope).get("x-forwarded-for", "")
    return limit_key(client_address(peer, forwarded, _trusted(settings.trusted_proxies)))
