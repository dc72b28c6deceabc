"""Every account of the cluster, with the indexes that LiteSVM lacks.

`AccountsDb` holds the newest state and, for each slot that is not finalized yet,
what an account was before that slot: so a read at `confirmed` or `finalized` sees
exactly the accounts of its slot.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from launchpad.localnet.keys import SYSTEM_PROGRAM, TOKEN_2022_PROGRAM, TOKEN_PROGRAM, TOKEN_PROGRAMS, Key

RENT_EXEMPT_EPOCH = 2**64 - 1
LAMPORTS_PER_BYTE = 6_960
ACCOUNT_OVERHEAD = 128
TOKEN_ACCOUNT_LENGTH = 165
MULTISIG_LENGTH = 355
ACCOUNT_TYPE_ACCOUNT = 2
ACCOUNT_TYPE_MINT = 1
MINT_LENGTH = 82


class Account(NamedTuple):
    """One account: `lamports`, its `data`, the program that owns it, and two marks."""

    lamports: int
    data: bytes
    owner: Key
    executable: bool = False
    rent_epoch: int = RENT_EXEMPT_EPOCH


CLOSED = Account(0, b"", SYSTEM_PROGRAM, executable=False, rent_epoch=0)


def minimum_balance(length: int) -> int:
    """The lamports that exempt an account of `length` data bytes from rent."""
    return (ACCOUNT_OVERHEAD + length) * LAMPORTS_PER_BYTE


def is_token_account(account: Account) -> bool:
    """Whether this is an initialized account of either token program."""
    data = account.data
    if account.owner == TOKEN_PROGRAM:
        return len(data) == TOKEN_ACCOUNT_LENGTH and data[108] != 0
    if account.owner != TOKEN_2022_PROGRAM or len(data) < TOKEN_ACCOUNT_LENGTH or data[108] == 0:
        return False
    if len(data) == TOKEN_ACCOUNT_LENGTH:
        return True
    return len(data) != MULTISIG_LENGTH and data[TOKEN_ACCOUNT_LENGTH] == ACCOUNT_TYPE_ACCOUNT


def is_mint(account: Account) -> bool:
    """Whether this is an initialized mint of either token program."""
    data = account.data
    if account.owner not in TOKEN_PROGRAMS or len(data) < MINT_LENGTH or data[45] != 1:
        return False
    if len(data) == MINT_LENGTH:
        return True
    return (
        account.owner == TOKEN_2022_PROGRAM
        and len(data) > TOKEN_ACCOUNT_LENGTH
        and len(data) != MULTISIG_LENGTH
        and data[TOKEN_ACCOUNT_LENGTH] == ACCOUNT_TYPE_MINT
    )


def _moves_in_index(old: Account, new: Account) -> bool:
    if old.owner != new.owner:
        return True
    if new.owner not in TOKEN_PROGRAMS:
        return False
    before, after = old.data, new.data
    return (
        len(before) != len(after)
        or before[:64] != after[:64]
        or before[72:109] != after[72:109]
        or before[TOKEN_ACCOUNT_LENGTH : TOKEN_ACCOUNT_LENGTH + 1]
        != after[TOKEN_ACCOUNT_LENGTH : TOKEN_ACCOUNT_LENGTH + 1]
    )


Matches = Callable[[Account], bool]


class AccountsDb:
    """The accounts, newest first, and their owner, mint, holder and delegate indexes."""

    def __init__(self) -> None:
        self._accounts: dict[Key, Account] = {}
        self._by_owner: dict[Key, set[Key]] = defaultdict(set)
        self._by_mint: dict[Key, set[Key]] = defaultdict(set)
        self._by_holder: dict[Key, set[Key]] = defaultdict(set)
        self._by_delegate: dict[Key, set[Key]] = defaultdict(set)
        self._undo: dict[int, dict[Key, Account | None]] = {}
        self._slot = 0
        self.capitalization = 0

    def __len__(self) -> int:
        return len(self._accounts)

    def items(self) -> Iterable[tuple[Key, Account]]:
        """Every account in its newest state."""
        return self._accounts.items()

    def begin_slot(self, slot: int) -> None:
        """Changes from here on belong to `slot`."""
        self._slot = slot
        self._undo[slot] = {}

    def finalize(self, slot: int) -> None:
        """Forget what was before `slot` and older slots: nobody reads below them any more."""
        for old in [known for known in self._undo if known <= slot]:
            del self._undo[old]

    def changed_in(self, slot: int) -> Iterable[Key]:
        """The accounts that changed in a slot that is not finalized."""
        return self._undo.get(slot, {}).keys()

    def newest(self, key: Key) -> Account | None:
        """An account as the last executed transaction left it."""
        return self._accounts.get(key)

    def get(self, key: Key, slot: int) -> Account | None:
        """An account as of the end of `slot`, which must not be older than the finalized slot."""
        if slot < self._slot:
            for later in range(slot + 1, self._slot + 1):
                before = self._undo.get(later)
                if before is not None and key in before:
                    return before[key]
        return self._accounts.get(key)

    def put(self, key: Key, account: Account | None) -> None:
        """Record an account's new state; None or no lamports removes it."""
        old = self._accounts.get(key)
        undo = self._undo.get(self._slot)
        if undo is not None and key not in undo:
            undo[key] = old
        if account is not None and account.lamports == 0:
            account = None
        if old is not None:
            self.capitalization -= old.lamports
        if account is None:
            if old is not None:
                self._unindex(key, old)
                del self._accounts[key]
            return
        self.capitalization += account.lamports
        self._accounts[key] = account
        if old is None:
            self._index(key, account)
        elif _moves_in_index(old, account):
            self._unindex(key, old)
            self._index(key, account)

    def _index(self, key: Key, account: Account) -> None:
        self._by_owner[account.owner].add(key)
        for index, member in self._token_members(account):
            index[member].add(key)

    def _unindex(self, key: Key, account: Account) -> None:
        self._drop(self._by_owner, account.owner, key)
        for index, member in self._token_members(account):
            self._drop(index, member, key)

    @staticmethod
    def _drop(index: dict[Key, set[Key]], member: Key, key: Key) -> None:
        keys = index.get(member)
        if keys is not None:
            keys.discard(key)
            if not keys:
                del index[member]

    def _token_members(self, account: Account) -> Iterator[tuple[dict[Key, set[Key]], Key]]:
        if account.owner in TOKEN_PROGRAMS and is_token_account(account):
            yield self._by_mint, account.data[:32]
            yield self._by_holder, account.data[32:64]
            if account.data[72] == 1:
                yield self._by_delegate, account.data[76:108]

    def owned_by(self, program: Key, slot: int) -> list[tuple[Key, Account]]:
        """The accounts of a program as of `slot`, by key bytes."""
        return self._select(self._by_owner.get(program, ()), slot, lambda account: account.owner == program)

    def tokens_of_mint(self, mint: Key, slot: int) -> list[tuple[Key, Account]]:
        """The token accounts of a mint as of `slot`."""
        return self._select_tokens(self._by_mint.get(mint, ()), slot, 0, mint)

    def tokens_of_holder(self, holder: Key, slot: int) -> list[tuple[Key, Account]]:
        """The token accounts that a wallet or program owns as of `slot`."""
        return self._select_tokens(self._by_holder.get(holder, ()), slot, 32, holder)

    def tokens_of_delegate(self, delegate: Key, slot: int) -> list[tuple[Key, Account]]:
        """The token accounts that were approved to a delegate, as of `slot`."""
        found = self._select_tokens(self._by_delegate.get(delegate, ()), slot, 76, delegate)
        return [(key, account) for key, account in found if account.data[72] == 1]

    def _select_tokens(self, keys: Iterable[Key], slot: int, offset: int, member: Key) -> list[tuple[Key, Account]]:
        end = offset + 32
        return self._select(
            keys,
            slot,
            lambda account: is_token_account(account) and account.data[offset:end] == member,
        )

    def _select(self, keys: Iterable[Key], slot: int, matches: Matches) -> list[tuple[Key, Account]]:
        candidates = set(keys)
        for later in range(slot + 1, self._slot + 1):
            candidates.update(self._undo.get(later, ()))
        found = []
        for key in sorted(candidates):
            account = self.get(key, slot)
            if account is not None and matches(account):
                found.append((key, account))
        return found
