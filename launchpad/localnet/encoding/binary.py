"""Binary data as text: base58, base64, and zstd frames."""

import base64
import binascii

import based58

ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
ZSTD_BLOCK = 128 * 1024
RAW_BLOCK, RUN_BLOCK = 0, 1
SHORTEST_RUN = 16
BASE64_ALPHABET = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")
BASE58_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


class UndecodableError(Exception):
    """Text that is no base58 or base64; the message is the decoder's, as validators show it."""


def to_base58(data: bytes) -> str:
    """Base58 text."""
    return based58.b58encode(data).decode()


def to_base64(data: bytes) -> str:
    """Base64 text with padding."""
    return base64.b64encode(data).decode()


def from_base58(text: str) -> bytes:
    """Decode base58; raises UndecodableError."""
    for position, character in enumerate(text):
        if character not in BASE58_ALPHABET:
            if ord(character) > 127:  # noqa: PLR2004 - the last ASCII character
                raise UndecodableError(f"NonAsciiCharacter {{ index: {position} }}")
            raise UndecodableError(f"InvalidCharacter {{ character: '{character}', index: {position} }}")
    return based58.b58decode(text.encode()) if text else b""


def from_base64(text: str) -> bytes:
    """Decode base64 with padding; raises UndecodableError."""
    raw = text.encode()
    for position, byte in enumerate(raw):
        if byte not in BASE64_ALPHABET:
            raise UndecodableError(f"InvalidByte({position}, {byte})")
    try:
        return base64.b64decode(raw, validate=True)
    except binascii.Error:
        if len(raw) % 4:
            raise UndecodableError("InvalidPadding") from None
        raise UndecodableError(f"InvalidLastSymbol({len(raw) - 1}, {raw[-1]})") from None


def to_zstd(data: bytes) -> bytes:
    """A zstd frame that holds `data` in raw and run-length blocks.

    Any zstd decoder reads it. Account data is mostly short, or long runs of zeros,
    which is what run-length blocks shrink.
    """
    blocks = _blocks(data) or [(RAW_BLOCK, b"", 0)]
    # Single segment, four-byte content size: the decoder needs no window.
    header = ZSTD_MAGIC + b"\xa0" + len(data).to_bytes(4, "little")
    body = bytearray(header)
    for position, (kind, content, size) in enumerate(blocks):
        last = position == len(blocks) - 1
        body += (size << 3 | kind << 1 | last).to_bytes(3, "little") + content
    return bytes(body)


def _blocks(data: bytes) -> list[tuple[int, bytes, int]]:
    blocks: list[tuple[int, bytes, int]] = []
    start = position = 0
    while position < len(data):
        length = _run_length(data, position)
        if length >= SHORTEST_RUN:
            blocks += _raw(data[start:position])
            blocks.append((RUN_BLOCK, data[position : position + 1], length))
            start = position + length
        position += length
    return blocks + _raw(data[start:])


def _run_length(data: bytes, start: int) -> int:
    byte = data[start : start + 1]
    window = data[start : start + ZSTD_BLOCK]
    return len(window) - len(window.lstrip(byte))


def _raw(data: bytes) -> list[tuple[int, bytes, int]]:
    starts = range(0, len(data), ZSTD_BLOCK)
    chunks = [data[start : start + ZSTD_BLOCK] for start in starts]
    return [(RAW_BLOCK, chunk, len(chunk)) for chunk in chunks]
