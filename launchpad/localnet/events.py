"""What the cluster tells its listeners, such as subscriptions."""

from collections.abc import Collection
from typing import Protocol

from launchpad.localnet.keys import Key
from launchpad.localnet.records import TransactionRecord


class Listener(Protocol):
    """Told of every step of the chain, in order."""

    def transaction_processed(self, record: TransactionRecord, changed: Collection[Key]) -> None:
        """A transaction was executed in the open slot and changed these accounts."""

    def slot_opened(self, slot: int, root: int) -> None:
        """A new slot takes transactions."""

    def slot_confirmed(self, slot: int) -> None:
        """A slot is produced and on the disk."""

    def slot_finalized(self, slot: int) -> None:
        """A slot can no longer be undone."""
