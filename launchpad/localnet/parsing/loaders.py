"""Programs and their data: instructions and accounts of the loaders."""

from typing import Any

from launchpad.localnet.encoding.binary import to_base64
from launchpad.localnet.keys import Key
from launchpad.localnet.parsing.reader import Reader
from launchpad.localnet.parsing.shapes import Shape, UnknownShapeError

CONTENT = (("offset", Reader.u32), ("bytes", Reader.base64))
LOADER_SHAPES = (Shape("write", ("account",), CONTENT), Shape("finalize", ("account",)))

UPGRADEABLE_SHAPES = (
    Shape("initializeBuffer", ("account",)),
    Shape("write", ("account", "authority"), CONTENT),
    Shape(
        "deployWithMaxDataLen",
        (
            "payerAccount",
            "programDataAccount",
            "programAccount",
            "bufferAccount",
            "rentSysvar",
            "clockSysvar",
            "systemProgram",
            "authority",
        ),
        (("maxDataLen", Reader.u64),),
    ),
    Shape(
        "upgrade",
        (
            "programDataAccount",
            "programAccount",
            "bufferAccount",
            "spillAccount",
            "rentSysvar",
            "clockSysvar",
            "authority",
        ),
    ),
    Shape("setAuthority", ("account", "authority"), optional=("newAuthority",)),
    Shape("close", ("account", "recipient", "authority"), optional=("programAccount",)),
    Shape(
        "extendProgram",
        ("programDataAccount", "programAccount"),
        (("additionalBytes", Reader.u32),),
        optional=("systemProgram", "payerAccount"),
    ),
    Shape("setAuthorityChecked", ("account", "authority", "newAuthority")),
    Shape(
        "extendProgramChecked",
        ("programDataAccount", "programAccount", "authority"),
        (("additionalBytes", Reader.u32),),
        optional=("systemProgram", "payerAccount"),
    ),
)
BUFFER_WITH_AUTHORITY = Shape("initializeBuffer", ("account", "authority"))
BUFFER, PROGRAM, PROGRAM_DATA = 1, 2, 3
BUFFER_HEADER, PROGRAM_DATA_HEADER = 37, 45


def parse_loader(accounts: list[Key], data: bytes) -> dict[str, Any]:
    """An instruction of the second loader."""
    return _pick(LOADER_SHAPES, accounts, data)


def parse_upgradeable(accounts: list[Key], data: bytes) -> dict[str, Any]:
    """An instruction of the upgradeable loader."""
    if data[:4] == bytes(4) and len(accounts) > 1:
        return BUFFER_WITH_AUTHORITY.parse(accounts, Reader(data, 4))
    return _pick(UPGRADEABLE_SHAPES, accounts, data)


def _pick(shapes: tuple[Shape, ...], accounts: list[Key], data: bytes) -> dict[str, Any]:
    reader = Reader(data)
    kind = reader.u32()
    if kind >= len(shapes):
        raise UnknownShapeError
    return shapes[kind].parse(accounts, reader)


def parse_loader_account(data: bytes) -> dict[str, Any]:
    """An account of the upgradeable loader."""
    reader = Reader(data)
    kind = reader.u32()
    if kind == 0:
        return {"type": "uninitialized"}
    if kind == BUFFER:
        authority = reader.tagged_key()
        return {"type": "buffer", "info": {"authority": authority, "data": _code(data, BUFFER_HEADER)}}
    if kind == PROGRAM:
        return {"type": "program", "info": {"programData": reader.key()}}
    if kind == PROGRAM_DATA:
        slot, authority = reader.u64(), reader.tagged_key()
        code = _code(data, PROGRAM_DATA_HEADER)
        return {"type": "programData", "info": {"slot": slot, "authority": authority, "data": code}}
    raise UnknownShapeError


def _code(data: bytes, start: int) -> list[str]:
    return [to_base64(data[start:]), "base64"]
