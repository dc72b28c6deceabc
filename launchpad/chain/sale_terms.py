"""What a sale promises beside its prices: launch fee, rules of the opening, graduation, batch.

Names, units and caps are those of the program's `SaleTerms`. Terms lie in an account at the
address of their content (`pda.terms`), shared by all sales that name it.
"""

from dataclasses import dataclass
from hashlib import sha256
from struct import pack
from typing import Annotated, Final

from launchpad.chain.addresses import pubkey
from launchpad.chain.borsh import U16, U32, U64, Bool, Hash32, Key, Layout, Nested, Optional, one_of
from launchpad.chain.curve_math import BPS, LaunchFee
from launchpad.errors import InvalidInputError

MAX_OPENING_SECONDS: Final = 86_400
MAX_BATCH_SECONDS: Final = 2_592_000
MIN_LIQUIDITY_BPS: Final = 5_000
MIN_LIQUIDITY_LOCK_SECONDS: Final = 15_552_000
MAX_PAYOUT_SECONDS: Final = 315_360_000
# What a sale raises at least that graduates at Raydium, in lamports.
MIN_RAYDIUM_RAISE: Final = 3_000_000_000
# How long a sold-out curve waits for the venue of its terms, before our own pools take it.
VENUE_FALLBACK_SECONDS: Final = 604_800
VENUES: Final = ("amm", "raydium")
NO_FEE: Final = LaunchFee(0, 0)
_U32, _U64 = 2**32, 2**64


class InvalidTermsError(InvalidInputError):
    """The program would refuse these terms; `field` names what to change."""

    code = "INVALID_TERMS"


@dataclass(frozen=True, slots=True)
class Allowlist:
    """The first tier, counted from the opening: wallets that a Merkle root names."""

    root: Hash32
    seconds: U32

    def encode(self) -> bytes:
        """As Borsh."""
        return self.root + pack("<I", self.seconds)


@dataclass(frozen=True, slots=True)
class HoldersTier:
    """The next tier: wallets that pledge `minimum` base units of a token for the time of the tiers."""

    mint: Key
    minimum: U64
    seconds: U32

    def encode(self) -> bytes:
        """As Borsh."""
        return bytes(pubkey(self.mint)) + pack("<QI", self.minimum, self.seconds)


@dataclass(frozen=True, slots=True)
class OpeningRules:
    """Who may buy how much soon after the opening. `wallet_cap_bps` of the sale supply, 0 for any amount."""

    window_seconds: U32 = 0
    wallet_cap_bps: U16 = 0
    one_buy_per_slot: Bool = False
    allowlist: Annotated[Allowlist | None, Optional(Nested(Layout(Allowlist)))] = None
    holders: Annotated[HoldersTier | None, Optional(Nested(Layout(HoldersTier)))] = None
    binds_creator: Bool = False

    @property
    def tier_seconds(self) -> int:
        """Seconds before everybody may buy."""
        return sum(tier.seconds for tier in (self.allowlist, self.holders) if tier)

    @property
    def seconds(self) -> int:
        """Seconds in which any of the rules holds."""
        return max(self.window_seconds, self.tier_seconds)

    def encode(self) -> bytes:
        """As Borsh."""
        window = pack("<IH?", self.window_seconds, self.wallet_cap_bps, self.one_buy_per_slot)
        return window + _option(self.allowlist) + _option(self.holders) + pack("<?", self.binds_creator)

    def check(self) -> None:
        """Raise the InvalidTermsError that says what to change."""
        limited = self.wallet_cap_bps > 0 or self.one_buy_per_slot
        if limited != (self.window_seconds > 0):
            message = "A cap or the slot rule and the window they hold in belong together: give both or neither."
            raise InvalidTermsError(message, field="window_seconds")
        _require(0 <= self.wallet_cap_bps <= BPS, "wallet_cap_bps", "A wallet's cap is at most the whole sale.")
        for name, tier in (("allowlist", self.allowlist), ("holders", self.holders)):
            _require(tier is None or 0 < tier.seconds < _U32, name, "A tier lasts at least a second.")
        if self.holders:
            _require(0 < self.holders.minimum < _U64, "holders", "A pledge is at least one base unit.")
        message = "The rules of an opening end within a day."
        _require(self.window_seconds >= 0 and self.seconds <= MAX_OPENING_SECONDS, "window_seconds", message)


@dataclass(frozen=True, slots=True)
class Payout:
    """How the part of the raise that is not liquidity vests, counted from graduation.

    `team_bps` of it, rounded down, for the team's wallet, the rest for the treasury's.
    """

    team: Key
    treasury: Key
    team_bps: U16 = BPS
    cliff_seconds: U32 = 0
    duration_seconds: U32 = 15_552_000
    period_seconds: U32 = 86_400

    def encode(self) -> bytes:
        """As Borsh."""
        numbers = pack("<HIII", self.team_bps, self.cliff_seconds, self.duration_seconds, self.period_seconds)
        return bytes(pubkey(self.team)) + bytes(pubkey(self.treasury)) + numbers

    def check(self) -> None:
        """Raise the InvalidTermsError that says what to change."""
        _require(0 <= self.team_bps <= BPS, "team_bps", "The team's part is at most the whole payout.")
        lasts = 0 < self.duration_seconds <= MAX_PAYOUT_SECONDS
        _require(lasts, "duration_seconds", "The raise vests within ten years.")
        fits = 0 <= self.cliff_seconds <= self.duration_seconds
        _require(fits, "cliff_seconds", "The cliff lies within the time of the vesting.")
        fits = 0 < self.period_seconds <= self.duration_seconds
        _require(fits, "period_seconds", "A step of the vesting lies within its time.")


@dataclass(frozen=True, slots=True)
class GraduationTerms:
    """What becomes of the raise: venue, liquidity in basis points, who gets the shares after which lock.

    A lock of 0 seconds means that nobody ever gets them.
    """

    venue: Annotated[str, one_of(*VENUES)] = "amm"
    liquidity_bps: U16 = BPS
    liquidity_lock_seconds: U32 = 0
    payout: Annotated[Payout | None, Optional(Nested(Layout(Payout)))] = None

    def encode(self) -> bytes:
        """As Borsh."""
        numbers = pack("<BHI", VENUES.index(self.venue), self.liquidity_bps, self.liquidity_lock_seconds)
        return numbers + _option(self.payout)

    def check(self) -> None:
        """Raise the InvalidTermsError that says what to change."""
        _require(self.venue in VENUES, "venue", "A token graduates into the launchpad's own pool, amm, or to raydium.")
        message = "Of the raise, 5,000 to 10,000 basis points become liquidity."
        _require(MIN_LIQUIDITY_BPS <= self.liquidity_bps <= BPS, "liquidity_bps", message)
        lock = self.liquidity_lock_seconds
        message = "The pool's shares are locked for good, or for 180 days to ten years."
        _require(lock == 0 or MIN_LIQUIDITY_LOCK_SECONDS <= lock <= MAX_PAYOUT_SECONDS, "liquidity_lock", message)
        message = "What is not liquidity needs somebody to be paid to, and the other way round."
        _require((self.payout is not None) == (self.liquidity_bps < BPS), "payout", message)
        if self.payout:
            self.payout.check()


@dataclass(frozen=True, slots=True)
class BatchTerms:
    """A window of deposits that all buy at one price. Lamports; `max_deposit` of a wallet, 0 for any amount."""

    seconds: U32
    withdraw_seconds: U32
    minimum: U64
    max_deposit: U64 = 0

    def encode(self) -> bytes:
        """As Borsh."""
        return pack("<IIQQ", self.seconds, self.withdraw_seconds, self.minimum, self.max_deposit)

    def check(self) -> None:
        """Raise the InvalidTermsError that says what to change."""
        _require(0 < self.seconds <= MAX_BATCH_SECONDS, "seconds", "Deposits are taken for at most 30 days.")
        message = "Deposits can be taken back at most as long as they are taken."
        _require(0 <= self.withdraw_seconds <= self.seconds, "withdraw_seconds", message)
        _require(0 < self.minimum < _U64, "minimum", "A batch needs a minimum of at least one lamport.")
        _require(0 <= self.max_deposit < _U64, "max_deposit", "The most of one wallet must fit 64 bits.")


@dataclass(frozen=True, slots=True)
class SaleTerms:
    """All of it. The defaults are those of a sale that names no terms."""

    launch_fee: LaunchFee = NO_FEE
    opening: OpeningRules = OpeningRules()
    graduation: GraduationTerms = GraduationTerms()
    batch: Annotated[BatchTerms | None, Optional(Nested(Layout(BatchTerms)))] = None

    @property
    def is_usual(self) -> bool:
        """Whether a sale needs no account for these."""
        return self == USUAL_TERMS

    @property
    def binds_first_buy(self) -> bool:
        """Whether the creator's buy in the launch keeps to rules, and needs a position for it."""
        return self.opening.binds_creator and self.opening.seconds > 0

    def encode(self) -> bytes:
        """As Borsh."""
        fee = pack("<HHH", self.launch_fee.start_bps, self.launch_fee.seconds, self.launch_fee.half_life)
        return fee + self.opening.encode() + self.graduation.encode() + _option(self.batch)

    def digest(self) -> bytes:
        """The seed of their account: the SHA-256 of their Borsh bytes."""
        return sha256(self.encode()).digest()

    def checked(self) -> "SaleTerms":
        """The same; InvalidTermsError or InvalidLaunchFeeError says what the program would refuse."""
        if self.launch_fee != NO_FEE:
            self.launch_fee.checked()
        self.opening.check()
        self.graduation.check()
        if self.batch:
            self.batch.check()
            alone = self.launch_fee == NO_FEE and self.opening == OpeningRules()
            message = "A batch is fair by itself: leave out the launch fee and the rules of the opening."
            _require(alone, "batch", message)
        return self


USUAL_TERMS: Final = SaleTerms()


def _option(value: Allowlist | HoldersTier | Payout | BatchTerms | None) -> bytes:
    return b"\0" if value is None else b"\1" + value.encode()


def _require(holds: bool, field: str, message: str) -> None:
    if not holds:
        raise InvalidTermsError(message, field=field)
