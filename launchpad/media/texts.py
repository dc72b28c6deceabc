"""Names, descriptions and links as they may stand on chain and in metadata."""

import unicodedata
from urllib.parse import urlsplit

from launchpad.media.errors import MetadataRefusedError

NAME_BYTES, SYMBOL_BYTES, URI_BYTES = 32, 10, 200
_DESCRIPTION_CHARACTERS = 1000
_LINK_CHARACTERS = 200
_HOSTS = {
    "twitter": ("x.com", "twitter.com"),
    "telegram": ("t.me", "telegram.me"),
    "discord": ("discord.gg", "discord.com"),
}


def short_text(text: str, field: str, most_bytes: int) -> str:
    """`text` trimmed, in NFC; refused when empty, too long in UTF-8, or with characters that cannot be seen."""
    clean = unicodedata.normalize("NFC", text).strip()
    if not clean:
        raise MetadataRefusedError(f"Give the token a {field}.", field=field)
    length = len(clean.encode())
    if length > most_bytes:
        message = f"The {field} is too long: at most {most_bytes} bytes in UTF-8, this one has {length}."
        raise MetadataRefusedError(message, field=field, limit=most_bytes)
    _require_visible(clean, field)
    return clean


def description(text: str) -> str:
    """A description in NFC, lines kept."""
    clean = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
    if len(clean) > _DESCRIPTION_CHARACTERS:
        message = f"The description is too long: at most {_DESCRIPTION_CHARACTERS} characters."
        raise MetadataRefusedError(message, field="description", limit=_DESCRIPTION_CHARACTERS)
    _require_visible(clean.replace("\n", " "), "description")
    return clean


def _require_visible(text: str, field: str) -> None:
    """Refuse control, format and unassigned characters: with these a name can pretend to be another."""
    hidden = next((char for char in text if unicodedata.category(char).startswith("C") and char != "\u200d"), None)
    if hidden is not None:
        message = f"The {field} contains an invisible character (U+{ord(hidden):04X}): take it out."
        raise MetadataRefusedError(message, field=field)


def link(url: str, field: str) -> str | None:
    """An https address, of the right host for `twitter`, `telegram` and `discord`; None when empty."""
    clean = url.strip()
    if not clean:
        return None
    try:
        parts = urlsplit(clean)
        host = (parts.hostname or "").lower()
        userinfo = parts.username
    except ValueError:
        host, userinfo, parts = "", None, urlsplit("")
    if parts.scheme != "https" or "." not in host or userinfo or len(clean) > _LINK_CHARACTERS or not _is_plain(clean):
        message = f"This is no usable address: give it as https://... with at most {_LINK_CHARACTERS} characters."
        raise MetadataRefusedError(message, field=field)
    allowed = _HOSTS.get(field)
    if allowed and host.removeprefix("www.") not in allowed:
        raise MetadataRefusedError(f"A {field} link leads to {' or '.join(allowed)}.", field=field)
    return clean


def _is_plain(url: str) -> bool:
    return url.isascii() and url.isprintable() and not any(char in url for char in " <>\"'`\\")
