"""What Raydium's CP-swap says of swaps and of liquidity, in the log of their transaction.

The program writes its events as `Program data:` lines. Any program can write any such line, so
only those count that stand between Raydium's own `invoke` and its end.
"""

import base64
import binascii
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from launchpad.chain.borsh import U64, Bool, Key, Layout
from launchpad.chain.venues.coding import anchor_tag
from launchpad.chain.venues.raydium.pools import RAYDIUM_CP_SWAP

_INVOKE = re.compile(r"^Program (\w{32,44}) invoke \[\d+\]$")
_END = re.compile(r"^Program (\w{32,44}) (success|failed.*)$")
_DATA = "Program data: "
_SWAP = anchor_tag("SwapEvent", "event")
_LP_CHANGE = anchor_tag("LpChangeEvent", "event")


@dataclass(frozen=True, slots=True)
class RaydiumSwap:
    """One swap: base units in and out, and its fees; the trade fee is of the input."""

    pool: Key
    input_vault_before: U64
    output_vault_before: U64
    input_amount: U64
    output_amount: U64
    input_transfer_fee: U64
    output_transfer_fee: U64
    base_input: Bool
    input_mint: Key
    output_mint: Key
    trade_fee: U64
    creator_fee: U64
    creator_fee_on_input: Bool


@dataclass(frozen=True, slots=True)
class RaydiumLpChange:
    """Liquidity that came or went: the shares and the reserves before it, and what moved of both tokens."""

    pool: Key
    shares_before: U64
    before_0: U64
    before_1: U64
    amount_0: U64
    amount_1: U64
    transfer_fee_0: U64
    transfer_fee_1: U64
    is_withdrawal: Bool


_LAYOUT = Layout(RaydiumSwap)
_LP_LAYOUT = Layout(RaydiumLpChange)


def swaps_of(logs: Sequence[str]) -> list[RaydiumSwap]:
    """The swaps that a transaction's log tells of, in order."""
    return [_LAYOUT.read(data[len(_SWAP) :]) for data in _own_data(logs) if data.startswith(_SWAP)]


def lp_changes_of(logs: Sequence[str]) -> list[RaydiumLpChange]:
    """The deposits and withdrawals that a transaction's log tells of, in order."""
    return [_LP_LAYOUT.read(data[len(_LP_CHANGE) :]) for data in _own_data(logs) if data.startswith(_LP_CHANGE)]


def _own_data(logs: Sequence[str]) -> Iterator[bytes]:
    running: list[str] = []
    for line in logs:
        if found := _INVOKE.match(line):
            running.append(found[1])
        elif running and (ended := _END.match(line)) and ended[1] == running[-1]:
            running.pop()
        elif line.startswith(_DATA) and running[-1:] == [RAYDIUM_CP_SWAP]:
            try:
                yield base64.b64decode(line.removeprefix(_DATA), validate=True)
            except binascii.Error:
                continue
