"""A second, permanent copy: an ANS-104 data item handed to an Arweave bundling service.

The gateway (ARWEAVE_GATEWAY) takes signed data items at POST <gateway>/tx and
answers with JSON; the item's id, which is the hash of its signature, is known
beforehand. Items are signed with a key made once and kept in LAUNCHPAD_HOME.
"""

import base64
import hashlib
from collections.abc import Sequence
from contextlib import suppress
from http import HTTPStatus

import httpx
import structlog

from launchpad.chain import keys
from launchpad.config import Settings
from launchpad.media.errors import PinningFailedError

_LOG = structlog.get_logger(__name__)
_ED25519 = 2
_SECONDS = 30

Tree = bytes | Sequence["Tree"]


async def archive(settings: Settings, body: bytes, content_type: str) -> str | None:
    """Hand `body` to the archive where one is configured; its `ar://` address. Raises PinningFailedError."""
    if not settings.arweave_gateway:
        return None
    keypair = _archive_key(settings)
    identifier, item = data_item(keypair, body, {"Content-Type": content_type, "App-Name": "Launchpad"})
    try:
        async with httpx.AsyncClient(timeout=_SECONDS, trust_env=False) as client:
            headers = {"Content-Type": "application/octet-stream"}
            response = await client.post(f"{settings.arweave_gateway.rstrip('/')}/tx", content=item, headers=headers)
    except httpx.HTTPError as error:
        raise _failed("does not answer") from error
    if response.status_code >= HTTPStatus.BAD_REQUEST:
        _LOG.error("media.archive_refused", status=response.status_code, body=response.text[:300])
        raise _failed(f"answered {response.status_code}")
    return f"ar://{identifier}"


def _failed(why: str) -> PinningFailedError:
    message = f"The upload was not published, because the archive {why}. Nothing is lost: try again in a moment."
    return PinningFailedError(message, retry_after_ms=5000)


def _archive_key(settings: Settings) -> keys.Keypair:
    path = settings.launchpad_home / "arweave.json"
    if not path.exists():
        with suppress(FileExistsError):  # another process was first
            keys.save(keys.generate(), path)
    return keys.load(path)


def data_item(keypair: keys.Keypair, body: bytes, tags: dict[str, str]) -> tuple[str, bytes]:
    """The id and the bytes of a signed ANS-104 data item without target and anchor."""
    owner, encoded = bytes(keypair.pubkey()), _encoded_tags(tags)
    parts: Tree = [b"dataitem", b"1", str(_ED25519).encode(), owner, b"", b"", encoded, body]
    signature = keys.sign_message(keypair, _deep_hash(parts))
    head = _ED25519.to_bytes(2, "little") + signature + owner + b"\0\0"
    counts = len(tags).to_bytes(8, "little") + len(encoded).to_bytes(8, "little")
    identifier = base64.urlsafe_b64encode(hashlib.sha256(signature).digest()).rstrip(b"=").decode()
    return identifier, head + counts + encoded + body


def _deep_hash(tree: Tree) -> bytes:
    """Arweave's hash of nested lists of bytes (SHA-384)."""
    if isinstance(tree, bytes):
        return _sha384(_sha384(b"blob" + str(len(tree)).encode()) + _sha384(tree))
    total = _sha384(b"list" + str(len(tree)).encode())
    for branch in tree:
        total = _sha384(total + _deep_hash(branch))
    return total


def _sha384(data: bytes) -> bytes:
    return hashlib.sha384(data).digest()


def _encoded_tags(tags: dict[str, str]) -> bytes:
    """Tags as one Avro block of (name, value) records."""
    if not tags:
        return b""
    block = _avro_long(len(tags))
    for name, value in tags.items():
        for text in (name.encode(), value.encode()):
            block += _avro_long(len(text)) + text
    return block + b"\0"


def _avro_long(value: int) -> bytes:
    """A non-negative number as Avro's zig-zag varint."""
    left, out = value << 1, bytearray()
    while left > 0x7F:  # noqa: PLR2004  seven bits a byte
        out.append(left & 0x7F | 0x80)
        left >>= 7
    out.append(left)
    return bytes(out)
