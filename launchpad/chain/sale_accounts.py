"""Accounts of sales that have terms, as Python sees them. Like accounts."""

from dataclasses import dataclass, field
from typing import Annotated

from launchpad.chain.borsh import I64, U8, U64, Bool, Fixed, Key, one_of
from launchpad.chain.sale_terms import SaleTerms

BatchStatus = Annotated[str, one_of("open", "settled", "failed")]
_Reserved32 = Annotated[bytes, Fixed("32s")]
_Reserved64 = Annotated[bytes, Fixed("64s")]


@dataclass(frozen=True, slots=True)
class TermsState:
    """Terms that sales name. Never changes."""

    version: U8
    bump: U8
    sale: SaleTerms


@dataclass(frozen=True, slots=True)
class PositionState:
    """What one wallet did while the opening rules of a sale hold. Base units; slot 0 before the first buy."""

    version: U8
    bump: U8
    mint: Key
    wallet: Key
    bought: U64
    last_slot: U64
    allowlisted: Bool
    pledged: U64
    reserved: _Reserved32 = field(repr=False)


@dataclass(frozen=True, slots=True)
class BatchState:
    """The deposits of a batch launch. Lamports; `base_left` and `refund_left` wait to be claimed."""

    version: U8
    bump: U8
    mint: Key
    status: BatchStatus
    closes_at: I64
    withdraw_until: I64
    minimum: U64
    max_deposit: U64
    deposits: U64
    base_left: U64
    refund_left: U64
    rent_reserve: U64
    settled_at: I64
    reserved: _Reserved64 = field(repr=False)

    def is_due(self, now: int) -> bool:
        """Whether its window is over and nobody settled it yet."""
        return self.status == "open" and now >= self.closes_at


@dataclass(frozen=True, slots=True)
class DepositState:
    """One wallet's deposit in a batch launch, in lamports."""

    version: U8
    bump: U8
    mint: Key
    wallet: Key
    amount: U64
    reserved: _Reserved32 = field(repr=False)
