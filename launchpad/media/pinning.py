"""Copies elsewhere: pinned by Pinata, and archived on Arweave."""

import asyncio
from http import HTTPStatus
from typing import Any

import pinatapy
import requests
import structlog

from launchpad.config import Settings
from launchpad.media.errors import PinningFailedError

_LOG = structlog.get_logger(__name__)
_SECONDS = 30


class Pinata(pinatapy.PinataPy):  # type: ignore[misc] # the library ships no types
    """The library's client, signing in with a JWT, which the library itself does not know yet."""

    def __init__(self, jwt: str) -> None:
        super().__init__("", "")
        self._auth_headers = {"Authorization": f"Bearer {jwt}"}

    def pin_bytes(self, name: str, body: bytes, content_type: str) -> str:
        """Pin one file as a raw CIDv1 block; its identifier. Raises PinningFailedError."""
        try:
            response = requests.post(
                f"{pinatapy.API_ENDPOINT}pinning/pinFileToIPFS",
                headers=self._auth_headers,
                files={"file": (name, body, content_type)},
                data={"pinataOptions": '{"cidVersion":1}'},
                timeout=_SECONDS,
            )
        except requests.RequestException as error:
            raise _failed("the pinning service does not answer") from error
        if response.status_code != HTTPStatus.OK:
            _LOG.error("media.pin_refused", **self._error(response))
            raise _failed(f"the pinning service answered {response.status_code}")
        answer: dict[str, Any] = response.json()
        return str(answer.get("IpfsHash"))


def _failed(why: str) -> PinningFailedError:
    message = f"The upload was not published, because {why}. Nothing is lost: try again in a moment."
    return PinningFailedError(message, retry_after_ms=5000)


async def pin(settings: Settings, cid: str, body: bytes, content_type: str) -> bool:
    """Pin `body` where PINATA_JWT is set; whether that was done. Raises PinningFailedError.

    The service must come to the same identifier as we did: then its copy and ours are one.
    """
    if not settings.pinata_jwt:
        return False
    given = await asyncio.to_thread(Pinata(settings.pinata_jwt).pin_bytes, cid, body, content_type)
    if given != cid:
        _LOG.error("media.pin_differs", ours=cid, theirs=given)
        raise _failed("the pinning service stored something else")
    return True
