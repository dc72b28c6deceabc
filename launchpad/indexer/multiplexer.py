"""Several sources at once: whoever brings a transaction first has brought it.

JSON-RPC is the backbone: slowest, but it alone can say that nothing is missing, and only it moves
cursors. Beside it run any number of members (Geysers, recorded files). When one dies, falls
silent or behind, the others go on that very moment, for they all run already; what nobody brought
is a hole in the ledger of slots, which the back-fill closes.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Protocol

import structlog

from launchpad.backoff import Backoff, end_if_asked
from launchpad.chain.geyser.client import GeyserAwayError
from launchpad.indexer.health import Health
from launchpad.indexer.source import Chunk, Cursor, Source

log = structlog.get_logger(__name__)

SEEN = 10_000
# Chunks that wait for the store; then receiving waits.
WAITING = 64
# A member that brings nothing for so long, not even a slot, is connected to anew.
SILENCE_SECONDS = 5.0
# A member that is so many slots behind another one is connected to anew, at the present.
LAG_SLOTS = 64
# A member that was silent for so long covers nothing: slots come every 0.4 seconds.
QUIET_SECONDS = 0.6
WATCH_SECONDS = 0.1
BACKBONE = "rpc"


class Backbone(Source, Protocol):
    """A source that moves cursors. It only looks for what was missed while `covered` says that others tell."""

    covered: Callable[[], bool]

    def hurry(self) -> None:
        """Look now."""


class Member(Protocol):
    """A source beside the backbone."""

    name: str

    def stream(self, from_slot: int | None) -> AsyncGenerator[Chunk]:
        """Chunks without cursors, from a slot on if it can, else from now on; ends where it has an end."""


class MemberLostError(Exception):
    """A member is connected but of no use: silent, or far behind."""


class Delivered:
    """The signatures that were handed on lately; bounded, for what comes later again the store knows."""

    def __init__(self, limit: int = SEEN) -> None:
        self._limit = limit
        self._seen: OrderedDict[str, None] = OrderedDict()

    def __contains__(self, signature: object) -> bool:
        return signature in self._seen

    def clear(self) -> None:
        """Forget everything."""
        self._seen.clear()

    def add(self, signatures: Iterable[str]) -> None:
        """Remember these, and forget the oldest beyond the limit."""
        for signature in signatures:
            self._seen[signature] = None
        while len(self._seen) > self._limit:
            self._seen.popitem(last=False)


class Multiplexer:
    """A Source made of others. `health` tells how each one does, by name."""

    def __init__(self, backbone: Backbone, members: Sequence[Member], delivered: Delivered) -> None:
        self._backbone = backbone
        self._members = members
        self._delivered = delivered
        self._passing = asyncio.Lock()
        self._queue: asyncio.Queue[Chunk | Exception | None] = asyncio.Queue(WAITING)
        self.health = {BACKBONE: Health()} | {one.name: Health() for one in members}
        self._leader = ""
        backbone.covered = self.covered

    async def genesis_hash(self) -> str:
        """The chain that the backbone serves."""
        return await self._backbone.genesis_hash()

    async def stream(self, cursors: Mapping[str, Cursor]) -> AsyncGenerator[Chunk]:
        """Everything that any source brings, each transaction once; ends and fails as the backbone does."""
        # What waited when the last stream ended was not stored: everybody begins at the present, and the
        # backbone at its cursors.
        self._delivered.clear()
        for one in self.health.values():
            one.begin()
        self._queue, self._passing = asyncio.Queue(WAITING), asyncio.Lock()
        tasks = [asyncio.create_task(self._run_backbone(cursors)), asyncio.create_task(self._watch())]
        tasks += [asyncio.create_task(self._run_member(one), name=one.name) for one in self._members]
        try:
            while (item := await self._queue.get()) is not None:
                if isinstance(item, Exception):
                    raise item
                yield item
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def covered(self) -> bool:
        """Whether a member tells of everything that happens, now."""
        members = (self.health[one.name] for one in self._members)
        return any(one.connected and one.head and one.silence < QUIET_SECONDS for one in members)

    async def _watch(self) -> None:
        """The moment nobody covers the present any more, the backbone looks at what was missed."""
        before = False
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            now = self.covered()
            if before and not now:
                self._backbone.hurry()
            before = now

    @property
    def waiting(self) -> int:
        """Chunks that wait for the store."""
        return self._queue.qsize()

    @property
    def best_head(self) -> int:
        """The newest slot that any connected source has told of."""
        return max((one.head for one in self.health.values() if one.connected), default=0)

    def scores(self) -> dict[str, int]:
        """The score of every source by name."""
        best = self.best_head
        return {name: one.score(best) for name, one in self.health.items()}

    async def _run_backbone(self, cursors: Mapping[str, Cursor]) -> None:
        try:
            async with aclosing(self._backbone.stream(cursors)) as chunks:
                async for chunk in chunks:
                    await self._pass_on(BACKBONE, chunk)
        except Exception as error:  # noqa: BLE001 - raised again by `stream`, after everything that came before
            await self._queue.put(error)
        else:
            await self._queue.put(None)

    async def _run_member(self, member: Member) -> None:
        """Listen to a member for ever, or until its end; connects anew with growing pauses."""
        backoff, health = Backoff(), self.health[member.name]
        resume = True
        while True:
            end_if_asked()
            try:
                await self._listen(member, health.head + 1 if health.head and resume else None, backoff)
            except (GeyserAwayError, MemberLostError, OSError, TimeoutError) as error:
                resume = not isinstance(error, MemberLostError)
                self._lost(member.name, str(error) or "silence", backoff.seconds)
                await backoff.wait()
            else:
                health.connected = False
                return

    async def _listen(self, member: Member, from_slot: int | None, backoff: Backoff) -> None:
        async with aclosing(member.stream(from_slot)) as chunks:
            while True:
                async with asyncio.timeout(SILENCE_SECONDS):
                    chunk = await anext(chunks, None)
                if chunk is None:
                    return
                await self._pass_on(member.name, chunk)
                backoff.worked()
                lag = self.health[member.name].lag(self.best_head)
                if lag > LAG_SLOTS and self.health[member.name].head:
                    raise MemberLostError(f"it is {lag} slots behind")

    def _lost(self, name: str, reason: str, retry_in: float) -> None:
        self.health[name].failed()
        log.warning("indexer.source_lost", source=name, error=reason, retry_in=retry_in)
        self._note_leader()

    async def _pass_on(self, name: str, chunk: Chunk) -> None:
        """Queue what is new of a chunk.

        One chunk at a time: what counts as delivered stands in the queue already, so that a cursor
        that was moved for its sake comes behind it.
        """
        async with self._passing:
            new = [one for one in chunk.transactions if one.signature not in self._delivered]
            await self._queue.put(replace(chunk, transactions=new))
            self._delivered.add(one.signature for one in new)
        self.health[name].heard(_head_of(chunk), len(new), len(chunk.transactions) - len(new))
        self._note_leader()

    def _note_leader(self) -> None:
        """Say in the log when another source does best now."""
        scores = self.scores()
        best = max(scores, key=lambda name: scores[name])
        if best != self._leader and scores[best] > scores.get(self._leader, -1):
            log.info("indexer.source_leads", source=best, before=self._leader or None, score=scores[best])
            self._leader = best


def _head_of(chunk: Chunk) -> int:
    """The newest slot that a chunk tells of."""
    slots = [one.last for one in chunk.slots] + [one.slot for one in chunk.transactions]
    return max([*slots, *(one.slot for one in chunk.cursors)], default=0)
