"""Slots and blockhashes: which are known at which commitment, and how long they live.

A slot is open (its transactions are seen at `processed` at once), then produced
(`confirmed`, once it is on the disk), then finalized when enough slots follow it.
No slot is skipped, so the block height is the slot.
"""

import hashlib
from collections import deque
from typing import Literal

from launchpad.localnet.records import Block

Commitment = Literal["processed", "confirmed", "finalized"]

BLOCKHASH_LIFETIME = 150
STATUS_LIFETIME = 300
SLOT_HASHES_KEPT = 512


class Bank:
    """The chain's position: the open slot, and the produced blocks that still matter."""

    def __init__(self, blocks: list[Block], finality_slots: int) -> None:
        self._finality_slots = finality_slots
        self._blocks: deque[Block] = deque(blocks, maxlen=SLOT_HASHES_KEPT)
        self._heights = {each.blockhash: each.slot for each in blocks[-STATUS_LIFETIME:]}
        self.open_slot = blocks[-1].slot + 1
        self.confirmed = blocks[-1].slot
        self.open_time = blocks[-1].time
        self.open_count = 0
        self.open_fees = 0
        self._digest = hashlib.sha256(blocks[-1].blockhash)

    @property
    def last_block(self) -> Block:
        """The newest produced block."""
        return self._blocks[-1]

    @property
    def finalized(self) -> int:
        """The newest slot that can no longer be undone."""
        return max(self.confirmed - self._finality_slots, 0)

    def slot_at(self, commitment: Commitment) -> int:
        """The slot whose end (or present, at `processed`) a read at this level sees."""
        if commitment == "processed":
            return self.open_slot
        return self.confirmed if commitment == "confirmed" else self.finalized

    def recent_block(self, slot: int) -> Block | None:
        """One of the last produced blocks."""
        index = slot - self._blocks[0].slot
        return self._blocks[index] if 0 <= index < len(self._blocks) else None

    def latest_blockhash(self, slot: int) -> tuple[bytes, int]:
        """The newest blockhash that `slot` knows, and the last block height at which it may be used."""
        block = self.recent_block(min(slot, self.last_block.slot)) or self.last_block
        return block.blockhash, block.slot + BLOCKHASH_LIFETIME

    def is_blockhash_valid(self, blockhash: bytes, slot: int) -> bool:
        """Whether a transaction with this blockhash may run on the bank of `slot`."""
        height = self._heights.get(blockhash)
        newest = min(slot, self.last_block.slot)
        return height is not None and height <= newest and newest - height <= BLOCKHASH_LIFETIME

    def knows_blockhash(self, blockhash: bytes, slot: int) -> bool:
        """Whether `slot` has this blockhash in its queue, usable or not."""
        height = self._heights.get(blockhash)
        return height is not None and height <= slot

    def slot_hashes(self) -> list[tuple[int, bytes]]:
        """Produced slots and their hashes, newest first."""
        return [(each.slot, each.blockhash) for each in reversed(self._blocks)]

    def total_at(self, slot: int) -> int:
        """Transactions from genesis to the end of `slot`."""
        if slot >= self.open_slot:
            return self.last_block.total + self.open_count
        block = self.recent_block(slot)
        return block.total if block else self.last_block.total

    def count(self, signature: bytes, fee: int) -> None:
        """A transaction ran in the open slot."""
        self.open_count += 1
        self.open_fees += fee
        self._digest.update(signature)

    def close_slot(self, time: int, leader_fees: int, leader_balance: int) -> Block:
        """End the open slot and open the next one, at `time` in Unix seconds."""
        previous = self.last_block
        self._digest.update(self.open_slot.to_bytes(8, "little"))
        block = Block(
            slot=self.open_slot,
            blockhash=self._digest.digest(),
            previous=previous.blockhash,
            time=self.open_time,
            total=previous.total + self.open_count,
            count=self.open_count,
            fees=leader_fees,
            leader_balance=leader_balance,
        )
        self._blocks.append(block)
        self._heights[block.blockhash] = block.slot
        expired = self.recent_block(block.slot - STATUS_LIFETIME)
        if expired is not None:
            self._heights.pop(expired.blockhash, None)
        self._digest = hashlib.sha256(block.blockhash)
        self.open_slot += 1
        self.open_time = max(time, self.open_time)
        self.open_count = self.open_fees = 0
        return block
