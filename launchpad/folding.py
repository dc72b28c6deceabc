"""What the `record_*` verbs collect: the rows of one batch of chain events, folded as far as they can be.

A verb never touches the database: it adds to a `Batch`, and launchpad.indexer.writer
puts the whole batch into one transaction. Only events that were not stored before
reach a verb, in the order of their positions, so that sums may simply be added up.
Amounts are integers in base units, prices are lamports per base unit.
"""

from collections.abc import Sequence, Sized
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Context, Decimal
from functools import lru_cache
from typing import Literal, NamedTuple

from launchpad import live
from launchpad.chain.curve_math import Segment
from launchpad.chain.events import TokenBalance
from launchpad.moments import MOMENTS
from launchpad.sale_rows import BatchChange, BatchRow, DepositRow, PositionChange, ReleaseRow, TermsRow

# Of what lies further back nobody needs to be told: the outbox itself keeps no more.
TELL_WITHIN = timedelta(days=7)

# The segments of curves by mint.
Shapes = dict[str, Sequence[Segment]]

_PRECISE = Context(prec=60)
_PRICE_SCALE = Decimal(1).scaleb(-20)


def price_of(virtual_quote: int, virtual_base: int) -> Decimal:
    """Lamports per base unit, rounded half to even at 20 decimals; 0 where no base is left."""
    if virtual_base == 0:
        return Decimal(0)
    return _PRECISE.quantize(_PRECISE.divide(Decimal(virtual_quote), Decimal(virtual_base)), _PRICE_SCALE)


@lru_cache(MOMENTS)
def instant(seconds: int) -> datetime:
    """Unix seconds as a time in UTC."""
    return datetime.fromtimestamp(seconds, UTC)


class Place(NamedTuple):
    """Where and when an event happened, and what its transaction left behind."""

    signature: str
    instruction: int
    inner: int
    slot: int
    position: int
    finalized: bool
    compute_units: int | None
    priority_fee: int | None  # lamports
    balances: Sequence[TokenBalance]

    def held(self, owner: str, mint: str) -> int | None:
        """What the transaction left of a token in a wallet's accounts, base units; None where it touched none."""
        amounts = [one.amount for one in self.balances if one.owner == owner and one.mint == mint]
        return sum(amounts) if amounts else None

    @property
    def row(self) -> tuple[str, int, int, int, int]:
        """What the rows of its event begin with: signature, instruction, inner, position and slot."""
        return self.signature, self.instruction, self.inner, self.position, self.slot


class TokenRow(NamedTuple):
    """A launched token as the chain has it."""

    mint: str
    creator: str
    curve: str
    launch_record: str | None
    token_program: str
    name: str
    symbol: str
    uri: str
    metadata_hash: str | None
    decimals: int
    supply: int
    supply_mode: str
    update_authority: str | None
    first_buy_lock: str | None
    creation_fee: int
    launched_at: datetime
    slot: int
    signature: str


@dataclass(slots=True)
class TokenChange:
    """What later events changed about a token; None is no change."""

    mint: str
    creator: str | None = None
    name: str | None = None
    symbol: str | None = None
    uri: str | None = None
    metadata_hash: str | None = None
    update_authority: str | None = None
    authority_changed: bool = False  # to None, too: nobody may change the metadata any more
    supply_added: int = 0


class AllocationRow(NamedTuple):
    """What one bucket of a launch received."""

    mint: str
    bucket: str
    bps: int
    amount: int
    owner: str | None


class CurveRow(NamedTuple):
    """A curve as it opened."""

    mint: str
    address: str
    creator: str
    decimals: int
    sale_supply: int
    liquidity_supply: int
    raise_target: int
    virtual_base: int
    virtual_quote: int
    protocol_fee_bps: int
    creator_fee_bps: int
    referrer_share_bps: int
    segments: str  # JSON
    price: Decimal
    opened_at: datetime
    deadline: datetime | None
    terms: str | None
    rules_end: datetime | None
    position: int


@dataclass(slots=True)
class CurveChange:
    """What the batch did to a curve: the newest state (None is no change) and what was added."""

    mint: str
    position: int = 0
    sold: int | None = None
    quote_reserve: int | None = None
    virtual_base: int | None = None
    virtual_quote: int | None = None
    price: Decimal | None = None
    protocol_fees: int | None = None
    creator_fees: int | None = None
    last_trade_at: datetime | None = None
    trades: int = 0
    volume: int = 0
    creator: str | None = None
    status: str | None = None
    completed_at: datetime | None = None
    graduated_at: datetime | None = None
    pool_address: str | None = None
    graduated_into: str | None = None
    burned: int | None = None
    team_payout: int | None = None
    treasury_payout: int | None = None
    locked_until: datetime | None = None
    graduation_signature: str | None = None
    graduation_slot: int | None = None
    price_position: int = 0  # of the trade behind `price`, on the curve or in the pool


class TradeRow(NamedTuple):
    """One trade."""

    signature: str
    instruction: int
    inner: int
    position: int
    slot: int
    compute_units: int | None
    priority_fee: int | None
    finalized: bool
    traded_at: datetime
    mint: str
    trader: str
    program: str
    side: str
    base_amount: int
    quote_amount: int
    protocol_fee: int
    creator_fee: int
    referrer_fee: int
    referrer: str | None
    price: Decimal
    sold: int
    quote_reserve: int
    virtual_base: int
    virtual_quote: int
    launch_fee: int
    liquidity_fee: int
    venue: Literal["curve", "amm", "raydium"]
    pool: str | None
    counted: bool

    @property
    def fees(self) -> int:
        """All that was paid besides, to whomever. Lamports."""
        return self.protocol_fee + self.creator_fee + self.referrer_fee + self.launch_fee + self.liquidity_fee


class FeeRow(NamedTuple):
    """Fees that were paid out."""

    signature: str
    instruction: int
    inner: int
    position: int
    slot: int
    claimed_at: datetime
    mint: str | None
    kind: str
    recipient: str
    amount: int
    finalized: bool
    pool: str | None = None


class PoolRow(NamedTuple):
    """A pool as it opened."""

    address: str
    mint: str
    lp_mint: str
    canonical: bool
    opener: str
    creator: str | None
    creator_fee_bps: int
    base_reserve: int
    quote_reserve: int
    lp_supply: int
    protocol_fees: int
    opened_at: datetime
    position: int
    venue: str = "amm"


@dataclass(slots=True)
class PoolChange:
    """What the batch did to a pool: the newest state (None is no change) and what was added."""

    address: str
    position: int = 0
    base_reserve: int | None = None
    quote_reserve: int | None = None
    lp_supply: int | None = None
    protocol_fees: int | None = None
    creator_fees: int | None = None
    creator_fee_bps: int | None = None
    last_trade_at: datetime | None = None
    trades: int = 0
    volume: int = 0
    creator: str | None = None
    fees_position: int = 0  # of the event behind the fees, which those of liquidity do not tell


@dataclass(slots=True)
class Holding:
    """What the batch's trades added to one wallet's sums of one token, fees included."""

    mint: str
    owner: str
    base_bought: int = 0
    base_sold: int = 0
    quote_spent: int = 0
    quote_received: int = 0
    first_trade_at: datetime | None = None
    last_trade_at: datetime | None = None


class AccountBalance(NamedTuple):
    """What a transaction left in one token account."""

    account: str
    mint: str
    owner: str
    amount: int
    position: int


@dataclass(slots=True)
class Bucket:
    """Trades of one token folded over one span of time, from the price that the first of them met."""

    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume_base: int
    volume_quote: int
    buys: int
    sells: int
    first_position: int
    last_position: int

    def add(self, later: "Bucket") -> None:
        """Merge a bucket of other trades, in whatever order they happened."""
        if later.first_position < self.first_position:
            self.open, self.first_position = later.open, later.first_position
        if later.last_position > self.last_position:
            self.close, self.last_position = later.close, later.last_position
        self.high = max(self.high, later.high)
        self.low = min(self.low, later.low)
        self.volume_base += later.volume_base
        self.volume_quote += later.volume_quote
        self.buys += later.buys
        self.sells += later.sells


@dataclass(slots=True)
class ScheduleRow:
    """A vesting schedule as it was made."""

    schedule: str
    mint: str
    grantor: str
    beneficiary: str
    amount: int
    starts_at: datetime
    cliff_at: datetime
    ends_at: datetime
    period_seconds: int
    revocable: bool
    index: int
    position: int


@dataclass(slots=True)
class ScheduleChange:
    """What later events changed about a schedule; None is no change."""

    schedule: str
    position: int = 0
    beneficiary: str | None = None
    amount: int | None = None
    claimed: int | None = None
    revoked_at: datetime | None = None


@dataclass(slots=True)
class Batch:
    """The unit of work that the verbs fill. `quiet` batches (rebuilding) tell nobody."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    quiet: bool = False
    tokens: dict[str, TokenRow] = field(default_factory=dict)
    token_changes: dict[str, TokenChange] = field(default_factory=dict)
    allocations: list[AllocationRow] = field(default_factory=list)
    curves: dict[str, CurveRow] = field(default_factory=dict)
    curve_changes: dict[str, CurveChange] = field(default_factory=dict)
    terms: dict[str, TermsRow] = field(default_factory=dict)
    trades: list[TradeRow] = field(default_factory=list)
    fees: list[FeeRow] = field(default_factory=list)
    holdings: dict[tuple[str, str], Holding] = field(default_factory=dict)
    accounts: dict[str, AccountBalance] = field(default_factory=dict)
    seconds: dict[tuple[str, int], Bucket] = field(default_factory=dict)  # by mint and unix second
    shapes: Shapes = field(default_factory=dict)  # of the curves that are traded on
    pools: dict[str, PoolRow] = field(default_factory=dict)
    pool_changes: dict[str, PoolChange] = field(default_factory=dict)
    schedules: dict[str, ScheduleRow] = field(default_factory=dict)
    schedule_changes: dict[str, ScheduleChange] = field(default_factory=dict)
    positions: dict[tuple[str, str], PositionChange] = field(default_factory=dict)  # by mint and wallet
    releases: list[ReleaseRow] = field(default_factory=list)
    batches: dict[str, BatchRow] = field(default_factory=dict)
    batch_changes: dict[str, BatchChange] = field(default_factory=dict)
    deposits: dict[tuple[str, str], DepositRow] = field(default_factory=dict)
    outbox: list[live.Telling] = field(default_factory=list)

    def token(self, mint: str) -> TokenChange:
        """The change of this token, begun when it is the first."""
        return self.token_changes.setdefault(mint, TokenChange(mint))

    def curve(self, mint: str, place: Place) -> CurveChange:
        """The change of this token's curve, moved up to the event's position."""
        change = self.curve_changes.setdefault(mint, CurveChange(mint))
        change.position = max(change.position, place.position)
        return change

    def market(self, mint: str, price: Decimal, place: Place) -> CurveChange:
        """The change of this token, priced anew by the event; the curve's own state keeps its position."""
        change = self.curve_changes.setdefault(mint, CurveChange(mint))
        if place.position > change.price_position:
            change.price, change.price_position = price, place.position
        return change

    def pool(self, address: str, place: Place) -> PoolChange:
        """The change of this pool, moved up to the event's position."""
        change = self.pool_changes.setdefault(address, PoolChange(address))
        change.position = max(change.position, place.position)
        return change

    def holding(self, mint: str, owner: str) -> Holding:
        """What this wallet's trades of this token add up to."""
        return self.holdings.setdefault((mint, owner), Holding(mint, owner))

    def opening(self, mint: str, wallet: str, place: Place) -> PositionChange:
        """What is said of this wallet's place in an opening, moved up to the event's position."""
        change = self.positions.setdefault((mint, wallet), PositionChange(mint, wallet))
        change.position = max(change.position, place.position)
        return change

    def schedule(self, address: str, place: Place) -> ScheduleChange:
        """The change of this vesting schedule, moved up to the event's position."""
        change = self.schedule_changes.setdefault(address, ScheduleChange(address))
        change.position = max(change.position, place.position)
        return change

    def size(self) -> int:
        """How many rows this batch inserts or merges, candles of the coarser intervals not counted."""
        collections: tuple[Sized, ...] = (
            *(self.tokens, self.token_changes, self.allocations, self.curves, self.curve_changes, self.trades),
            *(self.fees, self.holdings, self.accounts, self.seconds, self.schedules, self.schedule_changes),
            *(self.pools, self.pool_changes, self.batches, self.batch_changes, self.deposits, self.terms, self.outbox),
            *(self.positions, self.releases),
        )
        return sum(len(rows) for rows in collections)

    def tell(self, event: live.LiveEvent, happened: datetime) -> None:
        """Tell the world once the batch is committed, unless it is old news."""
        if self.is_news(happened):
            self.outbox.append(live.telling(event))

    def is_news(self, happened: datetime) -> bool:
        """Whether anybody is to be told of what happened then."""
        return not self.quiet and self.now - happened <= TELL_WITHIN
