"""What the tables of attacks have in common: the errors that answer, and how a valid call is bent.

Numbers are Anchor's: 2000s of constraints, 3000s of accounts, 100s of instructions.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey

from tests.programs.harness import Chain, Program

NOT_SIGNER, WRONG_OWNER, WRONG_TYPE, NOT_INITIALIZED, WRONG_PROGRAM = 3010, 3007, 3002, 3012, 3008
WRONG_ADDRESS, WRONG_SEEDS, WRONG_TOKEN_MINT, WRONG_TOKEN_OWNER, NOT_WRITABLE = 2012, 2006, 2014, 2015, 2000
HAS_ONE, TOO_FEW_ACCOUNTS, UNREADABLE_ARGUMENTS, UNKNOWN_INSTRUCTION = 2001, 3005, 102, 101


class Call(Protocol):
    """A valid call with its accounts by name."""

    @property
    def name(self) -> str:
        """The instruction."""

    @property
    def args(self) -> dict[str, Any]:
        """Its arguments by name."""

    @property
    def accounts(self) -> dict[str, Pubkey | None]:
        """What stands in each place that is not the same in every call."""


def named_accounts(program: Program, name: str, key: str) -> list[str]:
    """The accounts of an instruction that are `key`: "signer" or "writable"."""
    return [each["name"] for each in program.spec(name)["accounts"] if each.get(key)]


def replaced(program: Program, call: Call, account: str, key: Pubkey) -> Instruction:
    """The call with another account in one place."""
    return program.instruction(call.name, call.args, {**call.accounts, account: key})


def read_only(program: Program, call: Call, account: str) -> Instruction:
    """The call with one account that it may not change."""
    names = [each["name"] for each in program.spec(call.name)["accounts"]]
    built = program.instruction(call.name, call.args, call.accounts)
    metas = [
        AccountMeta(meta.pubkey, meta.is_signer, is_writable=meta.is_writable and each != account)
        for each, meta in zip(names, built.accounts, strict=True)
    ]
    return Instruction(built.program_id, bytes(built.data), metas)


def without_last_account(built: Instruction) -> Instruction:
    """The same with one account too few."""
    return Instruction(built.program_id, bytes(built.data), list(built.accounts)[:-1])


def cut_short(built: Instruction) -> Instruction:
    """The same with one byte of its arguments too few."""
    return Instruction(built.program_id, bytes(built.data)[:-1], list(built.accounts))


@contextmanager
def rewritten(chain: Chain, key: Pubkey, data: bytes, owner: Pubkey, lamports: int) -> Iterator[None]:
    """An account as an attacker wishes it, for a while."""
    original = chain.account(key)
    chain.set_account(key, data, owner, lamports=lamports)
    try:
        yield
    finally:
        chain.svm.set_account(key, original)
