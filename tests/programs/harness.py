"""A Solana runtime in the test's own process with our programs in it.

    chain = Chain()                                  # programs loaded as upgradeable, admin may upgrade them
    ann = chain.wallet(sol=10)
    receipt = chain.send([CURVE.instruction("sell", {...}, {...})], [ann])
    with refused(CURVE, "SlippageExceeded"):
        chain.send([...], [ann])

Instructions are built from the current-format IDL by account name, so that a
test can put any account in any place.
"""

import hashlib
import json
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from solders.account import Account
from solders.clock import Clock
from solders.compute_budget import set_compute_unit_limit
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.litesvm import LiteSVM
from solders.message import Message
from solders.pubkey import Pubkey
from solders.transaction import Transaction
from solders.transaction_metadata import FailedTransactionMetadata, TransactionMetadata

from tests.programs.borsh import Codec

ROOT = Path(__file__).resolve().parents[2]
CHAIN = ROOT / "launchpad" / "chain"

SYSTEM = Pubkey.default()
TOKEN = Pubkey.from_string("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA")
TOKEN_2022 = Pubkey.from_string("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb")
ATA_PROGRAM = Pubkey.from_string("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL")
LOADER = Pubkey.from_string("BPFLoaderUpgradeab1e11111111111111111111111")
WSOL = Pubkey.from_string("So11111111111111111111111111111111111111112")

SOL = 1_000_000_000
NOW = 1_800_000_000
EVENT_TAG = bytes.fromhex("e445a52e51cb9a1d")
MAX_COMPUTE = 1_400_000


class RefusedError(Exception):
    """A transaction failed: `code` is the custom error of an instruction, if it was one."""

    def __init__(self, error: object, logs: list[str]) -> None:
        self.error, self.logs = error, logs
        inner = getattr(error, "err", None)
        self.code: int | None = getattr(inner, "code", None)
        super().__init__(f"{error}\n" + "\n".join(logs))


@dataclass(frozen=True)
class Event:
    """One event that a program sent to itself."""

    name: str
    data: dict[str, Any]

    def __getitem__(self, key: str) -> Any:
        return self.data[key]


@dataclass(frozen=True)
class Receipt:
    """What a transaction did."""

    logs: list[str]
    compute_units: int
    inner: list[tuple[Pubkey, list[Pubkey], bytes]] = field(repr=False)

    def events(self, program: "Program", name: str | None = None) -> list[Event]:
        """The events of `program` in order, read from its self-calls as an indexer reads them."""
        found = []
        for invoked, accounts, data in self.inner:
            if invoked == program.id and accounts == [program.event_authority] and data.startswith(EVENT_TAG):
                found.append(program.decode_event(data[8:]))
        return [event for event in found if name in (None, event.name)]

    def event(self, program: "Program", name: str) -> Event:
        """The one event of that name."""
        (event,) = self.events(program, name)
        return event


class Program:
    """One of our programs, as its IDL describes it."""

    def __init__(self, name: str) -> None:
        self.name = name

    @cached_property
    def idl(self) -> dict[str, Any]:
        """The IDL in Anchor's current format."""
        return dict(json.loads((CHAIN / "idl" / f"{self.name}.json").read_text()))

    @cached_property
    def id(self) -> Pubkey:
        """The program's address."""
        return Pubkey.from_string(self.idl["address"])

    @cached_property
    def event_authority(self) -> Pubkey:
        """The program's own signer for its events."""
        return self.pda(b"__event_authority")

    @cached_property
    def program_data(self) -> Pubkey:
        """The loader's account for code and upgrade authority."""
        return Pubkey.find_program_address([bytes(self.id)], LOADER)[0]

    @cached_property
    def codec(self) -> Codec:
        """Encodes and decodes this program's types."""
        return Codec(self.idl["types"])

    @cached_property
    def code(self) -> bytes:
        """The committed program."""
        return (CHAIN / "programs" / f"{self.name}.so").read_bytes()

    def pda(self, *seeds: bytes | Pubkey) -> Pubkey:
        """The program derived address of `seeds`."""
        return self.pda_and_bump(*seeds)[0]

    def pda_and_bump(self, *seeds: bytes | Pubkey) -> tuple[Pubkey, int]:
        """The address and its canonical bump."""
        return Pubkey.find_program_address([bytes(seed) for seed in seeds], self.id)

    def instruction(
        self,
        name: str,
        args: Mapping[str, Any] | None = None,
        accounts: Mapping[str, Pubkey | None] | None = None,
        *,
        unsigned: Sequence[str] = (),
        extra: Sequence[AccountMeta] = (),
    ) -> Instruction:
        """The instruction with accounts by name.

        Fixed addresses, the event authority and the program itself are filled in unless named;
        an optional account that is missing or None becomes the program's id. Accounts in
        `unsigned` lose their signature, `extra` ones are appended.
        """
        spec = self.spec(name)
        given = dict(accounts or {})
        metas = [self._meta(each, given, unsigned) for each in spec["accounts"]]
        assert not given, f"{name} has no account {', '.join(given)}"
        values = dict(args or {})
        body = b"".join(self.codec.encode(each["type"], values.pop(each["name"])) for each in spec["args"])
        assert not values, f"{name} has no argument {', '.join(values)}"
        return Instruction(self.id, bytes(spec["discriminator"]) + body, [*metas, *extra])

    def spec(self, name: str) -> dict[str, Any]:
        """The IDL's description of an instruction."""
        return next(each for each in self.idl["instructions"] if each["name"] == name)

    def error(self, name: str) -> int:
        """The number of one of this program's errors."""
        return next(int(each["code"]) for each in self.idl["errors"] if each["name"] == name)

    def discriminator(self, account: str) -> bytes:
        """The first 8 bytes of an account type."""
        return hashlib.sha256(f"account:{account}".encode()).digest()[:8]

    def decode_account(self, name: str, data: bytes) -> dict[str, Any]:
        """An account of type `name`; bytes behind it are left alone."""
        assert data[:8] == self.discriminator(name), f"not a {name}"
        return dict(self.codec.decode_prefix({"defined": {"name": name}}, data[8:]))

    def encode_account(self, name: str, value: Mapping[str, Any]) -> bytes:
        """The bytes of an account of type `name`."""
        return self.discriminator(name) + self.codec.encode({"defined": {"name": name}}, value)

    def decode_event(self, data: bytes) -> Event:
        """An event from its discriminator on."""
        name = next(each["name"] for each in self.idl["events"] if bytes(each["discriminator"]) == data[:8])
        return Event(name, self.codec.decode({"defined": {"name": name}}, data[8:]))

    def _meta(self, spec: dict[str, Any], given: dict[str, Pubkey | None], unsigned: Sequence[str]) -> AccountMeta:
        name = spec["name"]
        key = given.pop(name) if name in given else self._default(spec)
        signer = bool(spec.get("signer")) and name not in unsigned
        if key is None:
            assert spec.get("optional"), f"{name} is missing"
            return AccountMeta(self.id, is_signer=False, is_writable=False)
        return AccountMeta(key, is_signer=signer, is_writable=bool(spec.get("writable")))

    def _default(self, spec: dict[str, Any]) -> Pubkey | None:
        if "address" in spec:
            return Pubkey.from_string(spec["address"])
        return {"event_authority": self.event_authority, "program": self.id}.get(spec["name"])


AMM = Program("amm")
CURVE = Program("bonding_curve")
LAUNCHER = Program("token_launcher")
ROUTER = Program("fee_router")
VESTING = Program("vesting")


class Chain:
    """LiteSVM with the given programs loaded the way a validator holds them: upgradeable, by `admin`."""

    def __init__(self, programs: Sequence[Program] = (CURVE, LAUNCHER, VESTING)) -> None:
        self.svm = LiteSVM()
        self.admin = Keypair.from_seed(bytes([7] * 32))
        self.airdrop(self.admin.pubkey(), 1_000)
        self.set_time(NOW)
        self.set_account(WSOL, mint_data(decimals=9), TOKEN)
        for program in programs:
            self.load(program, self.admin.pubkey())

    def load(self, program: Program, upgrade_authority: Pubkey | None) -> None:
        """Puts code and ProgramData where the upgradeable loader keeps them."""
        authority = b"\0" + bytes(32) if upgrade_authority is None else b"\1" + bytes(upgrade_authority)
        self.set_account(program.program_data, struct.pack("<IQ", 3, 0) + authority + program.code, LOADER)
        self.set_account(program.id, struct.pack("<I", 2) + bytes(program.program_data), LOADER, executable=True)

    def wallet(self, sol: float = 100) -> Keypair:
        """A new key with some SOL."""
        key = Keypair()
        self.airdrop(key.pubkey(), sol)
        return key

    def airdrop(self, to: Pubkey, sol: float) -> None:
        """Gives SOL out of thin air."""
        self.svm.airdrop(to, int(sol * SOL))

    def set_time(self, seconds: int) -> None:
        """Sets the clock to a Unix time."""
        clock = self.svm.get_clock()
        self.svm.set_clock(
            Clock(clock.slot, clock.epoch_start_timestamp, clock.epoch, clock.leader_schedule_epoch, seconds)
        )

    def pass_slots(self, slots: int) -> None:
        """Moves the clock's slot; its time stays."""
        clock = self.svm.get_clock()
        moved = (clock.epoch_start_timestamp, clock.epoch, clock.leader_schedule_epoch, clock.unix_timestamp)
        self.svm.set_clock(Clock(clock.slot + slots, *moved))

    @property
    def now(self) -> int:
        """The clock, in Unix seconds."""
        return int(self.svm.get_clock().unix_timestamp)

    def send(
        self,
        instructions: Sequence[Instruction],
        signers: Sequence[Keypair],
        *,
        compute: int | None = MAX_COMPUTE,
    ) -> Receipt:
        """Runs one transaction, paid for by the first signer, or raises `RefusedError`."""
        self.svm.expire_blockhash()
        limit = [] if compute is None else [set_compute_unit_limit(compute)]
        message = Message.new_with_blockhash([*limit, *instructions], signers[0].pubkey(), self.svm.latest_blockhash())
        unique = {signer.pubkey(): signer for signer in signers}
        result = self.svm.send_transaction(Transaction(list(unique.values()), message, self.svm.latest_blockhash()))
        if isinstance(result, FailedTransactionMetadata):
            raise RefusedError(result.err(), result.meta().logs())
        return receipt_of(result, list(message.account_keys))

    def account(self, key: Pubkey) -> Account:
        """An account that must exist."""
        found = self.svm.get_account(key)
        assert found is not None, f"no account {key}"
        return found

    def exists(self, key: Pubkey) -> bool:
        """Whether an account holds anything."""
        return self.svm.get_account(key) is not None

    def read(self, program: Program, name: str, key: Pubkey) -> dict[str, Any]:
        """A decoded account of one of our programs."""
        account = self.account(key)
        assert account.owner == program.id
        return program.decode_account(name, account.data)

    def set_account(
        self,
        key: Pubkey,
        data: bytes,
        owner: Pubkey,
        *,
        lamports: int | None = None,
        executable: bool = False,
    ) -> None:
        """Writes an account as it is, rent-exempt unless told otherwise."""
        funded = self.rent(len(data)) if lamports is None else lamports
        self.svm.set_account(key, Account(funded, data, owner, executable=executable))

    def rent(self, size: int) -> int:
        """Lamports that keep `size` bytes alive."""
        return self.svm.minimum_balance_for_rent_exemption(size)

    def lamports(self, key: Pubkey) -> int:
        """An account's lamports; 0 where there is none."""
        return self.svm.get_balance(key) or 0

    def new_mint(
        self,
        supply_to: Pubkey | None = None,
        supply: int = 0,
        *,
        decimals: int = 9,
        program: Pubkey = TOKEN_2022,
        authority: Pubkey | None = None,
        freeze: Pubkey | None = None,
        extensions: Mapping[int, bytes] | None = None,
        key: Pubkey | None = None,
    ) -> Pubkey:
        """A mint with its whole supply in one owner's associated account, at a new key unless one is given."""
        key = key or Keypair().pubkey()
        data = mint_data(supply=supply, decimals=decimals, authority=authority, freeze=freeze, extensions=extensions)
        self.set_account(key, data, program)
        if supply_to is not None:
            self.set_tokens(supply_to, key, supply, program=program)
        return key

    def set_tokens(self, owner: Pubkey, mint: Pubkey, amount: int, *, program: Pubkey = TOKEN_2022) -> Pubkey:
        """Writes the owner's associated token account; the mint's supply is not touched."""
        key = ata(owner, mint, program)
        self.set_account(key, token_data(mint, owner, amount, extended=program == TOKEN_2022), program)
        return key

    def tokens(self, key: Pubkey) -> int:
        """The amount in a token account; 0 where there is none."""
        found = self.svm.get_account(key)
        return struct.unpack_from("<Q", found.data, 64)[0] if found and found.data else 0

    def supply(self, mint: Pubkey) -> int:
        """A mint's supply."""
        return int(struct.unpack_from("<Q", self.account(mint).data, 36)[0])


@contextmanager
def refused(program: Program | None, error: str | int | None = None) -> Iterator[None]:
    """Expects a transaction to be refused.

    With a program and a name, by that error of it; with a number, by that custom error
    (Anchor's own begin at 100, the token programs' at 0); with neither, for any reason.
    """
    expected = program.error(error) if program is not None and isinstance(error, str) else error
    with pytest.raises(RefusedError) as caught:
        yield
    if expected is not None:
        assert caught.value.code == expected, str(caught.value)


def ata(owner: Pubkey, mint: Pubkey, program: Pubkey = TOKEN_2022) -> Pubkey:
    """The associated token account of an owner and a mint."""
    return Pubkey.find_program_address([bytes(owner), bytes(program), bytes(mint)], ATA_PROGRAM)[0]


def create_ata(payer: Pubkey, owner: Pubkey, mint: Pubkey, program: Pubkey = TOKEN_2022) -> Instruction:
    """The associated token program's idempotent create."""
    account = ata(owner, mint, program)
    keys = [(payer, True, True), (account, False, True), (owner, False, False), (mint, False, False)]
    metas = [AccountMeta(key, signer, writable) for key, signer, writable in keys]
    metas += [AccountMeta(SYSTEM, False, False), AccountMeta(program, False, False)]
    return Instruction(ATA_PROGRAM, b"\1", metas)


def transfer_sol(source: Pubkey, target: Pubkey, lamports: int) -> Instruction:
    """The system program's transfer."""
    metas = [AccountMeta(source, is_signer=True, is_writable=True), AccountMeta(target, False, True)]
    return Instruction(SYSTEM, struct.pack("<IQ", 2, lamports), metas)


def mint_data(
    *,
    supply: int = 0,
    decimals: int = 9,
    authority: Pubkey | None = None,
    freeze: Pubkey | None = None,
    extensions: Mapping[int, bytes] | None = None,
) -> bytes:
    """The bytes of a mint; `extensions` maps Token-2022's extension numbers to their values."""
    base = _option(authority) + struct.pack("<QBB", supply, decimals, 1) + _option(freeze)
    if extensions is None:
        return base
    listed = b"".join(struct.pack("<HH", kind, len(value)) + value for kind, value in extensions.items())
    return base.ljust(165, b"\0") + b"\1" + listed


def token_data(mint: Pubkey, owner: Pubkey, amount: int, *, extended: bool = True) -> bytes:
    """The bytes of a token account; extended ones carry ImmutableOwner, as associated accounts do."""
    base = bytes(mint) + bytes(owner) + struct.pack("<Q", amount) + bytes(36) + b"\1" + bytes(56)
    return base + (b"\2" + struct.pack("<HH", 7, 0) if extended else b"")


def metadata_pointer(mint: Pubkey | None = None) -> dict[int, bytes]:
    """The harmless extension that every launched mint has."""
    return {18: bytes(32) + (bytes(mint) if mint else bytes(32))}


def _option(key: Pubkey | None) -> bytes:
    return struct.pack("<I", 0) + bytes(32) if key is None else struct.pack("<I", 1) + bytes(key)


def receipt_of(result: TransactionMetadata, keys: list[Pubkey]) -> Receipt:
    """What a transaction with these account keys did."""
    inner = []
    for group in result.inner_instructions():
        for each in group:
            called = each.instruction()
            accounts = [keys[index] for index in bytes(called.accounts)]
            inner.append((keys[called.program_id_index], accounts, bytes(called.data)))
    return Receipt(result.logs(), result.compute_units_consumed(), inner)
