"""From signatures to whole transactions with their places in the chain."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import structlog

from launchpad.chain.errors import RpcError
from launchpad.chain.events import ChainTransaction
from launchpad.chain.rpc import RpcPool
from launchpad.indexer.listener import Found
from launchpad.indexer.stage import DecodeStage, Job

log = structlog.get_logger(__name__)

# From so many of our transactions in one slot on, the whole block is cheaper.
WHOLE_BLOCK = 24
REQUESTS = 100
STATUSES = 256
BLOCK_NOT_YET = -32004
RETRY_SECONDS = (0.05, 0.1, 0.2, *([0.4] * 20))

_VERSIONED = {"commitment": "confirmed", "maxSupportedTransactionVersion": 0}
_FULL = {**_VERSIONED, "encoding": "json", "transactionDetails": "full", "rewards": False}
_SIGNATURES = {**_VERSIONED, "transactionDetails": "signatures", "rewards": False}
_JSON = {**_VERSIONED, "encoding": "json"}

Answer = dict[str, Any]


class Fetcher:
    """Asks a node for transactions; the place in the slot comes from the block."""

    def __init__(self, rpc: RpcPool, stage: DecodeStage | None = None) -> None:
        self._rpc = rpc
        self._stage = stage or DecodeStage()

    async def fetch(self, found: Sequence[Found]) -> list[ChainTransaction]:
        """The transactions, decoded, in no particular order.

        A node may know a signature before it can serve the transaction: those are
        asked for again. What no longer has a status either was on a fork that died,
        and is left out.
        """
        missing = list(found)
        transactions: list[ChainTransaction] = []
        for pause in (*RETRY_SECONDS, None):
            got = await self._ask(missing, patient=pause is not None)
            transactions += got
            had = {transaction.signature for transaction in got}
            missing = [one for one in missing if one.signature not in had]
            if not missing or pause is None:
                break
            await asyncio.sleep(pause)
        if missing:
            transactions += await self._last_resort(missing)
        return transactions

    async def _last_resort(self, missing: list[Found]) -> list[ChainTransaction]:
        """Look where the status says that it is now; let go of what has none."""
        alive: list[Found] = []
        for start in range(0, len(missing), STATUSES):
            page = [one.signature for one in missing[start : start + STATUSES]]
            statuses = await self._rpc.get_signature_statuses(page, search_history=True)
            alive += [Found(one, status["slot"]) for one, status in zip(page, statuses, strict=True) if status]
        gone = {one.signature for one in missing} - {one.signature for one in alive}
        if gone:
            log.warning("indexer.vanished", signatures=sorted(gone))
        return await self.fetch(alive) if alive else []

    async def _ask(self, found: Sequence[Found], *, patient: bool) -> list[ChainTransaction]:
        by_slot: dict[int, list[Found]] = defaultdict(list)
        for one in found:
            by_slot[one.slot].append(one)
        whole = [slot for slot, ours in by_slot.items() if len(ours) >= WHOLE_BLOCK]
        transactions: list[ChainTransaction] = []
        for slot in whole:
            [block] = await self._batch([("getBlock", [slot, _FULL])])
            if _is_there(block):
                wanted = {one.signature for one in by_slot.pop(slot)}
                transactions += await self._stage.decode(_wanted_of(block, slot, wanted))
        return transactions + await self._one_by_one(by_slot, patient=patient)

    async def _one_by_one(self, by_slot: dict[int, list[Found]], *, patient: bool) -> list[ChainTransaction]:
        """`patient`: leave out what has a place in no block yet; it will be asked for again."""
        slots = list(by_slot)
        ours = [one for found in by_slot.values() for one in found]
        requests: list[tuple[str, list[Any]]] = [("getTransaction", [one.signature, _JSON]) for one in ours]
        requests += [("getBlock", [slot, _SIGNATURES]) for slot in slots]
        answers = await self._batch(requests)
        places: dict[str, int] = {}
        for slot, block in zip(slots, answers[len(ours) :], strict=True):
            if _is_there(block):
                places.update({signature: index for index, signature in enumerate(block["signatures"])})
            elif not patient or (isinstance(block, RpcError) and block.number != BLOCK_NOT_YET):
                # The block was cleaned up: the order in which we heard of them has to do.
                places.update({one.signature: index for index, one in enumerate(by_slot[slot])})
        jobs = [
            Job(places[one.signature], answer)
            for one, answer in zip(ours, answers, strict=False)
            if _is_there(answer) and one.signature in places
        ]
        return await self._stage.decode(jobs)

    async def _batch(self, requests: list[tuple[str, list[Any]]]) -> list[Any]:
        """One answer per request: its result, None, or an RpcError."""
        answers: list[Any] = []
        for start in range(0, len(requests), REQUESTS):
            answers += await self._rpc.batch(requests[start : start + REQUESTS])
        return answers


def _is_there(answer: object) -> bool:
    return answer is not None and not isinstance(answer, RpcError)


def _wanted_of(block: Answer, slot: int, wanted: set[str]) -> list[Job]:
    return [
        Job(place, {"slot": slot, "blockTime": block["blockTime"], **entry})
        for place, entry in enumerate(block["transactions"])
        if entry["transaction"]["signatures"][0] in wanted
    ]
