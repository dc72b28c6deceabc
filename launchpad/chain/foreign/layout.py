"""Reading Borsh by an IDL: events and their types as Anchor describes them."""

from collections.abc import Callable, Mapping
from struct import Struct
from struct import error as StructError  # noqa: N812 - struct's own class breaks the naming rule
from typing import Any

from launchpad.chain.borsh import UndecodableError, key_text

# The value at an offset, and where the next one begins.
Read = Callable[[bytes, int], tuple[Any, int]]

_NUMBERS = {"bool": "?", "u8": "B", "i8": "b", "u16": "H", "i16": "h", "u32": "I", "i32": "i", "u64": "Q", "i64": "q"}
_NUMBERS |= {"f32": "f", "f64": "d"}
_WIDE = {"u128": (16, False), "i128": (16, True), "u256": (32, False), "i256": (32, True)}
_KEY = 32


class StructLayout:
    """A struct of an IDL. Fields that bytes end before are None: programs grow by fields at the end."""

    def __init__(self, name: str, fields: list[tuple[str, Read]]) -> None:
        self._name = name
        self._fields = fields

    def read(self, data: bytes, offset: int = 0) -> tuple[dict[str, Any], int]:
        """The fields by name, and where they end; UndecodableError when a field is cut in the middle."""
        values: dict[str, Any] = {}
        try:
            for name, read in self._fields:
                if offset >= len(data):
                    values[name] = None
                else:
                    values[name], offset = read(data, offset)
        except (StructError, IndexError) as error:
            raise UndecodableError(f"These bytes are no {self._name}: {error}.") from error
        return values, offset


def layouts(idl: Mapping[str, Any]) -> dict[str, StructLayout]:
    """Every struct of an IDL by name; ValueError for a type that has no Borsh form."""
    made: dict[str, StructLayout] = {}
    for kind in idl["types"]:
        shape = kind["type"]
        if shape["kind"] == "struct":
            fields = [(one["name"], _reader(one["type"], made)) for one in shape.get("fields", [])]
            made[kind["name"]] = StructLayout(kind["name"], fields)
    return made


def _reader(kind: Any, made: Mapping[str, StructLayout]) -> Read:
    if isinstance(kind, str):
        return _plain(kind)
    if "defined" in kind:
        name = kind["defined"]["name"] if isinstance(kind["defined"], dict) else kind["defined"]
        return lambda data, offset: made[name].read(data, offset)  # noqa: PLW0108 - may be described further down
    if "option" in kind:
        return _option(_reader(kind["option"], made))
    if "vec" in kind:
        return _vec(_reader(kind["vec"], made))
    if "array" in kind:
        inner, count = kind["array"]
        return _array(_reader(inner, made), count)
    raise ValueError(f"The type {kind!r} of an IDL is not known here.")


def _plain(kind: str) -> Read:
    if kind in _NUMBERS:
        form = Struct("<" + _NUMBERS[kind])
        return lambda data, offset: (form.unpack_from(data, offset)[0], offset + form.size)
    if kind in _WIDE:
        size, signed = _WIDE[kind]
        return lambda data, offset: (int.from_bytes(_take(data, offset, size), "little", signed=signed), offset + size)
    if kind in {"pubkey", "publicKey"}:
        return lambda data, offset: (key_text(_take(data, offset, _KEY)), offset + _KEY)
    if kind in {"string", "bytes"}:
        return _text if kind == "string" else _bytes
    raise ValueError(f"The type {kind!r} of an IDL is not known here.")


def _take(data: bytes, offset: int, size: int) -> bytes:
    taken = data[offset : offset + size]
    if len(taken) != size:
        raise IndexError("bytes are missing")
    return taken


def _bytes(data: bytes, offset: int) -> tuple[bytes, int]:
    start = offset + 4
    size = int.from_bytes(_take(data, offset, 4), "little")
    return _take(data, start, size), start + size


def _text(data: bytes, offset: int) -> tuple[str, int]:
    raw, end = _bytes(data, offset)
    return raw.decode("utf-8", "replace"), end


def _option(inner: Read) -> Read:
    return lambda data, offset: inner(data, offset + 1) if _take(data, offset, 1)[0] else (None, offset + 1)


def _array(inner: Read, count: int) -> Read:
    def read(data: bytes, offset: int) -> tuple[list[Any], int]:
        values = []
        for _ in range(count):
            value, offset = inner(data, offset)
            values.append(value)
        return values, offset

    return read


def _vec(inner: Read) -> Read:
    def read(data: bytes, offset: int) -> tuple[list[Any], int]:
        count = int.from_bytes(_take(data, offset, 4), "little")
        # A count beyond what bytes are left is nonsense, and must not become a loop of billions.
        if count > len(data):
            raise IndexError("more items than bytes")
        return _array(inner, count)(data, offset + 4)

    return read
