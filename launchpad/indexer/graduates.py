"""Swaps in the pools of graduates at Raydium, of which no program of ours tells.

Each pool is listened to by logsSubscribe and swept by getSignaturesForAddress from its own
cursor, which begins with the slot of the graduation. As with our programs, what the WebSocket
does not tell the sweep finds, and only a sweep moves a cursor.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import structlog

from launchpad.backoff import Backoff
from launchpad.chain.borsh import UndecodableError
from launchpad.chain.errors import RpcError, RpcUnavailableError
from launchpad.chain.events import ChainEvent, ChainTransaction, Graduated
from launchpad.chain.rpc import RpcPool
from launchpad.chain.venues.raydium.reading import find_pool
from launchpad.chain.venues.raydium.swaps import RaydiumSwapped
from launchpad.indexer.fetch import Fetcher
from launchpad.indexer.listener import Found
from launchpad.indexer.pool_listener import PoolListener
from launchpad.indexer.rpc_source import UnusableAnswerError
from launchpad.indexer.source import Chunk, Cursor

log = structlog.get_logger(__name__)

SWEEP_SECONDS = 2.0
SWEEP_SECONDS_DEAF = 0.25
# How many pools one sweep lists, those first that waited longest.
POOLS_AT_ONCE = 100
# How long the rates that Raydium keeps of its fees are taken for unchanged.
RATES_SECONDS = 600.0
PAGE = 1000
CHUNK = 500
SEEN = 10_000
# As with our programs: see launchpad.indexer.rpc_source.
SETTLED_SLOTS = 4
REWIND_SLOTS = 512


@dataclass
class _Pool:
    """One pool as it is followed; `swept_at` and `rates_at` by time.monotonic()."""

    cursor: Cursor
    swept_at: float = 0.0
    rates: tuple[int, int] | None = None
    rates_at: float = 0.0


@dataclass
class _State:
    """What one `stream` knows."""

    pools: dict[str, _Pool] = field(default_factory=dict)
    heard: asyncio.Queue[Found] = field(default_factory=asyncio.Queue)
    seen: OrderedDict[str, None] = field(default_factory=OrderedDict)
    finalized_slot: int = 0


class GraduateSource:
    """Follows pools from the moment it is told of them."""

    def __init__(self, rpc: RpcPool, ws_urls: Sequence[str]) -> None:
        self._rpc = rpc
        self._ws_urls = ws_urls
        self._fetcher = Fetcher(rpc)
        self._state = _State()
        self._listener = PoolListener(ws_urls, self._hear, self._hurry)

    def watch(self, cursor: Cursor) -> None:
        """Follow the pool that the cursor names from there on; the second time changes nothing."""
        if cursor.program not in self._state.pools:
            self._state.pools[cursor.program] = _Pool(cursor)
            self._listener.follow(cursor.program)

    async def stream(self, cursors: Iterable[Cursor]) -> AsyncGenerator[Chunk]:
        """Everything in these pools and those that are told of later, without end."""
        self._state = _State()
        self._listener = PoolListener(self._ws_urls, self._hear, self._hurry)
        for one in cursors:
            self.watch(one)
        listening = asyncio.create_task(self._listener.run(), name="graduates")
        try:
            async for chunk in self._chunks():
                yield chunk
        except (LookupError, TypeError, ValueError) as error:
            raise UnusableAnswerError(f"A node answered what cannot be used: {error!r}.") from error
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)

    def _hear(self, found: Found) -> None:
        self._state.heard.put_nowait(found)

    def _hurry(self) -> None:
        """The connection is another one: what happened before must be asked for."""
        for pool in self._state.pools.values():
            pool.swept_at = 0.0

    async def _chunks(self) -> AsyncGenerator[Chunk]:
        backoff = Backoff()
        while True:
            heard = await self._wait()
            try:
                if heard:
                    yield Chunk(await self._fetch(heard), [], self._state.finalized_slot)
                if due := self._due():
                    async for chunk in self._sweep(due):
                        yield chunk
                backoff.worked()
            except (RpcError, RpcUnavailableError) as error:
                self._forget(heard)
                log.warning("indexer.graduates_wait", error=error.message, retry_in=backoff.seconds)
                await backoff.wait()

    async def _wait(self) -> list[Found]:
        """What was heard, as soon as it is; nothing when a sweep is due first."""
        await self._listener.subscribe()
        queue = self._state.heard
        found: list[Found] = []
        with suppress(TimeoutError):
            async with asyncio.timeout(0.05 if self._due() else self._pause()):
                found.append(await queue.get())
        while not queue.empty() and len(found) < CHUNK:
            found.append(queue.get_nowait())
        return [one for one in found if self._is_new(one.signature)]

    def _pause(self) -> float:
        return SWEEP_SECONDS if self._listener.connected else SWEEP_SECONDS_DEAF

    def _due(self) -> list[str]:
        """The pools to sweep now."""
        before = time.monotonic() - self._pause()
        waiting = [(pool.swept_at, key) for key, pool in self._state.pools.items() if pool.swept_at <= before]
        return [key for _, key in sorted(waiting)[:POOLS_AT_ONCE]]

    def _is_new(self, signature: str) -> bool:
        seen = self._state.seen
        if signature in seen:
            return False
        seen[signature] = None
        if len(seen) > SEEN:
            seen.popitem(last=False)
        return True

    def _forget(self, found: Iterable[Found]) -> None:
        for one in found:
            self._state.seen.pop(one.signature, None)

    async def _fetch(self, found: Sequence[Found]) -> list[ChainTransaction]:
        transactions = await self._fetcher.fetch(found)
        had = {one.signature for one in transactions}
        # What has vanished may come back in another slot.
        self._forget(one for one in found if one.signature not in had)
        return [self._with_rates(one) for one in transactions]

    async def _sweep(self, due: Sequence[str]) -> AsyncGenerator[Chunk]:
        """List these pools from their cursors; each cursor leaves after all that it covers."""
        head = await self._rpc.get_slot("confirmed")
        self._state.finalized_slot = await self._rpc.get_slot("finalized")
        for key, listed in zip(due, await self._list(due), strict=True):
            pool = self._state.pools[key]
            await self._read_rates(key, pool)
            found = [Found(one["signature"], one["slot"]) for one in listed if one["err"] is None]
            new = [one for one in found if self._is_new(one.signature)]
            try:
                for start in range(0, len(new), CHUNK):
                    transactions = await self._fetch(new[start : start + CHUNK])
                    yield Chunk(transactions, [], self._state.finalized_slot)
            except (RpcError, RpcUnavailableError):
                self._forget(new)
                raise
            settled = [one["signature"] for one in listed if one["slot"] <= head - SETTLED_SLOTS]
            signature = settled[-1] if settled else pool.cursor.signature
            pool.cursor, pool.swept_at = Cursor(key, signature, max(head, pool.cursor.slot)), time.monotonic()
            yield Chunk([], [pool.cursor], self._state.finalized_slot)

    async def _list(self, due: Sequence[str]) -> list[list[dict[str, Any]]]:
        """Signatures after each pool's cursor, oldest first, failed ones included."""
        asked = [("getSignaturesForAddress", [key, self._config(key, None)]) for key in due]
        pages = await self._rpc.batch(asked)
        for page in pages:
            if isinstance(page, RpcError):
                raise page
        return [await self._older(key, page) for key, page in zip(due, pages, strict=True)]

    async def _older(self, key: str, page: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """A pool's first page and all that it had not room for."""
        listed = list(page)
        while len(page) == PAGE and page[-1]["slot"] >= self._state.pools[key].cursor.slot - REWIND_SLOTS:
            before = page[-1]["signature"]
            page = await self._rpc.call("getSignaturesForAddress", [key, self._config(key, before)])
            listed += page
        listed.reverse()
        return listed

    def _config(self, key: str, before: str | None) -> dict[str, Any]:
        until = self._state.pools[key].cursor.signature
        bounds = {"before": before, "until": until}
        return {"limit": PAGE, "commitment": "confirmed", **{name: one for name, one in bounds.items() if one}}

    async def _read_rates(self, key: str, pool: _Pool) -> None:
        if pool.rates_at and time.monotonic() - pool.rates_at < RATES_SECONDS:
            return
        # Accounts of a form that we do not know leave the usual rates.
        with suppress(UndecodableError):
            live = await find_pool(self._rpc, key)
            if live is not None:
                pool.rates = (live.config.protocol_fee_rate, live.config.fund_fee_rate)
        pool.rates_at = time.monotonic()

    def _with_rates(self, transaction: ChainTransaction) -> ChainTransaction:
        return replace(transaction, events=[self._rated(event) for event in transaction.events])

    def _rated(self, event: ChainEvent) -> ChainEvent:
        swap = event.data
        pool = self._state.pools.get(swap.pool) if isinstance(swap, RaydiumSwapped) else None
        if pool is None or pool.rates is None or not isinstance(swap, RaydiumSwapped):
            return event
        protocol, fund = pool.rates
        return replace(event, data=replace(swap, protocol_rate=protocol, fund_rate=fund))


def graduates_in(transactions: Iterable[ChainTransaction]) -> list[Cursor]:
    """Where to begin with each pool at Raydium that these transactions opened."""
    return [
        Cursor(event.data.pool, None, transaction.slot - 1)
        for transaction in transactions
        for event in transaction.events
        if isinstance(event.data, Graduated) and event.data.venue == "raydium"
    ]
