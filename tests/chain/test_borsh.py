"""The reader itself, beyond what the programs' own layouts use."""

from dataclasses import dataclass, field

import pytest

from launchpad.chain.borsh import U8, U16, U64, Bool, Layout, String, UndecodableError, Wire, wire_of


@dataclass(frozen=True, slots=True)
class Point:
    x: U8
    y: U16


@dataclass(frozen=True, slots=True)
class Shape:
    name: String
    corners: tuple[Point, ...]
    filled: Bool = False
    weights: tuple[Point, ...] = field(default_factory=tuple)
    area: U64 = 7


def test_structs_nest_and_vectors_are_tuples():
    data = b"\2\0\0\0ab" + b"\2\0\0\0" + b"\1\2\0" + b"\3\4\0"
    shape = Layout(Shape).read(data)
    assert shape == Shape("ab", (Point(1, 2), Point(3, 4)))
    longer = Layout(Shape).read(data + b"\1" + b"\0\0\0\0" + (9).to_bytes(8, "little"))
    assert (longer.filled, longer.area) == (True, 9)


def test_text_that_is_no_utf8_is_kept_readable():
    assert Layout(Shape).read(b"\2\0\0\0\xffb" + bytes(4)).name == "\ufffdb"


@pytest.mark.parametrize("data", [b"", b"\2\0\0\0a", b"\1\0\0\0a", b"\1\0\0\0a\5\0\0\0\1"])
def test_bytes_that_end_early_are_refused(data):
    with pytest.raises(UndecodableError, match="These bytes are no"):
        Layout(Shape).read(data)


def test_an_annotation_without_a_wire_type_is_a_mistake_of_ours():
    with pytest.raises(TypeError):
        wire_of(int)
    with pytest.raises(NotImplementedError):
        Wire().read(b"", 0, {})
