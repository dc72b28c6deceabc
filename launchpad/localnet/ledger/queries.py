"""All SQL of the ledger file.

`transactions.sequence` orders transactions as they were executed; `mentions` names the
addresses of each, in the same order; `accounts` is the newest state of every account.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from launchpad.localnet.accounts import Account
from launchpad.localnet.keys import Key
from launchpad.localnet.records import Block, Effects, TransactionRecord

SCHEMA_VERSION = 1

SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS accounts (
    address BLOB PRIMARY KEY, lamports BLOB NOT NULL, data BLOB NOT NULL, owner BLOB NOT NULL,
    executable INTEGER NOT NULL, rent_epoch BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS blocks (
    slot INTEGER PRIMARY KEY, blockhash BLOB NOT NULL, previous BLOB NOT NULL, time INTEGER NOT NULL,
    total INTEGER NOT NULL, count INTEGER NOT NULL, fees INTEGER NOT NULL, leader_balance BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS transactions (
    sequence INTEGER PRIMARY KEY, slot INTEGER NOT NULL, time INTEGER NOT NULL, signature BLOB NOT NULL,
    raw BLOB NOT NULL, effects BLOB NOT NULL, memo TEXT, keys BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS transactions_signature ON transactions (signature);
CREATE INDEX IF NOT EXISTS transactions_slot ON transactions (slot);
CREATE TABLE IF NOT EXISTS mentions (
    address BLOB NOT NULL, sequence INTEGER NOT NULL, PRIMARY KEY (address, sequence)
) WITHOUT ROWID;
"""

TRANSACTION = "sequence, slot, time, signature, raw, effects, memo, keys"
BLOCK = "slot, blockhash, previous, time, total, count, fees, leader_balance"
KEY_LENGTH = 32
# SQLite integers are signed; lamports and epochs reach 2**64 - 1.
U64_BYTES = 8


def open_for_writing(path: Path) -> sqlite3.Connection:
    """The one connection that writes: durable at each COMMIT, which a thread may run."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA wal_autocheckpoint = 8000")
    connection.executescript(SCHEMA)
    return connection


def open_for_reading(path: Path) -> sqlite3.Connection:
    """A connection that sees what is committed."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA query_only = ON")
    return connection


def begin(connection: sqlite3.Connection) -> None:
    """Start a group."""
    connection.execute("BEGIN IMMEDIATE")


def commit(connection: sqlite3.Connection) -> None:
    """End a group; it is on the disk when this returns."""
    connection.execute("COMMIT")


def roll_back(connection: sqlite3.Connection) -> None:
    """Give a group up, if one is open."""
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def fact(connection: sqlite3.Connection, name: str) -> bytes | None:
    """A named value of the ledger."""
    row = connection.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
    return None if row is None else bytes(row[0])


def put_fact(connection: sqlite3.Connection, name: str, value: bytes) -> None:
    """Set a named value of the ledger."""
    connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))


def put_accounts(connection: sqlite3.Connection, accounts: Iterable[tuple[Key, Account | None]]) -> None:
    """Write accounts; None deletes."""
    live, gone = [], []
    for key, account in accounts:
        if account is None:
            gone.append((key,))
        else:
            lamports = account.lamports.to_bytes(U64_BYTES, "big")
            rent_epoch = account.rent_epoch.to_bytes(U64_BYTES, "big")
            live.append((key, lamports, account.data, account.owner, account.executable, rent_epoch))
    connection.executemany("INSERT OR REPLACE INTO accounts VALUES (?, ?, ?, ?, ?, ?)", live)
    connection.executemany("DELETE FROM accounts WHERE address = ?", gone)


def accounts(connection: sqlite3.Connection) -> Iterator[tuple[Key, Account]]:
    """Every account."""
    rows = connection.execute("SELECT address, lamports, data, owner, executable, rent_epoch FROM accounts")
    for address, lamports, data, owner, executable, rent_epoch in rows:
        balance, epoch = int.from_bytes(lamports, "big"), int.from_bytes(rent_epoch, "big")
        yield address, Account(balance, data, owner, bool(executable), epoch)


def put_block(connection: sqlite3.Connection, block: Block) -> None:
    """Write a produced block."""
    connection.execute(
        "INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            block.slot,
            block.blockhash,
            block.previous,
            block.time,
            block.total,
            block.count,
            block.fees,
            block.leader_balance.to_bytes(U64_BYTES, "big"),
        ),
    )


def put_transactions(connection: sqlite3.Connection, records: list[TransactionRecord]) -> None:
    """Write executed transactions, and which addresses they mention."""
    connection.executemany(
        "INSERT INTO transactions VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                each.sequence,
                each.slot,
                each.time,
                each.signature,
                each.raw,
                each.effects.to_json(),
                each.memo,
                b"".join(each.keys),
            )
            for each in records
        ],
    )
    connection.executemany(
        "INSERT INTO mentions VALUES (?, ?)",
        [(key, each.sequence) for each in records for key in each.keys],
    )


def _block(row: tuple[int, bytes, bytes, int, int, int, int, bytes]) -> Block:
    return Block(*row[:7], leader_balance=int.from_bytes(row[7], "big"))


def _keys(joined: bytes) -> list[Key]:
    return [joined[start : start + KEY_LENGTH] for start in range(0, len(joined), KEY_LENGTH)]


def _record(row: tuple[int, int, int, bytes, bytes, bytes, str | None, bytes]) -> TransactionRecord:
    sequence, slot, time, signature, raw, effects, memo, keys = row
    return TransactionRecord(sequence, slot, time, signature, raw, Effects.from_json(effects), memo, _keys(keys))


def newest_blocks(connection: sqlite3.Connection, count: int) -> list[Block]:
    """The last `count` blocks, oldest first."""
    rows = connection.execute(f"SELECT {BLOCK} FROM blocks ORDER BY slot DESC LIMIT ?", (count,))  # noqa: S608 - column names of this module
    return [_block(row) for row in rows][::-1]


def block(connection: sqlite3.Connection, slot: int) -> Block | None:
    """The block of a slot."""
    row = connection.execute(f"SELECT {BLOCK} FROM blocks WHERE slot = ?", (slot,)).fetchone()  # noqa: S608 - column names of this module
    return None if row is None else _block(row)


def oldest_slot(connection: sqlite3.Connection) -> int | None:
    """The oldest block that is kept."""
    slot: int | None = connection.execute("SELECT min(slot) FROM blocks").fetchone()[0]
    return slot


def slots_between(connection: sqlite3.Connection, start: int, end: int, limit: int) -> list[int]:
    """The slots with a block in `start..end`, ascending."""
    rows = connection.execute(
        "SELECT slot FROM blocks WHERE slot BETWEEN ? AND ? ORDER BY slot LIMIT ?", (start, end, limit)
    )
    return [row[0] for row in rows]


def counts_between(connection: sqlite3.Connection, start: int, end: int) -> tuple[int, int]:
    """How many blocks and transactions the slots `start..end` hold."""
    row = connection.execute(
        "SELECT count(*), coalesce(sum(count), 0) FROM blocks WHERE slot BETWEEN ? AND ?", (start, end)
    ).fetchone()
    return row[0], row[1]


def transaction(connection: sqlite3.Connection, signature: bytes) -> TransactionRecord | None:
    """The newest transaction of a signature."""
    row = connection.execute(
        f"SELECT {TRANSACTION} FROM transactions WHERE signature = ? ORDER BY sequence DESC LIMIT 1",  # noqa: S608 - column names of this module
        (signature,),
    ).fetchone()
    return None if row is None else _record(row)


def transactions_of_slot(connection: sqlite3.Connection, slot: int) -> list[TransactionRecord]:
    """The transactions of a block in their order."""
    rows = connection.execute(
        f"SELECT {TRANSACTION} FROM transactions WHERE slot = ? ORDER BY sequence",  # noqa: S608 - column names of this module
        (slot,),
    )
    return [_record(row) for row in rows]


def transactions_since(connection: sqlite3.Connection, slot: int) -> Iterator[TransactionRecord]:
    """The transactions of `slot` and later ones."""
    rows = connection.execute(
        f"SELECT {TRANSACTION} FROM transactions WHERE slot >= ? ORDER BY sequence",  # noqa: S608 - column names of this module
        (slot,),
    )
    return (_record(row) for row in rows)


def last_sequence(connection: sqlite3.Connection) -> int:
    """The sequence of the newest transaction, 0 before the first."""
    row = connection.execute("SELECT coalesce(max(sequence), 0) FROM transactions").fetchone()
    return int(row[0])


def mentioning(
    connection: sqlite3.Connection, address: Key, before: int, until: int, slot: int, limit: int
) -> list[TransactionRecord]:
    """Transactions that mention an address, newest first.

    `until < sequence < before`, executed in `slot` or earlier.
    """
    rows = connection.execute(
        f"SELECT {TRANSACTION} FROM mentions JOIN transactions USING (sequence) "  # noqa: S608 - column names of this module
        "WHERE address = ? AND sequence < ? AND sequence > ? AND slot <= ? "
        "ORDER BY sequence DESC LIMIT ?",
        (address, before, until, slot, limit),
    )
    return [_record(row) for row in rows]


def slot_of_sequence(connection: sqlite3.Connection, sequence: int) -> int | None:
    """The slot of the first transaction at `sequence` or later."""
    row = connection.execute(
        "SELECT slot FROM transactions WHERE sequence >= ? ORDER BY sequence LIMIT 1", (sequence,)
    ).fetchone()
    return None if row is None else int(row[0])


def forget_before(connection: sqlite3.Connection, slot: int, limit: int) -> int:
    """Delete up to `limit` transactions older than `slot`, then the blocks; how many are gone."""
    rows = connection.execute(
        "SELECT sequence, keys FROM transactions WHERE slot < ? ORDER BY sequence LIMIT ?", (slot, limit)
    ).fetchall()
    gone = [(key, sequence) for sequence, keys in rows for key in _keys(keys)]
    connection.executemany("DELETE FROM mentions WHERE address = ? AND sequence = ?", gone)
    connection.executemany("DELETE FROM transactions WHERE sequence = ?", [(row[0],) for row in rows])
    if len(rows) < limit:
        connection.execute("DELETE FROM blocks WHERE slot < ?", (slot,))
    return len(rows)
