"""The programs' interfaces by version: the IDL of now, those that were released, and the orders that were published.

`idl/NAME.json` is the interface as it is built now. `idl/published/orders.json` keeps, for each
program and version, every instruction's accounts in their order; a version with `released: false`
may still change, by scripts/publish_idls.py and not by accident. A release leaves the whole IDL
at `idl/published/NAME-VERSION.json`.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from launchpad.chain.addresses import PROGRAMS, ProgramName
from launchpad.errors import NotFoundError

FOLDER = Path(__file__).parent / "idl"
PUBLISHED = FOLDER / "published"
ORDERS = PUBLISHED / "orders.json"

Orders = dict[str, list[str]]


class NoIdlError(NotFoundError):
    """There is no such program, or no such version of it."""

    code = "NO_IDL"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an interface. Accounts by instruction: a name, `:s` signs, `:w` is written, `?` optional."""

    program: str
    version: str
    released: bool
    instructions: Orders


def current(program: str) -> dict[str, Any]:
    """The interface of a program, by its name or its address, as it is built now; NoIdlError."""
    return _read(FOLDER / f"{resolve(program)[0]}.json")


def of_version(program: str, version: str) -> dict[str, Any]:
    """The interface of a program in a version; that of the version at work is the current one. NoIdlError."""
    name = resolve(program)[0]
    if not any(one.version == version for one in versions(name)):
        known = ", ".join(one.version for one in versions(name)) or "none"
        raise NoIdlError(f"There is no version {version} of {name}: there are {known}.")
    released = PUBLISHED / f"{name}-{version}.json"
    return _read(released) if released.exists() else current(name)


def versions(program: str) -> list[Version]:
    """Every published version of a program, newest first; NoIdlError for a program that is none of ours."""
    name = resolve(program)[0]
    return [Version(name, **entry) for entry in _orders().get(name, [])]


def resolve(program: str) -> tuple[ProgramName, str]:
    """Name and address of a program that is given by either; NoIdlError for one that is none of ours."""
    for name, address in PROGRAMS.items():
        if program in {name, address}:
            return name, address
    raise NoIdlError(f"There is no program {program[:64]!r} here: there are {', '.join(PROGRAMS)}.")


def orders_of(idl: dict[str, Any]) -> Orders:
    """Every instruction's accounts in their order, as versions keep them; groups of accounts are spread."""
    return {each["name"]: [_account(one) for one in _spread(each["accounts"])] for each in idl["instructions"]}


def _spread(accounts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [inner for one in accounts for inner in (_spread(one["accounts"]) if "accounts" in one else [one])]


def _account(one: dict[str, Any]) -> str:
    flags = ("s" if one.get("signer") else "") + ("w" if one.get("writable") else "")
    return str(one["name"]) + (f":{flags}" if flags else "") + ("?" if one.get("optional") else "")


@cache
def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@cache
def _orders() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = json.loads(ORDERS.read_text(encoding="utf-8"))
    return found
