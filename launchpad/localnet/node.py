"""What the JSON-RPC methods work on: the cluster, and the answers that frame its values."""

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from launchpad.localnet.accounts import Account
from launchpad.localnet.bank import Commitment
from launchpad.localnet.cluster import Cluster
from launchpad.localnet.encoding.account import FindAccount
from launchpad.localnet.errors import min_context_slot_not_reached
from launchpad.localnet.keys import Key
from launchpad.localnet.options import LocalnetOptions
from launchpad.localnet.params import Config

VERSION = "3.1.8"
FEATURE_SET = 1_620_780_344


@dataclass(frozen=True, slots=True)
class BankView:
    """The accounts and the position of the chain at one commitment level."""

    cluster: Cluster
    slot: int

    def account(self, key: Key) -> Account | None:
        """An account as this bank sees it."""
        return self.cluster.accounts.get(key, self.slot)

    @property
    def find(self) -> FindAccount:
        """Looks accounts up in this bank."""
        return self.account

    def context(self, value: Any) -> dict[str, Any]:
        """A value with the slot that it was read at."""
        return {"context": {"slot": self.slot, "apiVersion": VERSION}, "value": value}


@dataclass(slots=True)
class Node:
    """A running cluster with the options it was started with."""

    cluster: Cluster
    options: LocalnetOptions
    samples: deque[dict[str, int]] = field(default_factory=lambda: deque(maxlen=720))

    def bank(self, commitment: Commitment, min_context_slot: int | None = None) -> BankView:
        """The bank of a level; raises RpcError when it is older than the caller needs."""
        slot = self.cluster.bank.slot_at(commitment)
        if min_context_slot is not None and slot < min_context_slot:
            raise min_context_slot_not_reached(slot)
        return BankView(self.cluster, slot)

    def bank_for(self, config: Config) -> BankView:
        """The bank that a configuration asks for."""
        return self.bank(config.commitment, config.min_context_slot)
