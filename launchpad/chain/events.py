"""What our programs tell, and the only decoder of it.

The programs tell by `emit_cpi!`: an inner instruction that a program sends to itself,
signed by its event authority. Nothing else counts: anybody can log or send other data,
but only the program can sign for that address.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal, NamedTuple

from launchpad.chain import base58, pda
from launchpad.chain.addresses import PROGRAMS, ProgramName
from launchpad.chain.borsh import Layout
from launchpad.chain.curve_events import (
    AuthorityProposed,
    AuthorityTransferred,
    ConfigChanged,
    CreatorChanged,
    CurveCompleted,
    CurveOpened,
    Expired,
    FeesClaimed,
    ReferrerRegistered,
    Refunded,
    ShapeCreated,
    Traded,
)
from launchpad.chain.event_types import EVENTS_OF, Event
from launchpad.chain.foreign.trade import ForeignTrade
from launchpad.chain.launcher_events import (
    Allocations,
    CreatorProposed,
    LauncherAuthorityProposed,
    LauncherAuthorityTransferred,
    LauncherConfigChanged,
    LauncherCreatorChanged,
    MetadataUpdated,
    TeamRevoked,
    TokenLaunched,
    TokensMinted,
    UpdateAuthorityChanged,
)
from launchpad.chain.pool_events import (
    AmmAuthorityProposed,
    AmmAuthorityTransferred,
    AmmConfigChanged,
    AmmCreatorChanged,
    AmmFeesClaimed,
    LiquidityAdded,
    LiquidityRemoved,
    PoolCreated,
    Swapped,
)
from launchpad.chain.router_events import (
    FeesCollected,
    LamportsReceived,
    OwnerChanged,
    OwnerProposed,
    ProposalCancelled,
    ReleaseCancelled,
    ReleaseProposed,
    RouterCreated,
    SharePaid,
    SharesApplied,
    SharesProposed,
    SharesWereFixed,
    TokenAdopted,
    TokenReleased,
)
from launchpad.chain.sale_events import (
    Admitted,
    BatchClaimed,
    BatchDeposited,
    BatchOpened,
    BatchSettled,
    BatchWithdrawn,
    Graduated,
    LiquidityLocked,
    PayoutReleased,
    PositionClosed,
    PositionOpened,
    TermsCreated,
)
from launchpad.chain.transactions import LAMPORTS_PER_SIGNATURE
from launchpad.chain.venues.raydium.swaps import RaydiumLiquidityMoved, RaydiumSwapped, liquidity_in, swaps_in
from launchpad.chain.vesting_events import BeneficiaryChanged, BeneficiaryProposed, Claimed, Revoked, ScheduleCreated

__all__ = [
    "EVENT_TYPES",
    "Admitted",
    "Allocations",
    "AmmAuthorityProposed",
    "AmmAuthorityTransferred",
    "AmmConfigChanged",
    "AmmCreatorChanged",
    "AmmFeesClaimed",
    "AuthorityProposed",
    "AuthorityTransferred",
    "BatchClaimed",
    "BatchDeposited",
    "BatchOpened",
    "BatchSettled",
    "BatchWithdrawn",
    "BeneficiaryChanged",
    "BeneficiaryProposed",
    "ChainEvent",
    "ChainTransaction",
    "Claimed",
    "ConfigChanged",
    "CreatorChanged",
    "CreatorProposed",
    "CurveCompleted",
    "CurveOpened",
    "Event",
    "EventKey",
    "Expired",
    "FeesClaimed",
    "FeesCollected",
    "Graduated",
    "LamportsReceived",
    "LauncherAuthorityProposed",
    "LauncherAuthorityTransferred",
    "LauncherConfigChanged",
    "LauncherCreatorChanged",
    "LiquidityAdded",
    "LiquidityLocked",
    "LiquidityRemoved",
    "MetadataUpdated",
    "OwnerChanged",
    "OwnerProposed",
    "PayoutReleased",
    "PoolCreated",
    "PositionClosed",
    "PositionOpened",
    "ProposalCancelled",
    "ReferrerRegistered",
    "Refunded",
    "ReleaseCancelled",
    "ReleaseProposed",
    "Revoked",
    "RouterCreated",
    "ScheduleCreated",
    "ShapeCreated",
    "SharePaid",
    "SharesApplied",
    "SharesProposed",
    "SharesWereFixed",
    "Swapped",
    "TeamRevoked",
    "TermsCreated",
    "TokenAdopted",
    "TokenBalance",
    "TokenLaunched",
    "TokenReleased",
    "TokensMinted",
    "Traded",
    "UpdateAuthorityChanged",
    "decode_transaction",
]

EVENT_TAG = bytes.fromhex("e445a52e51cb9a1d")
_HEADER = 16

# (program, name on chain) -> class.
EVENT_TYPES: dict[tuple[str, str], type[Event]] = {
    (program, kind.__name__.removeprefix("Launcher").removeprefix("Amm")): kind
    for program, kinds in EVENTS_OF.items()
    for kind in kinds
}


# What swaps and liquidity at Raydium are stored as: they are no events of ours.
RAYDIUM_SWAP: tuple[Literal["raydium"], str] = ("raydium", "Swapped")
RAYDIUM_LIQUIDITY: tuple[Literal["raydium"], str] = ("raydium", "LiquidityMoved")


class EventKey(NamedTuple):
    """Where an event stands: unique for ever, so that replaying changes nothing."""

    signature: str
    instruction: int
    inner: int


@dataclass(frozen=True, slots=True)
class ChainEvent:
    """One event of one of our programs, by its name on chain; or what Raydium told."""

    key: EventKey
    program: ProgramName | Literal["raydium"]
    name: str
    data: Event | RaydiumSwapped | RaydiumLiquidityMoved


class TokenBalance(NamedTuple):
    """What a token account holds after a transaction, in base units; 0 for a closed one."""

    owner: str
    mint: str
    account: str
    amount: int


@dataclass(frozen=True, slots=True)
class ChainTransaction:
    """A transaction as far as we care. `index` is its place in its slot where it is known.

    A failed one (`err` is not None) has no events and no balances: nothing happened.
    """

    signature: str
    slot: int
    block_time: int
    index: int | None
    err: object
    events: list[ChainEvent]
    balances: list[TokenBalance]
    compute_units: int
    # Lamports paid beyond the base fee of the transaction's signatures; None where the node does not say.
    priority_fee: int | None = None
    # Trades of programs that are not ours, where any are followed.
    foreign: Sequence[ForeignTrade] = ()


def discriminator(name: str) -> bytes:
    """The 8 bytes that an event of this name begins with."""
    return sha256(f"event:{name}".encode()).digest()[:8]


@dataclass(frozen=True, slots=True)
class _Reader:
    """A program's event authority, and how to read each of its events."""

    program: ProgramName
    authority: str
    events: dict[bytes, tuple[str, Layout[Event]]]


def _reader(program: ProgramName) -> _Reader:
    named = {name: kind for (owner, name), kind in EVENT_TYPES.items() if owner == program}
    layouts = {discriminator(name): (name, Layout(kind)) for name, kind in named.items()}
    return _Reader(program, pda.event_authority(PROGRAMS[program]), layouts)


_READERS = {address: _reader(program) for program, address in PROGRAMS.items()}


def decode_transaction(
    answer: dict[str, Any], index: int | None = None, foreign: Sequence[ForeignTrade] = ()
) -> ChainTransaction:
    """A `getTransaction` answer of encoding `json`, with the events in the order they happened, swaps at Raydium last.

    `index` is its place in its slot, `foreign` what others have decoded of it. Events that a newer
    program added are left out. Raises UndecodableError when a known event's bytes are not what its
    program writes.
    """
    meta, transaction = answer["meta"], answer["transaction"]
    signature, failed = transaction["signatures"][0], meta["err"] is not None
    loaded = meta.get("loadedAddresses") or {"writable": [], "readonly": []}
    keys = [*transaction["message"]["accountKeys"], *loaded["writable"], *loaded["readonly"]]
    return ChainTransaction(
        signature=signature,
        slot=answer["slot"],
        block_time=answer.get("blockTime") or 0,
        index=index,
        err=meta["err"],
        events=[] if failed else [*_events(signature, meta, keys), *_swaps(answer, keys)],
        balances=[] if failed else _balances(meta, keys),
        compute_units=meta.get("computeUnitsConsumed") or 0,
        priority_fee=_priority_fee(meta, len(transaction["signatures"])),
        foreign=foreign,
    )


def _priority_fee(meta: dict[str, Any], signatures: int) -> int | None:
    fee = meta.get("fee")
    return None if fee is None else max(fee - signatures * LAMPORTS_PER_SIGNATURE, 0)


def decode_event(program: ProgramName, data: bytes) -> tuple[str, Event] | None:
    """Name and content of an event's bytes from its discriminator on; None for one that we do not know."""
    known = _READERS[PROGRAMS[program]].events.get(data[:8])
    return (known[0], known[1].read(data[8:])) if known else None


def _events(signature: str, meta: dict[str, Any], keys: Sequence[str]) -> Iterator[ChainEvent]:
    for group in meta.get("innerInstructions") or []:
        for inner, instruction in enumerate(group["instructions"]):
            reader = _READERS.get(keys[instruction["programIdIndex"]])
            accounts = instruction["accounts"]
            if reader is None or len(accounts) != 1 or keys[accounts[0]] != reader.authority:
                continue
            data = base58.decode(instruction["data"])
            if len(data) < _HEADER or not data.startswith(EVENT_TAG):
                continue
            if known := reader.events.get(data[8:16]):
                name, layout = known
                key = EventKey(signature, group["index"], inner)
                yield ChainEvent(key, reader.program, name, layout.read(data[16:]))


def _swaps(answer: dict[str, Any], keys: Sequence[str]) -> Iterator[ChainEvent]:
    signature = answer["transaction"]["signatures"][0]
    for instruction, inner, swap in swaps_in(answer, keys):
        yield ChainEvent(EventKey(signature, instruction, inner), *RAYDIUM_SWAP, swap)
    for instruction, inner, moved in liquidity_in(answer, keys):
        yield ChainEvent(EventKey(signature, instruction, inner), *RAYDIUM_LIQUIDITY, moved)


def _balances(meta: dict[str, Any], keys: Sequence[str]) -> list[TokenBalance]:
    after = {entry["accountIndex"]: entry for entry in meta.get("postTokenBalances") or []}
    closed = [e for e in meta.get("preTokenBalances") or [] if e["accountIndex"] not in after]
    return [
        *(_balance(entry, keys, int(entry["uiTokenAmount"]["amount"])) for entry in after.values()),
        *(_balance(entry, keys, 0) for entry in closed),
    ]


def _balance(entry: dict[str, Any], keys: Sequence[str], amount: int) -> TokenBalance:
    return TokenBalance(entry.get("owner") or "", entry["mint"], keys[entry["accountIndex"]], amount)
