"""Account tables as documentation writes them, to hold our instructions against."""

from solders.pubkey import Pubkey

WSOL = "So11111111111111111111111111111111111111112"
TOKEN = "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA"
TOKEN_2022 = "TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb"
ATA = "ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL"
SYSTEM = "11111111111111111111111111111111"
RENT = "SysvarRent111111111111111111111111111111111"
MEMO = "MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr"


def pda(program, *seeds):
    raw = [seed if isinstance(seed, bytes) else bytes(Pubkey.from_string(seed)) for seed in seeds]
    return str(Pubkey.find_program_address(raw, Pubkey.from_string(program))[0])


def ata(owner, mint, program=TOKEN):
    return pda(ATA, owner, program, mint)


def accounts_of(instruction):
    """(address, flags) of each account: `s` signs, `w` is written."""
    return [(str(meta.pubkey), "s" * meta.is_signer + "w" * meta.is_writable) for meta in instruction.accounts]


def table(*rows):
    """Rows of (address) or (address, flags)."""
    return [row if isinstance(row, tuple) else (row, "") for row in rows]
