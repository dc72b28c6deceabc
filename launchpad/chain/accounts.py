"""The accounts that our programs keep, as Python sees them.

Addresses are base58 (None for nobody), amounts base units, times Unix seconds.
"""

import time
from dataclasses import dataclass, field
from hashlib import sha256
from struct import unpack
from typing import Annotated, Any, TypeVar

from launchpad.chain import amm_math, curve_math
from launchpad.chain.addresses import AMM, BONDING_CURVE, FEE_ROUTER, TOKEN_LAUNCHER, VESTING
from launchpad.chain.amm_math import FeeRates, Reserves
from launchpad.chain.borsh import (
    I64,
    U8,
    U16,
    U32,
    U64,
    Bool,
    Fixed,
    Hash32,
    Key,
    KeyOrNone,
    Layout,
    UndecodableError,
    one_of,
)
from launchpad.chain.curve_math import BPS, Fees, LaunchFee, NotRefundingError, Segment, TradeQuote
from launchpad.chain.launcher_events import Allocations, SupplyKind
from launchpad.chain.pool_events import FeeTier
from launchpad.chain.router_events import Portion
from launchpad.chain.sale_accounts import BatchState, DepositState, PositionState, TermsState

T = TypeVar("T")

CurveStatus = Annotated[str, one_of("trading", "complete", "graduated", "refunding", "depositing", "failed")]
UpdatePolicy = Annotated[str, one_of("creator", "immutable", "governance", "metaplex")]
Reserved24 = Annotated[bytes, Fixed("24s")]
Reserved32 = Annotated[bytes, Fixed("32s")]
Reserved64 = Annotated[bytes, Fixed("64s")]
Reserved128 = Annotated[bytes, Fixed("128s")]
Limbs = Annotated[tuple[int, ...], Fixed("24s", lambda raw: unpack("<3Q", raw))]


@dataclass(frozen=True, slots=True)
class CurveConfig:
    """The bonding curve program's parameters."""

    version: U8
    bump: U8
    authority: Key
    pending_authority: KeyOrNone
    fee_recipient: Key
    protocol_fee_bps: U16
    creator_fee_bps: U16
    referrer_share_bps: U16
    keeper_bounty: U64
    paused: Bool
    lookup_table: KeyOrNone


@dataclass(frozen=True, slots=True)
class CurveState:
    """One token's curve. `quote_reserve` is F(sold) until the sale expires; the fee counters are what is not claimed.

    `deadline` is when the sale fails unless everything is sold, 0 for never; until `rules_end`
    rules of the opening hold, 0 without any; `terms` is None for the usual ones. The payouts
    wait for their schedules; `pool` is where the token trades since `graduated_at` (0 before); of
    `lp_mint` are the shares that wait in the curve's own account to be locked, None without any.
    """

    version: U8
    bump: U8
    mint: Key
    creator: Key
    authority: Key
    token_program: Key
    base_vault: Key
    decimals: U8
    status: CurveStatus
    protocol_fee_bps: U16
    creator_fee_bps: U16
    referrer_share_bps: U16
    launch_fee: LaunchFee
    sale_supply: U64
    liquidity_supply: U64
    sold: U64
    quote_reserve: U64
    raise_target: U64
    protocol_fees: U64
    creator_fees: U64
    launch_fees: U64
    rent_reserve: U64
    opened_at: I64
    completed_at: I64
    deadline: I64
    rules_end: I64
    team_payout: U64
    treasury_payout: U64
    terms: KeyOrNone
    pool: KeyOrNone
    graduated_at: I64
    lp_mint: KeyOrNone
    reserved: Reserved24 = field(repr=False)
    segments: tuple[Segment, ...]

    def fees(self, now: int | None = None) -> Fees:
        """The rates of this curve at a time in Unix seconds, now by default."""
        moment = int(time.time()) if now is None else now
        launch = self.launch_fee.bps_at(moment - self.opened_at)
        return Fees(self.protocol_fee_bps, self.creator_fee_bps, launch)

    def is_over(self, now: float) -> bool:
        """Whether the sale has missed its goal at a time in Unix seconds, and nobody has ended it yet."""
        return self.status == "trading" and 0 < self.deadline <= now

    @property
    def owed(self) -> int:
        """Lamports that belong to somebody: the reserve, all fees, and payouts that are not released."""
        fees = self.protocol_fees + self.creator_fees + self.launch_fees
        return self.quote_reserve + fees + self.team_payout + self.treasury_payout

    @property
    def progress_bps(self) -> int:
        """Sold share of what is for sale, in basis points, rounded down: 10 000 only when everything is sold."""
        return self.sold * BPS // self.sale_supply

    @property
    def spot(self) -> tuple[int, int, int]:
        """Virtual base, virtual quote and number of the segment that the next buy meets."""
        return curve_math.spot(self.segments, self.sold)

    def quote_buy_exact_in(self, quote_in: int) -> TradeQuote:
        """What so many lamports buy now, fees included."""
        return curve_math.quote_buy_exact_in(self.segments, self.sold, quote_in, self.fees())

    def quote_buy_exact_out(self, base_out: int) -> TradeQuote:
        """What so many base units cost now."""
        return curve_math.quote_buy_exact_out(self.segments, self.sold, base_out, self.fees())

    def quote_sell(self, base_in: int) -> TradeQuote:
        """What so many base units bring now."""
        return curve_math.quote_sell(self.segments, self.sold, base_in, self.fees())

    def quote_sell_exact_out(self, quote_out: int) -> TradeQuote:
        """The sale of the fewest base units that bring so many lamports after fees now."""
        return curve_math.quote_sell_exact_out(self.segments, self.sold, quote_out, self.fees())

    def quote_refund(self, base_in: int) -> int:
        """Lamports that so many base units get back; NotRefundingError unless the sale has expired."""
        if self.status != "refunding":
            raise NotRefundingError("There are no refunds: this sale has not expired.")
        return curve_math.quote_refund(self.quote_reserve, self.sold, base_in)


@dataclass(frozen=True, slots=True)
class ShapeState:
    """Segments that curves can be opened from. Never changes."""

    version: U8
    bump: U8
    sale_supply: U64
    raise_target: U64
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class ReferrerFees:
    """What a referrer earned in all, and has not claimed yet. Lamports."""

    version: U8
    bump: U8
    referrer: Key
    earned: U64
    unclaimed: U64


@dataclass(frozen=True, slots=True)
class LauncherConfig:
    """The launcher's parameters."""

    version: U8
    bump: U8
    authority: Key
    pending_authority: KeyOrNone
    treasury: Key
    creation_fee: U64
    paused: Bool
    launches: U64


@dataclass(frozen=True, slots=True)
class LaunchState:
    """What the launcher keeps about a token."""

    version: U8
    bump: U8
    mint: Key
    creator: Key
    pending_creator: KeyOrNone
    curve: Key
    decimals: U8
    supply: U64
    supply_mode: SupplyKind
    allocations: Allocations
    metadata_hash: Hash32
    update_authority: KeyOrNone
    mint_authority: KeyOrNone
    mint_cap: U64
    minted: U64
    created_at: I64
    update_policy: UpdatePolicy
    first_buy: U64
    first_buy_lock: KeyOrNone
    team_schedule: KeyOrNone


@dataclass(frozen=True, slots=True)
class ScheduleState:
    """A vesting schedule; after a revocation `amount` is what had vested."""

    version: U8
    bump: U8
    mint: Key
    grantor: Key
    original_beneficiary: Key
    beneficiary: Key
    pending_beneficiary: KeyOrNone
    amount: U64
    claimed: U64
    revoked_at: I64
    start: I64
    cliff: I64
    end: I64
    period: I64
    revocable: Bool
    index: U16


@dataclass(frozen=True, slots=True)
class AmmConfig:
    """The pools' parameters; the fees hold for every pool at once."""

    version: U8
    bump: U8
    authority: Key
    pending_authority: KeyOrNone
    fee_recipient: Key
    lp_fee_bps: U16
    protocol_fee_bps: U16
    paused: Bool
    reserved: Reserved128 = field(repr=False)
    tiers: tuple[FeeTier, ...]

    def rates(self, pool: "PoolState") -> FeeRates:
        """The fees of a pool in the second that it observed last."""
        return FeeRates(self.lp_fee_bps, self.protocol_fee_bps, pool.creator_fee_bps)

    def rates_at(self, pool: "PoolState", supply: int, now: int) -> FeeRates:
        """The fees of a pool at a time, by the base mint's supply: a later second moves the creator's tier."""
        if now <= pool.observed_at or not pool.pays_creator:
            return self.rates(pool)
        market_cap = amm_math.market_cap(supply, pool.recorded)
        reached = [tier.creator_fee_bps for tier in self.tiers if tier.min_market_cap_quote <= market_cap]
        return FeeRates(self.lp_fee_bps, self.protocol_fee_bps, reached[-1] if reached else 0)


@dataclass(frozen=True, slots=True)
class PoolState:
    """One pool. `lp_supply` counts shares that nobody holds; the fee counters are what is not claimed yet."""

    version: U8
    bump: U8
    base_mint: Key
    quote_mint: Key
    base_vault: Key
    quote_vault: Key
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
    lp_supply: U64
    base_reserve: U64
    quote_reserve: U64
    protocol_fees: U64
    creator_fees: U64
    opened_at: I64
    observed_at: I64
    base_price_cumulative: Limbs
    quote_price_cumulative: Limbs

    @property
    def recorded(self) -> Reserves:
        """The reserves that the last instruction left; gifts since then are not in it."""
        return Reserves(self.base_reserve, self.quote_reserve)

    def reserves(self, base_vault: int, quote_vault: int) -> Reserves:
        """The reserves of now, from what the two vaults hold."""
        return Reserves(base_vault, quote_vault - self.protocol_fees - self.creator_fees)

    @property
    def price_sum(self) -> int:
        """Sum over seconds of quote / base in units of 2^-64, up to `observed_at`."""
        return sum(limb << 64 * place for place, limb in enumerate(self.base_price_cumulative))


@dataclass(frozen=True, slots=True)
class RouterState:
    """Who divides what: one router of fees. `income` is all that was noticed so far, lamports; `entries` follow."""

    version: U8
    bump: U8
    creator: Key
    index: U16
    owner: Key
    pending_owner: KeyOrNone
    delay_seconds: U32
    fixed: Bool
    created_at: I64
    applied_at: I64
    deposit: U64
    income: U64
    paid: U64
    adopted: U32
    recipients: U16
    entries: U16
    reserved: Reserved64 = field(repr=False)

    def income_with(self, lamports: int) -> int:
        """All income, with what lies at the router's address and was not noticed yet."""
        return lamports - self.deposit + self.paid


@dataclass(frozen=True, slots=True)
class ShareState:
    """One recipient's entry. With 0 basis points: somebody who left and is not paid yet."""

    wallet: Key
    bps: U16
    fraction: U16
    counted: U64
    owed: U64

    def claimable(self, income: int) -> int:
        """Whole lamports that a claim pays now, rounded down; `income` is all that the router received."""
        return self.owed + (self.fraction + (income - self.counted) * self.bps) // BPS


@dataclass(frozen=True, slots=True)
class ProposalState:
    """A router's next shares; `effective_at` is 0 while they are written."""

    version: U8
    bump: U8
    router: Key
    rent_payer: Key
    effective_at: I64
    total_bps: U16
    reserved: Reserved32 = field(repr=False)
    portions: tuple[Portion, ...]


@dataclass(frozen=True, slots=True)
class ReleaseState:
    """A token's way out of its router; None as `new_creator` takes an offer back."""

    version: U8
    bump: U8
    router: Key
    mint: Key
    new_creator: KeyOrNone
    rent_payer: Key
    effective_at: I64
    reserved: Reserved32 = field(repr=False)


PROGRAM_OF: dict[type[Any], str] = {
    CurveConfig: BONDING_CURVE,
    CurveState: BONDING_CURVE,
    ShapeState: BONDING_CURVE,
    TermsState: BONDING_CURVE,
    PositionState: BONDING_CURVE,
    BatchState: BONDING_CURVE,
    DepositState: BONDING_CURVE,
    ReferrerFees: BONDING_CURVE,
    LauncherConfig: TOKEN_LAUNCHER,
    LaunchState: TOKEN_LAUNCHER,
    ScheduleState: VESTING,
    AmmConfig: AMM,
    PoolState: AMM,
    RouterState: FEE_ROUTER,
    ProposalState: FEE_ROUTER,
    ReleaseState: FEE_ROUTER,
}

# Python's name -> (discriminator, layout).
_LAYOUTS: dict[type[Any], tuple[bytes, Layout[Any]]] = {
    kind: (sha256(f"account:{name}".encode()).digest()[:8], Layout(kind))
    for kind, name in {
        CurveConfig: "Config",
        CurveState: "Curve",
        ShapeState: "Shape",
        TermsState: "Terms",
        PositionState: "Position",
        BatchState: "Batch",
        DepositState: "Deposit",
        ReferrerFees: "ReferrerFees",
        LauncherConfig: "Config",
        LaunchState: "LaunchRecord",
        ScheduleState: "Schedule",
        AmmConfig: "Config",
        PoolState: "Pool",
        RouterState: "Router",
        ProposalState: "Proposal",
        ReleaseState: "Release",
    }.items()
}


def decode_account(kind: type[T], data: bytes) -> T:
    """An account's bytes as `kind`; UndecodableError when it is another account."""
    tag, layout = _LAYOUTS[kind]
    if not data.startswith(tag):
        raise UndecodableError(f"This account is no {kind.__name__}.")
    decoded: T = layout.read(data[len(tag) :])
    return decoded
