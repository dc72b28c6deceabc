"""A transaction that was executed, and what it did: one record, in memory and in the ledger."""

from collections.abc import Callable
from dataclasses import dataclass, field

import orjson

from launchpad.localnet.keys import Key
from launchpad.localnet.message import DecodedTransaction, LoadedKeys
from launchpad.localnet.transaction_errors import TransactionErrorJson

TokenBalance = tuple[int, str, str, str, str, int]
"""Account index, mint, owner and token program (base58), amount (a decimal string), decimals."""

InnerInstruction = tuple[int, list[int], str, int]
"""Program index, account indexes, data (base64), stack height."""


@dataclass(slots=True)
class Effects:
    """What running a transaction showed: the part of its status that its bytes do not tell.

    `inner` is `[[index of the top-level instruction, its inner instructions], ...]`; logs and
    inner are None when the transaction failed while its accounts were loaded.
    `return_data` is `[base58 program, base64 data]`.
    """

    err: TransactionErrorJson | None
    fee: int
    pre_balances: list[int]
    post_balances: list[int]
    pre_tokens: list[TokenBalance]
    post_tokens: list[TokenBalance]
    logs: list[str] | None
    inner: list[tuple[int, list[InnerInstruction]]] | None
    units: int
    cost: int
    loaded_bytes: int
    return_data: list[str] | None
    price: int = 0
    writable: list[bool] = field(default_factory=list)
    loaded_writable: list[str] = field(default_factory=list)
    loaded_readonly: list[str] = field(default_factory=list)

    def to_json(self) -> bytes:
        """The stored form."""
        return orjson.dumps({name: getattr(self, name) for name in self.__slots__})

    @classmethod
    def from_json(cls, raw: bytes) -> "Effects":
        """The stored form, read back."""
        return cls(**orjson.loads(raw))


@dataclass(slots=True)
class TransactionRecord:
    """An executed transaction: `sequence` orders all of them, `time` is in Unix seconds.

    One that is `shed` tells its outcome alone; the whole of it is in the ledger.
    """

    sequence: int
    slot: int
    time: int
    signature: bytes
    raw: bytes
    effects: Effects
    memo: str | None
    keys: list[Key]
    decoded: DecodedTransaction | None = None
    shed: bool = False

    def let_go(self) -> None:
        """Keep what a status tells, and let go of the bulk, which the ledger holds."""
        self.shed, self.raw, self.decoded = True, b"", None
        effects = self.effects
        effects.logs = effects.inner = effects.return_data = None
        effects.pre_balances, effects.post_balances = [], []
        effects.pre_tokens, effects.post_tokens = [], []

    def transaction(self) -> DecodedTransaction:
        """The transaction, taken apart."""
        if self.decoded is None:
            self.decoded = DecodedTransaction.from_bytes(self.raw)
        return self.decoded


@dataclass(frozen=True, slots=True)
class Block:
    """A produced slot; no slot is skipped, so its height is its slot and its parent the one before.

    `time` is in Unix seconds, `total` counts transactions from genesis, `count` those of this
    block, `fees` are lamports that its leader got, who had `leader_balance` after that.
    """

    slot: int
    blockhash: bytes
    previous: bytes
    time: int
    total: int = 0
    count: int = 0
    fees: int = 0
    leader_balance: int = 0


def loaded_keys_text(loaded: LoadedKeys, text: Callable[[Key], str]) -> tuple[list[str], list[str]]:
    """The loaded keys as base58, writable and readonly."""
    return [text(each) for each in loaded.writable], [text(each) for each in loaded.readonly]
