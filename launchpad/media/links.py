"""Content identifiers and what pages load for them.

Objects are named by CIDv1 with the raw codec and SHA-256 (`bafkrei...`): the
identifier is the hash of the bytes, so every copy of them has the same name and
none can be changed silently.
"""

import base64
import binascii
import hashlib
import re

from launchpad.schemas import BASE58

# CIDv1 (1), raw codec (0x55), sha2-256 (0x12) of 32 bytes (0x20).
_RAW_SHA256 = bytes((0x01, 0x55, 0x12, 0x20))
_DIGEST_BYTES = 32
_ANY_CID = re.compile(f"^(?:Qm{BASE58}{{44}}|b[a-z2-7]{{50,70}})$")


def cid_of(body: bytes) -> str:
    """The CIDv1 of `body`: multibase base32 of version, codec and SHA-256."""
    identifier = _RAW_SHA256 + hashlib.sha256(body).digest()
    return "b" + base64.b32encode(identifier).decode().lower().rstrip("=")


def digest_of(cid: str) -> bytes | None:
    """The SHA-256 inside a raw CIDv1; None for identifiers of another kind."""
    if not cid.startswith("b"):
        return None
    text = cid[1:].upper()
    try:
        identifier = base64.b32decode(text + "=" * (-len(text) % 8))
    except binascii.Error:
        return None
    if len(identifier) != len(_RAW_SHA256) + _DIGEST_BYTES or not identifier.startswith(_RAW_SHA256):
        return None
    return identifier[len(_RAW_SHA256) :]


def is_cid(text: str) -> bool:
    """Whether `text` has the form of a content identifier, version 0 or 1."""
    return bool(_ANY_CID.match(text))


def cid_in(uri: str, origin: str) -> str | None:
    """The identifier that `ipfs://CID` or our own `<origin>/ipfs/CID` names; None for other addresses."""
    for prefix in ("ipfs://", f"{origin}/ipfs/", "/ipfs/"):
        if uri.startswith(prefix):
            cid = uri.removeprefix(prefix).removeprefix("ipfs/")
            return cid if is_cid(cid) else None
    return None


def display_url(uri: str | None, origin: str) -> str | None:
    """What a page may load for `uri`: our own path for content we can serve, https as it is, else None."""
    if not uri:
        return None
    cid = cid_in(uri, origin)
    if cid:
        return f"/ipfs/{cid}"
    return uri if uri.startswith("https://") else None
