"""Bringing a cluster up: from nothing, or from its ledger folder."""

import fcntl
import hashlib
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from solders.keypair import Keypair

from launchpad.localnet import genesis
from launchpad.localnet.accounts import Account, AccountsDb
from launchpad.localnet.bank import SLOT_HASHES_KEPT, Bank
from launchpad.localnet.cluster import Cluster, status_window
from launchpad.localnet.errors import LedgerInUseError
from launchpad.localnet.extras import read_accounts
from launchpad.localnet.keys import UPGRADEABLE_LOADER, Key, key
from launchpad.localnet.ledger import queries
from launchpad.localnet.ledger.store import LEDGER_FILE, Store
from launchpad.localnet.options import LocalnetOptions
from launchpad.localnet.records import Block
from launchpad.localnet.runtime import Runtime
from launchpad.localnet.statuses import StatusCache

LOCK_FILE = "lock"
LEDGER_FILES = (
    LEDGER_FILE,
    f"{LEDGER_FILE}-wal",
    f"{LEDGER_FILE}-shm",
    genesis.ADMIN_KEYPAIR,
    genesis.FAUCET_KEYPAIR,
    genesis.IDENTITY_KEYPAIR,
)


@dataclass(frozen=True)
class Keypairs:
    """The keys that a cluster keeps in its ledger folder."""

    admin: Keypair
    faucet: Keypair
    identity: Keypair

    @classmethod
    def of(cls, folder: Path) -> "Keypairs":
        """The keys of a folder, made when they are missing."""
        return cls(
            admin=genesis.load_or_make_keypair(folder / genesis.ADMIN_KEYPAIR),
            faucet=genesis.load_or_make_keypair(folder / genesis.FAUCET_KEYPAIR),
            identity=genesis.load_or_make_keypair(folder / genesis.IDENTITY_KEYPAIR),
        )


class LedgerLock:
    """Holds a ledger folder for one process; released when the process ends, however it ends."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._file)
            raise LedgerInUseError(
                f"A cluster runs on the ledger {folder} already. Stop it, or name another folder."
            ) from error

    def release(self) -> None:
        """Let the folder go."""
        os.close(self._file)


def reset_ledger(folder: Path) -> None:
    """Delete the files of a ledger, and nothing else in its folder."""
    for name in LEDGER_FILES:
        with suppress(FileNotFoundError):
            (folder / name).unlink()


def open_cluster(options: LocalnetOptions) -> Cluster:
    """The cluster of a ledger folder (which the caller has locked), ready for transactions."""
    if options.reset:
        reset_ledger(options.ledger)
    keypairs = Keypairs.of(options.ledger)
    store = Store(options.ledger, keep_transactions=options.history_transactions, keep_slots=options.history_slots)
    try:
        if not queries.newest_blocks(store.writer, 1):
            _write_genesis(store, keypairs)
        return _restore(options, store, keypairs)
    except BaseException:
        store.abandon()
        raise


def _write_genesis(store: Store, keypairs: Keypairs) -> None:
    runtime = Runtime(AccountsDb())
    wallets = [
        (bytes(keypairs.admin.pubkey()), genesis.ADMIN_LAMPORTS),
        (bytes(keypairs.faucet.pubkey()), genesis.FAUCET_LAMPORTS),
        (bytes(keypairs.identity.pubkey()), genesis.IDENTITY_LAMPORTS),
    ]
    seed, started = secrets.token_bytes(32), genesis.now()
    queries.begin(store.writer)
    queries.put_accounts(store.writer, genesis.first_accounts(runtime, wallets).items())
    first = hashlib.sha256(seed).digest()
    queries.put_block(store.writer, Block(slot=0, blockhash=first, previous=bytes(32), time=started))
    queries.put_fact(store.writer, "genesis_hash", seed)
    queries.put_fact(store.writer, "epoch_start", str(started).encode())
    queries.put_fact(store.writer, "schema", str(queries.SCHEMA_VERSION).encode())
    queries.commit(store.writer)


def _restore(options: LocalnetOptions, store: Store, keypairs: Keypairs) -> Cluster:
    connection = store.writer
    blocks = queries.newest_blocks(connection, SLOT_HASHES_KEPT)
    bank = Bank(blocks, options.finality_slots)
    bank.open_time = max(bank.open_time, genesis.now())
    accounts = AccountsDb()
    runtime = Runtime(accounts)
    epoch_start = int(queries.fact(connection, "epoch_start") or 0)
    runtime.begin_slot(bank.open_slot, bank.open_time, epoch_start, bank.slot_hashes())
    stored = dict(queries.accounts(connection))
    stored.update(_new_accounts(options, store, stored))
    stored.update(_load_programs(options, store, keypairs, stored, bank.open_slot))
    _load_accounts(runtime, accounts, stored)
    recent = list(queries.transactions_since(connection, status_window(bank.open_slot)))
    for record in recent:
        record.let_go()
    cluster = Cluster(
        accounts=accounts,
        runtime=runtime,
        bank=bank,
        statuses=StatusCache(recent),
        store=store,
        identity=keypairs.identity,
        faucet=keypairs.faucet,
        genesis_hash=queries.fact(connection, "genesis_hash") or bytes(32),
        epoch_start=epoch_start,
        slot_ms=options.slot_ms,
    )
    cluster.open_first_slot()
    return cluster


def _new_accounts(options: LocalnetOptions, store: Store, stored: dict[Key, Account]) -> dict[Key, Account]:
    """The given accounts that this ledger does not have yet: what was changed since is never put back."""
    given = {address: one for address, one in read_accounts(options.accounts).items() if address not in stored}
    queries.begin(store.writer)
    queries.put_accounts(store.writer, given.items())
    queries.commit(store.writer)
    return given


def _load_programs(
    options: LocalnetOptions, store: Store, keypairs: Keypairs, stored: dict[Key, Account], slot: int
) -> dict[Key, Account]:
    """The accounts of programs whose file is new or changed since this ledger loaded it."""
    changed: dict[Key, Account] = {}
    authority = bytes(keypairs.admin.pubkey())
    queries.begin(store.writer)
    for address, path in options.program_files().items():
        code = genesis.read_program(path)
        digest, fact = hashlib.sha256(code).digest(), f"program {address}"
        if queries.fact(store.writer, fact) == digest:
            continue
        program = key(address)
        present = stored.get(genesis.program_data_address(program))
        owner = genesis.program_authority(present, authority)
        changed.update(genesis.program_accounts(program, code, owner, max(slot - 1, 0)))
        queries.put_fact(store.writer, fact, digest)
    queries.put_accounts(store.writer, changed.items())
    queries.commit(store.writer)
    return changed


def _load_accounts(runtime: Runtime, accounts: AccountsDb, stored: dict[Key, Account]) -> None:
    """Fill the runtime and the indexes; programs last, since loading one reads its data account."""
    own = dict(genesis.built_in_accounts(runtime))
    programs = []
    for address, account in stored.items():
        if address in own:
            continue
        accounts.put(address, account)
        if account.owner == UPGRADEABLE_LOADER and account.executable:
            programs.append((address, account))
        else:
            runtime.load(address, account)
    for address, account in programs:
        runtime.load(address, account)
    for address, account in own.items():
        accounts.put(address, account)
