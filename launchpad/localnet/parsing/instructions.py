"""Instructions as JSON."""

from collections.abc import Callable
from typing import Any

from launchpad.localnet.keys import (
    ASSOCIATED_TOKEN_PROGRAM,
    LOADER_V2,
    LOOKUP_TABLE_PROGRAM,
    MEMO_PROGRAMS,
    SYSTEM_PROGRAM,
    TOKEN_PROGRAMS,
    UPGRADEABLE_LOADER,
    Key,
)
from launchpad.localnet.parsing.loaders import parse_loader, parse_upgradeable
from launchpad.localnet.parsing.lookup_tables import parse_lookup_table
from launchpad.localnet.parsing.reader import Reader, ShortDataError
from launchpad.localnet.parsing.shapes import Shape, UnknownShapeError
from launchpad.localnet.parsing.system import parse_system
from launchpad.localnet.parsing.tokens import parse_token

Parser = Callable[[list[Key], bytes], Any]

ASSOCIATED = ("source", "account", "wallet", "mint", "systemProgram", "tokenProgram")
ASSOCIATED_SHAPES = (
    Shape("create", ASSOCIATED),
    Shape("createIdempotent", ASSOCIATED),
    Shape(
        "recoverNested",
        (
            "nestedSource",
            "nestedMint",
            "destination",
            "nestedOwner",
            "ownerMint",
            "wallet",
            "tokenProgram",
        ),
    ),
)


def _parse_associated(accounts: list[Key], data: bytes) -> dict[str, Any]:
    kind = data[0] if data else 0
    if kind >= len(ASSOCIATED_SHAPES) or len(data) > 1:
        raise UnknownShapeError
    return ASSOCIATED_SHAPES[kind].parse(accounts, Reader(data))


def _parse_memo(_accounts: list[Key], data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise UnknownShapeError from None


PARSERS: dict[Key, tuple[str, Parser]] = {
    SYSTEM_PROGRAM: ("system", parse_system),
    ASSOCIATED_TOKEN_PROGRAM: ("spl-associated-token-account", _parse_associated),
    LOADER_V2: ("bpf-loader", parse_loader),
    UPGRADEABLE_LOADER: ("bpf-upgradeable-loader", parse_upgradeable),
    LOOKUP_TABLE_PROGRAM: ("address-lookup-table", parse_lookup_table),
    **dict.fromkeys(TOKEN_PROGRAMS, ("spl-token", parse_token)),
    **dict.fromkeys(MEMO_PROGRAMS, ("spl-memo", _parse_memo)),
}


def parse_instruction(program: Key, accounts: list[Key], data: bytes) -> dict[str, Any] | None:
    """`{"program", "parsed"}` of an instruction, None when no parser knows it."""
    known = PARSERS.get(program)
    if known is None:
        return None
    name, parse = known
    try:
        return {"program": name, "parsed": parse(accounts, data)}
    except (UnknownShapeError, ShortDataError):
        return None
