"""Transactions taken apart once: keys, instructions, who signs, what may be written."""

from collections.abc import Callable
from dataclasses import dataclass

from solders.message import Message, MessageV0
from solders.transaction import VersionedTransaction

from launchpad.localnet.accounts import Account
from launchpad.localnet.keys import LOOKUP_TABLE_PROGRAM, RESERVED, UPGRADEABLE_LOADER, Key
from launchpad.localnet.transaction_errors import TransactionErrorJson

LOOKUP_TABLE_HEADER = 56
LOOKUP_TABLE_INITIALIZED = 1
MAX_ACCOUNT_LOCKS = 128


class TransactionRejectedError(Exception):
    """A transaction that cannot be executed at all, with the reason as clients see it."""

    def __init__(self, error: TransactionErrorJson) -> None:
        super().__init__(str(error))
        self.error = error


@dataclass(frozen=True, slots=True)
class CompiledInstruction:
    """An instruction by indexes into the transaction's keys."""

    program: int
    accounts: bytes
    data: bytes


@dataclass(frozen=True, slots=True)
class TableLookup:
    """The keys that a version 0 transaction takes from one lookup table."""

    table: Key
    writable: bytes
    readonly: bytes


@dataclass(frozen=True, slots=True)
class LoadedKeys:
    """The keys that lookup tables gave."""

    writable: tuple[Key, ...] = ()
    readonly: tuple[Key, ...] = ()


NOTHING_LOADED = LoadedKeys()
FindAccount = Callable[[Key], Account | None]


class DecodedMessage:
    """A message's parts in plain Python; `version` is None for a legacy message."""

    __slots__ = (
        "blockhash",
        "instructions",
        "lookups",
        "readonly_signed",
        "readonly_unsigned",
        "required_signatures",
        "static_keys",
        "version",
    )

    def __init__(self, message: Message | MessageV0) -> None:
        header = message.header
        self.required_signatures = header.num_required_signatures
        self.readonly_signed = header.num_readonly_signed_accounts
        self.readonly_unsigned = header.num_readonly_unsigned_accounts
        self.static_keys: list[Key] = [bytes(key) for key in message.account_keys]
        self.blockhash = bytes(message.recent_blockhash)
        self.instructions = [
            CompiledInstruction(each.program_id_index, each.accounts, each.data) for each in message.instructions
        ]
        self.version: int | None = None
        self.lookups: list[TableLookup] = []
        if isinstance(message, MessageV0):
            self.version = 0
            self.lookups = [
                TableLookup(bytes(each.account_key), each.writable_indexes, each.readonly_indexes)
                for each in message.address_table_lookups
            ]

    def is_signer(self, index: int) -> bool:
        """Whether the key at `index` has to sign."""
        return index < self.required_signatures

    def keys(self, loaded: LoadedKeys) -> list[Key]:
        """All keys: static, then loaded writable, then loaded readonly."""
        return [*self.static_keys, *loaded.writable, *loaded.readonly]

    def requested_writable(self, index: int, loaded_writable: int) -> bool:
        """Whether the message asks to write the key at `index`."""
        static = len(self.static_keys)
        if index < self.required_signatures:
            return index < self.required_signatures - self.readonly_signed
        if index < static:
            return index < static - self.readonly_unsigned
        return index < static + loaded_writable

    def writable_flags(self, keys: list[Key], loaded_writable: int) -> list[bool]:
        """What the runtime lets be written: no reserved key, no program that is called.

        A called program stays writable where the upgradeable loader is among the keys.
        """
        flags = [self.requested_writable(index, loaded_writable) for index in range(len(keys))]
        demoted = set() if UPGRADEABLE_LOADER in keys else {each.program for each in self.instructions}
        return [flag and index not in demoted and keys[index] not in RESERVED for index, flag in enumerate(flags)]

    def resolve(self, find: FindAccount, slot: int) -> LoadedKeys:
        """Look the loaded keys up, as of the open `slot`; raises TransactionRejectedError."""
        if not self.lookups:
            return NOTHING_LOADED
        writable: list[Key] = []
        readonly: list[Key] = []
        for lookup in self.lookups:
            addresses = table_addresses(find(lookup.table), slot)
            writable += _pick(addresses, lookup.writable)
            readonly += _pick(addresses, lookup.readonly)
        return LoadedKeys(tuple(writable), tuple(readonly))


def _pick(addresses: list[Key], indexes: bytes) -> list[Key]:
    try:
        return [addresses[index] for index in indexes]
    except IndexError:
        raise TransactionRejectedError("InvalidAddressLookupTableIndex") from None


def table_addresses(table: Account | None, slot: int) -> list[Key]:
    """The addresses of a lookup table that may be used in `slot`: not those it got in that slot."""
    if table is None:
        raise TransactionRejectedError("AddressLookupTableNotFound")
    if table.owner != LOOKUP_TABLE_PROGRAM:
        raise TransactionRejectedError("InvalidAddressLookupTableOwner")
    data = table.data
    if len(data) < LOOKUP_TABLE_HEADER or int.from_bytes(data[:4], "little") != LOOKUP_TABLE_INITIALIZED:
        raise TransactionRejectedError("InvalidAddressLookupTableData")
    last_extended = int.from_bytes(data[12:20], "little")
    body = data[LOOKUP_TABLE_HEADER:]
    count = len(body) // 32 if slot > last_extended else data[20]
    return [body[32 * index : 32 * index + 32] for index in range(count)]


class DecodedTransaction:
    """A signed transaction with its message taken apart."""

    __slots__ = ("message", "raw", "runtime_form", "signature", "signatures")

    def __init__(self, transaction: VersionedTransaction) -> None:
        self.runtime_form = transaction
        self.raw = bytes(transaction)
        self.signatures = [bytes(each) for each in transaction.signatures]
        self.signature = self.signatures[0] if self.signatures else bytes(64)
        self.message = DecodedMessage(transaction.message)

    @classmethod
    def from_bytes(cls, raw: bytes) -> "DecodedTransaction":
        """Decode the wire form; raises ValueError. Bytes after the transaction are dropped."""
        return cls(VersionedTransaction.from_bytes(raw))

    def sanitize(self) -> None:
        """Refuse a transaction whose indexes or signature count cannot be right."""
        message = self.message
        static = len(message.static_keys)
        fits = (
            message.required_signatures == len(self.signatures)
            and 0 < message.required_signatures <= static
            and message.readonly_signed < message.required_signatures
            and message.required_signatures + message.readonly_unsigned <= static
        )
        if not fits or not self._indexes_fit(static):
            raise TransactionRejectedError("SanitizeFailure")

    def _indexes_fit(self, static: int) -> bool:
        message = self.message
        total = static + sum(len(each.writable) + len(each.readonly) for each in message.lookups)
        if any(not each.writable and not each.readonly for each in message.lookups):
            return False
        if total > 2**8:
            return False
        return all(
            0 < each.program < static and all(index < total for index in each.accounts) for each in message.instructions
        )

    def signatures_verify(self) -> bool:
        """Whether every required signature is there and is right."""
        try:
            return all(self.runtime_form.verify_with_results())
        except ValueError:
            return False
