"""Writing the ledger: everything in order, in groups, each on the disk before it is acknowledged."""

import asyncio
import itertools
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from launchpad.localnet.accounts import Account
from launchpad.localnet.errors import LedgerUnreadableError
from launchpad.localnet.keys import Key
from launchpad.localnet.ledger import queries
from launchpad.localnet.records import Block, TransactionRecord

log = structlog.get_logger(__name__)

LEDGER_FILE = "ledger.db"
RETRY_SECONDS = 1.0
FORGET_AT_ONCE = 2_000
FORGET_EVERY = 50


@dataclass
class _Group:
    """What is written together; `done` resolves once it is on the disk."""

    done: asyncio.Future[None]
    transactions: list[TransactionRecord] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    accounts: dict[Key, Account | None] = field(default_factory=dict)

    def is_empty(self) -> bool:
        return not (self.transactions or self.blocks or self.accounts)


class Store:
    """The ledger file: one writer that works in groups, and readers of what is committed."""

    def __init__(self, folder: Path, *, keep_transactions: int, keep_slots: int) -> None:
        path = folder / LEDGER_FILE
        try:
            self.writer = queries.open_for_writing(path)
            self.reader = queries.open_for_reading(path)
            version = queries.fact(self.writer, "schema")
        except sqlite3.DatabaseError as error:
            raise LedgerUnreadableError(
                f"The ledger {path} cannot be read ({error}). Start with --reset to begin a new one."
            ) from error
        if version is not None and version != str(queries.SCHEMA_VERSION).encode():
            raise LedgerUnreadableError(
                f"The ledger {path} was written by another version. Start with --reset to begin a new one."
            )
        self._keep_transactions = keep_transactions
        self._keep_slots = keep_slots
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ledger")
        self._task: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        self._group = _Group(asyncio.get_running_loop().create_future())
        self._writing: _Group | None = None
        self._blocks_written = 0

    def start(self) -> None:
        """Begin to write."""
        self._task = asyncio.create_task(self._run(), name="ledger-writer")

    async def close(self) -> None:
        """Write what waits, and close the file."""
        if self._task is not None:
            await self.durable()
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self.abandon()

    def abandon(self) -> None:
        """Close the file as it is."""
        self._thread.shutdown()
        self.reader.close()
        self.writer.close()

    def add_transaction(self, record: TransactionRecord, changes: dict[Key, Account | None]) -> None:
        """Add an executed transaction with the accounts it left."""
        self._group.transactions.append(record)
        self._group.accounts.update(changes)
        self._wake.set()

    def add_block(self, block: Block, changes: dict[Key, Account | None]) -> None:
        """Add a produced block with the accounts that changed as it was closed."""
        self._group.blocks.append(block)
        self._group.accounts.update(changes)
        self._wake.set()

    async def durable(self) -> None:
        """Wait until all that was added so far is on the disk."""
        if not self._group.is_empty():
            await asyncio.shield(self._group.done)
        elif self._writing is not None:
            await asyncio.shield(self._writing.done)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._wake.wait()
            self._wake.clear()
            self._writing, self._group = self._group, _Group(loop.create_future())
            await self._persist(self._writing)
            self._writing.done.set_result(None)
            self._writing = None

    async def _persist(self, group: _Group) -> None:
        """Write a group, however often it takes: a full disk holds the callers up, and loses nothing."""
        for attempt in itertools.count():
            if attempt:
                await asyncio.sleep(RETRY_SECONDS)
            if await self._write(group):
                return

    async def _write(self, group: _Group) -> bool:
        # Rows are bound here, on the loop's thread, where it costs no switching between
        # threads; only the COMMIT, which waits for the disk, runs beside the loop.
        try:
            queries.begin(self.writer)
            queries.put_accounts(self.writer, group.accounts.items())
            queries.put_transactions(self.writer, group.transactions)
            for block in group.blocks:
                queries.put_block(self.writer, block)
            self._blocks_written += len(group.blocks)
            if self._blocks_written >= FORGET_EVERY:
                self._forget(group)
            await asyncio.get_running_loop().run_in_executor(self._thread, queries.commit, self.writer)
        except sqlite3.OperationalError as error:
            log.exception("the ledger cannot be written; trying again", error=str(error))
            queries.roll_back(self.writer)
            return False
        return True

    def _forget(self, group: _Group) -> None:
        """Let go of history beyond what is kept, a little at a time."""
        if not group.blocks:
            return
        newest = queries.last_sequence(self.writer)
        floor = queries.slot_of_sequence(self.writer, newest - self._keep_transactions + 1) or 0
        floor = max(floor if newest > self._keep_transactions else 0, group.blocks[-1].slot - self._keep_slots)
        if floor <= 0 or queries.forget_before(self.writer, floor, FORGET_AT_ONCE) < FORGET_AT_ONCE:
            self._blocks_written = 0
