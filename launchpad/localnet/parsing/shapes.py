"""A small language for instructions: which accounts and which fields, by name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from launchpad.localnet.keys import Key, b58
from launchpad.localnet.parsing.reader import Reader

Field = tuple[str, Callable[[Reader], Any]]


class UnknownShapeError(Exception):
    """No parser fits; the instruction is shown as it is."""


@dataclass(frozen=True)
class Shape:
    """An instruction: its type, its named accounts, its fields.

    `authority` names the account after the named ones, once for a single signer, once
    for a multisig whose signers follow. `optional` accounts are null when missing.
    A field that reads None is left out unless `keep_none`.
    """

    type: str
    accounts: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    authority: tuple[str, str] | None = None
    optional: tuple[str, ...] = ()
    keep_none: bool = False

    def parse(self, accounts: list[Key], reader: Reader) -> dict[str, Any]:
        """`{"type", "info"}`; raises UnknownShapeError, ShortDataError."""
        needed = len(self.accounts) + (self.authority is not None)
        if len(accounts) < needed:
            raise UnknownShapeError
        info: dict[str, Any] = {}
        for name, read in self.fields:
            value = read(reader)
            if value is not None or self.keep_none:
                info[name] = value
        info |= {name: b58(key) for name, key in zip(self.accounts, accounts, strict=False)}
        rest = accounts[len(self.accounts) :]
        if self.authority is not None:
            info |= signers(rest, *self.authority)
        for position, name in enumerate(self.optional):
            info[name] = b58(rest[position]) if position < len(rest) else None
        return {"type": self.type, "info": info}


def signers(accounts: list[Key], single: str, multisig: str) -> dict[str, Any]:
    """Who authorizes: one key, or a multisig and those who sign for it."""
    if len(accounts) == 1:
        return {single: b58(accounts[0])}
    return {multisig: b58(accounts[0]), "signers": [b58(key) for key in accounts[1:]]}
