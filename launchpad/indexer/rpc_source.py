"""The chain by JSON-RPC: WebSocket for speed, back-fill for completeness.

The WebSocket tells of transactions at once but may lose some. So every program is
also swept by getSignaturesForAddress from its cursor to the head: what the sweep
finds and the WebSocket did not tell is a gap, and is filled. Only a sweep moves a
cursor. Everything passes one queue, so a cursor leaves after all it covers.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, Awaitable, Callable, Container, Iterable, Mapping, Sequence
from contextlib import aclosing
from functools import partial
from typing import Any, TypeVar

import structlog

from launchpad.backoff import Backoff
from launchpad.chain.addresses import ProgramName
from launchpad.chain.errors import RpcError, RpcUnavailableError
from launchpad.chain.rpc import RpcPool
from launchpad.errors import UnavailableError
from launchpad.indexer.backfill import skipped_in
from launchpad.indexer.fetch import Fetcher
from launchpad.indexer.ledger import Span
from launchpad.indexer.listener import Found, Listener
from launchpad.indexer.source import ChainChangedError, Chunk, Cursor
from launchpad.indexer.stage import DecodeStage

log = structlog.get_logger(__name__)
T = TypeVar("T")

SEEN = 10_000
PAGE = 1000
CHUNK = 500
# A node may list the newest slots before it has listed all of their transactions.
SETTLED_SLOTS = 4
# How far behind the cursor a listing goes when the cursor's signature was on a fork that died.
REWIND_SLOTS = 512
SWEEP_SECONDS = 2.0
SWEEP_SECONDS_DEAF = 0.25
# Of so many slots a sweep asks which of them were skipped; of more they count as indexed.
ASKED_SLOTS = 500


class UnusableAnswerError(UnavailableError):
    """A node answered something else than JSON-RPC promises; it, or another, will be asked again."""

    code = "UNUSABLE_ANSWER"


class RpcSource:
    """Everything that our programs do, from one or several nodes.

    `foreign` adds other programs, by name. Of those nothing is listed that happened before they
    were followed first: they can be years old. What is `known` already is not fetched. While `covered`
    says that others tell of everything at once, only sweeps are made, for what those missed.
    """

    def __init__(
        self,
        rpc: RpcPool,
        ws_urls: Sequence[str],
        programs: Mapping[ProgramName, str],
        foreign: Mapping[str, str] | None = None,
        stage: DecodeStage | None = None,
        known: Container[str] = (),
    ) -> None:
        self._rpc = rpc
        self._ws_urls = ws_urls
        self._foreign = frozenset(foreign or ())
        self._programs: dict[str, str] = {**dict(programs.items()), **(foreign or {})}
        self._fetcher = Fetcher(rpc, stage)
        self._known = known
        self._run: _Run | None = None
        self.covered: Callable[[], bool] = lambda: False

    async def genesis_hash(self) -> str:
        """The chain's genesis hash; asked until a node answers."""
        return await _patiently(self._rpc.get_genesis_hash)

    async def stream(self, cursors: Mapping[str, Cursor]) -> AsyncGenerator[Chunk]:
        """Everything after the cursors, without end; raises ChainChangedError when the chain is replaced."""
        genesis_hash = await self.genesis_hash()
        cursors = {**cursors, **await self._beginnings(cursors)}
        run = _Run(self._rpc, self._fetcher, self._programs, cursors, genesis_hash, self._known)
        run.noted = max(0, min(one.slot for name, one in cursors.items() if name not in self._foreign) - SETTLED_SLOTS)
        self._run = run
        listener = Listener(self._ws_urls, self._programs, self._hear, run.sweep_now.set)
        tasks = [asyncio.create_task(listener.run()), asyncio.create_task(run.sweep_forever(listener))]
        try:
            async with aclosing(run.chunks(tasks)) as chunks:
                async for chunk in chunks:
                    yield chunk
        except (LookupError, TypeError, ValueError) as error:
            raise UnusableAnswerError(f"A node answered what cannot be used: {error!r}.") from error
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def hurry(self) -> None:
        """Sweep now: whoever told of everything may have missed something."""
        if self._run is not None:
            self._run.sweep_now.set()

    def _hear(self, found: Found) -> None:
        if self._run is not None and not self.covered():
            self._run.found(found)

    async def _beginnings(self, cursors: Mapping[str, Cursor]) -> dict[str, Cursor]:
        """Cursors at the present for the foreign programs that were not followed before."""
        fresh = [name for name in self._foreign if not cursors[name].slot]
        head = await _patiently(partial(self._rpc.get_slot, "confirmed")) if fresh else 0
        return {
            name: Cursor(name, await _patiently(partial(self._newest, self._programs[name])), head) for name in fresh
        }

    async def _newest(self, address: str) -> str | None:
        listed = await self._rpc.get_signatures_for_address(
            address, before=None, until=None, limit=1, commitment="confirmed"
        )
        return listed[0]["signature"] if listed else None


class _Run:
    """The state of one `stream`."""

    def __init__(
        self,
        rpc: RpcPool,
        fetcher: Fetcher,
        programs: Mapping[str, str],
        cursors: Mapping[str, Cursor],
        genesis_hash: str,
        known: Container[str] = (),
    ) -> None:
        self._rpc = rpc
        self._fetcher = fetcher
        self._programs = programs
        self._cursors = dict(cursors)
        self._genesis_hash = genesis_hash
        self._known = known
        self._finalized_slot = 0
        self._queue: asyncio.Queue[Found | Cursor | Span] = asyncio.Queue()
        self.noted = 0
        self._seen: OrderedDict[str, None] = OrderedDict()
        self.sweep_now = asyncio.Event()

    def found(self, one: Found) -> bool:
        """Queue a transaction unless it was queued lately; whether it was new."""
        if one.signature in self._seen or one.signature in self._known:
            return False
        self._seen[one.signature] = None
        if len(self._seen) > SEEN:
            self._seen.popitem(last=False)
        self._queue.put_nowait(one)
        return True

    def _forget(self, signatures: Iterable[str]) -> None:
        """What has vanished may come back in another slot."""
        for signature in signatures:
            self._seen.pop(signature, None)

    async def chunks(self, tasks: Sequence[asyncio.Task[None]]) -> AsyncGenerator[Chunk]:
        """What was queued, fetched, as it comes; ends with the error that ended one of the tasks."""
        while True:
            waiting = asyncio.create_task(self._take())
            try:
                done, _ = await asyncio.wait({waiting, *tasks}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                # Only when one of the tasks ended, or this one is cancelled: then the stream is over.
                waiting.cancel()
            for task in done - {waiting}:
                task.result()
            found, cursors, slots = waiting.result()
            transactions = await _patiently(partial(self._fetcher.fetch, found)) if found else []
            self._forget({one.signature for one in found} - {one.signature for one in transactions})
            yield Chunk(transactions, list(cursors.values()), self._finalized_slot, slots)

    async def _take(self) -> tuple[list[Found], dict[str, Cursor], list[Span]]:
        """At least one queued item, and whatever else waits, up to a chunk."""
        found: list[Found] = []
        cursors: dict[str, Cursor] = {}
        slots: list[Span] = []
        item = await self._queue.get()
        while True:
            if isinstance(item, Cursor):
                cursors[item.program] = item
            elif isinstance(item, Span):
                slots.append(item)
            else:
                found.append(item)
            if self._queue.empty() or len(found) >= CHUNK:
                return found, cursors, slots
            item = self._queue.get_nowait()

    async def sweep_forever(self, listener: Listener) -> None:
        """List what happened since the cursors, again and again; sooner while the WebSocket is down."""
        backoff = Backoff()
        while True:
            self.sweep_now.clear()
            try:
                await self._sweep(told=listener.connected)
                backoff.worked()
            except (RpcError, RpcUnavailableError) as error:
                log.warning("indexer.rpc_away", error=error.message, retry_in=backoff.seconds)
                await backoff.wait()
                continue
            try:
                async with asyncio.timeout(SWEEP_SECONDS if listener.connected else SWEEP_SECONDS_DEAF):
                    await self.sweep_now.wait()
            except TimeoutError:
                pass

    async def _sweep(self, *, told: bool) -> None:
        found = await self._rpc.get_genesis_hash()
        if found != self._genesis_hash:
            raise ChainChangedError(f"The node serves chain {found} now, not {self._genesis_hash}.")
        self._finalized_slot = await self._rpc.get_slot("finalized")
        head = await self._rpc.get_slot("confirmed")
        for program, address in self._programs.items():
            await self._sweep_program(program, address, head, told=told)
        await self._note(head - SETTLED_SLOTS)

    async def _note(self, last: int) -> None:
        """Everything up to this slot is listed now: the ledger may say so, after what was found."""
        first = self.noted
        if last < first:
            return
        self._queue.put_nowait(Span(first, last, "indexed"))
        self.noted = last + 1
        if first and last - first < ASKED_SLOTS:
            try:
                blocks = await self._rpc.call("getBlocks", [first, last, {"commitment": "confirmed"}])
            except RpcError:
                return
            for one in skipped_in(first, last, blocks):
                self._queue.put_nowait(one)

    async def _sweep_program(self, program: str, address: str, head: int, *, told: bool) -> None:
        cursor = self._cursors[program]
        listed = await self._list(address, cursor)
        missed = 0
        for number, entry in enumerate(listed, 1):
            if entry["err"] is None and self.found(Found(entry["signature"], entry["slot"])):
                missed += entry["slot"] <= head - SETTLED_SLOTS
            if number % PAGE == 0:
                self._queue.put_nowait(Cursor(program, entry["signature"], max(cursor.slot, entry["slot"] - 1)))
        if missed and told and cursor.slot:
            log.info("indexer.gap_filled", program=program, transactions=missed, after_slot=cursor.slot)
        settled = [entry["signature"] for entry in listed if entry["slot"] <= head - SETTLED_SLOTS]
        self._cursors[program] = Cursor(program, settled[-1] if settled else cursor.signature, max(head, cursor.slot))
        self._queue.put_nowait(self._cursors[program])

    async def _list(self, address: str, cursor: Cursor) -> list[dict[str, Any]]:
        """Signatures after the cursor, oldest first, failed ones included."""
        listed: list[dict[str, Any]] = []
        before: str | None = None
        while True:
            page = await self._rpc.get_signatures_for_address(
                address, before=before, until=cursor.signature, limit=PAGE, commitment="confirmed"
            )
            listed += page
            if len(page) < PAGE or page[-1]["slot"] < cursor.slot - REWIND_SLOTS:
                listed.reverse()
                return listed
            before = page[-1]["signature"]


async def _patiently(ask: Callable[[], Awaitable[T]]) -> T:
    """The answer, asked for until a node gives it."""
    backoff = Backoff()
    while True:
        try:
            return await ask()
        except (RpcError, RpcUnavailableError) as error:
            log.warning("indexer.rpc_away", error=error.message, retry_in=backoff.seconds)
            await backoff.wait()
