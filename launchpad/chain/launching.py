"""What a token is launched with, checked before anything is built."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from launchpad.chain import curve_math
from launchpad.chain.addresses import TOKEN, TOKEN_2022
from launchpad.chain.curve_math import BPS, U64_MAX, Fees, Segment
from launchpad.chain.launcher_events import Allocations
from launchpad.chain.sale_terms import MIN_RAYDIUM_RAISE, USUAL_TERMS, SaleTerms
from launchpad.errors import InvalidInputError

MAX_NAME_BYTES = 32
MAX_SYMBOL_BYTES = 10
MAX_URI_BYTES = 200
MAX_DECIMALS = 9
MAX_TEAM_BPS = 2_000
MIN_MARKET_BPS = 5_000
Standard = Literal["token-2022", "spl"]
CLASSIC_ALLOCATIONS = Allocations(7_931, 2_069, 0, 0, 0)


class InvalidLaunchError(InvalidInputError):
    """The launch cannot be made this way; `field` names what to change."""

    code = "INVALID_LAUNCH"


@dataclass(frozen=True, slots=True)
class Mintable:
    """More tokens may be created by `authority` until `cap` base units exist in all."""

    authority: str
    cap: int


@dataclass(frozen=True, slots=True)
class TeamVesting:
    """How the team's share is released, in seconds from the launch."""

    beneficiary: str
    cliff_seconds: int
    duration_seconds: int
    period_seconds: int = 1
    revocable: bool = False


@dataclass(frozen=True, slots=True)
class Lock:
    """How the first buy is released, in seconds from the launch; irrevocable."""

    cliff_seconds: int
    duration_seconds: int
    period_seconds: int = 1


@dataclass(frozen=True, slots=True)
class FirstBuy:
    """The creator's own buy in the launch. `quote_in` lamports, fees included.

    `min_base_out` None means exactly what the curve's arithmetic gives, since nobody
    can trade before. `lock` None declares on chain that the tokens are not locked.
    """

    quote_in: int
    min_base_out: int | None = None
    deadline: int | None = None
    lock: Lock | None = None


@dataclass(frozen=True, slots=True)
class Amounts:
    """The allocations in base units; they sum to the supply."""

    public: int
    liquidity: int
    team: int
    ecosystem: int
    treasury: int


@dataclass(frozen=True, slots=True)
class LaunchParams:
    """A launch. `supply` in base units; `segments` None means the classic curve.

    `supply_mode` is "fixed", "burnable" or a Mintable; `update_authority` is "creator",
    "immutable" or an address. `mint` None lets the builder make (and sign for) the mint.
    At the `deadline`, Unix seconds, buyers are refunded unless everything is sold; it needs
    the whole supply on the curve, for sale and for liquidity. The rules and the launch fee of
    the `sale` spare the first buy, unless they bind the creator. Of `standard` "spl" the mint is
    one of the classic Token program, with its metadata in Metaplex's.
    """

    creator: str
    name: str
    symbol: str
    uri: str
    supply: int
    metadata_hash: bytes = bytes(32)
    decimals: int = 9
    supply_mode: str | Mintable = "fixed"
    allocations: Allocations = CLASSIC_ALLOCATIONS
    update_authority: str = "creator"
    segments: tuple[Segment, ...] | None = None
    team: TeamVesting | None = None
    ecosystem_owner: str | None = None
    treasury_owner: str | None = None
    first_buy: FirstBuy | None = None
    mint: str | None = field(default=None)
    deadline: int | None = None
    sale: SaleTerms = USUAL_TERMS
    standard: Standard = "token-2022"

    @property
    def token_program(self) -> str:
        """The program that the mint belongs to."""
        return TOKEN if self.standard == "spl" else TOKEN_2022

    @property
    def amounts(self) -> Amounts:
        """Base units of each bucket: rounded down, the rest goes to liquidity."""
        shares = self.allocations
        public, team, ecosystem, treasury = (
            self.supply * bps // BPS
            for bps in (shares.public_bps, shares.team_bps, shares.ecosystem_bps, shares.treasury_bps)
        )
        return Amounts(public, self.supply - public - team - ecosystem - treasury, team, ecosystem, treasury)

    def liquidity_needed(self, segments: Sequence[Segment]) -> int:
        """Base units that the pool of these segments' raise takes at their last price."""
        raised = curve_math.raise_target(segments) * self.sale.graduation.liquidity_bps // BPS
        return curve_math.base_at_end_price(segments, raised)

    def first_buy_fees(self, fees: Fees) -> Fees:
        """The rates of the first buy, of those that other buys pay later."""
        launch = self.sale.launch_fee
        if not self.sale.opening.binds_creator or not launch.seconds:
            return fees
        return replace(fees, launch_bps=launch.bps_at(0))

    def with_short_curve(self) -> "LaunchParams":
        """The same with one segment: the stand-in for simulating a launch whose shape is not there yet.

        It ends so steeply that any liquidity is enough for its pool.
        """
        sale = self.amounts.public
        buy = self.first_buy and replace(self.first_buy, min_base_out=1)
        steep = Segment(sale + max(sale // 1_000, 1), curve_math.CLASSIC_VIRTUAL_QUOTE, sale)
        return replace(self, segments=(steep,), first_buy=buy)

    def check_all_but_curve(self) -> None:
        """Raise the InvalidLaunchError that says what to change besides the curve."""
        _check_texts(self)
        _check_numbers(self)
        _check_allocations(self)
        _check_owners(self)
        _check_deadline(self)
        _check_batch(self)
        self.sale.checked()

    def checked(self) -> "LaunchParams":
        """The same with its segments filled in; InvalidLaunchError or InvalidSegmentsError says what to change."""
        self.check_all_but_curve()
        segments = tuple(self.segments or curve_math.classic(self.amounts.public))
        curve_math.validate(segments)
        if curve_math.sale_supply(segments) != self.amounts.public:
            message = f"The curve must sell exactly the public allocation, {self.amounts.public} base units."
            raise InvalidLaunchError(message, field="curve")
        _check_liquidity(self, segments)
        _check_raise(self, segments)
        _check_first_buy(self)
        return replace(self, segments=segments)


def _check_first_buy(params: LaunchParams) -> None:
    if params.first_buy and params.sale.opening.binds_creator and params.sale.opening.tier_seconds:
        message = (
            "The rules bind the creator, and admit nobody but their tiers at the opening: leave out the first buy, "
            "or the tiers, or spare the creator."
        )
        raise InvalidLaunchError(message, field="first_buy")


def _check_liquidity(params: LaunchParams, segments: tuple[Segment, ...]) -> None:
    needed = params.liquidity_needed(segments)
    if needed > params.amounts.liquidity:
        share = -(-needed * BPS // params.supply)
        message = (
            f"At the curve's last price the pool of this raise needs {share / 100:.2f} % of the supply for "
            "liquidity. Keep more for liquidity, sell less, or choose a steeper curve."
        )
        raise InvalidLaunchError(message, field="allocations")


def _check_raise(params: LaunchParams, segments: tuple[Segment, ...]) -> None:
    raised = curve_math.raise_target(segments)
    if params.sale.graduation.venue == "raydium" and raised < MIN_RAYDIUM_RAISE:
        message = (
            "A sale that graduates at Raydium raises at least 3 SOL: opening the pool there costs about 0.2 SOL of it. "
            "Raise more, or let it graduate into the launchpad's own pool."
        )
        raise InvalidLaunchError(message, field="venue")


def _check_texts(params: LaunchParams) -> None:
    limits = (("name", MAX_NAME_BYTES), ("symbol", MAX_SYMBOL_BYTES), ("uri", MAX_URI_BYTES))
    for name, limit in limits:
        size = len(str(getattr(params, name)).encode())
        if not 1 <= size <= limit:
            raise InvalidLaunchError(f"The {name} must have 1 to {limit} bytes; this one has {size}.", field=name)


def _check_numbers(params: LaunchParams) -> None:
    if not 0 <= params.decimals <= MAX_DECIMALS:
        raise InvalidLaunchError(f"A token has 0 to {MAX_DECIMALS} decimal places.", field="decimals")
    if not 0 < params.supply <= U64_MAX:
        raise InvalidLaunchError("The supply must be above zero and fit 64 bits of base units.", field="supply")
    if isinstance(params.supply_mode, Mintable):
        if not params.supply < params.supply_mode.cap <= U64_MAX:
            raise InvalidLaunchError("The cap of a mintable supply must be above the launch supply.", field="cap")
    elif params.supply_mode not in {"fixed", "burnable"}:
        raise InvalidLaunchError("The supply is fixed, burnable or mintable.", field="supply_mode")


def _check_allocations(params: LaunchParams) -> None:
    shares, amounts = params.allocations, params.amounts
    listed = (shares.public_bps, shares.liquidity_bps, shares.team_bps, shares.ecosystem_bps, shares.treasury_bps)
    if min(listed) < 0 or sum(listed) != BPS:
        raise InvalidLaunchError("The allocations must sum to 10,000 basis points.", field="allocations")
    if shares.team_bps > MAX_TEAM_BPS:
        raise InvalidLaunchError("The team may have at most 2,000 basis points.", field="allocations")
    if shares.public_bps == 0 or shares.public_bps + shares.liquidity_bps < MIN_MARKET_BPS:
        message = "Public sale and liquidity must have at least 5,000 basis points together."
        raise InvalidLaunchError(message, field="allocations")
    sizes = (amounts.public, amounts.liquidity, amounts.team, amounts.ecosystem, amounts.treasury)
    if any(bps and not amount for bps, amount in zip(listed, sizes, strict=True)):
        raise InvalidLaunchError("An allocation is less than one base unit: raise the supply.", field="allocations")


def _check_deadline(params: LaunchParams) -> None:
    shares = params.allocations
    if params.deadline is not None and shares.public_bps + shares.liquidity_bps != BPS:
        message = "A sale with a deadline must hold the whole supply: leave out the other allocations, or the deadline."
        raise InvalidLaunchError(message, field="deadline")


def _check_batch(params: LaunchParams) -> None:
    batch = params.sale.batch
    if batch and params.first_buy:
        message = "In a batch launch nobody buys before the others: leave out the first buy and deposit with everybody."
        raise InvalidLaunchError(message, field="first_buy")
    if batch and params.deadline is not None and params.deadline <= time.time() + batch.seconds:
        message = "The sale must end after the deposit window: choose a later deadline."
        raise InvalidLaunchError(message, field="deadline")


def _check_owners(params: LaunchParams) -> None:
    shares = params.allocations
    wanted = (
        ("team", shares.team_bps, params.team),
        ("ecosystem_owner", shares.ecosystem_bps, params.ecosystem_owner),
        ("treasury_owner", shares.treasury_bps, params.treasury_owner),
    )
    for name, bps, given in wanted:
        if bool(bps) != (given is not None):
            message = f"An allocation and its {name} belong together: give both or neither."
            raise InvalidLaunchError(message, field=name)
