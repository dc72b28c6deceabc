"""A small world on the cluster under test: wallets, mints, accounts, and transactions of every kind.

It mirrors the accounts that the golden answers were recorded with.
"""

import base64
import hashlib
import json
import struct
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from solders.address_lookup_table_account import AddressLookupTableAccount
from solders.hash import Hash
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.message import Message, MessageV0
from solders.pubkey import Pubkey
from solders.system_program import CreateAccountParams, TransferParams, create_account, transfer
from solders.transaction import VersionedTransaction

TOKEN = Pubkey.from_string("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA")
TOKEN_2022 = Pubkey.from_string("TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb")
ATA_PROGRAM = Pubkey.from_string("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL")
MEMO = Pubkey.from_string("MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr")
WSOL = Pubkey.from_string("So11111111111111111111111111111111111111112")
LOOKUP = Pubkey.from_string("AddressLookupTab1e1111111111111111111111111")
BUDGET = Pubkey.from_string("ComputeBudget111111111111111111111111111111")
CURVE = Pubkey.from_string("CrzNNkg9knczGnmZcg8tNKbYfdPBK4jDceB6XGhda9jL")
SYSTEM = Pubkey.default()
SOL = 1_000_000_000
PROCESSED = {"commitment": "processed"}


def rent(length: int) -> int:
    return (128 + length) * 6960


def writable(key: Pubkey, *, signer: bool = False) -> AccountMeta:
    return AccountMeta(key, signer, True)


def readonly(key: Pubkey, *, signer: bool = False) -> AccountMeta:
    return AccountMeta(key, signer, False)


def token_account(owner: Pubkey, mint: Pubkey, program: Pubkey = TOKEN) -> Pubkey:
    return Pubkey.find_program_address([bytes(owner), bytes(program), bytes(mint)], ATA_PROGRAM)[0]


def open_token_account(payer: Pubkey, owner: Pubkey, mint: Pubkey, program: Pubkey = TOKEN) -> Instruction:
    address = token_account(owner, mint, program)
    metas = [writable(payer, signer=True), writable(address), readonly(owner), readonly(mint)]
    return Instruction(ATA_PROGRAM, b"\1", [*metas, readonly(SYSTEM), readonly(program)])


def token_instruction(
    data: bytes, *metas: AccountMeta, authority: Pubkey | None = None, program: Pubkey = TOKEN
) -> Instruction:
    signer = [] if authority is None else [readonly(authority, signer=True)]
    return Instruction(program, data, [*metas, *signer])


def amount(kind: int, value: int) -> bytes:
    return struct.pack("<BQ", kind, value)


def compute_limit(units: int) -> Instruction:
    return Instruction(BUDGET, struct.pack("<BI", 2, units), [])


def compute_price(price: int) -> Instruction:
    return Instruction(BUDGET, struct.pack("<BQ", 3, price), [])


def memo(text: bytes, signer: Pubkey) -> Instruction:
    return Instruction(MEMO, text, [readonly(signer, signer=True)])


# Members that a node may know or not, and that differ from one transaction to the next.
OPTIONAL = {
    "memo",
    "err",
    "uiAmount",
    "confirmations",
    "gossip",
    "tpu",
    "tpuQuic",
    "tpuForwards",
    "tpuForwardsQuic",
    "tpuVote",
    "tvu",
}
OPTIONAL |= {"serveRepair", "incremental"}


def differences(golden: Any, ours: Any, path: str = "") -> list[str]:
    """Where two answers differ in shape: members, types, fixed words."""
    if isinstance(golden, dict) and isinstance(ours, dict):
        return _member_differences(golden, ours, path)
    if isinstance(golden, list) and isinstance(ours, list):
        return _element_differences(golden, ours, path)
    if type(golden) is type(ours):
        return []
    if path.rsplit(".", 1)[-1] in OPTIONAL and (golden is None or ours is None):
        return []
    return [f"{path}: {golden!r} is not like {ours!r}"]


def _member_differences(golden: dict[str, Any], ours: dict[str, Any], path: str) -> list[str]:
    if "type" in golden and "info" in golden and golden["type"] != ours.get("type"):
        return []
    if "InstructionError" in golden:
        return [] if "InstructionError" in ours else [f"{path}: {ours}"]
    if any(len(name) > 40 for name in golden):
        return differences([*golden.values()], [*ours.values()], path)
    found = [f"{path}.{name} is missing" for name in golden.keys() - ours.keys()]
    found += [f"{path}.{name} is too much" for name in ours.keys() - golden.keys()]
    for name in golden.keys() & ours.keys():
        found += differences(golden[name], ours[name], f"{path}.{name}")
    return found


def _element_differences(golden: list[Any], ours: list[Any], path: str) -> list[str]:
    if len(golden) == 2 and golden[1] in ("base58", "base64", "base64+zstd"):
        return [] if ours[1:] == golden[1:] else [f"{path}: {ours[1:]}"]
    known = [each for each in golden if each != "\u2026"]
    found = []
    for position, each in enumerate(ours if known else []):
        attempts = [differences(one, each, f"{path}[{position}]") for one in known]
        found += min(attempts, key=len)
    return found


@dataclass
class World:
    """The cluster, its wallets and accounts, and the signatures of what happened on it."""

    node: Any
    payer: Keypair = field(default_factory=Keypair)
    friend: Keypair = field(default_factory=Keypair)
    unused: Pubkey = field(default_factory=lambda: Keypair().pubkey())
    accounts: dict[str, Pubkey] = field(default_factory=dict)
    signatures: dict[str, str] = field(default_factory=dict)
    table: AddressLookupTableAccount | None = None

    @property
    def owner(self) -> Pubkey:
        return self.payer.pubkey()

    def blockhash(self, commitment: str = "processed") -> Hash:
        value = self.node.call("getLatestBlockhash", {"commitment": commitment})["value"]
        return Hash.from_string(value["blockhash"])

    def sign(
        self,
        *instructions: Instruction,
        signers: tuple[Keypair, ...] = (),
        payer: Keypair | None = None,
        version: int | None = None,
        blockhash: Hash | None = None,
    ) -> VersionedTransaction:
        """A signed transaction; legacy unless a version is named."""
        pays = payer or self.payer
        recent = blockhash or self.blockhash()
        message: Message | MessageV0
        if version is None:
            message = Message.new_with_blockhash(list(instructions), pays.pubkey(), recent)
        else:
            tables = [self.table] if self.table else []
            message = MessageV0.try_compile(pays.pubkey(), list(instructions), tables, recent)
        return VersionedTransaction(message, [pays, *signers])

    def send(self, transaction: VersionedTransaction, **config: Any) -> str:
        """Send a transaction; its signature."""
        options = {"encoding": "base64", "preflightCommitment": "processed"} | config
        return self.node.call("sendTransaction", encoded(transaction), options)

    def run(self, *instructions: Instruction, **how: Any) -> str:
        """Send instructions and wait until they are confirmed."""
        signature = self.send(self.sign(*instructions, **how))
        self.confirm(signature)
        return signature

    def fail(self, *instructions: Instruction, **how: Any) -> str:
        """Send instructions without preflight and wait until they are confirmed, failed."""
        signature = self.send(self.sign(*instructions, **how), skipPreflight=True)
        self.confirm(signature)
        return signature

    def confirm(self, signature: str, level: str = "confirmed") -> dict[str, Any]:
        """Wait for a signature to reach a level; its status."""
        reached = ("confirmed", "finalized") if level == "confirmed" else (level,)

        def status() -> Any:
            [value] = self.node.call("getSignatureStatuses", [signature])["value"]
            return value if value and value["confirmationStatus"] in reached else None

        return wait(status, f"{signature} did not reach {level}")

    def airdrop(self, to: Pubkey, lamports: int) -> str:
        signature = self.node.call("requestAirdrop", str(to), lamports, PROCESSED)
        self.confirm(signature)
        return signature

    def transfer(self, to: Pubkey, lamports: int, sender: Pubkey | None = None) -> Instruction:
        source = sender or self.owner
        return transfer(TransferParams(from_pubkey=source, to_pubkey=to, lamports=lamports))

    def open_account(self, key: Keypair, space: int, owner: Pubkey, lamports: int | None = None) -> Instruction:
        return create_account(
            CreateAccountParams(
                from_pubkey=self.owner,
                to_pubkey=key.pubkey(),
                lamports=rent(space) if lamports is None else lamports,
                space=space,
                owner=owner,
            )
        )


def encoded(transaction: VersionedTransaction) -> str:
    return base64.b64encode(bytes(transaction)).decode()


def wait(question: Callable[[], Any], what: str, seconds: float = 60) -> Any:
    """The first answer that is true."""
    deadline = time.monotonic() + seconds
    while not (answer := question()):
        assert time.monotonic() < deadline, what
        time.sleep(0.05)
    return answer


def _classic_mint(world: World) -> None:
    mint, wide = Keypair(), Keypair()
    owner, friend = world.owner, world.friend.pubkey()
    new = bytes([20, 6]) + bytes(owner) + b"\1" + bytes(owner)
    world.run(
        world.open_account(mint, 82, TOKEN),
        token_instruction(new, writable(mint.pubkey())),
        open_token_account(owner, owner, mint.pubkey()),
        open_token_account(owner, friend, mint.pubkey()),
        signers=(mint,),
    )
    mine, theirs = token_account(owner, mint.pubkey()), token_account(friend, mint.pubkey())
    world.accounts |= {"mint": mint.pubkey(), "tokens": mine, "friend_tokens": theirs}
    world.run(
        token_instruction(amount(7, 1_500_000), writable(mint.pubkey()), writable(mine), authority=owner),
        token_instruction(amount(4, 700), writable(mine), readonly(friend), authority=owner),
    )
    checked = amount(12, 250_000) + b"\6"
    metas = (writable(mine), readonly(mint.pubkey()), writable(theirs))
    world.signatures["transfer_checked"] = world.run(token_instruction(checked, *metas, authority=owner))
    new = bytes([20, 25]) + bytes(owner) + b"\0"
    world.run(
        world.open_account(wide, 82, TOKEN),
        token_instruction(new, writable(wide.pubkey())),
        open_token_account(owner, owner, wide.pubkey()),
        token_instruction(
            amount(7, 1),
            writable(wide.pubkey()),
            writable(token_account(owner, wide.pubkey())),
            authority=owner,
        ),
        signers=(wide,),
    )
    world.accounts["wide_tokens"] = token_account(owner, wide.pubkey())


def _taxed_mint(world: World) -> None:
    """A Token-2022 mint with transfer fee, metadata pointer and metadata."""
    mint, owner, friend = Keypair(), world.owner, world.friend.pubkey()
    key = mint.pubkey()
    some = b"\1" + bytes(owner)
    fee = bytes([26, 0]) + some + some + struct.pack("<HQ", 250, 1_000_000_000)
    pointer = bytes([39, 0]) + bytes(owner) + bytes(key)
    strings = [b"Example", b"EXM", b"https://example.com/exm.json"]
    metadata = _interface("initialize_account") + b"".join(struct.pack("<I", len(s)) + s for s in strings)
    size = 430 + sum(map(len, strings))
    world.run(
        world.open_account(mint, 346, TOKEN_2022, rent(size)),
        token_instruction(fee, writable(key), program=TOKEN_2022),
        token_instruction(pointer, writable(key), program=TOKEN_2022),
        token_instruction(bytes([20, 0]) + bytes(owner) + b"\0", writable(key), program=TOKEN_2022),
        Instruction(
            TOKEN_2022, metadata, [writable(key), readonly(owner), readonly(key), readonly(owner, signer=True)]
        ),
        signers=(mint,),
    )
    mine, theirs = token_account(owner, key, TOKEN_2022), token_account(friend, key, TOKEN_2022)
    world.run(
        open_token_account(owner, owner, key, TOKEN_2022),
        open_token_account(owner, friend, key, TOKEN_2022),
        token_instruction(amount(7, 2**64 - 1), writable(key), writable(mine), authority=owner, program=TOKEN_2022),
    )
    metas = (writable(mine), readonly(key), writable(theirs))
    world.run(token_instruction(amount(12, 250_000) + b"\0", *metas, authority=owner, program=TOKEN_2022))
    world.accounts |= {"taxed_mint": key, "taxed_tokens": mine}


def _interface(name: str) -> bytes:
    return hashlib.sha256(f"spl_token_metadata_interface:{name}".encode()).digest()[:8]


def open_wrapped(world: World, key: Keypair, lamports: int) -> list[Instruction]:
    """A wrapped SOL account at a key of its own."""
    return [
        world.open_account(key, 165, TOKEN, rent(165) + lamports),
        token_instruction(bytes([18]) + bytes(world.owner), writable(key.pubkey()), readonly(WSOL)),
    ]


def _wrapped(world: World) -> None:
    kept, closed = Keypair(), Keypair()
    set_closer = bytes([6, 3, 1]) + bytes(world.friend.pubkey())
    world.run(
        *open_wrapped(world, kept, 5_000),
        token_instruction(set_closer, writable(kept.pubkey()), authority=world.owner),
        *open_wrapped(world, closed, 100_000_000),
        signers=(kept, closed),
    )
    close = token_instruction(b"\x09", writable(closed.pubkey()), writable(world.owner), authority=world.owner)
    world.signatures["close"] = world.run(close)
    world.accounts["wrapped"] = kept.pubkey()


def _lookup_table(world: World) -> None:
    """A table with the keys of an associated account creation, and a transaction through it."""
    slot = wait(lambda: world.node.call("getSlot", {"commitment": "finalized"}), "no finalized slot")
    owner, mint = world.owner, world.accounts["mint"]
    address, bump = Pubkey.find_program_address([bytes(owner), struct.pack("<Q", slot)], LOOKUP)
    signer = readonly(owner, signer=True)
    create = struct.pack("<IQB", 0, slot, bump)
    stranger = Keypair().pubkey()
    inside = [token_account(stranger, mint), mint, stranger, SYSTEM, TOKEN]
    extend = struct.pack("<IQ", 2, len(inside)) + b"".join(map(bytes, inside))
    metas = [writable(address), signer, writable(owner, signer=True), readonly(SYSTEM)]
    world.run(Instruction(LOOKUP, create, metas), Instruction(LOOKUP, extend, metas))
    world.accounts["table"] = address
    reached = world.node.call("getSlot", PROCESSED)
    wait(lambda: world.node.call("getSlot", PROCESSED) > reached + 1, "no new slot")
    world.table = AddressLookupTableAccount(address, inside)
    world.signatures["versioned"] = world.run(
        compute_limit(100_000), open_token_account(owner, stranger, mint), version=0
    )


def _histories(world: World) -> None:
    owner, friend = world.owner, world.friend.pubkey()
    world.signatures["memo"] = world.run(world.transfer(friend, SOL), memo(b"hello", owner))
    world.run(memo(b"a", owner), compute_limit(100_000), memo("bé".encode(), owner))
    too_much = token_instruction(
        amount(3, 10**15),
        writable(world.accounts["tokens"]),
        writable(world.accounts["friend_tokens"]),
        authority=owner,
    )
    world.signatures["failed"] = world.fail(compute_limit(100_000), too_much)
    size = token_instruction(bytes([21]), readonly(world.accounts["taxed_mint"]), program=TOKEN_2022)
    world.signatures["returned"] = world.run(size)
    created = open_token_account(owner, Keypair().pubkey(), world.accounts["mint"])
    world.signatures["created"] = world.run(compute_limit(100_000), compute_price(4_000), created)
    foreign = Keypair()
    world.run(world.open_account(foreign, 57, CURVE), signers=(foreign,))
    world.accounts["foreign"] = foreign.pubkey()


@pytest.fixture(scope="package")
def world(node: Any) -> World:
    """The cluster with everything on it, finalized."""
    made = World(node)
    made.airdrop(made.owner, 1_000 * SOL)
    made.airdrop(made.friend.pubkey(), SOL)
    for build in (_classic_mint, _taxed_mint, _wrapped, _lookup_table, _histories):
        build(made)
    made.confirm(made.signatures["created"], "finalized")
    return made


@pytest.fixture(scope="session", name="differences")
def differences_fixture() -> Callable[[Any, Any], list[str]]:
    """`differences(golden, ours)`: where two answers differ in shape."""
    return differences


@pytest.fixture(scope="session")
def build() -> Any:
    """The builders of instructions in this file."""
    return sys.modules[__name__]


@pytest.fixture(scope="session")
def golden() -> list[dict[str, Any]]:
    """The recorded answers."""
    return json.loads((Path(__file__).parent / "golden.json").read_text())
