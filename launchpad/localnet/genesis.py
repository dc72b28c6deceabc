"""The first state of a cluster, and the programs that it is started with."""

import os
import struct
import time
from collections.abc import Iterable
from pathlib import Path

import orjson
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from launchpad.localnet.accounts import Account, minimum_balance
from launchpad.localnet.errors import LedgerUnreadableError, ProgramFileError
from launchpad.localnet.keys import (
    BUILTINS,
    NATIVE_MINT,
    SPL_PROGRAMS,
    SYSTEM_PROGRAM,
    SYSVARS,
    TOKEN_PROGRAM,
    UPGRADEABLE_LOADER,
    Key,
)
from launchpad.localnet.runtime import Runtime, sysvar_account

ADMIN_KEYPAIR = "admin.json"
FAUCET_KEYPAIR = "faucet.json"
IDENTITY_KEYPAIR = "identity.json"

LAMPORTS_PER_SOL = 1_000_000_000
ADMIN_LAMPORTS = 1_000_000 * LAMPORTS_PER_SOL
FAUCET_LAMPORTS = 500_000_000 * LAMPORTS_PER_SOL
IDENTITY_LAMPORTS = 500 * LAMPORTS_PER_SOL
PROGRAM_STATE, PROGRAM_DATA_STATE = 2, 3
PROGRAM_DATA_HEADER = 45
WSOL_DECIMALS = 9


def load_or_make_keypair(path: Path) -> Keypair:
    """A keypair file in the format of the Solana tools, made with mode 0600 when missing."""
    if path.exists():
        try:
            return Keypair.from_bytes(bytes(orjson.loads(path.read_bytes())))
        except (ValueError, TypeError) as error:
            raise LedgerUnreadableError(
                f"{path} holds no keypair. Start with --reset to begin a new ledger."
            ) from error
    keypair = Keypair()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(orjson.dumps(list(bytes(keypair))))
    return keypair


def wallet(lamports: int) -> Account:
    """An account that holds nothing but lamports."""
    return Account(lamports, b"", SYSTEM_PROGRAM)


def native_mint() -> Account:
    """The mint of wrapped SOL: no authorities, nine decimals."""
    none = struct.pack("<I", 0) + bytes(32)
    data = none + struct.pack("<QBB", 0, WSOL_DECIMALS, 1) + none
    return Account(minimum_balance(len(data)), data, TOKEN_PROGRAM)


def first_accounts(runtime: Runtime, wallets: Iterable[tuple[Key, int]]) -> dict[Key, Account]:
    """The accounts of a new cluster: wallets with their lamports, and what the runtime brings."""
    accounts = dict(built_in_accounts(runtime))
    accounts[NATIVE_MINT] = native_mint()
    for address, lamports in wallets:
        accounts[address] = wallet(lamports)
    return accounts


def built_in_accounts(runtime: Runtime) -> list[tuple[Key, Account]]:
    """Native programs, sysvars and the SPL programs, as the runtime holds them."""
    sysvars = [(address, sysvar_account(account)) for address, account in runtime.built_in(SYSVARS)]
    return [*runtime.built_in((*BUILTINS, *SPL_PROGRAMS)), *sysvars]


def program_data_address(program: Key) -> Key:
    """Where the loader keeps a program's bytes."""
    address, _ = Pubkey.find_program_address([program], Pubkey(UPGRADEABLE_LOADER))
    return bytes(address)


def program_accounts(program: Key, code: bytes, authority: Key, slot: int) -> list[tuple[Key, Account]]:
    """A program's two accounts, data first, as an upgradeable deployment leaves them."""
    data_address = program_data_address(program)
    data = struct.pack("<IQB", PROGRAM_DATA_STATE, slot, 1) + authority + code
    pointer = struct.pack("<I", PROGRAM_STATE) + data_address
    return [
        (data_address, Account(minimum_balance(len(data)), data, UPGRADEABLE_LOADER)),
        (
            program,
            Account(minimum_balance(len(pointer)), pointer, UPGRADEABLE_LOADER, executable=True, rent_epoch=0),
        ),
    ]


def read_program(path: Path) -> bytes:
    """The bytes of a compiled program; raises ProgramFileError."""
    try:
        code = path.read_bytes()
    except OSError as error:
        raise ProgramFileError(f"The program {path} cannot be read: {error.strerror}.") from error
    if not code.startswith(b"\x7fELF"):
        raise ProgramFileError(f"{path} is no compiled program. Build it again with `make programs`.")
    return code


def program_authority(data_account: Account | None, fallback: Key) -> Key:
    """Who may upgrade a program: whoever the ledger says, else `fallback`."""
    if data_account is None or data_account.data[12] != 1:
        return fallback
    return data_account.data[13:PROGRAM_DATA_HEADER]


def now() -> int:
    """The wall clock in Unix seconds."""
    return int(time.time())
