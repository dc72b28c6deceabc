"""The indexer's loop: whatever the source brings, in one Postgres transaction per batch.

Rows, outbox and cursors are committed together, so a kill at any moment loses
nothing and doubles nothing. When Postgres goes away the source is started again
from the stored cursors; when the chain is another one, its rows go first.
"""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from traceback import format_exc
from typing import Any

import asyncpg
import structlog

from launchpad.backoff import Backoff, end_if_asked
from launchpad.chain.errors import RpcError, RpcUnavailableError
from launchpad.chain.events import ChainTransaction
from launchpad.db import POSTGRES_AWAY, commit_without_waiting, connect_directly
from launchpad.errors import UnavailableError
from launchpad.foreign.service import store_trades
from launchpad.indexer import candles, cursor, queries
from launchpad.indexer.backfill import Backfill
from launchpad.indexer.finality import Finality, Verdict, settle, watch
from launchpad.indexer.fold import Folded, Memory, fold, store_raw
from launchpad.indexer.graduates import GraduateSource, graduates_in
from launchpad.indexer.ledger import Change, Hole, Ledger, Span
from launchpad.indexer.source import ChainChangedError, Chunk, Cursor, Source

log = structlog.get_logger(__name__)

BATCH = 2000
WAITING_CHUNKS = 8
STANDBY_SECONDS = 1.0
HOLES_SECONDS = 0.4

# What a Postgres that went away or is not migrated yet raises, and a source in trouble: try again later.
_AWAY = (OSError, TimeoutError, *POSTGRES_AWAY, UnavailableError)
# What rows that cannot be stored or folded raise: set the culprit apart and go on.
_UNUSABLE = (
    *(asyncpg.DataError, asyncpg.IntegrityConstraintViolationError),
    *(ArithmeticError, AttributeError, LookupError, TypeError, ValueError),
)


@dataclass
class _Work:
    """What one turn of the loop writes."""

    transactions: list[ChainTransaction] = field(default_factory=list)
    cursors: dict[str, Cursor] = field(default_factory=dict)
    slots: list[Span] = field(default_factory=list)
    finalized_slot: int = 2**63 - 1

    def add(self, chunk: Chunk) -> None:
        self.transactions += chunk.transactions
        self.cursors.update({one.program: one for one in chunk.cursors})
        self.slots += chunk.slots
        self.finalized_slot = min(self.finalized_slot, chunk.finalized_slot)


@dataclass
class _Progress:
    """How far a batch brings the cursors and the ledger."""

    cursors: list[Cursor] = field(default_factory=list)
    slots: Change = field(default_factory=lambda: Change([], []))


@dataclass
class _Judged:
    verdict: Verdict
    settled: asyncio.Event


class _End:
    """The source has nothing more."""


Item = Chunk | _Judged | _End | Exception


class Indexer:
    """Writes what one source brings, and what `graduates` brings of their pools elsewhere.

    `written` hears of each committed batch.
    """

    def __init__(
        self,
        database_url: str,
        source: Source,
        programs: Sequence[str],
        finality: Finality | None = None,
        written: Callable[[Sequence[ChainTransaction], Folded], None] | None = None,
        graduates: GraduateSource | None = None,
        backfill: Backfill | None = None,
    ) -> None:
        self._url = database_url
        self._source = source
        self._programs = programs
        self._finality = finality
        self._written = written
        self._graduates = graduates
        self._backfill = backfill
        self._queue: asyncio.Queue[Item] = asyncio.Queue(WAITING_CHUNKS)
        self._ledger = Ledger()
        self._backoff = Backoff()
        self._memory = Memory()

    @property
    def ledger(self) -> Ledger:
        """The ledger of slots as it was committed last."""
        return self._ledger

    @property
    def waiting(self) -> int:
        """Chunks and verdicts that wait to be written."""
        return self._queue.qsize()

    async def run(self) -> None:
        """Index until the source ends (a recording) or for ever (a node); waits for what is away."""
        while True:
            try:
                await self._index()
            except ChainChangedError as error:
                log.warning("indexer.chain_changed", error=error.message)
            except _AWAY as error:
                reason = str(error) or type(error).__name__
                log.warning("indexer.waiting", error=reason, retry_in=self._backoff.seconds)
                await self._backoff.wait()
            else:
                return

    async def _index(self) -> None:
        genesis_hash = await self._source.genesis_hash()
        connection = await connect_directly(self._url)
        try:
            await _become_the_writer(connection)
            # Rows and cursor are lost together, and indexed again.
            await commit_without_waiting(connection)
            await queries.look_up_by_key(connection)
            cursors = await cursor.load(connection, self._programs, genesis_hash)
            self._ledger = Ledger(await queries.slot_spans(connection))
            self._memory = Memory(await candles.recover(connection))
            log.info("indexer.started", cursors={one.program: one.slot for one in cursors.values()})
            queue = self._queue = asyncio.Queue(WAITING_CHUNKS)
            feeds = [self._feed_chunks(queue, cursors)]
            if self._finality is not None:
                feeds.append(self._feed_verdicts(queue, self._finality))
            if self._graduates is not None:
                feeds.append(self._feed_graduates(queue, self._graduates, await cursor.load_pools(connection)))
            if self._backfill is not None:
                feeds.append(self._feed_holes(queue, self._backfill))
            tasks = [asyncio.create_task(_feed(feed, queue)) for feed in feeds]
            try:
                await self._write_all(connection, queue)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
        finally:
            connection.terminate()

    async def _feed_chunks(self, queue: asyncio.Queue[Item], cursors: dict[str, Cursor]) -> None:
        async for chunk in self._source.stream(cursors):
            await queue.put(chunk)
        await queue.put(_End())

    async def _feed_graduates(
        self, queue: asyncio.Queue[Item], graduates: GraduateSource, cursors: list[Cursor]
    ) -> None:
        async with aclosing(graduates.stream(cursors)) as chunks:
            async for chunk in chunks:
                await queue.put(chunk)

    async def _feed_holes(self, queue: asyncio.Queue[Item], backfill: Backfill) -> None:
        """Fill every hole that is still there at a second look, the oldest first; one that cannot be, later again."""
        before: set[Hole] = set()
        backoff = Backoff(first=HOLES_SECONDS)
        while True:
            await backoff.wait()
            holes = self._ledger.holes()
            lasting = [one for one in holes if one in before]
            before = set(holes)
            try:
                for hole in lasting:
                    async with aclosing(backfill.fill(hole)) as chunks:
                        async for chunk in chunks:
                            await queue.put(chunk)
                    before.discard(hole)
                backoff.worked()
            except (RpcError, RpcUnavailableError) as error:
                log.warning("indexer.holes_wait", error=error.message, retry_in=backoff.seconds)

    async def _feed_verdicts(self, queue: asyncio.Queue[Item], finality: Finality) -> None:
        async def act(verdict: Verdict) -> None:
            judged = _Judged(verdict, asyncio.Event())
            await queue.put(judged)
            await judged.settled.wait()

        connection = await connect_directly(self._url)
        try:
            await watch(finality, connection, act)
        finally:
            connection.terminate()

    async def _write_all(self, connection: asyncpg.Connection, queue: asyncio.Queue[Item]) -> None:
        while True:
            end_if_asked()
            work = _Work()
            while queue.empty() and self._memory.waiting:
                await _catch_up(connection, self._memory.waiting)
            item = await queue.get()
            while isinstance(item, Chunk):
                work.add(item)
                if queue.empty() or len(work.transactions) >= BATCH:
                    break
                item = queue.get_nowait()
            await self._write(connection, work)
            if isinstance(item, _Judged):
                async with connection.transaction():
                    await queries.lock_writing(connection)
                    await settle(connection, item.verdict)
                # A token whose launch was undone may come back with another curve.
                self._memory.shapes.clear()
                item.settled.set()
            elif isinstance(item, Exception):
                raise item
            elif isinstance(item, _End):
                return
            self._backoff.worked()

    async def _write(self, connection: asyncpg.Connection, work: _Work) -> None:
        if not work.transactions and not work.cursors and not work.slots:
            return
        ledger, change = self._ledger.noted(work.slots)
        progress = _Progress(list(work.cursors.values()), change)
        try:
            folded = await self._commit(connection, work.transactions, progress, work.finalized_slot)
        except _UNUSABLE as error:
            log.warning("indexer.unusable", error=repr(error), action="Writing this batch's transactions one by one.")
            self._memory.waiting.doubt()
            folded = await self._commit_apart(connection, work, progress)
        self._ledger = ledger
        if self._graduates is not None:
            for one in graduates_in(work.transactions):
                self._graduates.watch(one)
        if self._written is not None:
            self._written(work.transactions, folded)

    async def _commit(
        self,
        connection: asyncpg.Connection,
        transactions: Sequence[ChainTransaction],
        progress: _Progress,
        finalized_slot: int,
    ) -> Folded:
        async with connection.transaction():
            await queries.lock_writing(connection)
            folded = await fold(connection, transactions, finalized_slot, self._memory)
            await store_trades(connection, transactions, finalized_slot)
            caught_up = await candles.catch_up(connection, self._memory.waiting)
            for graduate in graduates_in(transactions):
                await queries.begin_pool_cursor(connection, graduate.program, graduate.slot)
            for one in progress.cursors:
                await queries.move_cursor(connection, one.program, one.signature, one.slot)
            await queries.change_slot_spans(connection, progress.slots)
        self._memory.waiting.done(caught_up)
        return folded

    async def _commit_apart(self, connection: asyncpg.Connection, work: _Work, progress: _Progress) -> Folded:
        """Write each transaction on its own; of one that cannot be folded, at least its events are kept."""
        total = Folded()
        for transaction in work.transactions:
            try:
                total.add(await self._commit(connection, [transaction], _Progress(), work.finalized_slot))
            except _UNUSABLE as error:
                self._memory.waiting.doubt()
                # A rendered traceback would print every local, and a batch is large.
                trace = format_exc(limit=-4)
                log.error("indexer.not_folded", signature=transaction.signature, error=repr(error), trace=trace)  # noqa: TRY400 - see above
                with suppress(*_UNUSABLE):
                    async with connection.transaction():
                        await store_raw(connection, transaction, work.finalized_slot)
        await self._commit(connection, (), progress, work.finalized_slot)
        return total


async def _catch_up(connection: asyncpg.Connection, waiting: candles.Waiting) -> None:
    """Nothing else is to be done: some of the candles that wait."""
    async with connection.transaction():
        await queries.lock_writing(connection)
        done = await candles.catch_up(connection, waiting)
    waiting.done(done)
    await asyncio.sleep(0)


async def _become_the_writer(connection: asyncpg.Connection) -> None:
    """Wait until no other indexer writes."""
    while not await queries.try_write_lock(connection):  # noqa: ASYNC110 - another process holds it, no event tells us
        await asyncio.sleep(STANDBY_SECONDS)


async def _feed(feed: Coroutine[Any, Any, None], queue: asyncio.Queue[Item]) -> None:
    """Run a feed; the error that ends it ends the loop, after everything that was fed before."""
    try:
        await feed
    except Exception as error:  # noqa: BLE001 - raised again by the loop
        await queue.put(error)
