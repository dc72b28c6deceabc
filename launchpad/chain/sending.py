"""Sending until a transaction is in the chain or can never be, and finding out which.

The same signed bytes are sent again and again: a cluster takes them once. One loop
asks for the statuses of everything that is waiting, so a thousand transactions cost
a few requests a second.
"""

import asyncio
import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import structlog

from launchpad.chain.errors import (
    RpcError,
    RpcUnavailableError,
    TransactionFailedError,
    expired,
    transaction_error,
)
from launchpad.chain.executors import Executor, RpcExecutor, Signed
from launchpad.chain.keys import transaction_signature, verify_transaction
from launchpad.chain.rpc import RpcPool
from launchpad.chain.watching import SignatureWatcher
from launchpad.errors import LaunchpadError

log = structlog.get_logger(__name__)

Commitment = Literal["processed", "confirmed", "finalized"]
_RANK: dict[str | None, int] = {"processed": 1, "confirmed": 2, "finalized": 3}
_STATUSES = 256
_POLL_SECONDS = 0.15
# With a WebSocket that tells at once, asking is for what it lost.
_POLL_TOLD_SECONDS = 0.5
_POLL_SLOW_SECONDS = 1.0
_FAST_FOR_SECONDS = 15.0
_RESEND_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class TransactionStatus:
    """Where a transaction stands. `error` is set when it is `failed` on chain."""

    signature: str
    state: Literal["unknown", "processed", "confirmed", "finalized", "failed"]
    slot: int | None = None
    error: TransactionFailedError | None = None


@dataclass(slots=True, eq=False)
class _Waiting:
    """A transaction that is not settled, and who waits for it."""

    signature: str
    last_valid_block_height: int
    # What is sent again, and by which road; None for what somebody else sends.
    going: tuple[Signed, Executor] | None = None
    begun: float = field(default_factory=time.monotonic)
    sent: float = field(default_factory=time.monotonic)
    waiters: list[tuple[int, asyncio.Future[dict[str, Any]]]] = field(default_factory=list)
    # Resending goes on until this, whether or not anybody waits.
    settled: bool = False


class Sender:
    """Sends and watches transactions. One per client; `close` ends its loop."""

    def __init__(self, rpc: RpcPool, ws_urls: Sequence[str] = ()) -> None:
        self._rpc = rpc
        self._plain = RpcExecutor(rpc)
        self._waiting: dict[str, _Waiting] = {}
        self._task: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        self._told = asyncio.Event()
        self._watcher = SignatureWatcher(ws_urls, self._told.set)

    async def close(self) -> None:
        """Stop watching; whoever still waits gets cancelled."""
        await self._watcher.close()
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        for one in self._waiting.values():
            for _, future in one.waiters:
                future.cancel()
        self._waiting.clear()

    async def submit(self, transaction: str, last_valid_block_height: int, executor: Executor | None = None) -> str:
        """Check and send a signed transaction, and go on sending until it is settled; its signature.

        By plain RPC unless told otherwise. Raises BadSignatureError, and the TransactionFailedError
        of its simulation when it would fail: then nothing was sent. Submitting the same again is harmless.
        """
        verify_transaction(transaction)
        signature = transaction_signature(transaction)
        sent, road = Signed(signature, transaction, last_valid_block_height), executor or self._plain
        await road.begin(sent)
        self._watch(signature, last_valid_block_height).going = (sent, road)
        await self._watcher.watch(signature)
        return signature

    async def confirm(
        self, signature: str, last_valid_block_height: int, commitment: Commitment = "confirmed"
    ) -> TransactionStatus:
        """Wait until a transaction reaches a commitment.

        Raises the error that it failed with on chain, or BlockhashExpiredError when it
        can never land any more.
        """
        one = self._watch(signature, last_valid_block_height)
        future: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        one.waiters.append((_RANK[commitment], future))
        try:
            await self._watcher.watch(signature)
            status = await future
        finally:
            one.waiters = [each for each in one.waiters if each[1] is not future]
        found = await self._described(signature, status)
        if found.error:
            raise found.error
        return found

    async def status(self, signature: str) -> TransactionStatus:
        """Where a transaction stands now; old ones are looked up in the node's history."""
        (status,) = await self._rpc.get_signature_statuses([signature], search_history=True)
        return await self._described(signature, status) if status else TransactionStatus(signature, "unknown")

    async def _described(self, signature: str, status: dict[str, Any]) -> TransactionStatus:
        if status["err"] is None:
            return TransactionStatus(signature, status["confirmationStatus"] or "finalized", status["slot"])
        error = transaction_error(status["err"], await self._logs(signature))
        return TransactionStatus(signature, "failed", status["slot"], error)

    async def _logs(self, signature: str) -> list[str]:
        """The log of a failed transaction, empty when no node can tell it (yet)."""
        with contextlib.suppress(RpcError, RpcUnavailableError):
            if answer := await self._rpc.get_transaction(signature):
                return list(answer["meta"]["logMessages"] or [])
        return []

    def _watch(self, signature: str, last_valid_block_height: int) -> _Waiting:
        one = self._waiting.get(signature)
        if one is None:
            one = self._waiting[signature] = _Waiting(signature, last_valid_block_height)
        self._wake.set()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="transaction-sender")
        return one

    async def _run(self) -> None:
        while True:
            if not self._waiting:
                await self._wake.wait()
            self._wake.clear()
            self._told.clear()
            try:
                await self._round()
            except LaunchpadError as error:
                log.warning("chain.sender_waits", error=error.message)
            await self._pause()

    async def _pause(self) -> None:
        """Until somebody tells of a confirmation, or it is time to ask anyway.

        When all that waits is old and nobody tells, something new ends the pause.
        """
        if self._watcher.connected:
            return await _first(_POLL_TOLD_SECONDS, self._told)
        await asyncio.sleep(_POLL_SECONDS)
        newest = max((one.begun for one in self._waiting.values()), default=0.0)
        if self._waiting and time.monotonic() - newest > _FAST_FOR_SECONDS:
            await _first(_POLL_SLOW_SECONDS, self._wake)
        return None

    async def _round(self) -> None:
        """Ask for all statuses, settle what is settled, send the rest again where it is time."""
        # Asked first, and of what is final: what is unknown after all its blocks were final can never land.
        height = await self._rpc.get_block_height("finalized")
        unknown: list[_Waiting] = []
        everything = list(self._waiting.values())
        for start in range(0, len(everything), _STATUSES):
            page = everything[start : start + _STATUSES]
            statuses = await self._rpc.get_signature_statuses([one.signature for one in page])
            for one, status in zip(page, statuses, strict=True):
                if status is None:
                    unknown.append(one)
                else:
                    self._heard(one, status)
        self._expire([one for one in unknown if height > one.last_valid_block_height])
        await self._resend(unknown)

    def _heard(self, one: _Waiting, status: dict[str, Any]) -> None:
        rank = _RANK.get(status["confirmationStatus"], 3)
        for needed, future in one.waiters:
            if (rank >= needed or (status["err"] is not None and rank >= _RANK["confirmed"])) and not future.done():
                future.set_result(status)
        one.settled = one.settled or rank >= _RANK["confirmed"]
        if one.settled and all(future.done() for _, future in one.waiters):
            self._drop(one)

    def _expire(self, late: Sequence[_Waiting]) -> None:
        for one in late:
            self._drop(one)
            for _, future in one.waiters:
                if not future.done():
                    future.set_exception(expired())

    def _drop(self, one: _Waiting) -> None:
        self._waiting.pop(one.signature, None)
        if one.going:
            one.going[1].forget(one.signature)
        self._watcher.forget(one.signature)

    async def _resend(self, unknown: Sequence[_Waiting]) -> None:
        now = time.monotonic()
        late = [one for one in unknown if one.signature in self._waiting and now - one.sent > _RESEND_SECONDS]
        for one in late:
            one.sent = now
        await asyncio.gather(*(road.again(sent) for sent, road in (one.going for one in late if one.going)))


async def _first(seconds: float, event: asyncio.Event) -> None:
    """Until the event, or so many seconds."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
