"""Fetching documents from addresses that strangers chose, by the rules of launchpad.outbound."""

import httpx

from launchpad.errors import UnavailableError
from launchpad.outbound import Outbound, UnansweredError

MAX_DOCUMENT = 64 * 1024
_HEADERS = {"Accept": "application/json, text/plain;q=0.5"}


class DocumentUnavailableError(UnavailableError):
    """The address did not answer with a usable document; it may later."""

    code = "DOCUMENT_UNAVAILABLE"


class DocumentClient(Outbound):
    """Fetches small JSON documents."""

    async def fetch(self, uri: str) -> bytes:
        """The document's bytes, at most 64 KiB; UnsafeAddressError or DocumentUnavailableError."""
        try:
            async with self.request("GET", uri, _HEADERS) as response:
                _check_answer(uri, response)
                return await _read(uri, response)
        except UnansweredError as error:
            raise DocumentUnavailableError(f"{uri}: {error}. It will be tried again.") from error


def _check_answer(uri: str, response: httpx.Response) -> None:
    if response.status_code != httpx.codes.OK:
        raise DocumentUnavailableError(f"{uri} answered {response.status_code}. It will be tried again.")
    kind = response.headers.get("Content-Type", "application/json").partition(";")[0].strip().lower()
    if not (kind.endswith("json") or kind in ("text/plain", "application/octet-stream")):
        raise DocumentUnavailableError(f"{uri} answered with {kind}, not with a JSON document.")
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise DocumentUnavailableError(f"{uri} answered compressed, which was not asked for.")


async def _read(uri: str, response: httpx.Response) -> bytes:
    body = bytearray()
    async for part in response.aiter_raw():
        body += part
        if len(body) > MAX_DOCUMENT:
            raise DocumentUnavailableError(f"The document at {uri} is larger than {MAX_DOCUMENT} bytes.")
    return bytes(body)
