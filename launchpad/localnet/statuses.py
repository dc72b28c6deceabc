"""The status cache: which transactions ran while their blockhash may still be around."""

from collections import defaultdict, deque
from collections.abc import Iterable

from launchpad.localnet.bank import STATUS_LIFETIME
from launchpad.localnet.records import TransactionRecord


class StatusCache:
    """The transactions of the last 300 slots, by signature and by slot."""

    def __init__(self, records: Iterable[TransactionRecord] = ()) -> None:
        self._by_signature: dict[bytes, TransactionRecord] = {}
        self._by_slot: dict[int, list[TransactionRecord]] = defaultdict(list)
        self._slots: deque[int] = deque()
        for record in records:
            self.add(record)

    def add(self, record: TransactionRecord) -> None:
        """Remember an executed transaction."""
        self._by_signature[record.signature] = record
        if record.slot not in self._by_slot:
            self._slots.append(record.slot)
        self._by_slot[record.slot].append(record)

    def get(self, signature: bytes) -> TransactionRecord | None:
        """The transaction of a signature, if it ran in the last 300 slots."""
        return self._by_signature.get(signature)

    def of_slot(self, slot: int) -> list[TransactionRecord]:
        """The transactions of a recent slot, in order."""
        return self._by_slot.get(slot, [])

    def settle(self, slot: int) -> None:
        """A slot is final and told to everyone: keep little of its transactions in memory."""
        for record in self.of_slot(slot):
            record.let_go()

    def slots(self) -> list[int]:
        """The recent slots that held transactions, ascending."""
        return list(self._slots)

    def expire(self, open_slot: int) -> None:
        """Forget what is older than 300 slots."""
        while self._slots and self._slots[0] < open_slot - STATUS_LIFETIME:
            for record in self._by_slot.pop(self._slots.popleft()):
                if self._by_signature.get(record.signature) is record:
                    del self._by_signature[record.signature]
