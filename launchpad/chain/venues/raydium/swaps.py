"""Swaps and liquidity of Raydium's CP-swap as events: what the log says, with its place in the transaction.

A log does not say where its lines come from, but they stand in the order in which the
transaction's instructions ran. The two are laid side by side, and their pools must agree.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog
from based58 import b58decode

from launchpad.chain.addresses import WRAPPED_SOL
from launchpad.chain.borsh import UndecodableError
from launchpad.chain.venues.coding import anchor_tag
from launchpad.chain.venues.raydium.events import RaydiumLpChange, RaydiumSwap, lp_changes_of, swaps_of
from launchpad.chain.venues.raydium.math import RATE
from launchpad.chain.venues.raydium.pools import RAYDIUM_CP_SWAP

T = TypeVar("T")
# A call of Raydium: instruction, place among its inner ones, accounts, data.
_Call = tuple[int, int, list[int], bytes]

log = structlog.get_logger(__name__)

# What Raydium has always kept of the trade fee, in millionths; events do not tell.
PROTOCOL_RATE, FUND_RATE = 120_000, 40_000

_SWAPS = (anchor_tag("swap_base_input"), anchor_tag("swap_base_output"))
_LIQUIDITY = (anchor_tag("deposit"), anchor_tag("withdraw"))
# Where the accounts of a swap stand, and those of liquidity.
_PAYER, _POOL = 0, 3
_LP_POOL, _LP_MINTS = 2, slice(10, 12)
_SHARES = slice(8, 16)


@dataclass(frozen=True, slots=True)
class RaydiumSwapped:
    """A swap of a token against SOL, and the pool before it.

    `paid` left the trader and `received` reached him; `moved_in` and `moved_out` are the same for
    the pool, which sees less of a taxed token and gives more. The fees are of what was paid, but a
    creator's may be of what was received. Rates are millionths of the trade fee.
    """

    pool: str
    mint: str
    trader: str
    is_buy: bool
    paid: int
    received: int
    moved_in: int
    moved_out: int
    trade_fee: int
    creator_fee_in: int
    creator_fee_out: int
    base_before: int
    quote_before: int
    timestamp: int
    protocol_rate: int = PROTOCOL_RATE
    fund_rate: int = FUND_RATE

    @property
    def base_amount(self) -> int:
        """Base units that the trader got or gave."""
        return self.received if self.is_buy else self.paid

    @property
    def quote_amount(self) -> int:
        """Lamports without fees. A sale pays its fees in tokens, but for a creator's of what it brings."""
        if self.is_buy:
            return self.paid - self.trade_fee - self.creator_fee_in
        return self.received + self.creator_fee_out

    @property
    def lp_fee(self) -> int:
        """Lamports that the liquidity earned; 0 of a sale."""
        return self.trade_fee - self._kept if self.is_buy else 0

    @property
    def protocol_fee(self) -> int:
        """Lamports that Raydium earned; 0 of a sale."""
        return self._kept if self.is_buy else 0

    @property
    def creator_fee(self) -> int:
        """Lamports that the pool's creator earned."""
        return self.creator_fee_in if self.is_buy else self.creator_fee_out

    @property
    def base_reserve(self) -> int:
        """Base units of the liquidity after it."""
        return self.base_before - self._left if self.is_buy else self.base_before + self._stayed

    @property
    def quote_reserve(self) -> int:
        """Lamports of the liquidity after it."""
        return self.quote_before + self._stayed if self.is_buy else self.quote_before - self._left

    @property
    def _kept(self) -> int:
        return self.trade_fee * self.protocol_rate // RATE + self.trade_fee * self.fund_rate // RATE

    @property
    def _stayed(self) -> int:
        return self.moved_in - self._kept - self.creator_fee_in

    @property
    def _left(self) -> int:
        return self.moved_out + self.creator_fee_out


@dataclass(frozen=True, slots=True)
class RaydiumLiquidityMoved:
    """Liquidity of a token against SOL that came or went, and the pool after it."""

    pool: str
    mint: str
    is_withdrawal: bool
    shares: int
    lp_supply: int
    base_amount: int
    quote_amount: int
    base_reserve: int
    quote_reserve: int
    timestamp: int


def swaps_in(answer: dict[str, Any], keys: Sequence[str]) -> Iterator[tuple[int, int, RaydiumSwapped]]:
    """The swaps against SOL of a `getTransaction` answer: instruction, place among its inner ones, swap.

    `keys` are the transaction's accounts. An instruction that is no inner one has place 0, where
    its own first transfer stands. What a log that was cut off does not tell is left out.
    """
    if RAYDIUM_CP_SWAP not in keys:
        return
    header = answer["transaction"]["message"]["header"]
    for (instruction, inner, accounts, _), swap in _told(answer, keys, _SWAPS, swaps_of):
        if keys[accounts[_POOL]] == swap.pool and WRAPPED_SOL in (swap.input_mint, swap.output_mint):
            # Where a router's own account pays, the trader is who pays for the transaction.
            payer = accounts[_PAYER]
            trader = keys[payer] if payer < header["numRequiredSignatures"] else keys[0]
            yield instruction, inner, _swapped(swap, trader, answer.get("blockTime") or 0)


def liquidity_in(answer: dict[str, Any], keys: Sequence[str]) -> Iterator[tuple[int, int, RaydiumLiquidityMoved]]:
    """The deposits and withdrawals of pools against SOL, as `swaps_in` gives swaps."""
    if RAYDIUM_CP_SWAP not in keys:
        return
    for (instruction, inner, accounts, data), change in _told(answer, keys, _LIQUIDITY, lp_changes_of):
        mints = [keys[each] for each in accounts[_LP_MINTS]]
        if keys[accounts[_LP_POOL]] == change.pool and WRAPPED_SOL in mints:
            shares = int.from_bytes(data[_SHARES], "little")
            yield instruction, inner, _moved(change, mints, shares, answer.get("blockTime") or 0)


def _told(
    answer: dict[str, Any], keys: Sequence[str], tags: tuple[bytes, ...], read: Callable[[Sequence[str]], list[T]]
) -> Iterator[tuple[_Call, T]]:
    """Calls of Raydium with these tags, each with what the log tells of it."""
    try:
        told = read(answer["meta"].get("logMessages") or [])
    except UndecodableError as error:
        # Raydium may change what it tells; what our programs told in the same transaction must not suffer.
        log.warning("raydium.event_unreadable", signature=answer["transaction"]["signatures"][0], error=error.message)
        return iter(())
    return zip(_calls(answer["meta"], answer["transaction"]["message"], keys, tags), told, strict=False)


def _calls(
    meta: dict[str, Any], message: dict[str, Any], keys: Sequence[str], tags: tuple[bytes, ...]
) -> Iterator[_Call]:
    groups = {group["index"]: group["instructions"] for group in meta.get("innerInstructions") or []}
    for number, top in enumerate(message["instructions"]):
        for inner, one in enumerate((top, *groups.get(number, ()))):
            if keys[one["programIdIndex"]] != RAYDIUM_CP_SWAP or len(one["accounts"]) <= _POOL:
                continue
            data = b58decode(one["data"].encode())
            if data.startswith(tags):
                yield number, max(inner - 1, 0), one["accounts"], data


def _swapped(swap: RaydiumSwap, trader: str, timestamp: int) -> RaydiumSwapped:
    is_buy = swap.input_mint == WRAPPED_SOL
    before = (swap.input_vault_before, swap.output_vault_before)
    quote_before, base_before = before if is_buy else reversed(before)
    on_input = swap.creator_fee_on_input
    return RaydiumSwapped(
        pool=swap.pool,
        mint=swap.output_mint if is_buy else swap.input_mint,
        trader=trader,
        is_buy=is_buy,
        paid=swap.input_amount + swap.input_transfer_fee,
        received=swap.output_amount - swap.output_transfer_fee,
        moved_in=swap.input_amount,
        moved_out=swap.output_amount,
        trade_fee=swap.trade_fee,
        creator_fee_in=swap.creator_fee if on_input else 0,
        creator_fee_out=0 if on_input else swap.creator_fee,
        base_before=base_before,
        quote_before=quote_before,
        timestamp=timestamp,
    )


def _moved(change: RaydiumLpChange, mints: Sequence[str], shares: int, timestamp: int) -> RaydiumLiquidityMoved:
    sol = mints.index(WRAPPED_SOL)
    sign = -1 if change.is_withdrawal else 1
    before, amounts = (change.before_0, change.before_1), (change.amount_0, change.amount_1)
    return RaydiumLiquidityMoved(
        pool=change.pool,
        mint=mints[1 - sol],
        is_withdrawal=change.is_withdrawal,
        shares=shares,
        lp_supply=change.shares_before + sign * shares,
        base_amount=amounts[1 - sol],
        quote_amount=amounts[sol],
        base_reserve=before[1 - sol] + sign * amounts[1 - sol],
        quote_reserve=before[sol] + sign * amounts[sol],
        timestamp=timestamp,
    )
