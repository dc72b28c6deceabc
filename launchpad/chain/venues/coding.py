"""How instructions of programs that are not ours are put together: accounts in order, then bytes."""

import struct
from collections.abc import Sequence
from hashlib import sha256

from solders.instruction import AccountMeta, Instruction

from launchpad.chain.addresses import pubkey

U64_MAX = 2**64 - 1


def anchor_tag(name: str, kind: str = "global") -> bytes:
    """The 8 bytes that Anchor puts before an instruction's arguments, or an account's fields."""
    return sha256(f"{kind}:{name}".encode()).digest()[:8]


def read(address: str) -> AccountMeta:
    """An account that is only looked at."""
    return AccountMeta(pubkey(address), is_signer=False, is_writable=False)


def write(address: str, *, signer: bool = False) -> AccountMeta:
    """An account that changes."""
    return AccountMeta(pubkey(address), is_signer=signer, is_writable=True)


def signs(address: str) -> AccountMeta:
    """A key that has to sign, and whose account does not change."""
    return AccountMeta(pubkey(address), is_signer=True, is_writable=False)


def call(program: str, data: bytes, accounts: Sequence[AccountMeta]) -> Instruction:
    """An instruction with its accounts in the order in which the program reads them."""
    return Instruction(pubkey(program), data, list(accounts))


def numbers(*values: int) -> bytes:
    """Amounts as consecutive u64s, little-endian."""
    return struct.pack(f"<{len(values)}Q", *values)


def text(value: str) -> bytes:
    """Borsh text: a u32 length and UTF-8."""
    raw = value.encode()
    return len(raw).to_bytes(4, "little") + raw


def key_bytes(address: str) -> bytes:
    """The 32 bytes of an address."""
    return bytes(pubkey(address))
