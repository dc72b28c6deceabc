"""Speaking to addresses that strangers chose, without being led astray.

Only https to public addresses: the name is resolved once, every address it has must be
public, and the connection goes to a checked address under the name's certificate, so that
no second look-up can lead elsewhere. No redirects, no proxies, no cookies; time and size are bounded.
"""

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx

from launchpad.errors import InvalidInputError

CONNECT_SECONDS = 3.0
TOTAL_SECONDS = 15.0
MAX_HOST = 253
MAX_ANSWER = 4096
HTTPS_PORT = 443
HTTP_PORT = 80
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


class UnansweredError(Exception):
    """Nobody answered, or not in time."""


async def resolve(host: str, port: int) -> list[str]:
    """Every address of a host."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public Internet."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return ip.is_global and not any(ip in network for network in _REFUSED if network.version == ip.version)


def looks_like_ip(host: str) -> bool:
    """IP literals in any of the forms that resolvers accept: dotted, decimal, octal, hex, IPv6."""
    if ":" in host:
        return True
    last = host.rstrip(".").rpartition(".")[2]
    return last.isdigit() or last.startswith("0x")


@dataclass(frozen=True, slots=True)
class _Target:
    scheme: str
    host: str
    port: int
    path: str

    @property
    def name(self) -> str:
        """What the Host header says."""
        default = HTTPS_PORT if self.scheme == "https" else HTTP_PORT
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == default else f"{host}:{self.port}"


class Answer(NamedTuple):
    """What was answered: status, and the beginning of the text."""

    status: int
    text: str


class Outbound:
    """Speaks to addresses of strangers. With `loopback` also to this machine itself, by http too, and to no other."""

    def __init__(self, *, loopback: bool = False, resolve: Resolve = resolve) -> None:
        self._loopback = loopback
        self._resolve = resolve
        self._http = httpx.AsyncClient(
            follow_redirects=False, trust_env=False, timeout=httpx.Timeout(TOTAL_SECONDS, connect=CONNECT_SECONDS)
        )

    async def close(self) -> None:
        """Let go of every connection."""
        await self._http.aclose()

    async def check(self, url: str) -> None:
        """Raise UnsafeAddressError where `url` must not be spoken to, as far as its name tells now."""
        try:
            await self._address(self._target(url))
        except OSError as error:
            raise UnsafeAddressError("This host has no address: check how it is written.", field="url") from error

    @asynccontextmanager
    async def request(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> AsyncIterator[httpx.Response]:
        """The answer, whatever its status, its body still to be read; UnsafeAddressError, or UnansweredError."""
        target = self._target(url)
        try:
            async with asyncio.timeout(TOTAL_SECONDS):
                request = self._request(method, target, await self._address(target), headers, body)
                response = await self._http.send(request, stream=True)
                try:
                    yield response
                finally:
                    await response.aclose()
                    self._http.cookies.clear()
        except (httpx.HTTPError, OSError, TimeoutError) as error:
            raise UnansweredError(f"No answer: {str(error) or type(error).__name__}") from error

    def _target(self, url: str) -> _Target:
        try:
            parts = urlsplit(url)
            port = parts.port or (HTTP_PORT if parts.scheme == "http" else HTTPS_PORT)
            host = parts.hostname or ""
            host = host if ":" in host else host.encode("idna").decode()
        except ValueError as error:
            raise UnsafeAddressError("This is no web address.", field="url") from error
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        target = _Target(parts.scheme, host, port, path)
        if parts.username or parts.password or not 0 < len(host) <= MAX_HOST:
            raise UnsafeAddressError("The address needs a host, and no user name.", field="url")
        if parts.scheme != "https" and not (self._loopback and parts.scheme == "http"):
            raise UnsafeAddressError("Only https addresses are taken.", field="url")
        if port != HTTPS_PORT and port < FIRST_UNPRIVILEGED_PORT:
            raise UnsafeAddressError("This port may not be used.", field="url")
        if looks_like_ip(host) and not self._loopback:
            raise UnsafeAddressError("Name the host, not its number.", field="url")
        return target

    async def _address(self, target: _Target) -> str:
        """One of the host's addresses; refused when any of them is not public."""
        addresses = await self._resolve(target.host, target.port)
        if not addresses:
            raise OSError(f"{target.host} has no address")
        here = self._loopback and all(ipaddress.ip_address(each).is_loopback for each in addresses)
        if not here and (target.scheme == "http" or not all(map(is_public, addresses))):
            raise UnsafeAddressError(f"{target.host} is not a public host.", field="url")
        return addresses[0]

    def _request(
        self, method: str, target: _Target, address: str, headers: Mapping[str, str], body: bytes | None
    ) -> httpx.Request:
        host = f"[{address}]" if ":" in address else address
        return self._http.build_request(
            method,
            f"{target.scheme}://{host}:{target.port}{target.path}",
            content=body,
            headers={"User-Agent": "launchpad", "Accept-Encoding": "identity", **headers, "Host": target.name},
            extensions={"sni_hostname": target.host},
        )


class Poster(Outbound):
    """Posts messages."""

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Post and return the answer, whatever its status; UnsafeAddressError, or UnansweredError."""
        async with self.request("POST", url, headers, body) as response:
            text = b""
            async for part in response.aiter_raw():
                text += part
                if len(text) > MAX_ANSWER:
                    break
            return Answer(response.status_code, text[:MAX_ANSWER].decode(errors="replace"))
