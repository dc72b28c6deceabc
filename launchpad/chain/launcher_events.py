"""The events of the launcher's program, one dataclass each; see event_types.

Classes whose name another program has too begin with `Launcher`.
"""

from dataclasses import dataclass
from typing import Annotated

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
from launchpad.chain.curve_events import AuthorityProposed, AuthorityTransferred

SupplyKind = Annotated[str, one_of("fixed", "mintable", "burnable")]


@dataclass(frozen=True, slots=True)
class Allocations:
    """How a supply is divided, in basis points that sum to 10 000."""

    public_bps: U16
    liquidity_bps: U16
    team_bps: U16
    ecosystem_bps: U16
    treasury_bps: U16


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


LauncherEvent = (
    LauncherConfigChanged
    | LauncherAuthorityProposed
    | LauncherAuthorityTransferred
    | TokenLaunched
    | MetadataUpdated
    | UpdateAuthorityChanged
    | CreatorProposed
    | LauncherCreatorChanged
    | TokensMinted
    | TeamRevoked
)

LAUNCHER_EVENTS: tuple[type[LauncherEvent], ...] = (
    *(LauncherConfigChanged, LauncherAuthorityProposed, LauncherAuthorityTransferred, TokenLaunched),
    *(MetadataUpdated, UpdateAuthorityChanged, CreatorProposed, LauncherCreatorChanged, TokensMinted),
    *(TeamRevoked,),
)
