"""Filling holes of the ledger, block by block: what no source told of is asked for."""

from collections.abc import AsyncGenerator, Collection, Sequence
from typing import Any

import structlog

from launchpad.chain.errors import RpcError
from launchpad.chain.events import ChainTransaction
from launchpad.chain.foreign.calls import keys_of
from launchpad.chain.rpc import RpcPool
from launchpad.indexer.ledger import Hole, Span
from launchpad.indexer.source import Chunk
from launchpad.indexer.stage import DecodeStage, Job

log = structlog.get_logger(__name__)

# Slots that one listing of blocks asks for; blocks are then fetched one at a time.
PIECE = 64
_FULL = {
    "commitment": "confirmed",
    "maxSupportedTransactionVersion": 0,
    "encoding": "json",
    "transactionDetails": "full",
    "rewards": False,
}


class Backfill:
    """Reads the blocks of holes, for what they hold of the followed programs."""

    def __init__(self, rpc: RpcPool, addresses: Collection[str], stage: DecodeStage | None = None) -> None:
        self._rpc = rpc
        self._addresses = frozenset(addresses)
        self._stage = stage or DecodeStage()

    async def fill(self, hole: Hole) -> AsyncGenerator[Chunk]:
        """The transactions of a hole and what became of its slots, in order.

        Raises RpcError or RpcUnavailableError where no node can serve a block: the hole stays.
        """
        log.info("indexer.hole", first=hole.first, last=hole.last)
        final = await self._rpc.get_slot("finalized")
        for first in range(hole.first, hole.last + 1, PIECE):
            last = min(first + PIECE - 1, hole.last)
            blocks = await self._rpc.call("getBlocks", [first, last, {"commitment": "confirmed"}])
            for slot in blocks:
                yield Chunk(await self._block(slot), finalized_slot=final, slots=[Span(slot, slot, "indexed")])
            if skipped := skipped_in(first, last, blocks):
                yield Chunk([], finalized_slot=final, slots=skipped)

    async def _block(self, slot: int) -> list[ChainTransaction]:
        """What the block of a slot holds of the followed programs, decoded."""
        block = await self._rpc.call("getBlock", [slot, _FULL])
        if block is None:
            raise RpcError(f"The node has no block of slot {slot} any more.", number=0)
        answers = [(n, _answer(slot, block, entry)) for n, entry in enumerate(block["transactions"])]
        return await self._stage.decode([Job(n, answer) for n, answer in answers if self._is_ours(answer)])

    def _is_ours(self, answer: dict[str, Any]) -> bool:
        return answer["meta"]["err"] is None and not self._addresses.isdisjoint(keys_of(answer))


def skipped_in(first: int, last: int, blocks: Sequence[int]) -> list[Span]:
    """The slots from `first` to `last` that have none of these blocks."""
    there = set(blocks)
    return [Span(slot, slot, "skipped") for slot in range(first, last + 1) if slot not in there]


def _answer(slot: int, block: dict[str, Any], entry: dict[str, Any]) -> dict[str, Any]:
    return {"slot": slot, "blockTime": block["blockTime"], **entry}
