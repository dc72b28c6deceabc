"""Borsh by IDL: encodes arguments and decodes accounts and events of an Anchor IDL (spec 0.1.0).

A struct is a dict, a plain enum variant its name, a variant with fields
`{name: {field: value}}`, a key a `Pubkey`. Written for tests: it trusts the IDL,
not the bytes, and a decode must use them all.
"""

import struct
from typing import Any

from solders.pubkey import Pubkey

_INTEGERS = {"u8": "B", "u16": "<H", "u32": "<I", "u64": "<Q", "i8": "b", "i16": "<h", "i32": "<i", "i64": "<q"}

Type = str | dict[str, Any]


class Codec:
    """Encodes and decodes the types of one IDL."""

    def __init__(self, types: list[dict[str, Any]]) -> None:
        self._types = {each["name"]: each["type"] for each in types}

    def encode(self, kind: Type, value: Any) -> bytes:
        """The Borsh bytes of `value` as `kind`."""
        if isinstance(kind, str):
            return _encode_plain(kind, value)
        if "option" in kind:
            return b"\0" if value is None else b"\1" + self.encode(kind["option"], value)
        if "vec" in kind:
            return struct.pack("<I", len(value)) + b"".join(self.encode(kind["vec"], each) for each in value)
        if "array" in kind:
            element, length = kind["array"]
            assert len(value) == length, f"{length} elements, not {len(value)}"
            return bytes(value) if element == "u8" else b"".join(self.encode(element, each) for each in value)
        return self._encode_defined(self._types[kind["defined"]["name"]], value)

    def decode(self, kind: Type, data: bytes) -> Any:
        """The value of `kind` that `data` is, to the last byte."""
        value, end = self._decode(kind, data, 0)
        assert end == len(data), f"{len(data) - end} bytes too many for {kind}"
        return value

    def decode_prefix(self, kind: Type, data: bytes) -> Any:
        """The value of `kind` at the start of `data`."""
        return self._decode(kind, data, 0)[0]

    def size(self, kind: Type, value: Any) -> int:
        """How many bytes `value` takes."""
        return len(self.encode(kind, value))

    def _encode_defined(self, body: dict[str, Any], value: Any) -> bytes:
        if body["kind"] == "struct":
            return self._encode_fields(body.get("fields", []), value)
        name, content = (value, None) if isinstance(value, str) else next(iter(value.items()))
        index = [variant["name"] for variant in body["variants"]].index(name)
        return bytes([index]) + self._encode_fields(body["variants"][index].get("fields", []), content)

    def _encode_fields(self, fields: list[Any], value: Any) -> bytes:
        if fields and isinstance(fields[0], dict) and "name" in fields[0]:
            assert set(value) == {each["name"] for each in fields}, f"fields {sorted(value)}"
            return b"".join(self.encode(each["type"], value[each["name"]]) for each in fields)
        return b"".join(self.encode(kind, each) for kind, each in zip(fields, value or [], strict=True))

    def _decode(self, kind: Type, data: bytes, at: int) -> tuple[Any, int]:
        if isinstance(kind, str):
            return _decode_plain(kind, data, at)
        if "option" in kind:
            return self._decode(kind["option"], data, at + 1) if data[at] else (None, at + 1)
        if "vec" in kind:
            (length,) = struct.unpack_from("<I", data, at)
            return self._decode_many(kind["vec"], length, data, at + 4)
        if "array" in kind:
            element, length = kind["array"]
            if element == "u8":
                return data[at : at + length], at + length
            return self._decode_many(element, length, data, at)
        return self._decode_defined(self._types[kind["defined"]["name"]], data, at)

    def _decode_many(self, kind: Type, length: int, data: bytes, at: int) -> tuple[list[Any], int]:
        values = []
        for _ in range(length):
            value, at = self._decode(kind, data, at)
            values.append(value)
        return values, at

    def _decode_defined(self, body: dict[str, Any], data: bytes, at: int) -> tuple[Any, int]:
        if body["kind"] == "struct":
            return self._decode_fields(body.get("fields", []), data, at)
        variant = body["variants"][data[at]]
        if not variant.get("fields"):
            return variant["name"], at + 1
        content, at = self._decode_fields(variant["fields"], data, at + 1)
        return {variant["name"]: content}, at

    def _decode_fields(self, fields: list[Any], data: bytes, at: int) -> tuple[Any, int]:
        named = not fields or (isinstance(fields[0], dict) and "name" in fields[0])
        values: list[Any] = []
        for each in fields:
            value, at = self._decode(each["type"] if named else each, data, at)
            values.append(value)
        return (dict(zip((each["name"] for each in fields), values, strict=True)) if named else values), at


def _encode_plain(kind: str, value: Any) -> bytes:
    if kind in _INTEGERS:
        return struct.pack(_INTEGERS[kind], value)
    if kind in ("u128", "i128"):
        return int(value).to_bytes(16, "little", signed=kind == "i128")
    if kind == "bool":
        return bytes([bool(value)])
    if kind == "pubkey":
        return bytes(value)
    content = value.encode() if kind == "string" else bytes(value)
    return struct.pack("<I", len(content)) + content


def _decode_plain(kind: str, data: bytes, at: int) -> tuple[Any, int]:
    if kind in _INTEGERS:
        (value,) = struct.unpack_from(_INTEGERS[kind], data, at)
        return value, at + struct.calcsize(_INTEGERS[kind])
    if kind in ("u128", "i128"):
        return int.from_bytes(data[at : at + 16], "little", signed=kind == "i128"), at + 16
    if kind == "bool":
        return bool(data[at]), at + 1
    if kind == "pubkey":
        return Pubkey(data[at : at + 32]), at + 32
    (length,) = struct.unpack_from("<I", data, at)
    content = data[at + 4 : at + 4 + length]
    if len(content) < length:
        raise struct.error("a text is cut short")
    return (content.decode() if kind == "string" else content), at + 4 + length
