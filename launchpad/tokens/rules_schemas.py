"""The rules of a sale as they are asked for and as they are shown."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from launchpad.chain.allowlist import MAX_WALLETS
from launchpad.schemas import Address, AddressIn, Amount, AmountIn, Bps, MintIn, Request

_DAY = 86_400
TierSeconds = Annotated[int, Field(ge=1, le=_DAY)]
TierKind = Literal["allowlist", "holders"]
PresetName = Literal["open", "fair", "team_raise", "batch"]


class LaunchFeeIn(Request):
    """A fee on the first buys, for the liquidity: it falls evenly, or by half-lives, to nothing."""

    start_bps: Annotated[int, Field(ge=1, le=5_000, description="At the opening.")]
    seconds: Annotated[int, Field(ge=1, le=600, description="After so many nothing is paid any more.")]
    half_life: Annotated[int, Field(ge=0, le=600, description="Seconds to its half; 0 falls evenly.")] = 0


class HoldersIn(Request):
    """The tier of wallets that pledge some of another token for its time."""

    mint: MintIn
    minimum: AmountIn = Field(description="Base units to pledge.")
    seconds: TierSeconds = 60


class RulesIn(Request):
    """Who may buy how much soon after the opening. Enforced on chain, in every buy."""

    launch_fee: LaunchFeeIn | None = None
    wallet_cap_bps: Annotated[int, Field(ge=0, le=10_000)] = Field(
        0, description="Most that one wallet buys in the window, of what is for sale; 0 for any amount."
    )
    window_seconds: Annotated[int, Field(ge=1, le=_DAY)] | None = Field(
        None, description="How long cap and slot rule hold; 60 beyond the tiers unless it is given."
    )
    one_buy_per_slot: bool = Field(False, description="A wallet buys once in a slot of the window.")
    allowlist: Annotated[tuple[AddressIn, ...], Field(max_length=MAX_WALLETS)] = Field(
        (), description="Wallets that buy first."
    )
    allowlist_seconds: TierSeconds = Field(60, description="How long before anybody else.")
    holders: HoldersIn | None = Field(None, description="Who buys next.")
    binds_creator: bool = Field(False, description="Whether the creator's first buy keeps to all this too.")


class LaunchFeeView(BaseModel):
    """The fee on the first buys, for the liquidity."""

    start_bps: Bps
    seconds: int
    half_life: int = Field(description="Seconds to its half; 0 falls evenly.")


class TierView(BaseModel):
    """A stage that admits some wallets before all others."""

    kind: TierKind
    ends_at: datetime = Field(description="When the next stage begins; who was admitted stays so.")
    root: str | None = Field(None, description="Of an allowlist: the Merkle root, hex.")
    mint: Address | None = Field(None, description="Of holders: the token that they pledge.")
    minimum: Amount | None = Field(None, description="Of holders: base units to pledge.")


class AdmittedView(BaseModel):
    """How many wallets took a place in the opening, and how many a tier admitted."""

    positions: int
    allowlist: int
    holders: int


class PositionView(BaseModel):
    """A wallet's place in an opening with rules."""

    mint: Address
    wallet: Address
    position: Address | None
    opened_at: datetime | None
    admitted_by: list[TierKind] = Field(description="Tiers that admitted it; everybody may buy after them.")
    bought: Amount = Field(description="Base units that it bought while the rules held.")
    closed_at: datetime | None = Field(description="When it took back its rent and its pledge; null until then.")


class RulesView(BaseModel):
    """The rules of a token's opening."""

    launch_fee: LaunchFeeView | None
    rules_end: datetime | None = Field(description="When the last rule ends; null where only a launch fee holds.")
    window_end: datetime | None = Field(description="Until when cap and slot rule hold.")
    wallet_cap: Amount | None = Field(description="Most base units of one wallet in the window; null for any amount.")
    one_buy_per_slot: bool
    tiers: list[TierView]
    binds_creator: bool
    admitted: AdmittedView | None = Field(None, description="Null where every wallet may buy without taking a place.")


class RulesPreview(BaseModel):
    """What rules would come to, counted from the opening."""

    launch_fee: LaunchFeeView | None
    window_seconds: int
    wallet_cap: Amount | None
    one_buy_per_slot: bool
    allowlist: int = Field(description="How many wallets buy first.")
    allowlist_seconds: int
    holders_seconds: int
    public_after_seconds: int = Field(description="When everybody may buy.")
    binds_creator: bool
    words: list[str]


class ProofView(BaseModel):
    """A wallet's place on an allowlist."""

    mint: Address
    wallet: Address
    root: str
    listed: bool
    proof: list[str] = Field(description="Nodes from the leaf upwards, hex; empty where the wallet is not on it.")
