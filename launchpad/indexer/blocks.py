"""Putting a Geyser's stream together, slot by slot.

Transactions come without the time of their block: they wait for the block's own message, which
comes after them. That message also ends its slot, and names its parent: what lies between was skipped.
"""

from collections import OrderedDict
from typing import NamedTuple

from launchpad.chain.geyser.generated import geyser_pb2 as wire
from launchpad.indexer.ledger import Span

# Blocks whose times are remembered, for transactions that come late; a block that never came is given up then.
REMEMBERED = 64


class Timed(NamedTuple):
    """A transaction and the time of its block, Unix seconds."""

    update: wire.SubscribeUpdateTransaction
    block_time: int


class Assembled(NamedTuple):
    """What is complete now."""

    transactions: list[Timed]
    slots: list[Span]


NOTHING = Assembled([], [])


class Blocks:
    """The state of one stream. Everything from `resumed_at` on is heard; without it, from the second block on."""

    def __init__(self, resumed_at: int | None) -> None:
        self._complete_from = resumed_at
        self._waiting: OrderedDict[int, list[wire.SubscribeUpdateTransaction]] = OrderedDict()
        self._times: OrderedDict[int, int] = OrderedDict()
        self.finalized_slot = 0
        self.head = 0

    def take(self, update: wire.SubscribeUpdate) -> Assembled:
        """One message of the stream; what it completes."""
        kind = update.WhichOneof("update_oneof")
        if kind == "transaction":
            return self._transaction(update.transaction)
        if kind == "block_meta":
            return self._block(update.block_meta)
        if kind == "slot":
            return self._slot(update.slot, update.created_at.seconds)
        return NOTHING

    def _transaction(self, update: wire.SubscribeUpdateTransaction) -> Assembled:
        if update.slot in self._times:
            return Assembled([Timed(update, self._times[update.slot])], [])
        self._waiting.setdefault(update.slot, []).append(update)
        return NOTHING

    def _block(self, block: wire.SubscribeUpdateBlockMeta) -> Assembled:
        slot, time = block.slot, block.block_time.timestamp
        self.head = max(self.head, slot)
        self._times[slot] = time
        if len(self._times) > REMEMBERED:
            self._times.popitem(last=False)
        ready = [Timed(one, time) for one in self._waiting.pop(slot, [])]
        if self._complete_from is None:
            # Some of the block in the middle of which the subscription began may be missing.
            self._complete_from = slot + 1
        return Assembled(ready, self._heard(block.parent_slot, slot))

    def _heard(self, parent: int, slot: int) -> list[Span]:
        first = self._complete_from or 0
        spans = [Span(max(parent + 1, first), slot - 1, "skipped"), Span(slot, slot, "indexed")]
        return [one for one in spans if first <= one.first <= one.last]

    def _slot(self, update: wire.SubscribeUpdateSlot, now: int) -> Assembled:
        if update.status == wire.SLOT_FINALIZED:
            self.finalized_slot = max(self.finalized_slot, update.slot)
        if update.status == wire.SLOT_DEAD:
            self._waiting.pop(update.slot, None)
            return Assembled([], [Span(update.slot, update.slot, "dead")])
        given_up = [slot for slot in self._waiting if slot < update.slot - REMEMBERED]
        return Assembled([Timed(one, now) for slot in given_up for one in self._waiting.pop(slot)], [])
