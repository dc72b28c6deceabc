"""A runtime with all our programs, some wallets, and a memory of every account that our programs own.

Everything in it follows from one seed: the same steps in the same order give the same bytes.
"""

import hashlib
import struct
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from solders.account import Account
from solders.clock import Clock
from solders.compute_budget import set_compute_unit_limit
from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.message import Message
from solders.pubkey import Pubkey
from solders.signature import Signature
from solders.transaction import Transaction
from solders.transaction_metadata import FailedTransactionMetadata, TransactionMetadata

from launchpad.chain.addresses import PROGRAMS as ADDRESSES
from launchpad.chain.metaplex import METAPLEX
from tests import raydium
from tests.metaplex import metadata_data, metadata_of
from tests.programs.harness import (
    SOL,
    SYSTEM,
    TOKEN,
    TOKEN_2022,
    WSOL,
    Chain,
    Program,
    ata,
    metadata_pointer,
    mint_data,
    token_data,
)

PROGRAMS = [Program(name) for name in ADDRESSES]
BY_ID = {program.id: program for program in PROGRAMS}
BY_NAME = {program.name: program for program in PROGRAMS}
ATTACKERS, HONEST, ADMINS = "attackers", "honest", "admins"
TOKEN_PROGRAMS = (TOKEN, TOKEN_2022)
# Mints that somebody brings along: their extensions, most of them refused.
BROUGHT = [metadata_pointer(), None, metadata_pointer(), {1: bytes(108)}, {12: bytes(32)}, {14: bytes(64)}]
BROUGHT_SUPPLY = 10**12
# Classic mints, with metadata, that wait for their launch.
UNTOUCHED = 24


@dataclass(frozen=True)
class Step:
    """One thing that happens: a transaction, or the clock going on."""

    label: str
    instructions: Sequence[Instruction] = ()
    payer: Pubkey = SYSTEM
    seconds: int = 0
    slots: int = 0


@dataclass
class Outcome:
    """A transaction's end, and its accounts before and after it."""

    step: Step
    message: Message
    before: dict[Pubkey, Account | None]
    after: dict[Pubkey, Account | None]
    error: Any
    logs: list[str]
    # Programs and data of every call, those inside others too.
    calls: list[tuple[Pubkey, bytes]]

    @property
    def signers(self) -> set[Pubkey]:
        """Whose keys signed."""
        return set(self.message.account_keys[: self.message.header.num_required_signatures])

    @property
    def changed(self) -> list[Pubkey]:
        """The accounts that are not what they were."""
        return [key for key, before in self.before.items() if self.after[key] != before]


@cache
def types_of(program: Pubkey) -> dict[bytes, str]:
    """The account types of a program by discriminator."""
    return {bytes(each["discriminator"]): each["name"] for each in BY_ID[program].idl["accounts"]}


def decode(account: Account | None) -> tuple[Program, str, dict[str, Any]] | None:
    """What an account of ours holds; None for every other account."""
    if account is None or account.owner not in BY_ID:
        return None
    name = types_of(account.owner).get(account.data[:8])
    program = BY_ID[account.owner]
    return (program, name, program.decode_account(name, account.data)) if name else None


@dataclass
class World:
    """The runtime, its people, and what our programs keep in it."""

    seed: str
    chain: Chain = field(init=False)
    groups: dict[str, list[Pubkey]] = field(init=False)
    objects: dict[tuple[str, str], dict[Pubkey, dict[str, Any]]] = field(default_factory=lambda: defaultdict(dict))
    brought: list[tuple[Pubkey, Pubkey]] = field(default_factory=list)
    untouched: list[tuple[Pubkey, Pubkey]] = field(default_factory=list)
    token_accounts: dict[Pubkey, tuple[Pubkey, Pubkey]] = field(default_factory=dict)
    forged: list[Pubkey] = field(default_factory=list)
    sent: int = 0
    keys_made: int = 0

    def __post_init__(self) -> None:
        self.chain = Chain(PROGRAMS)
        if raydium.PROGRAM.exists():
            raydium.install(self.chain)
        self.chain.svm.with_sigverify(False)
        self.chain.svm.with_transaction_history(0)
        self.groups = {name: [self.new_key() for _ in range(3)] for name in (ATTACKERS, HONEST)}
        self.groups[ADMINS] = [self.chain.admin.pubkey(), self.new_key()]
        for key in self.wallets:
            self.chain.set_account(key, b"", SYSTEM, lamports=10**6 * SOL)
            self._wrap(key, 10**5 * SOL)
        for index in range(2 * len(BROUGHT)):
            self._bring(index)
        for index in range(UNTOUCHED):
            self._prepare(index)

    @property
    def wallets(self) -> list[Pubkey]:
        """Everybody."""
        return [key for group in self.groups.values() for key in group]

    @property
    def now(self) -> int:
        """Unix seconds."""
        return self.chain.now

    def new_key(self) -> Pubkey:
        """A key that nobody had yet; whoever asked for it can sign with it."""
        self.keys_made += 1
        return Keypair.from_seed(hashlib.sha256(f"{self.seed}/{self.keys_made}".encode()).digest()).pubkey()

    def account(self, key: Pubkey) -> Account | None:
        """An account as it is."""
        return self.chain.svm.get_account(key)

    def token_program(self, mint: Pubkey) -> Pubkey:
        """The program of a mint; Token-2022 for one that is not there yet."""
        account = self.account(mint)
        return account.owner if account and account.owner in TOKEN_PROGRAMS else TOKEN_2022

    def ata(self, owner: Pubkey, mint: Pubkey) -> Pubkey:
        """The associated account of an owner and a mint, which may not be there."""
        return ata(owner, mint, self.token_program(mint))

    def group_of(self, key: Pubkey) -> str | None:
        """Which group a wallet belongs to."""
        return next((name for name, keys in self.groups.items() if key in keys), None)

    def run(self, step: Step) -> Outcome | None:
        """Does one step; None when it was the clock."""
        if not step.instructions:
            clock = self.chain.svm.get_clock()
            times = (clock.epoch, clock.leader_schedule_epoch, clock.unix_timestamp + step.seconds)
            self.chain.svm.set_clock(Clock(clock.slot + step.slots, clock.epoch_start_timestamp, *times))
            return None
        self.sent += 1
        instructions = [set_compute_unit_limit(1_400_000), *step.instructions]
        message = Message.new_with_blockhash(instructions, step.payer, self.chain.svm.latest_blockhash())
        marks = [Signature.from_bytes(struct.pack("<QQ", self.sent, index) + bytes(48)) for index in range(64)]
        transaction = Transaction.populate(message, marks[: message.header.num_required_signatures])
        before = {key: self.account(key) for key in message.account_keys}
        result = self.chain.svm.send_transaction(transaction)
        after = {key: self.account(key) for key in message.account_keys}
        if isinstance(result, FailedTransactionMetadata):
            return Outcome(step, message, before, after, result.err(), result.meta().logs(), [])
        calls = [(each.program_id, bytes(each.data)) for each in step.instructions] + _inner(message, result)
        outcome = Outcome(step, message, before, after, None, result.logs(), calls)
        self._remember(outcome)
        return outcome

    def _remember(self, outcome: Outcome) -> None:
        for key in outcome.changed:
            account = outcome.after[key]
            found = decode(account)
            for kind, kept in self.objects.items():
                if found is None or kind != (found[0].name, found[1]):
                    kept.pop(key, None)
            if found:
                self.objects[found[0].name, found[1]][key] = found[2]
            elif account and account.owner in TOKEN_PROGRAMS and len(account.data) >= 165 and _is_holding(account):
                self.token_accounts[key] = (Pubkey(account.data[:32]), Pubkey(account.data[32:64]))

    def _wrap(self, owner: Pubkey, amount: int) -> None:
        key, data = ata(owner, WSOL, TOKEN), bytearray(token_data(WSOL, owner, amount, extended=False))
        rent = self.chain.rent(len(data))
        data[109:121] = struct.pack("<IQ", 1, rent)
        self.chain.set_account(key, bytes(data), TOKEN, lamports=rent + amount)
        self.token_accounts[key] = (WSOL, owner)

    def _prepare(self, index: int) -> None:
        """What Token and Metaplex's program make in front of a launch: a mint without supply, and its metadata."""
        holders = [key for key in self.wallets if key not in self.groups[ADMINS]]
        mint, owner = self.new_key(), holders[index % len(holders)]
        self.chain.set_account(mint, mint_data(decimals=index % 10, authority=owner), TOKEN)
        self.chain.set_account(metadata_of(mint), metadata_data(mint, owner), Pubkey.from_string(METAPLEX))
        self.untouched.append((mint, owner))

    def _bring(self, index: int) -> None:
        """A mint made elsewhere: four in one wallet each, the others shared out."""
        extensions = BROUGHT[index % len(BROUGHT)]
        program = TOKEN if extensions is None else TOKEN_2022
        mint, holders = self.new_key(), [key for key in self.wallets if key not in self.groups[ADMINS]]
        if index < len(BROUGHT):
            holders = [holders[index % len(holders)]]
        data = mint_data(supply=BROUGHT_SUPPLY * len(holders), decimals=6, extensions=extensions)
        self.chain.set_account(mint, data, program)
        for owner in holders:
            key = self.chain.set_tokens(owner, mint, BROUGHT_SUPPLY, program=program)
            self.token_accounts[key] = (mint, owner)
        self.brought.append((mint, holders[0]))


def _is_holding(account: Account) -> bool:
    """Whether the bytes of a token program are those of an account, not of a mint."""
    return len(account.data) == 165 or account.data[165] == 2


def _inner(message: Message, meta: TransactionMetadata) -> list[tuple[Pubkey, bytes]]:
    found = []
    for group in meta.inner_instructions():
        for each in group:
            called = each.instruction()
            found.append((message.account_keys[called.program_id_index], bytes(called.data)))
    return found
