"""Reading Borsh into dataclasses: a field's annotation says its wire type, the order of fields is the layout.

    @dataclass(frozen=True, slots=True)
    class Claimed:
        schedule: Key
        amount: U64

    claimed = Layout(Claimed).read(body)

Runs of fixed-size fields are read by one `struct` call. Bytes behind the last field
are left alone, and a field with a default may be missing at the end: layouts grow
by fields at the end only.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import lru_cache
from struct import Struct
from struct import error as StructError  # noqa: N812 - struct's own class breaks the naming rule
from typing import Annotated, Any, Generic, TypeVar, get_args, get_origin, get_type_hints

from solders.pubkey import Pubkey

from launchpad.errors import LaunchpadError

T = TypeVar("T")
Convert = Callable[[Any], Any]
NO_KEY = bytes(32)
# Keys come again and again: tokens, curves, traders. Some 200 bytes each.
KEYS_KEPT = 100_000


class UndecodableError(LaunchpadError):
    """Bytes that do not have the layout that they claim."""

    code = "UNDECODABLE"


class Wire:
    """How one field looks on the wire."""

    def read(self, data: bytes, offset: int, seen: Mapping[str, Any]) -> tuple[Any, int]:
        """The value at `offset` and where the next one begins; `seen` holds the fields before it."""
        raise NotImplementedError


@dataclass(frozen=True)
class Fixed(Wire):
    """A value of fixed size: a `struct` format without byte order, and what makes the value of it."""

    format: str
    convert: Convert | None = None

    def read(self, data: bytes, offset: int, seen: Mapping[str, Any]) -> tuple[Any, int]:
        """One value by its own `struct`."""
        del seen
        form = Struct("<" + self.format)
        (value,) = form.unpack_from(data, offset)
        return (self.convert(value) if self.convert else value), offset + form.size


class Text(Wire):
    """A u32 length and UTF-8."""

    def read(self, data: bytes, offset: int, seen: Mapping[str, Any]) -> tuple[Any, int]:
        """The text; what is no UTF-8 becomes replacement characters."""
        del seen
        start = offset + 4
        end = start + int.from_bytes(data[offset:start], "little")
        if end > len(data):
            raise StructError("text runs past the end")
        return data[start:end].decode("utf-8", "replace"), end


@dataclass(frozen=True)
class Optional(Wire):
    """A presence byte, then the value."""

    inner: Wire

    def read(self, data: bytes, offset: int, seen: Mapping[str, Any]) -> tuple[Any, int]:
        """The value or None."""
        present, _ = Fixed("B").read(data, offset, seen)
        return self.inner.read(data, offset + 1, seen) if present else (None, offset + 1)


@dataclass(frozen=True)
class OnlyIf(Wire):
    """What belongs to one variant of an enum that was read before: there only when the variant is."""

    field: str
    variant: str
    inner: Wire

    def read(self, data: bytes, offset: int, seen: Mapping[str, Any]) -> tuple[Any, int]:
        """The value, or None for every other variant."""
        return self.inner.read(data, offset, seen) if seen[self.field] == self.variant else (None, offset)


@dataclass(frozen=True)
class Many(Wire):
    """A u32 count and so many values; a tuple."""

    inner: Wire

    def read(self, data: bytes, offset: int, seen: Mapping[str, Any]) -> tuple[Any, int]:
        """The values in order."""
        count, offset = Fixed("I").read(data, offset, seen)
        values = []
        for _ in range(count):
            value, offset = self.inner.read(data, offset, seen)
            values.append(value)
        return tuple(values), offset


@dataclass(frozen=True)
class Nested(Wire):
    """A struct within a struct."""

    layout: "Layout[Any]"

    def read(self, data: bytes, offset: int, seen: Mapping[str, Any]) -> tuple[Any, int]:
        """The dataclass."""
        del seen
        return self.layout.read_from(data, offset)


@lru_cache(KEYS_KEPT)
def key_text(raw: bytes) -> str:
    """The base58 form of 32 bytes."""
    return str(Pubkey(raw))


def key_or_none(raw: bytes) -> str | None:
    """The base58 form; None for the null key, which the programs write for nobody."""
    return None if raw == NO_KEY else key_text(raw)


def one_of(*variants: str) -> Fixed:
    """An enum: a u8 that counts the variants."""
    return Fixed("B", variants.__getitem__)


KEY = Fixed("32s", key_text)
U8 = Annotated[int, Fixed("B")]
U16 = Annotated[int, Fixed("H")]
U32 = Annotated[int, Fixed("I")]
U64 = Annotated[int, Fixed("Q")]
I64 = Annotated[int, Fixed("q")]
Bool = Annotated[bool, Fixed("?")]
Key = Annotated[str, KEY]
KeyOrNone = Annotated[str | None, Fixed("32s", key_or_none)]
OptionalKey = Annotated[str | None, Optional(KEY)]
Hash32 = Annotated[bytes, Fixed("32s")]
String = Annotated[str, Text()]


@dataclass(frozen=True)
class _Run:
    """Neighbouring fixed-size fields, read at once."""

    form: Struct
    names: tuple[str, ...]
    converts: tuple[tuple[int, Convert], ...]
    optional: bool

    def read(self, data: bytes, offset: int, seen: dict[str, Any]) -> int:
        values = list(self.form.unpack_from(data, offset))
        for index, convert in self.converts:
            values[index] = convert(values[index])
        seen.update(zip(self.names, values, strict=True))
        return offset + self.form.size


@dataclass(frozen=True)
class _One:
    """A field of varying size."""

    name: str
    wire: Wire
    optional: bool

    def read(self, data: bytes, offset: int, seen: dict[str, Any]) -> int:
        seen[self.name], offset = self.wire.read(data, offset, seen)
        return offset


class Layout(Generic[T]):
    """The layout of a dataclass, compiled once."""

    def __init__(self, kind: type[T]) -> None:
        self.kind = kind
        self._steps: list[_Run | _One] = []
        hints = get_type_hints(kind, include_extras=True)
        run: list[tuple[str, Fixed]] = []
        for one in fields(kind):  # type: ignore[arg-type] # every kind is a dataclass
            optional = one.default is not MISSING or one.default_factory is not MISSING
            wire = wire_of(hints[one.name])
            if run and (optional or not isinstance(wire, Fixed)):
                self._steps.append(_run(run))
                run = []
            if isinstance(wire, Fixed) and not optional:
                run.append((one.name, wire))
            else:
                self._steps.append(_One(one.name, wire, optional))
        if run:
            self._steps.append(_run(run))

    def read(self, data: bytes) -> T:
        """The dataclass that begins at the first byte; UndecodableError when bytes are missing or impossible."""
        return self.read_from(data, 0)[0]

    def read_from(self, data: bytes, offset: int) -> tuple[T, int]:
        """The dataclass at `offset` and where it ends."""
        seen: dict[str, Any] = {}
        try:
            for step in self._steps:
                if step.optional and offset >= len(data):
                    break
                offset = step.read(data, offset, seen)
        except (StructError, IndexError) as error:
            raise UndecodableError(f"These bytes are no {self.kind.__name__}: {error}.") from error
        return self.kind(**seen), offset


def wire_of(annotation: Any) -> Wire:
    """The wire type that an annotation names."""
    if get_origin(annotation) is Annotated:
        return next(extra for extra in get_args(annotation) if isinstance(extra, Wire))
    if get_origin(annotation) is tuple:
        return Many(wire_of(get_args(annotation)[0]))
    if is_dataclass(annotation) and isinstance(annotation, type):
        return Nested(Layout(annotation))
    raise TypeError(f"{annotation!r} has no wire type.")


def _run(items: list[tuple[str, Fixed]]) -> _Run:
    form = Struct("<" + "".join(wire.format for _, wire in items))
    converts = tuple((index, wire.convert) for index, (_, wire) in enumerate(items) if wire.convert)
    return _Run(form, tuple(name for name, _ in items), converts, optional=False)
