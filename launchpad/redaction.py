"""Addresses of services without what only their owner may know.

The address of an RPC node often holds the key that it is paid by: in its path, its
query or before its host. What people and logs are told of a node is its host.
"""

import re
from collections.abc import Container, Iterable
from urllib.parse import urlsplit

# An address ends where prose, JSON, a list of addresses or a terminal's colours go on.
_ADDRESS = re.compile(r"""[a-z][a-z0-9+.-]*://[^\s'"<>,;)\]}\\\x1b]+""", re.IGNORECASE)


def redact(text: str, hosts: Container[str] | None = None) -> str:
    """`text` with every address in it, or those at `hosts` only, cut down to its host.

    `https://user:pw@node.example.com/v2/KEY` becomes `node.example.com`.
    """

    def cut(found: re.Match[str]) -> str:
        host = _host(found[0])
        return host if host and (hosts is None or host in hosts) else found[0]

    return _ADDRESS.sub(cut, text)


def hosts_of(addresses: Iterable[str]) -> frozenset[str]:
    """The hosts of addresses, with their ports, as `redact` compares them."""
    return frozenset(filter(None, map(_host, addresses)))


def _host(address: str) -> str:
    """The host with its port; empty where there is none."""
    try:
        return urlsplit(address).netloc.rpartition("@")[2].rstrip(".:").lower()
    except ValueError:
        return ""
