"""Who a connection comes from, by what can be believed about it."""

import ipaddress
from collections.abc import Sequence

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_IPV6_SITE_BITS = 64


def parse_networks(text: str) -> tuple[Network, ...]:
    """Networks out of a comma-separated list of addresses and CIDR blocks; raises ValueError."""
    return tuple(ipaddress.ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())


def client_address(peer: str, forwarded_for: str, trusted: Sequence[Network]) -> str:
    """The client's address: the right-most hop of X-Forwarded-For that no trusted proxy is, else the peer's own.

    Headers of a peer that is no trusted proxy are ignored: anyone can send them.
    """
    current = peer
    hops = [hop.strip() for hop in forwarded_for.split(",") if hop.strip()]
    while hops and _is_trusted(current, trusted):
        current = hops.pop()
    return current


def _is_trusted(address: str, trusted: Sequence[Network]) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in trusted)


def limit_key(address: str) -> str:
    """What limits count by: an IPv4 address, or the /64 that an IPv6 host can move about in."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, _IPV6_SITE_BITS), strict=False))
    return str(parsed)
