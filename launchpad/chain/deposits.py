"""How large the accounts are that a launch makes: what its creator leaves as rent deposits.

The sizes of our own accounts follow from the IDLs; those of mints and token accounts are the token programs'.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from launchpad.chain.instructions.solana import MINT_BYTES, TOKEN_ACCOUNT_BYTES
from launchpad.chain.launching import LaunchParams
from launchpad.chain.metaplex import METADATA_BYTES

_IDL = Path(__file__).parent / "idl"
_DISCRIMINATOR = 8
_SIZES = {"bool": 1, "u8": 1, "i8": 1, "u16": 2, "u32": 4, "u64": 8, "i64": 8, "u128": 16, "pubkey": 32}
_LENGTH = 4
# A mint with a metadata pointer, and what its metadata takes besides the texts: a type and a length
# of the extension, two keys, the lengths of three texts, and that of a list of nothing.
_MINT = 234 + 4 + 2 * 32 + 3 * 4 + 4
# A token account of a mint without extensions of its own is marked as never changing hands.
_TOKEN_ACCOUNT = 170
# An account of this size would be a multisig; Token-2022 lengthens it.
_MULTISIG, _PADDING = 355, 2

# What every account takes besides its data.
_ACCOUNT_BYTES = 128


def rent_of(empty: int, *spaces: int) -> int:
    """Lamports that accounts of so many bytes hold, by what an empty one does: rent is a price per byte."""
    return sum(empty * (_ACCOUNT_BYTES + space) // _ACCOUNT_BYTES for space in spaces)


def launch_spaces(params: LaunchParams) -> list[int]:
    """Bytes of each account that stays after the launch of params that were `checked()`."""
    buy = params.first_buy
    schedules = (params.team is not None) + (buy is not None and buy.lock is not None)
    owners = {params.creator if buy else None, params.ecosystem_owner, params.treasury_owner} - {None}
    classic = params.standard == "spl"
    held = TOKEN_ACCOUNT_BYTES if classic else _TOKEN_ACCOUNT
    vault = held
    return [
        *([MINT_BYTES, METADATA_BYTES] if classic else [_mint_space(params)]),
        account_space("bonding_curve", "Curve", {"segments": len(params.segments or ())}),
        account_space("token_launcher", "LaunchRecord"),
        vault,
        *[held] * len(owners),
        *[account_space("vesting", "Schedule"), held] * schedules,
        *[account_space("bonding_curve", "Position")] * (buy is not None and params.sale.binds_first_buy),
    ]


def account_space(program: str, account: str, lengths: dict[str, int] | None = None) -> int:
    """Bytes of an account by its program's IDL; `lengths` gives the number of items of each list by its name."""
    fields = _types(program)[account]["fields"]
    counts = lengths or {}
    return _DISCRIMINATOR + sum(_size(field["type"], program, counts.get(field["name"], 0)) for field in fields)


def _mint_space(params: LaunchParams) -> int:
    space = _MINT + sum(len(text.encode()) for text in (params.name, params.symbol, params.uri))
    return space + _PADDING if space == _MULTISIG else space


@cache
def _types(program: str) -> dict[str, Any]:
    idl = json.loads((_IDL / f"{program}.json").read_text(encoding="utf-8"))
    return {each["name"]: each["type"] for each in idl["types"]}


def _size(kind: Any, program: str, count: int) -> int:
    """Bytes of a value whose lists have `count` items."""
    if isinstance(kind, str):
        return _SIZES[kind]
    if "array" in kind:
        item, length = kind["array"]
        return int(length) * _size(item, program, 0)
    if "vec" in kind:
        return _LENGTH + count * _size(kind["vec"], program, 0)
    if "option" in kind:
        return 1 + _size(kind["option"], program, 0)
    return _defined(_types(program)[kind["defined"]["name"]], program)


def _defined(described: dict[str, Any], program: str) -> int:
    if described["kind"] == "enum":
        return 1 + max(sum(_field(each, program) for each in one.get("fields", [])) for one in described["variants"])
    return sum(_field(each, program) for each in described["fields"])


def _field(field: Any, program: str) -> int:
    named = isinstance(field, dict) and "type" in field
    return _size(field["type"] if named else field, program, 0)
