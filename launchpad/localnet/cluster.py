"""The embedded cluster: takes transactions, produces slots, keeps the ledger."""

import asyncio
import secrets
import time

import structlog
from solders.hash import Hash
from solders.keypair import Keypair
from solders.message import Message
from solders.pubkey import Pubkey
from solders.system_program import TransferParams, transfer
from solders.transaction import VersionedTransaction

from launchpad.localnet import genesis
from launchpad.localnet.accounts import Account, AccountsDb
from launchpad.localnet.bank import STATUS_LIFETIME, Bank
from launchpad.localnet.events import Listener
from launchpad.localnet.keys import Key
from launchpad.localnet.ledger import queries
from launchpad.localnet.ledger.store import Store
from launchpad.localnet.memos import memo_text
from launchpad.localnet.message import DecodedTransaction, TransactionRejectedError
from launchpad.localnet.nonce import nonce_account, nonce_key
from launchpad.localnet.records import Block, TransactionRecord
from launchpad.localnet.runtime import Outcome, Prepared, Runtime
from launchpad.localnet.statuses import StatusCache

log = structlog.get_logger(__name__)

NONCE_SKIP = 2**16


class Cluster:
    """Everything a running chain is made of; `genesis_hash` tells it from every other chain."""

    def __init__(
        self,
        *,
        accounts: AccountsDb,
        runtime: Runtime,
        bank: Bank,
        statuses: StatusCache,
        store: Store,
        identity: Keypair,
        faucet: Keypair,
        genesis_hash: bytes,
        epoch_start: int,
        slot_ms: int,
    ) -> None:
        self.accounts = accounts
        self.runtime = runtime
        self.bank = bank
        self.statuses = statuses
        self.store = store
        self.identity = bytes(identity.pubkey())
        self.genesis_hash = genesis_hash
        self.epoch_start = epoch_start
        self.slot_seconds = slot_ms / 1000
        self._faucet = faucet
        self._sequence = queries.last_sequence(store.reader)
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> None:
        """Tell a listener of everything from here on."""
        self._listeners.append(listener)

    def open_first_slot(self) -> None:
        """Set clock and hashes for the open slot; call once before transactions."""
        self.runtime.skip_blockhashes(secrets.randbelow(NONCE_SKIP))
        self._begin_slot()

    def _begin_slot(self) -> None:
        bank = self.bank
        self.accounts.begin_slot(bank.open_slot)
        self.runtime.begin_slot(bank.open_slot, bank.open_time, self.epoch_start, bank.slot_hashes())

    def check_age(self, transaction: DecodedTransaction, slot: int) -> None:
        """Refuse an unknown or expired blockhash, and a transaction that ran already."""
        message = transaction.message
        if not self.bank.is_blockhash_valid(message.blockhash, slot) and not self._nonce_matches(transaction):
            raise TransactionRejectedError("BlockhashNotFound")
        if self.statuses.get(transaction.signature) is not None:
            raise TransactionRejectedError("AlreadyProcessed")

    def _nonce_matches(self, transaction: DecodedTransaction) -> bool:
        key = nonce_key(transaction.message)
        nonce = nonce_account(self.accounts.newest(key)) if key is not None else None
        return nonce is not None and nonce.value == transaction.message.blockhash

    def prepare(self, transaction: DecodedTransaction) -> Prepared:
        """Check everything that stops a transaction from running; raises TransactionRejectedError."""
        self.check_age(transaction, self.bank.open_slot)
        return self.runtime.prepare(transaction)

    def run(self, prepared: Prepared) -> Outcome:
        """Execute; `commit` makes it count, a failed outcome may be dropped instead."""
        return self.runtime.execute(prepared)

    def commit(self, prepared: Prepared, outcome: Outcome) -> TransactionRecord:
        """Make an executed transaction part of the open slot."""
        transaction = prepared.transaction
        self.runtime.commit(outcome)
        self._sequence += 1
        record = TransactionRecord(
            sequence=self._sequence,
            slot=self.bank.open_slot,
            time=self.bank.open_time,
            signature=transaction.signature,
            raw=transaction.raw,
            effects=outcome.effects,
            memo=memo_text(transaction.message),
            keys=prepared.keys,
            decoded=transaction,
        )
        self.statuses.add(record)
        self.bank.count(transaction.signature, outcome.effects.fee)
        self.store.add_transaction(record, outcome.changes)
        for listener in self._listeners:
            listener.transaction_processed(record, outcome.changes.keys())
        return record

    def submit(self, transaction: DecodedTransaction) -> TransactionRecord | None:
        """Execute without preflight: what cannot run is dropped without a trace."""
        try:
            prepared = self.prepare(transaction)
        except TransactionRejectedError as rejection:
            log.debug("transaction dropped", reason=rejection.error)
            return None
        return self.commit(prepared, self.run(prepared))

    def airdrop(self, to: Key, lamports: int, blockhash: bytes) -> bytes:
        """Transfer from the faucet; the signature, whether or not it lands."""
        faucet = self._faucet.pubkey()
        instruction = transfer(TransferParams(from_pubkey=faucet, to_pubkey=Pubkey(to), lamports=lamports))
        message = Message.new_with_blockhash([instruction], faucet, Hash(blockhash))
        transaction = DecodedTransaction(VersionedTransaction(message, [self._faucet]))
        self.submit(transaction)
        return transaction.signature

    async def produce(self) -> None:
        """Produce slots for ever."""
        due = time.monotonic()
        while True:
            due += self.slot_seconds
            delay = due - time.monotonic()
            if delay < -self.slot_seconds:
                due = time.monotonic()
            await asyncio.sleep(max(delay, 0))
            await self.produce_slot()

    async def produce_slot(self) -> Block:
        """Close the open slot, open the next, and confirm the closed one once it is on the disk."""
        block = self._close_slot()
        root = self.bank.finalized
        for listener in self._listeners:
            listener.slot_opened(self.bank.open_slot, root)
        await self.store.durable()
        self._confirm(block.slot)
        return block

    def _close_slot(self) -> Block:
        changes = self._pay_leader()
        leader = self.accounts.newest(self.identity)
        balance = leader.lamports if leader else 0
        block = self.bank.close_slot(genesis.now(), self._leader_fees(), balance)
        self.store.add_block(block, changes)
        self._begin_slot()
        self.statuses.expire(self.bank.open_slot)
        return block

    def _leader_fees(self) -> int:
        """Half of the signature fees is burned; the leader gets the rest."""
        return self.bank.open_fees // 2

    def _pay_leader(self) -> dict[Key, Account | None]:
        reward = self._leader_fees()
        leader = self.accounts.newest(self.identity)
        if not reward or leader is None:
            return {}
        paid = leader._replace(lamports=leader.lamports + reward)
        self.runtime.set_account(self.identity, paid)
        return {self.identity: paid}

    def _confirm(self, slot: int) -> None:
        finalized = self.bank.finalized
        self.bank.confirmed = slot
        for listener in self._listeners:
            listener.slot_confirmed(slot)
        for newly in range(finalized + 1, self.bank.finalized + 1):
            for listener in self._listeners:
                listener.slot_finalized(newly)
            self.statuses.settle(newly)
        self.accounts.finalize(self.bank.finalized)


def status_window(open_slot: int) -> int:
    """The oldest slot whose transactions the status cache holds."""
    return max(open_slot - STATUS_LIFETIME, 0)
