"""A transaction as the calls that it made, and the events that each of them told.

Programs tell in two ways: an inner instruction to themselves, signed by their event authority
(`emit_cpi!`), or a line of the log (`emit!`, `Program data:`). The first cannot be forged; the
second belongs to the program whose call is open at that line.
"""

import base64
import binascii
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from launchpad.chain import base58

EVENT_TAG = bytes.fromhex("e445a52e51cb9a1d")
_INVOKE = re.compile(r"Program (\w+) invoke \[(\d+)\]")
_END = re.compile(r"Program \w+ (?:success|failed)")
_DATA = "Program data: "


@dataclass(frozen=True, slots=True)
class Call:
    """One instruction that ran. `inner` is None for a top-level one; `depth` None where the node does not say."""

    program: str
    accounts: Sequence[str]
    data: str  # base58, as nodes have it
    instruction: int
    inner: int | None
    depth: int | None

    @property
    def bytes(self) -> bytes:
        """The instruction's data."""
        return base58.decode(self.data)


@dataclass(frozen=True, slots=True)
class Told:
    """An event's bytes from its discriminator on, the call that told it, and its place in the transaction."""

    call: Call
    data: bytes
    inner: int


def keys_of(answer: dict[str, Any]) -> list[str]:
    """Every account of a `getTransaction` answer in the order of its indexes."""
    loaded = answer["meta"].get("loadedAddresses") or {"writable": [], "readonly": []}
    return [*answer["transaction"]["message"]["accountKeys"], *loaded["writable"], *loaded["readonly"]]


def calls_of(answer: dict[str, Any], keys: Sequence[str]) -> list[Call]:
    """Every instruction in the order in which they ran."""
    groups = {group["index"]: group["instructions"] for group in answer["meta"].get("innerInstructions") or []}
    calls = []
    for index, top in enumerate(answer["transaction"]["message"]["instructions"]):
        calls.append(_call(top, keys, index, None))
        calls += [_call(one, keys, index, inner) for inner, one in enumerate(groups.get(index, []))]
    return calls


def _call(one: dict[str, Any], keys: Sequence[str], index: int, inner: int | None) -> Call:
    accounts = [keys[account] for account in one["accounts"]]
    depth = 1 if inner is None else one.get("stackHeight")
    return Call(keys[one["programIdIndex"]], accounts, one["data"], index, inner, depth)


def told_by_calls(calls: Sequence[Call], authorities: dict[str, str]) -> Iterator[Told]:
    """Events by `emit_cpi!` of the programs whose event authorities are given."""
    for number, call in enumerate(calls):
        authority = authorities.get(call.program)
        if authority is None or call.inner is None or list(call.accounts) != [authority]:
            continue
        data = call.bytes
        if data.startswith(EVENT_TAG):
            yield Told(_teller(calls, number, authority), data[len(EVENT_TAG) :], call.inner)


def _teller(calls: Sequence[Call], number: int, authority: str) -> Call:
    """The call in which the event at `number` was told: the last of its program that was open then."""
    event = calls[number]
    for call in reversed(calls[:number]):
        if call.instruction != event.instruction:
            break
        open_then = event.depth is None or call.depth is None or call.depth == event.depth - 1
        if call.program == event.program and open_then and list(call.accounts) != [authority]:
            return call
    return event


def told_by_logs(calls: Sequence[Call], lines: Sequence[str], programs: set[str]) -> Iterator[Told]:
    """Events by `emit!` of these programs; a log that the node cut short holds fewer."""
    waiting = iter(calls)
    stack: list[Call | None] = []
    for line in lines:
        if entered := _INVOKE.match(line):
            stack.append(_next_of(waiting, entered[1]))
        elif _END.match(line):
            if stack:
                stack.pop()
        elif line.startswith(_DATA) and stack and (call := stack[-1]) is not None and call.program in programs:
            data = _decoded(line.removeprefix(_DATA))
            if data:
                yield Told(call, data, call.inner or 0)


def _next_of(waiting: Iterator[Call], program: str) -> Call | None:
    """The next call of this program: those in between ran without a line, as precompiles do."""
    return next((call for call in waiting if call.program == program), None)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text.split(" ", 1)[0], validate=True)
    except binascii.Error:
        return b""
