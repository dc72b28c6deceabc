"""Uploads: pictures and metadata documents, stored by the hash of their content, copied where configured."""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from launchpad.config import Settings
from launchpad.db import Database
from launchpad.media import archive, documents, pinning, queries
from launchpad.media.errors import MediaNotFoundError, MetadataRefusedError
from launchpad.media.images import Picture, Role, prepare
from launchpad.media.links import cid_of, is_cid
from launchpad.media.schemas import MetadataForm, StoredImage, StoredMetadata
from launchpad.media.texts import URI_BYTES
from launchpad.tables.media import MediaObject

_JSON = "application/json"
# Decoding pictures is work for a processor: two at a time leave it something for everyone else.
_WORKBENCH = asyncio.Semaphore(2)


@dataclass(frozen=True)
class _Copies:
    """Where one object is kept besides our own store."""

    uri: str
    pinned: bool
    archived_uri: str | None


async def publish_metadata(
    database: Database,
    settings: Settings,
    form: MetadataForm,
    files: Mapping[Role, bytes],
    uploader: str | None = None,
) -> StoredMetadata:
    """Check and store the pictures and the document that names them; its URI is what the chain gets.

    Raises MetadataRefusedError, ImageRefusedError, ImageTooLargeError (each names
    its field) and PinningFailedError; then the document was not published.
    """
    clean = documents.checked(form)
    pictures = {role: await _prepared(body, role, settings) for role, body in files.items()}
    images: dict[str, StoredImage] = {
        role: await _keep_image(database, settings, item, uploader) for role, item in pictures.items()
    }
    found = documents.document(clean, images, settings.origin)
    return StoredMetadata(**await publish_document(database, settings, found, uploader), images=images)


async def publish_document(
    database: Database, settings: Settings, found: dict[str, Any], uploader: str | None = None
) -> dict[str, Any]:
    """Store a metadata document; where it is, its hash and itself, as the answers to uploads have them.

    Raises MetadataRefusedError where its address would be too long, and PinningFailedError.
    """
    body = documents.encode(found)
    cid = cid_of(body)
    copies = await _keep(database, settings, cid, body, _JSON, uploader)
    if len(copies.uri) > URI_BYTES:
        message = f"PUBLIC_URL makes metadata addresses longer than {URI_BYTES} bytes: use a shorter one."
        raise MetadataRefusedError(message, field="uri")
    return {
        "uri": copies.uri,
        "url": f"/ipfs/{cid}",
        "cid": cid,
        "metadata_hash": hashlib.sha256(body).hexdigest(),
        "metadata": found,
        "pinned": copies.pinned,
        "archived_uri": copies.archived_uri,
    }


async def publish_picture(
    database: Database, settings: Settings, body: bytes, uploader: str | None = None
) -> StoredImage:
    """Make a picture safe and store it; raises ImageRefusedError, ImageTooLargeError, PinningFailedError."""
    return await _keep_image(database, settings, await _prepared(body, "image", settings), uploader)


async def _prepared(body: bytes, role: Role, settings: Settings) -> Picture:
    async with _WORKBENCH:
        return await asyncio.to_thread(prepare, body, role, settings.upload_max_bytes)


async def _keep_image(database: Database, settings: Settings, picture: Picture, uploader: str | None) -> StoredImage:
    cid = cid_of(picture.body)
    copies = await _keep(database, settings, cid, picture.body, picture.content_type, uploader)
    return StoredImage(
        cid=cid,
        uri=copies.uri,
        url=f"/ipfs/{cid}",
        width=picture.width,
        height=picture.height,
        size=len(picture.body),
        content_type=picture.content_type,
        animated=picture.animated,
        archived_uri=copies.archived_uri,
    )


async def _keep(
    database: Database, settings: Settings, cid: str, body: bytes, content_type: str, uploader: str | None
) -> _Copies:
    """Store an object here, then elsewhere: our own copy must be there before anyone is given its name."""
    async with database.session() as session:
        await queries.add(session, cid, content_type, body, uploader)
    pinned = await pinning.pin(settings, cid, body, content_type)
    archived_uri = await archive.archive(settings, body, content_type)
    if pinned or archived_uri:
        async with database.session() as session:
            await queries.note_copies(session, cid, datetime.now(UTC) if pinned else None, archived_uri)
    # Without a pin the network cannot find the identifier, so readers elsewhere need our own address.
    uri = f"ipfs://{cid}" if pinned or settings.is_local else f"{settings.origin}/ipfs/{cid}"
    return _Copies(uri, pinned, archived_uri)


async def stored_object(database: Database, cid: str) -> MediaObject:
    """The object of an identifier; raises MediaNotFoundError."""
    if is_cid(cid):
        async with database.read() as session:
            found = await queries.find(session, cid)
        if found is not None:
            return found
    raise MediaNotFoundError("Nothing is stored under this identifier here.", cid=cid)
