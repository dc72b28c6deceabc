"""Token-2022 extensions of a mint: which it carries, and what those that have power over holders say.

Behind 165 bytes and one of type stands a list of u16 type, u16 length, value; type 0 ends it.
"""

from dataclasses import dataclass

from launchpad.chain.borsh import key_or_none

_FIRST = 166
_KEY = 32
_FROZEN = 2
NAMES = {
    1: "transfer fee",
    3: "close authority",
    4: "confidential transfers",
    6: "default account state",
    9: "non-transferable",
    10: "interest",
    12: "permanent delegate",
    14: "transfer hook",
    16: "confidential transfer fee",
    18: "metadata pointer",
    19: "metadata",
    20: "group pointer",
    21: "group",
    22: "member pointer",
    23: "member",
    24: "confidential mint and burn",
    25: "scaled amounts",
    26: "pause",
}


# With these alone tokens come back from a pledge as they went in; the program refuses all others.
PLEDGEABLE = frozenset({3, 10, 18, 19, 20, 21, 22, 23, 25})


@dataclass(frozen=True, slots=True)
class Extension:
    """One extension: its number in Token-2022's list, and its bytes."""

    number: int
    value: bytes

    @property
    def name(self) -> str:
        """What people call it."""
        return NAMES.get(self.number, f"extension {self.number}")

    def key(self, place: int = 0) -> str | None:
        """The address at a place of 32 bytes, None for nobody."""
        raw = self.value[place * _KEY : (place + 1) * _KEY]
        return key_or_none(raw) if len(raw) == _KEY else None

    @property
    def freezes_by_default(self) -> bool:
        """Of `default account state`: whether new accounts are frozen."""
        return self.value[:1] == bytes([_FROZEN])

    @property
    def paused(self) -> bool:
        """Of `pause`: whether nothing moves now."""
        return self.value[_KEY : _KEY + 1] == b"\x01"

    @property
    def fee_bps(self) -> int:
        """Of `transfer fee`: the newer of its two rates, in basis points."""
        return int.from_bytes(self.value[106:108], "little")


def mint_extensions(data: bytes) -> list[Extension]:
    """The extensions of a mint's data in their order; empty for a plain mint."""
    found, offset = [], _FIRST
    while offset + 4 <= len(data):
        number, length = (int.from_bytes(data[at : at + 2], "little") for at in (offset, offset + 2))
        if number == 0:
            break
        found.append(Extension(number, data[offset + 4 : offset + 4 + length]))
        offset += 4 + length
    return found
