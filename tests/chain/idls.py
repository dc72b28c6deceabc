"""The programs' IDLs, and random values of their types."""

import json
from functools import cache
from typing import Any

from hypothesis import strategies as st
from solders.pubkey import Pubkey

from launchpad.chain.convert_idl import IDL_FOLDER
from tests.programs.borsh import Codec

PROGRAM_NAMES = ("bonding_curve", "token_launcher", "vesting", "amm", "fee_router")
_RANGES = {"u8": (0, 8), "u16": (0, 16), "u32": (0, 32), "u64": (0, 64), "i64": (-63, 63)}


@cache
def idl(program: str) -> dict[str, Any]:
    return dict(json.loads((IDL_FOLDER / f"{program}.json").read_text()))


@cache
def codec(program: str) -> Codec:
    return Codec(idl(program)["types"])


def type_named(program: str, name: str) -> dict[str, Any]:
    return next(each["type"] for each in idl(program)["types"] if each["name"] == name)


def keys() -> st.SearchStrategy[Pubkey]:
    return st.one_of(st.just(bytes(32)), st.binary(min_size=32, max_size=32)).map(Pubkey)


def values(program: str, kind: Any) -> st.SearchStrategy[Any]:
    """Random values of an IDL type, the way the codec takes them."""
    if isinstance(kind, str):
        return _plain(kind)
    if "option" in kind:
        return st.none() | values(program, kind["option"])
    if "vec" in kind:
        return st.lists(values(program, kind["vec"]), max_size=4)
    if "array" in kind:
        element, length = kind["array"]
        if element != "u8":
            return st.lists(values(program, element), min_size=length, max_size=length)
        return st.binary(min_size=length, max_size=length)
    return _defined(program, type_named(program, kind["defined"]["name"]))


def _plain(kind: str) -> st.SearchStrategy[Any]:
    if kind in _RANGES:
        low, high = _RANGES[kind]
        return st.integers(-(2**-low) if low else 0, 2**high - 1)
    return {"bool": st.booleans(), "pubkey": keys(), "string": st.text(max_size=20)}[kind]


def _defined(program: str, body: dict[str, Any]) -> st.SearchStrategy[Any]:
    if body["kind"] == "struct":
        return st.fixed_dictionaries({f["name"]: values(program, f["type"]) for f in body["fields"]})
    return st.one_of(*(_variant(program, one) for one in body["variants"]))


def _variant(program: str, one: dict[str, Any]) -> st.SearchStrategy[Any]:
    if not one.get("fields"):
        return st.just(one["name"])
    fields = st.fixed_dictionaries({f["name"]: values(program, f["type"]) for f in one["fields"]})
    return fields.map(lambda content: {one["name"]: content})
