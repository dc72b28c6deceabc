"""anchorpy's instruction coders over our IDLs."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from anchorpy.program.context import Context
from anchorpy.program.core import Program
from anchorpy.provider import Provider
from anchorpy_core.idl import Idl
from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey

from launchpad.chain import pda
from launchpad.chain.addresses import ASSOCIATED_TOKEN, PROGRAMS, SYSTEM, ProgramName, pubkey
from launchpad.chain.convert_idl import IDL_FOLDER

_NOTHING: Any = None


@cache
def program(name: ProgramName) -> Program:
    """Anchorpy's view of one of our programs; it only encodes, so it needs no connection."""
    idl = Idl.from_json((IDL_FOLDER / f"{name}.legacy.json").read_text(encoding="utf-8"))
    return Program(idl, pubkey(PROGRAMS[name]), Provider(_NOTHING, _NOTHING))


def struct(owner: ProgramName, kind: str, /, **values: Any) -> Any:
    """A value of one of the program's struct types."""
    return program(owner).type[kind](**values)


def variant(owner: ProgramName, kind: str, which: str, /, **values: Any) -> Any:
    """A value of one of the program's enum types."""
    return getattr(program(owner).type[kind], which)(**values)


def key(address: str | None) -> bytes:
    """The 32 bytes of an address; None becomes the null key, the programs' word for nobody.

    Bytes rather than a Pubkey: anchorpy copies structs deeply, which a Pubkey refuses.
    """
    return bytes(32) if address is None else bytes(pubkey(address))


def instruction(name: ProgramName, which: str, accounts: Mapping[str, str | None], *arguments: Any) -> Instruction:
    """An instruction with its accounts by name.

    The system and associated token programs, the event authority and the program itself
    need not be named; None for an optional account passes the program's id, Anchor's
    sign for "not given".
    """
    own = PROGRAMS[name]
    known: dict[str, str | None] = {
        "event_authority": pda.event_authority(own),
        "program": own,
        "system_program": SYSTEM,
        "associated_token_program": ASSOCIATED_TOKEN,
        **accounts,
    }
    keys = {each: pubkey(address or own) for each, address in known.items()}
    made: Instruction = program(name).instruction[which](*arguments, ctx=Context(accounts=keys))
    return Instruction(made.program_id, made.data, [_without_lock(meta, made.program_id) for meta in made.accounts])


def _without_lock(meta: AccountMeta, own: Pubkey) -> AccountMeta:
    """An account that is not given must not be locked for writing: it is the program itself."""
    return AccountMeta(own, is_signer=False, is_writable=False) if meta.pubkey == own else meta
