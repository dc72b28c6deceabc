"""Fetching documents from addresses that strangers chose, without being led astray.

Only https to public addresses: the name is resolved once, every address it has
must be public, and the connection goes to a checked address under the name's
certificate. No redirects, no proxies, no cookies; time and size are bounded.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from launchpad.errors import InvalidInputError, UnavailableError

CONNECT_SECONDS = 3.0
TOTAL_SECONDS = 15.0
MAX_DOCUMENT = 64 * 1024
MAX_HOST = 253
HTTPS_PORT = 443
FIRST_UNPRIVILEGED_PORT = 1024

_REFUSED = [
    ipaddress.ip_network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15"),
        *("198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        *("::/128", "::1/128", "64:ff9b::/96", "100::/64", "2001:db8::/32", "2002::/16"),
        *("fc00::/7", "fe80::/10", "ff00::/8"),
    )
]

Resolve = Callable[[str, int], Awaitable[list[str]]]


class UnsafeAddressError(InvalidInputError):
    """The address must not be fetched; the message says why."""

    code = "UNSAFE_ADDRESS"


class DocumentUnavailableError(UnavailableError):
    """The address did not answer with a usable document; it may later."""

    code = "DOCUMENT_UNAVAILABLE"


@dataclass(frozen=True, slots=True)
class _Target:
    scheme: str
    host: str
    port: int
    path: str


async def resolve(host: str, port: int) -> list[str]:
    """Every address of a host."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


class DocumentClient:
    """Fetches small JSON documents. `trusted` hosts (`name:port`) are exempt; they are for tests."""

    def __init__(self, *, trusted: frozenset[str] = frozenset(), resolve: Resolve = resolve) -> None:
        self._trusted = trusted
        self._resolve = resolve
        self._http = httpx.AsyncClient(
            follow_redirects=False,
            trust_env=False,
            timeout=httpx.Timeout(TOTAL_SECONDS, connect=CONNECT_SECONDS),
        )

    async def close(self) -> None:
        """Let go of every connection."""
        await self._http.aclose()

    async def fetch(self, uri: str) -> bytes:
        """The document's bytes, at most 64 KiB; UnsafeAddressError or DocumentUnavailableError."""
        target = self._check(uri)
        try:
            async with asyncio.timeout(TOTAL_SECONDS):
                return await self._get(target, await self._address(target))
        except (httpx.HTTPError, OSError, TimeoutError) as error:
            reason = str(error) or type(error).__name__
            raise DocumentUnavailableError(f"{uri} did not answer: {reason}. It will be tried again.") from error

    def _is_trusted(self, host: str, port: int) -> bool:
        return f"{host}:{port}" in self._trusted

    def _check(self, uri: str) -> _Target:
        try:
            parts = urlsplit(uri)
            port = parts.port or HTTPS_PORT
            host = (parts.hostname or "").encode("idna").decode()
        except ValueError as error:
            raise UnsafeAddressError(f"{uri[:200]} is no address that can be fetched.") from error
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        target = _Target(parts.scheme, host, port, path)
        if self._is_trusted(host, port):
            return target
        if parts.scheme != "https" or parts.username or parts.password:
            raise UnsafeAddressError("Only https addresses without a user name are fetched.")
        if not 0 < len(host) <= MAX_HOST or (port != HTTPS_PORT and port < FIRST_UNPRIVILEGED_PORT):
            raise UnsafeAddressError("The host or port of this address may not be fetched.")
        if _looks_like_ip(host):
            raise UnsafeAddressError("Addresses are fetched by name, not by number.")
        return target

    async def _address(self, target: _Target) -> str:
        """One of the host's addresses; refused when any of them is not public."""
        addresses = await self._resolve(target.host, target.port)
        if not addresses:
            raise OSError(f"{target.host} has no address")
        if not self._is_trusted(target.host, target.port) and not all(map(is_public, addresses)):
            raise UnsafeAddressError(f"{target.host} is not a public host.")
        return addresses[0]

    async def _get(self, target: _Target, address: str) -> bytes:
        host = f"[{address}]" if ":" in address else address
        default = target.port == HTTPS_PORT
        request = self._http.build_request(
            "GET",
            f"{target.scheme}://{host}:{target.port}{target.path}",
            headers={
                "Host": target.host if default else f"{target.host}:{target.port}",
                "Accept": "application/json, text/plain;q=0.5",
                "Accept-Encoding": "identity",
                "User-Agent": "launchpad",
            },
            extensions={"sni_hostname": target.host},
        )
        response = await self._http.send(request, stream=True)
        try:
            _check_answer(target, response)
            return await _read(target, response)
        finally:
            await response.aclose()
            self._http.cookies.clear()


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public Internet."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return ip.is_global and not any(ip in network for network in _REFUSED if network.version == ip.version)


def _looks_like_ip(host: str) -> bool:
    """IP literals in any of the forms that resolvers accept: dotted, decimal, octal, hex, IPv6."""
    if ":" in host:
        return True
    last = host.rstrip(".").rpartition(".")[2]
    return last.isdigit() or last.startswith("0x")


def _check_answer(target: _Target, response: httpx.Response) -> None:
    if response.status_code != httpx.codes.OK:
        raise DocumentUnavailableError(f"{target.host} answered {response.status_code}. It will be tried again.")
    kind = response.headers.get("Content-Type", "application/json").partition(";")[0].strip().lower()
    if not (kind.endswith("json") or kind in ("text/plain", "application/octet-stream")):
        raise DocumentUnavailableError(f"{target.host} answered with {kind}, not with a JSON document.")
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise DocumentUnavailableError(f"{target.host} answered compressed, which was not asked for.")


async def _read(target: _Target, response: httpx.Response) -> bytes:
    body = bytearray()
    async for part in response.aiter_raw():
        body += part
        if len(body) > MAX_DOCUMENT:
            raise DocumentUnavailableError(f"The document at {target.host} is larger than {MAX_DOCUMENT} bytes.")
    return bytes(body)
