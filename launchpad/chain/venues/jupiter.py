"""Swaps that an aggregator built: what they may do, checked before anybody signs.

A swap comes from a server that is not ours, so nothing that it says of itself counts. Read from the
bytes: who pays and signs, which programs are called, and that no plain instruction moves, approves
or closes anything but the wrapped SOL of the swap. Read from a simulation: what the wallet pays and
gets, and that its accounts stay its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from solders.message import Message, MessageV0

from launchpad.chain import pda
from launchpad.chain.addresses import ASSOCIATED_TOKEN, COMPUTE_BUDGET, SYSTEM, TOKEN, TOKEN_PROGRAMS, WRAPPED_SOL
from launchpad.chain.borsh import UndecodableError
from launchpad.chain.errors import transaction_error
from launchpad.chain.keys import BadTransactionError, decode_transaction_wire
from launchpad.chain.rpc import COMMITMENT, RpcPool
from launchpad.chain.tokens import data_of, parse_token_account
from launchpad.chain.transactions import parse_lookup_table
from launchpad.errors import LaunchpadError

JUPITER_V6 = "JUP6LkbZbjS1jKKwapdHNy74zcZ3tLUZoi5QNyVTaV4"

_TRANSFER, _SYNC_NATIVE, _CLOSE = 2, 17, 9
_DELEGATE, _CLOSE_AUTHORITY = slice(72, 108), slice(129, 165)
_AT_ONCE = 100


class UnsafeSwapError(LaunchpadError):
    """An aggregator's transaction does more, or other, than the swap that was asked for."""

    code: ClassVar[str] = "UNSAFE_SWAP"
    status: ClassVar[int] = 502


@dataclass(frozen=True, slots=True)
class SwapTerms:
    """What was asked for. `most_costs` is what a wallet may pay beside: fees of the network and rents, in lamports."""

    wallet: str
    mint_in: str
    mint_out: str
    most_in: int
    least_out: int
    most_costs: int

    @property
    def wrapped(self) -> str:
        """The wallet's account for wrapped SOL."""
        return pda.associated_token(self.wallet, WRAPPED_SOL, TOKEN)


@dataclass(frozen=True, slots=True)
class SwapEffects:
    """What a simulation says: base units or lamports paid and got, the rest of the lamports, programs called."""

    paid: int
    got: int
    costs: int
    units: int
    programs: list[str]


@dataclass(frozen=True, slots=True)
class _Call:
    program: str
    data: bytes
    accounts: list[str]


async def inspect_swap(rpc: RpcPool, transaction: str, terms: SwapTerms, program: str = JUPITER_V6) -> SwapEffects:
    """What an aggregator's unsigned transaction does; UnsafeSwapError for anything but the swap of `terms`.

    Raises also what the transaction would fail with. `program` is the aggregator's own.
    """
    message = _message(transaction, terms)
    keys, writable = await _resolved(rpc, message)
    calls = list(_calls(message, keys))
    _check_programs(calls, program)
    for each in calls:
        _check_call(each, terms)
    return await _simulated(rpc, transaction, terms, writable, [each.program for each in calls])


def _message(transaction: str, terms: SwapTerms) -> Message | MessageV0:
    try:
        message = decode_transaction_wire(transaction).message
    except BadTransactionError as error:
        raise _unsafe("sent what is no transaction") from error
    signers = [str(key) for key in message.account_keys[: message.header.num_required_signatures]]
    if signers != [terms.wallet]:
        raise _unsafe("wants other signatures than the wallet's alone", signers=signers)
    return message


async def _resolved(rpc: RpcPool, message: Message | MessageV0) -> tuple[list[str], list[str]]:
    """Every account in the order of its index, and those that are written."""
    keys = [str(key) for key in message.account_keys]
    header = message.header
    signers = header.num_required_signatures
    last_signer, last = signers - header.num_readonly_signed_accounts, len(keys) - header.num_readonly_unsigned_accounts
    writable = keys[:last_signer] + keys[signers:last]
    tables = message.address_table_lookups if isinstance(message, MessageV0) else []
    accounts = await rpc.get_accounts([str(one.account_key) for one in tables]) if tables else []
    read: list[str] = []
    for lookup, account in zip(tables, accounts, strict=True):
        known = _table(str(lookup.account_key), account)
        written = [_entry(known, index) for index in bytes(lookup.writable_indexes)]
        writable += written
        keys += written
        read += [_entry(known, index) for index in bytes(lookup.readonly_indexes)]
    return keys + read, writable


def _table(address: str, account: dict[str, Any] | None) -> list[str]:
    if account is None:
        raise _unsafe("names a lookup table that does not exist", table=address)
    return [str(key) for key in parse_lookup_table(address, data_of(account)).addresses]


def _entry(known: Sequence[str], index: int) -> str:
    if index >= len(known):
        raise _unsafe("names an entry that its lookup table does not have")
    return known[index]


def _calls(message: Message | MessageV0, keys: Sequence[str]) -> Iterator[_Call]:
    for each in message.instructions:
        accounts = [keys[index] for index in bytes(each.accounts)]
        yield _Call(keys[each.program_id_index], bytes(each.data), accounts)


def _check_programs(calls: Sequence[_Call], program: str) -> None:
    allowed = {program, SYSTEM, ASSOCIATED_TOKEN, COMPUTE_BUDGET, *TOKEN_PROGRAMS}
    strangers = sorted({each.program for each in calls} - allowed)
    if strangers:
        raise _unsafe("calls a program that has no part in a swap", programs=strangers)
    if all(each.program != program for each in calls):
        raise _unsafe("does not call the aggregator's program")


def _check_call(each: _Call, terms: SwapTerms) -> None:
    """Plain instructions may only wrap what is paid, and unwrap what is got."""
    if each.program == SYSTEM and not _wraps(each, terms):
        raise _unsafe("moves SOL elsewhere")
    if each.program in TOKEN_PROGRAMS and not _syncs_or_unwraps(each, terms):
        raise _unsafe("does something else with the wallet's tokens")


def _wraps(each: _Call, terms: SwapTerms) -> bool:
    if len(each.data) != 12 or int.from_bytes(each.data[:4], "little") != _TRANSFER:  # noqa: PLR2004 - tag and u64
        return False
    lamports = int.from_bytes(each.data[4:], "little")
    wrapping = terms.mint_in == WRAPPED_SOL and lamports <= terms.most_in
    return wrapping and each.accounts == [terms.wallet, terms.wrapped]


def _syncs_or_unwraps(each: _Call, terms: SwapTerms) -> bool:
    if each.data == bytes([_SYNC_NATIVE]):
        return True
    return each.data == bytes([_CLOSE]) and each.accounts == [terms.wrapped, terms.wallet, terms.wallet]


@dataclass(frozen=True, slots=True)
class _Held:
    """A token account of the wallet: mint, amount, and who else has power over it."""

    mint: str
    owner: str
    amount: int
    powers: tuple[bytes, bytes]


async def _simulated(
    rpc: RpcPool, transaction: str, terms: SwapTerms, writable: Sequence[str], programs: list[str]
) -> SwapEffects:
    addresses = [each for each in dict.fromkeys(writable) if each != terms.wallet][: _AT_ONCE - 1]
    before = await rpc.get_accounts([terms.wallet, *addresses])
    value = await _simulate(rpc, transaction, [terms.wallet, *addresses])
    after = value.get("accounts") or []
    if len(after) != len(before):
        raise _unsafe("cannot be followed: the cluster does not tell what it changes")
    changes = [(_held(old), _held(new)) for old, new in zip(before[1:], after[1:], strict=True)]
    lamports = _lamports(after[0]) - _lamports(before[0])
    return _judged(terms, changes, lamports, programs, int(value.get("unitsConsumed") or 0))


async def _simulate(rpc: RpcPool, transaction: str, addresses: Sequence[str]) -> dict[str, Any]:
    config = {
        "encoding": "base64",
        "commitment": COMMITMENT,
        "sigVerify": False,
        "replaceRecentBlockhash": True,
        "accounts": {"encoding": "base64", "addresses": list(addresses)},
    }
    value: dict[str, Any] = (await rpc.call("simulateTransaction", [transaction, config]))["value"]
    if value["err"] is not None:
        raise transaction_error(value["err"], value["logs"])
    return value


def _judged(
    terms: SwapTerms, changes: list[tuple[_Held | None, _Held | None]], lamports: int, programs: list[str], units: int
) -> SwapEffects:
    moved: dict[str, int] = {}
    for old, new in changes:
        mine_before = old if old and old.owner == terms.wallet else None
        mine_after = new if new and new.owner == terms.wallet else None
        if mine_before and new and (mine_after is None or mine_before.powers != new.powers):
            raise _unsafe("gives somebody power over an account of the wallet", mint=mine_before.mint)
        mint = next((one.mint for one in (mine_before, mine_after) if one), "")
        held = (mine_after.amount if mine_after else 0) - (mine_before.amount if mine_before else 0)
        moved[mint] = moved.get(mint, 0) + held
    # Wrapped or not, SOL is SOL.
    sol = lamports + moved.pop(WRAPPED_SOL, 0)
    paid, got, costs = _sums(terms, moved, sol)
    taken = {mint: -change for mint, change in moved.items() if change < 0 and mint != terms.mint_in}
    if paid > terms.most_in or taken or costs > terms.most_costs:
        raise _unsafe("takes more from the wallet than the swap", paid=str(paid), costs=str(costs), other=sorted(taken))
    # What it costs is netted off SOL that comes in, and can be no more than allowed.
    if got + (terms.most_costs if terms.mint_out == WRAPPED_SOL else 0) < terms.least_out:
        raise _unsafe("brings less than was promised", got=str(got), promised=str(terms.least_out))
    return SwapEffects(paid, got, costs, units, list(dict.fromkeys(programs)))


def _sums(terms: SwapTerms, moved: dict[str, int], sol: int) -> tuple[int, int, int]:
    """What is paid, what is got, and the lamports beside; SOL pays the costs, too, so it counts up to them."""
    if terms.mint_in == WRAPPED_SOL:
        paid = min(-sol, terms.most_in)
        return paid, moved.get(terms.mint_out, 0), -sol - paid
    paid = -moved.get(terms.mint_in, 0)
    if terms.mint_out == WRAPPED_SOL:
        return paid, sol, 0
    return paid, moved.get(terms.mint_out, 0), -sol


def _held(account: dict[str, Any] | None) -> _Held | None:
    if account is None or account["owner"] not in TOKEN_PROGRAMS:
        return None
    data = data_of(account)
    try:
        found = parse_token_account(data)
    except UndecodableError:
        return None
    return _Held(found.mint, found.owner, found.amount, (data[_DELEGATE], data[_CLOSE_AUTHORITY]))


def _lamports(account: dict[str, Any] | None) -> int:
    return int(account["lamports"]) if account else 0


def _unsafe(what: str, **details: object) -> UnsafeSwapError:
    message = (
        f"The aggregator's transaction {what}, so it was thrown away: nothing was signed. Trade in the pool itself."
    )
    return UnsafeSwapError(message, **details)
