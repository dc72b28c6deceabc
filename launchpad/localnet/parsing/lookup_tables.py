"""Address lookup tables: instructions and accounts."""

from typing import Any

from launchpad.localnet.keys import Key, b58
from launchpad.localnet.parsing.reader import KEY_LENGTH, Reader
from launchpad.localnet.parsing.shapes import Shape, UnknownShapeError

HEADER = 56
LOOKUP_TABLE = 1
TABLE = ("lookupTableAccount", "lookupTableAuthority")


def _addresses(reader: Reader) -> list[str]:
    return [reader.key() for _ in range(reader.u64())]


SHAPES = (
    Shape(
        "createLookupTable",
        (*TABLE, "payerAccount", "systemProgram"),
        (("recentSlot", Reader.u64), ("bumpSeed", Reader.u8)),
    ),
    Shape("freezeLookupTable", TABLE),
    Shape("extendLookupTable", TABLE, (("newAddresses", _addresses),)),
    Shape("deactivateLookupTable", TABLE),
    Shape("closeLookupTable", (*TABLE, "recipient")),
)
FUNDED_EXTENSION = Shape(
    "extendLookupTable", (*TABLE, "payerAccount", "systemProgram"), (("newAddresses", _addresses),)
)
EXTEND = 2


def parse_lookup_table(accounts: list[Key], data: bytes) -> dict[str, Any]:
    """An instruction of the lookup table program."""
    reader = Reader(data)
    kind = reader.u32()
    if kind >= len(SHAPES):
        raise UnknownShapeError
    if kind == EXTEND and len(accounts) >= len(FUNDED_EXTENSION.accounts):
        return FUNDED_EXTENSION.parse(accounts, reader)
    return SHAPES[kind].parse(accounts, reader)


def parse_lookup_table_account(data: bytes) -> dict[str, Any]:
    """A lookup table."""
    reader = Reader(data)
    if reader.u32() != LOOKUP_TABLE:
        return {"type": "uninitialized"}
    deactivated, extended, start, authority = (
        reader.amount(),
        reader.amount(),
        reader.u8(),
        reader.tagged_key(),
    )
    info: dict[str, Any] = {
        "deactivationSlot": deactivated,
        "lastExtendedSlot": extended,
        "lastExtendedSlotStartIndex": start,
        "addresses": [b58(data[at : at + KEY_LENGTH]) for at in range(HEADER, len(data), KEY_LENGTH)],
    }
    if authority is not None:
        info["authority"] = authority
    return {"type": "lookupTable", "info": info}
