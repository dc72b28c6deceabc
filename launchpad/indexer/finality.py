"""Which rows are final, and which were on a fork that died.

Rows are written when a transaction is confirmed. Once its slot is final, or known
to be dead by the ledger, there are three cases: the chain has it there (mark it), has it in another slot (undo it and
index it again), or does not have it (undo it). A node that has forgotten the slot
cannot tell; then what was confirmed counts as final.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import structlog

from launchpad.chain.errors import RpcError, RpcUnavailableError
from launchpad.chain.events import ChainTransaction
from launchpad.chain.rpc import RpcPool
from launchpad.foreign.service import store_trades, undo_trades
from launchpad.indexer import balances, queries
from launchpad.indexer.balances import Snapshot
from launchpad.indexer.fetch import Fetcher
from launchpad.indexer.fold import fold, undo
from launchpad.indexer.listener import Found
from launchpad.indexer.position import pack
from launchpad.indexer.stage import DecodeStage

log = structlog.get_logger(__name__)

CHECK = 4000
STATUSES = 256
EVERY_SECONDS = 2.0

# "Slot was skipped": no block of the final chain has it.
_SKIPPED = (-32007, -32009)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of transactions whose slot is final now."""

    finalized_slot: int
    final: list[str] = field(default_factory=list)
    dead: list[str] = field(default_factory=list)
    moved: list[ChainTransaction] = field(default_factory=list)
    snapshots: list[Snapshot] = field(default_factory=list)
    # Whether there may be more that is due: as many as are looked at in a turn were, and all of them are judged.
    more: bool = False


class Finality:
    """Asks the chain about rows that are not final yet."""

    def __init__(self, rpc: RpcPool, stage: DecodeStage | None = None) -> None:
        self._rpc = rpc
        self._fetcher = Fetcher(rpc, stage)

    async def judge(self, connection: asyncpg.Connection) -> Verdict:
        """A verdict on the oldest transactions that are due; reads only."""
        slot = await self._rpc.get_slot("finalized")
        died = await queries.dead_slots(connection, slot)
        rows = await queries.unfinalized(connection, slot, died, CHECK)
        slots: dict[str, int] = {row["signature"]: row["slot"] for row in rows}
        statuses = await self._statuses(list(slots))
        final: list[str] = []
        dead: list[str] = []
        moved: list[Found] = []
        for signature, status in statuses.items():
            if status is None:
                there = slots[signature] not in died and await self._still_there(signature, slots[signature])
                (final if there else dead).append(signature)
            elif status["confirmationStatus"] == "finalized":
                if status["slot"] == slots[signature]:
                    final.append(signature)
                else:
                    moved.append(Found(signature, status["slot"]))
        undone = dead + [one.signature for one in moved]
        mints = await queries.mints_of(connection, undone)
        snapshots = [await balances.read(self._rpc, mint) for mint in mints]
        again = await self._fetcher.fetch(moved) if moved else []
        more = len(rows) == CHECK == len(final) + len(undone)
        return Verdict(slot, final, undone, again, snapshots, more)

    async def _statuses(self, signatures: list[str]) -> dict[str, dict[str, Any] | None]:
        statuses: dict[str, dict[str, Any] | None] = {}
        for start in range(0, len(signatures), STATUSES):
            page = signatures[start : start + STATUSES]
            answers = await self._rpc.get_signature_statuses(page, search_history=True)
            statuses.update(zip(page, answers, strict=True))
        return statuses

    async def _still_there(self, signature: str, slot: int) -> bool:
        """Whether the final block of the slot has it, or the node cannot tell any more."""
        if slot < await self._rpc.call("getFirstAvailableBlock", []):
            return True
        config = {"transactionDetails": "signatures", "rewards": False, "maxSupportedTransactionVersion": 0}
        try:
            block = await self._rpc.call("getBlock", [slot, {**config, "commitment": "finalized"}])
        except RpcError as error:
            return error.number not in _SKIPPED
        return block is None or signature in block["signatures"]


async def settle(connection: asyncpg.Connection, verdict: Verdict) -> None:
    """Act on a verdict, inside the caller's transaction."""
    await queries.mark_finalized(connection, verdict.final)
    if verdict.dead:
        oldest = await queries.oldest_slot(connection, verdict.dead)
        mints = await undo(connection, verdict.dead)
        await undo_trades(connection, verdict.dead)
        await queries.distrust_balances(connection, mints, pack(oldest, 0))
        for snapshot in verdict.snapshots:
            await balances.apply(connection, snapshot)
        await fold(connection, verdict.moved, verdict.finalized_slot)
        await store_trades(connection, verdict.moved, verdict.finalized_slot)
    hole = await queries.first_hole(connection)
    complete = verdict.finalized_slot if hole is None else min(verdict.finalized_slot, hole - 1)
    await queries.note_finalized_slot(connection, complete)


async def watch(finality: Finality, connection: asyncpg.Connection, act: Callable[[Verdict], Awaitable[None]]) -> None:
    """Judge every other second, and until nothing more is due, for ever; a node that is away is asked again later."""
    while True:
        more = False
        try:
            verdict = await finality.judge(connection)
        except (RpcError, RpcUnavailableError) as error:
            log.warning("indexer.finality_waits", error=error.message)
        else:
            await act(verdict)
            more = verdict.more
        if not more:
            await asyncio.sleep(EVERY_SECONDS)
