"""The events of the curve's program up to graduation, one dataclass each; see event_types."""

from dataclasses import dataclass
from typing import Annotated

from launchpad.chain.borsh import I64, U8, U16, U64, Bool, Key, KeyOrNone, OptionalKey, one_of
from launchpad.chain.curve_math import LaunchFee, Segment
from launchpad.chain.sale_terms import NO_FEE

FeeKind = Annotated[str, one_of("protocol", "creator", "referrer")]


@dataclass(frozen=True, slots=True)
class ConfigChanged:
    """The curve program's parameters, all of them, after a change."""

    authority: Key
    fee_recipient: Key
    protocol_fee_bps: U16
    creator_fee_bps: U16
    referrer_share_bps: U16
    keeper_bounty: U64
    paused: Bool
    lookup_table: KeyOrNone
    timestamp: I64


@dataclass(frozen=True, slots=True)
class AuthorityProposed:
    """Somebody may become the curve program's authority by accepting."""

    authority: Key
    pending_authority: KeyOrNone
    timestamp: I64


@dataclass(frozen=True, slots=True)
class AuthorityTransferred:
    """The curve program has another authority."""

    old_authority: Key
    new_authority: Key
    timestamp: I64


@dataclass(frozen=True, slots=True)
class ShapeCreated:
    """Curves can be opened from these segments by naming `shape` instead of them."""

    shape: Key
    sale_supply: U64
    raise_target: U64
    segments: tuple[Segment, ...]
    timestamp: I64


@dataclass(frozen=True, slots=True)
class CurveOpened:
    """A curve began to trade, or its batch to take deposits.

    `terms` is None for the usual ones; rules of the opening hold until `rules_end`, 0 without any.
    """

    mint: Key
    curve: Key
    creator: Key
    authority: Key
    token_program: Key
    decimals: U8
    sale_supply: U64
    liquidity_supply: U64
    raise_target: U64
    protocol_fee_bps: U16
    creator_fee_bps: U16
    referrer_share_bps: U16
    segments: tuple[Segment, ...]
    timestamp: I64
    deadline: I64 = 0
    launch_fee: LaunchFee = NO_FEE
    terms: OptionalKey = None
    rules_end: I64 = 0
    batch: OptionalKey = None


@dataclass(frozen=True, slots=True)
class Traded:
    """A buy or a sell, and the curve after it.

    `quote_amount` is the curve amount without fees; `protocol_fee` is without the
    referrer's part; `protocol_fees` and `creator_fees` are the unclaimed totals after.
    Buyers pay the `launch_fee` besides; `launch_fees` are all of them so far.
    """

    mint: Key
    curve: Key
    trader: Key
    is_buy: Bool
    base_amount: U64
    quote_amount: U64
    protocol_fee: U64
    creator_fee: U64
    referrer_fee: U64
    referrer: OptionalKey
    sold: U64
    quote_reserve: U64
    virtual_base: U64
    virtual_quote: U64
    segment: U8
    protocol_fees: U64
    creator_fees: U64
    timestamp: I64
    launch_fee: U64 = 0
    launch_fees: U64 = 0


@dataclass(frozen=True, slots=True)
class CurveCompleted:
    """Everything for sale is sold."""

    mint: Key
    curve: Key
    sold: U64
    quote_reserve: U64
    timestamp: I64


@dataclass(frozen=True, slots=True)
class Expired:
    """A sale ended below its goal; `quote_reserve` is what all refunds together pay, launch fees included."""

    mint: Key
    curve: Key
    sold: U64
    quote_reserve: U64
    timestamp: I64


@dataclass(frozen=True, slots=True)
class Refunded:
    """Tokens of an expired sale were returned; `sold` and `quote_reserve` are what is left after it."""

    mint: Key
    curve: Key
    holder: Key
    base_amount: U64
    quote_amount: U64
    sold: U64
    quote_reserve: U64
    timestamp: I64


@dataclass(frozen=True, slots=True)
class FeesClaimed:
    """Fees were paid out; a referrer's belong to no mint."""

    mint: OptionalKey
    kind: FeeKind
    recipient: Key
    amount: U64
    timestamp: I64


@dataclass(frozen=True, slots=True)
class ReferrerRegistered:
    """Somebody can earn as a referrer."""

    referrer: Key
    timestamp: I64


@dataclass(frozen=True, slots=True)
class CreatorChanged:
    """A curve pays its creator's fees to another wallet."""

    mint: Key
    curve: Key
    old_creator: Key
    new_creator: Key
    timestamp: I64


CurveEvent = (
    ConfigChanged
    | AuthorityProposed
    | AuthorityTransferred
    | ShapeCreated
    | CurveOpened
    | Traded
    | CurveCompleted
    | Expired
    | Refunded
    | FeesClaimed
    | ReferrerRegistered
    | CreatorChanged
)

CURVE_EVENTS: tuple[type[CurveEvent], ...] = (
    *(ConfigChanged, AuthorityProposed, AuthorityTransferred, ShapeCreated, CurveOpened, Traded),
    *(CurveCompleted, Expired, Refunded, FeesClaimed, ReferrerRegistered, CreatorChanged),
)
