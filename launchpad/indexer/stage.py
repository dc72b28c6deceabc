"""The decoding stage: between what sources receive and what is stored.

Many transactions as a Geyser streams them go to worker processes, as the bytes that they came in.
Few of them, and what a node answered as JSON, are decoded where they are: handing a parsed answer to
another process costs as much as decoding it. Only so many batches are on their way at once: then
whoever receives has to wait, and so does the node behind.
"""

import asyncio
import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, NamedTuple

import structlog

from launchpad.chain.events import ChainTransaction
from launchpad.chain.foreign.decoder import ForeignDecoder
from launchpad.chain.geyser.answers import answer_of
from launchpad.chain.geyser.generated import geyser_pb2 as wire
from launchpad.indexer.decode import decode

log = structlog.get_logger(__name__)

# From so many transactions on, a batch is worth the way to another process.
WORTH_SENDING = 64
BATCHES_PER_WORKER = 2


class Streamed(NamedTuple):
    """A transaction of a Geyser's stream, as its bytes, and the time of its block."""

    raw: bytes
    block_time: int


class Job(NamedTuple):
    """A transaction, streamed or as a `getTransaction` answer, and its place in its slot."""

    place: int
    transaction: Streamed | dict[str, Any]


def default_workers() -> int:
    """Cores but one: that one receives and writes."""
    return max((os.cpu_count() or 1) - 1, 0)


class DecodeStage:
    """Decodes batches, in `workers` processes or, with none, in this one. `foreign` names the programs to follow."""

    def __init__(self, workers: int = 0, foreign: Sequence[str] = ()) -> None:
        self._foreign = tuple(foreign)
        self._decoder = ForeignDecoder.of(foreign)
        self._workers = workers
        self._pool: ProcessPoolExecutor | None = None
        self._free = asyncio.Semaphore(max(workers, 1) * BATCHES_PER_WORKER)
        self.waiting = 0

    async def decode(self, jobs: Sequence[Job]) -> list[ChainTransaction]:
        """The transactions in the order of the jobs; those that cannot be decoded are reported and left out."""
        if not self._workers or len(jobs) < WORTH_SENDING or not isinstance(jobs[0].transaction, Streamed):
            return _decode_all(self._decoder, jobs)
        self.waiting += len(jobs)
        try:
            async with self._free:
                return await self._send(jobs)
        finally:
            self.waiting -= len(jobs)

    async def _send(self, jobs: Sequence[Job]) -> list[ChainTransaction]:
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self._workers, context, _begin, (self._foreign,))
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, _work, list(jobs))
        except BrokenProcessPool as error:
            log.warning("indexer.decoder_died", error=str(error), action="Decoding here until a new one has started.")
            self._pool = None
            return _decode_all(self._decoder, jobs)

    def close(self) -> None:
        """End the workers."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None


_own: list[ForeignDecoder] = []


def _begin(foreign: Sequence[str]) -> None:
    """What a worker process does first."""
    _own.append(ForeignDecoder.of(foreign))


def _work(jobs: Sequence[Job]) -> list[ChainTransaction]:
    return _decode_all(_own[0], jobs)


def _decode_all(decoder: ForeignDecoder, jobs: Sequence[Job]) -> list[ChainTransaction]:
    decoded = (decode(_answer(job), job.place, decoder) for job in jobs)
    return [transaction for transaction in decoded if transaction is not None]


def _answer(job: Job) -> dict[str, Any]:
    if isinstance(job.transaction, Streamed):
        update = wire.SubscribeUpdateTransaction.FromString(job.transaction.raw)
        return answer_of(update, job.transaction.block_time)
    return job.transaction
