"""Fetching documents from addresses that strangers chose, by the rules of launchpad.outbound."""

import asyncio
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from launchpad.errors import UnavailableError
from launchpad.outbound import (
    CONNECT_SECONDS,
    FIRST_UNPRIVILEGED_PORT,
    HTTPS_PORT,
    MAX_HOST,
    TOTAL_SECONDS,
    Resolve,
    UnsafeAddressError,
    is_public,
    looks_like_ip,
    resolve,
)

MAX_DOCUMENT = 64 * 1024


class DocumentUnavailableError(UnavailableError):
    """The address did not answer with a usable document; it may later."""

    code = "DOCUMENT_UNAVAILABLE"


@dataclass(frozen=True, slots=True)
class _Target:
    scheme: str
    host: str
    port: int
    path: str


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
        if looks_like_ip(host):
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
