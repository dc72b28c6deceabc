"""Instructions of both token programs on accounts that exist, and a memo."""

import struct

from solders.instruction import AccountMeta, Instruction

from launchpad.chain.addresses import MEMO, pubkey

_TRANSFER_CHECKED, _BURN_CHECKED = 12, 15


def transfer_checked(
    program: str, mint: str, accounts: tuple[str, str], owner: str, amount: tuple[int, int]
) -> Instruction:
    """Base units from one token account to another; `amount` comes with the decimals that the mint must have."""
    source, target = accounts
    metas = [_meta(source, writable=True), _meta(mint), _meta(target, writable=True), _meta(owner, signer=True)]
    return Instruction(pubkey(program), struct.pack("<BQB", _TRANSFER_CHECKED, *amount), metas)


def burn_checked(program: str, mint: str, account: str, owner: str, amount: tuple[int, int]) -> Instruction:
    """Base units of a token account, gone from the supply; `amount` as above."""
    metas = [_meta(account, writable=True), _meta(mint, writable=True), _meta(owner, signer=True)]
    return Instruction(pubkey(program), struct.pack("<BQB", _BURN_CHECKED, *amount), metas)


def memo(text: str) -> Instruction:
    """A text that stands in the transaction."""
    return Instruction(pubkey(MEMO), text.encode(), [])


def _meta(address: str, *, signer: bool = False, writable: bool = False) -> AccountMeta:
    return AccountMeta(pubkey(address), is_signer=signer, is_writable=writable)
