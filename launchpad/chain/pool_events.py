"""The events of the pools' program, one dataclass each; see event_types.

Classes whose name another program has too begin with `Amm`.
"""

from dataclasses import dataclass
from typing import Annotated

from launchpad.chain.borsh import I64, U8, U16, U64, Bool, Key, KeyOrNone, one_of

PoolFeeKind = Annotated[str, one_of("protocol", "creator")]


@dataclass(frozen=True, slots=True)
class FeeTier:
    """The creator's fee from a market cap on, which is in lamports."""

    min_market_cap_quote: U64
    creator_fee_bps: U16


@dataclass(frozen=True, slots=True)
class AmmConfigChanged:
    """The pools' parameters, all of them, after a change."""

    authority: Key
    fee_recipient: Key
    lp_fee_bps: U16
    protocol_fee_bps: U16
    paused: Bool
    tiers: tuple[FeeTier, ...]
    timestamp: I64


@dataclass(frozen=True, slots=True)
class AmmAuthorityProposed:
    """Somebody may become the pools' authority by accepting."""

    authority: Key
    pending_authority: KeyOrNone
    timestamp: I64


@dataclass(frozen=True, slots=True)
class AmmAuthorityTransferred:
    """The pools have another authority."""

    old_authority: Key
    new_authority: Key
    timestamp: I64


@dataclass(frozen=True, slots=True)
class PoolCreated:
    """A pool began to trade at the price of its reserves; `canonical` is the one pool of a graduate.

    `lp_supply` counts the shares that nobody got, `lp_minted` those that the opener did.
    """

    pool: Key
    base_mint: Key
    quote_mint: Key
    lp_mint: Key
    base_token_program: Key
    quote_token_program: Key
    opener: Key
    creator: KeyOrNone
    authority: KeyOrNone
    index: U16
    canonical: Bool
    base_decimals: U8
    quote_decimals: U8
    base_taxed: Bool
    quote_taxed: Bool
    pays_creator: Bool
    creator_fee_bps: U16
    base_reserve: U64
    quote_reserve: U64
    lp_supply: U64
    lp_minted: U64
    protocol_fees: U64
    timestamp: I64


@dataclass(frozen=True, slots=True)
class Swapped:
    """A buy or a sell in a pool, and the pool after it.

    `quote_amount` is without fees; `paid` left the trader's account and `received`
    arrived in his other one; `protocol_fees` and `creator_fees` are the unclaimed totals.
    """

    pool: Key
    base_mint: Key
    quote_mint: Key
    trader: Key
    is_buy: Bool
    base_amount: U64
    quote_amount: U64
    lp_fee: U64
    protocol_fee: U64
    creator_fee: U64
    paid: U64
    received: U64
    base_reserve: U64
    quote_reserve: U64
    protocol_fees: U64
    creator_fees: U64
    creator_fee_bps: U16
    timestamp: I64


@dataclass(frozen=True, slots=True)
class LiquidityAdded:
    """Somebody added to both reserves for new shares; the amounts arrived in the vaults."""

    pool: Key
    provider: Key
    base_amount: U64
    quote_amount: U64
    lp_amount: U64
    lp_supply: U64
    base_reserve: U64
    quote_reserve: U64
    creator_fee_bps: U16
    timestamp: I64


@dataclass(frozen=True, slots=True)
class LiquidityRemoved:
    """Somebody gave shares back; the amounts left the vaults."""

    pool: Key
    provider: Key
    base_amount: U64
    quote_amount: U64
    lp_amount: U64
    lp_supply: U64
    base_reserve: U64
    quote_reserve: U64
    creator_fee_bps: U16
    timestamp: I64


@dataclass(frozen=True, slots=True)
class AmmFeesClaimed:
    """All of a pool's fees of one kind were paid out, in quote units."""

    pool: Key
    base_mint: Key
    quote_mint: Key
    kind: PoolFeeKind
    recipient: Key
    amount: U64
    timestamp: I64


@dataclass(frozen=True, slots=True)
class AmmCreatorChanged:
    """A pool pays its creator's fees to another wallet."""

    pool: Key
    base_mint: Key
    old_creator: KeyOrNone
    new_creator: Key
    pays_creator: Bool
    timestamp: I64


PoolEvent = (
    AmmConfigChanged
    | AmmAuthorityProposed
    | AmmAuthorityTransferred
    | PoolCreated
    | Swapped
    | LiquidityAdded
    | LiquidityRemoved
    | AmmFeesClaimed
    | AmmCreatorChanged
)

POOL_EVENTS: tuple[type[PoolEvent], ...] = (
    *(AmmConfigChanged, AmmAuthorityProposed, AmmAuthorityTransferred, PoolCreated, Swapped),
    *(LiquidityAdded, LiquidityRemoved, AmmFeesClaimed, AmmCreatorChanged),
)
