"""LiteSVM, made to behave like a validator's transaction processor.

LiteSVM runs programs. Around it stand the checks that it leaves out: prioritization
fees, the rent state of every written account, programs that are missing, nonces of
failed transactions. Fees that a validator charges for a transaction which failed
while loading are charged here too.
"""

import base64
from collections.abc import Iterable
from dataclasses import dataclass

import orjson
from solders.account import Account as SvmAccount
from solders.clock import Clock
from solders.epoch_schedule import EpochSchedule
from solders.hash import Hash
from solders.litesvm import FeatureSet, LiteSVM
from solders.pubkey import Pubkey
from solders.transaction_metadata import (
    FailedTransactionMetadata,
    SimulatedTransactionInfo,
    TransactionMetadata,
)
from solders.transaction_metadata import InnerInstruction as SvmInnerInstruction

from launchpad.localnet import token_balances
from launchpad.localnet.accounts import Account, AccountsDb, minimum_balance
from launchpad.localnet.fees import ComputeBudget, compute_budget, cost_units, transaction_fee
from launchpad.localnet.keys import (
    CLOCK,
    INCINERATOR,
    SLOT_HASHES,
    SYSTEM_PROGRAM,
    UPGRADEABLE_LOADER,
    Key,
    b58,
    pubkey,
)
from launchpad.localnet.message import (
    MAX_ACCOUNT_LOCKS,
    DecodedTransaction,
    LoadedKeys,
    TransactionRejectedError,
)
from launchpad.localnet.nonce import NONCE_LENGTH, advance_after_failure, nonce_account
from launchpad.localnet.records import Effects, InnerInstruction, loaded_keys_text
from launchpad.localnet.transaction_errors import TransactionErrorJson, rent_error

SLOTS_PER_EPOCH = 432_000
END_OF_UPGRADEABLE_DEPLOYMENTS = Pubkey.from_string("EmhbpdVtZ2hWRGFWBDjn2i3SJD8Z36z4mpMcZJEnebnP")
ACCOUNT_BASE_BYTES = 64
PROGRAM_DATA_POINTER = slice(4, 36)
PROGRAM_ACCOUNT_LENGTH = 36
Changes = dict[Key, Account | None]


@dataclass(slots=True)
class Prepared:
    """A transaction that may be executed: keys resolved, fee known, payer able to pay."""

    transaction: DecodedTransaction
    keys: list[Key]
    writable: list[bool]
    loaded: LoadedKeys
    budget: ComputeBudget
    fee: int
    loaded_bytes: int
    load_error: TransactionErrorJson | None


@dataclass(slots=True)
class Outcome:
    """What running a transaction gave: its effects, and the accounts it leaves behind."""

    effects: Effects
    changes: Changes


class Runtime:
    """Runs transactions on the accounts of an AccountsDb."""

    def __init__(self, accounts: AccountsDb) -> None:
        self.accounts = accounts
        self._svm = (
            LiteSVM()
            .with_builtins(_features())
            .with_sigverify(False)
            .with_blockhash_check(False)
            .with_transaction_history(0)
        )
        self._svm.set_epoch_schedule(EpochSchedule.without_warmup())
        self._slot = 0

    def built_in(self, keys: Iterable[Key]) -> list[tuple[Key, Account]]:
        """The runtime's own accounts among `keys`, as a fresh cluster shows them."""
        found = []
        for key in keys:
            account = self._read(key)
            if account is not None:
                found.append((key, account._replace(rent_epoch=0)))
        return found

    def load(self, key: Key, account: Account) -> None:
        """Give the runtime an account; a program's data account must come before the program."""
        self._svm.set_account(pubkey(key), _to_svm(account))

    def begin_slot(self, slot: int, time: int, epoch_start: int, hashes: list[tuple[int, bytes]]) -> None:
        """Set the clock and the hashes of recent slots (newest first) that programs see."""
        self._slot = slot
        epoch = slot // SLOTS_PER_EPOCH
        self._svm.set_clock(Clock(slot, epoch_start, epoch, epoch + 1, time))
        self._svm.set_slot_hashes([(each, Hash(blockhash)) for each, blockhash in hashes])
        self._svm.expire_blockhash()
        for sysvar in (CLOCK, SLOT_HASHES):
            account = self._read(sysvar)
            if account is not None:
                self.accounts.put(sysvar, sysvar_account(account))

    def skip_blockhashes(self, count: int) -> None:
        """Move the runtime's own hash on, so that no nonce value of an earlier run comes back."""
        for _ in range(count):
            self._svm.expire_blockhash()

    def prepare(self, transaction: DecodedTransaction) -> Prepared:
        """Check what is checked before anything runs; raises TransactionRejectedError.

        A transaction whose programs or size are wrong is prepared with a `load_error`:
        it runs nothing, but its fee is charged and it is recorded.
        """
        message = transaction.message
        loaded = message.resolve(self.accounts.newest, self._slot)
        keys = message.keys(loaded)
        if len(keys) > MAX_ACCOUNT_LOCKS:
            raise TransactionRejectedError("TooManyAccountLocks")
        if len(set(keys)) != len(keys):
            raise TransactionRejectedError("AccountLoadedTwice")
        budget = compute_budget(message)
        fee = transaction_fee(message, budget)
        self._check_payer(keys[0], fee)
        size = self._loaded_bytes(keys)
        error = self._load_error(transaction, keys, size, budget)
        if error is not None:
            size = 0
        writable = message.writable_flags(keys, len(loaded.writable))
        return Prepared(transaction, keys, writable, loaded, budget, fee, size, error)

    def _check_payer(self, key: Key, fee: int) -> None:
        payer = self.accounts.newest(key)
        if payer is None:
            raise TransactionRejectedError("AccountNotFound")
        nonce = nonce_account(payer)
        if payer.owner != SYSTEM_PROGRAM or (payer.data and nonce is None):
            raise TransactionRejectedError("InvalidAccountForFee")
        kept = minimum_balance(NONCE_LENGTH) if nonce else 0
        if payer.lamports < fee + kept:
            raise TransactionRejectedError("InsufficientFundsForFee")
        after = payer._replace(lamports=payer.lamports - fee)
        if not _rent_transition_is_fine(payer, after):
            raise TransactionRejectedError(rent_error(0))

    def _loaded_bytes(self, keys: list[Key]) -> int:
        total = 0
        counted: set[Key] = set()
        for key in keys:
            account = self.accounts.newest(key)
            if account is None:
                continue
            total += ACCOUNT_BASE_BYTES + len(account.data)
            if account.owner == UPGRADEABLE_LOADER and account.executable:
                counted.add(account.data[PROGRAM_DATA_POINTER])
        for key in counted.difference(keys):
            account = self.accounts.newest(key)
            if account is not None:
                total += ACCOUNT_BASE_BYTES + len(account.data)
        return total

    def _load_error(
        self, transaction: DecodedTransaction, keys: list[Key], size: int, budget: ComputeBudget
    ) -> TransactionErrorJson | None:
        if size > budget.loaded_bytes:
            return "MaxLoadedAccountsDataSizeExceeded"
        for each in transaction.message.instructions:
            program = self.accounts.newest(keys[each.program])
            if program is None:
                return "ProgramAccountNotFound"
            if not program.executable:
                return "InvalidProgramForExecution"
        return None

    def execute(self, prepared: Prepared) -> Outcome:
        """Run a transaction; it takes effect when the caller commits the outcome.

        An outcome with an error may be dropped instead: nothing has changed yet.
        An outcome without must be committed.
        """
        before = self._snapshot(prepared)
        if prepared.load_error is not None:
            return self._charge_only(prepared, before)
        self._charge_priority(prepared, before)
        result = self._svm.send_transaction(prepared.transaction.runtime_form)
        after = {key: self._read(key) for key in before}
        if isinstance(result, FailedTransactionMetadata):
            error: TransactionErrorJson | None = _error_json(result)
            self._restore(before)
        else:
            error = _rent_violation(prepared, before, after)
            if error is not None:
                self._restore(before, after)
        if error is not None:
            after = self._after_failure(prepared, before)
        meta = result.meta() if isinstance(result, FailedTransactionMetadata) else result
        return self._outcome(prepared, before, after, error, meta)

    def simulate(self, prepared: Prepared) -> Outcome:
        """Run a transaction and leave no trace."""
        before = self._snapshot(prepared)
        if prepared.load_error is not None:
            return self._charge_only(prepared, before)
        self._charge_priority(prepared, before)
        result = self._svm.simulate_transaction(prepared.transaction.runtime_form)
        self._restore({prepared.keys[0]: before[prepared.keys[0]]})
        error: TransactionErrorJson | None
        after: Changes
        if isinstance(result, SimulatedTransactionInfo):
            posts = {bytes(key): _from_svm(account) for key, account in result.post_accounts()}
            after = {key: posts.get(key, before[key]) for key in before}
            error = _rent_violation(prepared, before, after)
        else:
            error = _error_json(result)
        if error is not None:
            after = self._after_failure(prepared, before)
        return self._outcome(prepared, before, after, error, result.meta())

    def commit(self, outcome: Outcome) -> None:
        """Write an outcome's accounts down; a failed transaction's fee is taken here."""
        for key, account in outcome.changes.items():
            if outcome.effects.err is not None:
                self._write(key, account)
            self.accounts.put(key, account)

    def set_account(self, key: Key, account: Account) -> None:
        """Write an account from outside of any transaction."""
        self.load(key, account)
        self.accounts.put(key, account)

    def _snapshot(self, prepared: Prepared) -> Changes:
        flags = zip(prepared.keys, prepared.writable, strict=True)
        return {key: self.accounts.newest(key) for key, flag in flags if flag}

    def _charge_priority(self, prepared: Prepared, before: Changes) -> None:
        extra = prepared.budget.prioritization_fee
        payer = before[prepared.keys[0]]
        if extra and payer is not None:
            self._write(prepared.keys[0], payer._replace(lamports=payer.lamports - extra))

    def _charge_only(self, prepared: Prepared, before: Changes) -> Outcome:
        after = self._after_failure(prepared, before)
        return self._outcome(prepared, before, after, prepared.load_error, None)

    def _after_failure(self, prepared: Prepared, before: Changes) -> Changes:
        """All as before, less the fee; a nonce that was used moves on."""
        after = dict(before)
        payer = before[prepared.keys[0]]
        if payer is not None:
            after[prepared.keys[0]] = payer._replace(lamports=payer.lamports - prepared.fee)
        advance_after_failure(prepared.transaction.message, after, bytes(self._svm.latest_blockhash()))
        return after

    def _restore(self, before: Changes, after: Changes | None = None) -> None:
        for key, account in before.items():
            if after is None or after[key] != account:
                self._write(key, account)

    def _outcome(
        self,
        prepared: Prepared,
        before: Changes,
        after: Changes,
        error: TransactionErrorJson | None,
        meta: TransactionMetadata | None,
    ) -> Outcome:
        keys = prepared.keys
        posts = [after[key] if key in after else self.accounts.newest(key) for key in keys]
        pres = [self.accounts.newest(key) for key in keys]
        pre_tokens = token_balances.collect(keys, pres, self.accounts.newest)
        post_tokens = token_balances.collect(
            keys, posts, lambda key: after[key] if key in after else self.accounts.newest(key)
        )
        units = meta.compute_units_consumed() if meta else 0
        message = prepared.transaction.message
        loaded_writable, loaded_readonly = loaded_keys_text(prepared.loaded, b58)
        effects = Effects(
            err=error,
            fee=prepared.fee,
            pre_balances=[each.lamports if each else 0 for each in pres],
            post_balances=[each.lamports if each else 0 for each in posts],
            pre_tokens=pre_tokens,
            post_tokens=post_tokens,
            logs=meta.logs() if meta else None,
            inner=_inner_instructions(meta) if meta else None,
            units=units,
            cost=cost_units(message, sum(prepared.writable), units, prepared.loaded_bytes),
            loaded_bytes=prepared.loaded_bytes,
            return_data=_return_data(meta) if meta else None,
            price=prepared.budget.price,
            writable=prepared.writable,
            loaded_writable=loaded_writable,
            loaded_readonly=loaded_readonly,
        )
        changes = {key: account for key, account in after.items() if account != before[key]}
        return Outcome(effects, changes)

    def _read(self, key: Key) -> Account | None:
        account = self._svm.get_account(pubkey(key))
        return None if account is None or account.lamports == 0 else _from_svm(account)

    def _write(self, key: Key, account: Account | None) -> None:
        self._svm.set_account(pubkey(key), _to_svm(account or Account(0, b"", SYSTEM_PROGRAM)))


def _features() -> FeatureSet:
    """Every feature but the one that ends deployments by the upgradeable loader."""
    everything = FeatureSet.all_enabled()
    active = everything.active
    active.pop(END_OF_UPGRADEABLE_DEPLOYMENTS, None)
    return FeatureSet(active, everything.inactive | {END_OF_UPGRADEABLE_DEPLOYMENTS})


def sysvar_account(account: Account) -> Account:
    """A sysvar as clients see it: rent exempt."""
    return account._replace(lamports=minimum_balance(len(account.data)), rent_epoch=0)


def _to_svm(account: Account) -> SvmAccount:
    return SvmAccount(account.lamports, account.data, pubkey(account.owner), account.executable, 0)


def _from_svm(account: SvmAccount) -> Account:
    return Account(account.lamports, account.data, bytes(account.owner), account.executable)


def _error_json(failed: FailedTransactionMetadata) -> TransactionErrorJson:
    error: TransactionErrorJson = orjson.loads(failed.to_json())["err"]
    return error


def _rent_transition_is_fine(before: Account | None, after: Account | None) -> bool:
    if after is None or after.lamports == 0 or after.lamports >= minimum_balance(len(after.data)):
        return True
    if before is None or before.lamports == 0 or before.lamports >= minimum_balance(len(before.data)):
        return False
    return len(before.data) == len(after.data) and after.lamports <= before.lamports


def _rent_violation(prepared: Prepared, before: Changes, after: Changes) -> TransactionErrorJson | None:
    for index, key in enumerate(prepared.keys):
        if not prepared.writable[index] or key == INCINERATOR:
            continue
        if not _rent_transition_is_fine(before[key], after[key]):
            return rent_error(index)
    return None


def _inner_instructions(meta: TransactionMetadata) -> list[tuple[int, list[InnerInstruction]]]:
    found = []
    for index, inner in enumerate(meta.inner_instructions()):
        if inner:
            found.append((index, [_inner_instruction(each) for each in inner]))
    return found


def _inner_instruction(each: SvmInnerInstruction) -> InnerInstruction:
    instruction = each.instruction()
    # The stack height has no getter; it is the last byte of the serialized form.
    height = bytes(each)[-1]
    data = base64.b64encode(instruction.data).decode()
    return (instruction.program_id_index, list(instruction.accounts), data, height)


def _return_data(meta: TransactionMetadata) -> list[str] | None:
    # The type stub names this method otherwise than the library does.
    returned = meta.return_data()  # type: ignore[attr-defined]
    if not returned.data:
        return None
    return [str(returned.program_id), base64.b64encode(returned.data).decode()]
