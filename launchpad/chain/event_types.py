"""The events of our programs, one dataclass each.

Addresses are base58, amounts base units, times Unix seconds; None stands for nobody
or nothing. The fields stand in the order of the wire (tests hold them against the
IDLs); readers accept longer bodies than they know.

Where two programs have an event of one name, the launcher's class begins with `Launcher`
and the pools' (pool_events) with `Amm`.
"""

from dataclasses import dataclass
from typing import Annotated

from launchpad.chain.addresses import ProgramName
from launchpad.chain.borsh import (
    I64,
    KEY,
    U8,
    U16,
    U64,
    Bool,
    Fixed,
    Hash32,
    Key,
    KeyOrNone,
    OnlyIf,
    OptionalKey,
    String,
    one_of,
)
from launchpad.chain.curve_math import LaunchFee, Segment
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
from launchpad.chain.router_events import ROUTER_EVENTS, RouterEvent
from launchpad.chain.sale_events import SALE_EVENTS, SaleEvent
from launchpad.chain.sale_terms import NO_FEE

FeeKind = Annotated[str, one_of("protocol", "creator", "referrer")]
SupplyKind = Annotated[str, one_of("fixed", "mintable", "burnable")]


@dataclass(frozen=True, slots=True)
class Allocations:
    """How a supply is divided, in basis points that sum to 10 000."""

    public_bps: U16
    liquidity_bps: U16
    team_bps: U16
    ecosystem_bps: U16
    treasury_bps: U16


# bonding_curve


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


# token_launcher


@dataclass(frozen=True, slots=True)
class LauncherConfigChanged:
    """The launcher's parameters, all of them, after a change."""

    authority: Key
    treasury: Key
    creation_fee: U64
    paused: Bool
    timestamp: I64


@dataclass(frozen=True, slots=True)
class LauncherAuthorityProposed(AuthorityProposed):
    """Somebody may become the launcher's authority by accepting."""


@dataclass(frozen=True, slots=True)
class LauncherAuthorityTransferred(AuthorityTransferred):
    """The launcher has another authority."""


@dataclass(frozen=True, slots=True)
class TokenLaunched:
    """A token exists, its supply is distributed and its curve open.

    `mint_authority` and `mint_cap` are set for a mintable supply alone;
    `update_authority` is None when the metadata can never change.
    """

    mint: Key
    creator: Key
    launch_record: Key
    curve: Key
    name: String
    symbol: String
    uri: String
    metadata_hash: Hash32
    decimals: U8
    supply: U64
    supply_mode: SupplyKind
    mint_authority: Annotated[str | None, OnlyIf("supply_mode", "mintable", KEY)]
    mint_cap: Annotated[int | None, OnlyIf("supply_mode", "mintable", Fixed("Q"))]
    allocations: Allocations
    update_authority: KeyOrNone
    creation_fee: U64
    first_buy_lock: OptionalKey
    timestamp: I64
    first_buy: U64 = 0
    team_schedule: OptionalKey = None
    ecosystem_owner: OptionalKey = None
    treasury_owner: OptionalKey = None


@dataclass(frozen=True, slots=True)
class MetadataUpdated:
    """Name, symbol or document of a token after a change."""

    mint: Key
    name: String
    symbol: String
    uri: String
    metadata_hash: Hash32
    timestamp: I64


@dataclass(frozen=True, slots=True)
class UpdateAuthorityChanged:
    """Another wallet, or nobody, may change a token's metadata."""

    mint: Key
    old_authority: Key
    new_authority: KeyOrNone
    timestamp: I64


@dataclass(frozen=True, slots=True)
class CreatorProposed:
    """Somebody may become a token's creator by accepting."""

    mint: Key
    creator: Key
    pending_creator: KeyOrNone
    timestamp: I64


@dataclass(frozen=True, slots=True)
class LauncherCreatorChanged:
    """A token has another creator."""

    mint: Key
    old_creator: Key
    new_creator: Key
    timestamp: I64


@dataclass(frozen=True, slots=True)
class TokensMinted:
    """A mintable supply grew; `minted` is the total since the launch."""

    mint: Key
    authority: Key
    amount: U64
    minted: U64
    timestamp: I64


@dataclass(frozen=True, slots=True)
class TeamRevoked:
    """What the team had not earned was burned."""

    mint: Key
    schedule: Key
    burned: U64
    timestamp: I64


# vesting


@dataclass(frozen=True, slots=True)
class ScheduleCreated:
    """Tokens wait in escrow for a beneficiary."""

    schedule: Key
    mint: Key
    grantor: Key
    beneficiary: Key
    amount: U64
    start: I64
    cliff: I64
    end: I64
    period: I64
    revocable: Bool
    index: U16
    timestamp: I64


@dataclass(frozen=True, slots=True)
class Claimed:
    """A beneficiary took what had vested; `claimed` is the total so far."""

    schedule: Key
    mint: Key
    beneficiary: Key
    amount: U64
    claimed: U64
    timestamp: I64


@dataclass(frozen=True, slots=True)
class Revoked:
    """A grantor took back `returned`; `amount` is what stays, all of it vested."""

    schedule: Key
    mint: Key
    grantor: Key
    returned: U64
    amount: U64
    timestamp: I64


@dataclass(frozen=True, slots=True)
class BeneficiaryProposed:
    """Somebody may become a schedule's beneficiary by accepting."""

    schedule: Key
    mint: Key
    beneficiary: Key
    pending_beneficiary: KeyOrNone
    timestamp: I64


@dataclass(frozen=True, slots=True)
class BeneficiaryChanged:
    """A schedule belongs to another wallet."""

    schedule: Key
    mint: Key
    old_beneficiary: Key
    new_beneficiary: Key
    timestamp: I64


Event = (
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
    | LauncherConfigChanged
    | LauncherAuthorityProposed
    | LauncherAuthorityTransferred
    | TokenLaunched
    | MetadataUpdated
    | UpdateAuthorityChanged
    | CreatorProposed
    | LauncherCreatorChanged
    | TokensMinted
    | TeamRevoked
    | ScheduleCreated
    | Claimed
    | Revoked
    | BeneficiaryProposed
    | BeneficiaryChanged
    | AmmConfigChanged
    | AmmAuthorityProposed
    | AmmAuthorityTransferred
    | PoolCreated
    | Swapped
    | LiquidityAdded
    | LiquidityRemoved
    | AmmFeesClaimed
    | AmmCreatorChanged
    | SaleEvent
    | RouterEvent
)

EVENTS_OF: dict[ProgramName, tuple[type[Event], ...]] = {
    "bonding_curve": (
        *(ConfigChanged, AuthorityProposed, AuthorityTransferred, ShapeCreated, CurveOpened, Traded),
        *(CurveCompleted, Expired, Refunded, FeesClaimed, ReferrerRegistered, CreatorChanged, *SALE_EVENTS),
    ),
    "token_launcher": (
        *(LauncherConfigChanged, LauncherAuthorityProposed, LauncherAuthorityTransferred, TokenLaunched),
        *(MetadataUpdated, UpdateAuthorityChanged, CreatorProposed, LauncherCreatorChanged),
        *(TokensMinted, TeamRevoked),
    ),
    "vesting": (ScheduleCreated, Claimed, Revoked, BeneficiaryProposed, BeneficiaryChanged),
    "amm": (
        *(AmmConfigChanged, AmmAuthorityProposed, AmmAuthorityTransferred, PoolCreated, Swapped),
        *(LiquidityAdded, LiquidityRemoved, AmmFeesClaimed, AmmCreatorChanged),
    ),
    "fee_router": ROUTER_EVENTS,
}
