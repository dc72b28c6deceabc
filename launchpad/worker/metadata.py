"""What tokens' metadata documents say: description, picture, links."""

import hashlib
import time
from dataclasses import dataclass, field
from typing import Any

import orjson
import structlog

from launchpad import live
from launchpad.config import Settings
from launchpad.db import Database
from launchpad.errors import LaunchpadError
from launchpad.media.links import cid_in, digest_of, display_url
from launchpad.worker import queries
from launchpad.worker.documents import DocumentClient, DocumentUnavailableError

log = structlog.get_logger(__name__)

AT_ONCE = 20
ATTEMPTS = 8
FIRST_RETRY_SECONDS = 5.0
MAX_TEXT = 2000
MAX_URI = 256
MAX_IMAGE_URI = 512
LINKS = ("website", "twitter", "telegram", "discord")


class DocumentAlteredError(DocumentUnavailableError):
    """The document is not the one whose hash stands on the chain."""

    code = "DOCUMENT_ALTERED"


@dataclass
class MetadataJob:
    """Fetches the documents of new and changed tokens; failures are retried ever later, 8 times."""

    settings: Settings
    database: Database
    documents: DocumentClient
    _not_before: dict[str, float] = field(default_factory=dict)

    async def run(self) -> None:
        """One turn: every token that is due, a few at a time."""
        async with self.database.read() as session:
            tokens = await queries.tokens_without_document(session, ATTEMPTS, AT_ONCE * 5)
        due = [token for token in tokens if self._not_before.get(token["mint"], 0) <= time.monotonic()]
        for token in due[:AT_ONCE]:
            await self._one(token["mint"], token["uri"], token["metadata_hash"], token["metadata_attempts"])

    async def _one(self, mint: str, uri: str, metadata_hash: str | None, attempts: int) -> None:
        try:
            shown = describe(await self._document(uri, metadata_hash), self.settings.origin)
        except LaunchpadError as error:
            self._not_before[mint] = time.monotonic() + FIRST_RETRY_SECONDS * 3**attempts
            log.info("worker.no_document", mint=mint, uri=uri, attempt=attempts + 1, error=error.message)
            async with self.database.session() as session:
                await queries.count_attempt(session, mint)
            return
        self._not_before.pop(mint, None)
        async with self.database.session() as session:
            token = await queries.save_document(session, mint, uri, shown)
            if token is not None:
                image = display_url(shown["image_uri"], self.settings.origin)
                await live.publish(session, live.TokenUpdated(mint=mint, image_uri=image, **token))

    async def _document(self, uri: str, metadata_hash: str | None) -> bytes:
        """The bytes behind a token's address: from our own store, else from a gateway or its host."""
        cid = cid_in(uri, self.settings.origin)
        body = await self._stored(cid) if cid else None
        if body is None:
            address = f"{self.settings.pinata_gateway.rstrip('/')}/ipfs/{cid}" if cid else uri
            body = await self.documents.fetch(address)
        digest = hashlib.sha256(body).digest()
        promised = {metadata_hash, (digest_of(cid) or b"").hex() if cid else None} - {None, ""}
        if promised - {digest.hex()}:
            raise DocumentAlteredError(f"The document at {uri} is not the one that the token was launched with.")
        return body

    async def _stored(self, cid: str) -> bytes | None:
        async with self.database.read() as session:
            return await queries.stored_media(session, cid)


def describe(body: bytes, origin: str) -> dict[str, Any]:
    """What we show of a metadata document; anything unusable in it is left out.

    Raises DocumentUnavailableError when it is no JSON object.
    """
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise DocumentUnavailableError("The metadata document is not JSON.") from error
    if not isinstance(document, dict):
        raise DocumentUnavailableError("The metadata document is not a JSON object.")
    places = [document.get("extensions"), document.get("links"), document]
    sources = [place for place in places if isinstance(place, dict)]
    links = {name: link for name in LINKS if (link := _link(sources, name))}
    if "website" not in links and (link := _link(sources, "external_url")):
        links["website"] = link
    return {
        "description": _text(document.get("description")),
        "image_uri": _picture(document.get("image"), origin),
        "banner_uri": _picture(_first(sources, "banner"), origin),
        "links": links,
    }


def _first(sources: list[dict[str, Any]], name: str) -> Any:
    return next((source[name] for source in sources if source.get(name)), None)


def _text(value: object) -> str | None:
    return value.replace("\x00", "").strip()[:MAX_TEXT] if isinstance(value, str) else None


def _link(sources: list[dict[str, Any]], name: str) -> str | None:
    value = _first(sources, name)
    usable = isinstance(value, str) and value.startswith("https://") and len(value) <= MAX_URI
    return value if usable and value.isprintable() else None


def _picture(value: object, origin: str) -> str | None:
    """`ipfs://CID` for content that has one, https addresses as they are, nothing else."""
    if not isinstance(value, str) or len(value) > MAX_IMAGE_URI or not value.isprintable():
        return None
    cid = cid_in(value, origin)
    if cid:
        return f"ipfs://{cid}"
    return value if value.startswith("https://") else None
