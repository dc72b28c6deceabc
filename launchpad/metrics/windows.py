"""Sliding windows over trades: sums that a trade enters once and leaves once per window.

A window of W seconds with steps of G is made of the buckets of G seconds, aligned to
the epoch, that began less than W seconds ago: it reaches back between W - G and W
seconds. Trades enter in the order of their positions. Adding one and letting a
bucket go cost the same however many trades a window holds. Nothing here knows a
database or a clock.
"""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from launchpad.amounts import change_bps
from launchpad.chain.curve_math import BPS

# A trade of less does not count for ranked volume (lamports).
DUST = 1_000_000
# Nor does the way back of a wallet that traded the other way so few seconds before.
WASH_SECONDS = 60
_MICRO = 1_000_000


class Window(NamedTuple):
    """A span that ends now, and the steps in which its beginning moves. Seconds."""

    name: str
    seconds: int
    step: int

    def first(self, now: int) -> int:
        """Where the oldest bucket of the window begins, Unix seconds."""
        return (now - self.seconds) // self.step * self.step + self.step


WINDOWS = (
    Window("1m", 60, 1),
    Window("5m", 300, 5),
    Window("15m", 900, 15),
    Window("1h", 3600, 60),
    Window("6h", 21_600, 300),
    Window("24h", 86_400, 900),
)
LONGEST = WINDOWS[-1]
# What has to be read to know everything about the longest window.
HORIZON = LONGEST.seconds + WASH_SECONDS


class Trade(NamedTuple):
    """What windows need of a trade. Lamports; lamports per base unit; Unix seconds."""

    mint: str
    trader: str
    is_buy: bool
    amount: int
    price: Decimal
    time: int
    position: int = 0


class Figures(NamedTuple):
    """The figures of one window, in the order of their columns."""

    volume: int
    ranked_volume: int
    buys: int
    sells: int
    buyers: int
    sellers: int
    change_bps: int
    high: Decimal
    low: Decimal
    volatility_bps: int


class _Bucket:
    """Trades of one token in one step. `rate` is what the first met, `squares` the squared log return, in 1e-12."""

    __slots__ = ("buyers", "buys", "close", "high", "low", "ranked", "rate", "sellers", "sells", "squares", "volume")

    def __init__(self, met: Decimal) -> None:
        self.high = self.low = self.close = met
        self.rate = float(met)
        self.volume = self.ranked = self.buys = self.sells = self.buyers = self.sellers = self.squares = 0


class _Ring:
    """One window of one token: its buckets, their sums, and the price that stood when it began."""

    __slots__ = (
        *("before", "buckets", "buyers", "buys", "high", "low", "ranked", "sellers", "sells", "squares", "volume"),
    )

    def __init__(self, before: Decimal) -> None:
        self.before = before
        self.buckets: dict[int, _Bucket] = {}
        self.volume = self.ranked = self.buys = self.sells = self.buyers = self.sellers = self.squares = 0
        # Of the buckets; None when the one that had it is gone.
        self.high: Decimal | None = None
        self.low: Decimal | None = None

    def figures(self, price: Decimal) -> Figures:
        """The window's figures while the token costs `price`."""
        high, low = self._extremes()
        return Figures(
            *(self.volume, self.ranked, self.buys, self.sells, self.buyers, self.sellers),
            change_bps=change_bps(self.before, price),
            high=max(high, self.before, price),
            low=min(low, self.before, price),
            volatility_bps=math.isqrt(self.squares) * BPS // _MICRO,
        )

    def _extremes(self) -> tuple[Decimal, Decimal]:
        if self.high is None or self.low is None:
            self.high = max((bucket.high for bucket in self.buckets.values()), default=self.before)
            self.low = min((bucket.low for bucket in self.buckets.values()), default=self.before)
        return self.high, self.low

    def let_go(self, start: int) -> None:
        """Forget the bucket that begins at `start`."""
        bucket = self.buckets.pop(start, None)
        if bucket is None:
            return
        self.before = bucket.close
        self.volume -= bucket.volume
        self.ranked -= bucket.ranked
        self.buys -= bucket.buys
        self.sells -= bucket.sells
        self.buyers -= bucket.buyers
        self.sellers -= bucket.sellers
        self.squares -= bucket.squares
        if bucket.high == self.high or bucket.low == self.low:
            self.high = self.low = None


class TokenWindows:
    """All windows of one token. `trades` and `volume` count its whole life."""

    __slots__ = ("buyers", "mint", "peak", "position", "price", "rings", "sellers", "time", "trades", "volume")

    def __init__(self, mint: str, before: Decimal, trades: int = 0, volume: int = 0) -> None:
        self.mint = mint
        self.price = before
        self.trades, self.volume = trades, volume
        # Of the newest trade.
        self.position = self.time = 0
        # The highest price since somebody took it.
        self.peak: Decimal | None = None
        self.rings = [_Ring(before) for _ in WINDOWS]
        # When each wallet traded last, by side.
        self.buyers: dict[str, int] = {}
        self.sellers: dict[str, int] = {}

    def figures(self, price: Decimal | None = None) -> list[Figures]:
        """The figures of every window, shortest first, while the token costs `price`; after its last trade if None."""
        return [ring.figures(self.price if price is None else price) for ring in self.rings]

    @property
    def is_quiet(self) -> bool:
        """Whether no window holds anything."""
        return not self.rings[-1].buckets

    def take_peak(self) -> Decimal | None:
        """The highest price that trades left since this was asked last; None without trades."""
        peak, self.peak = self.peak, None
        return peak


@dataclass
class Board:
    """The windows of every token that was traded lately, at one moment.

    `add` takes trades in the order of their positions, `advance` moves the moment on and
    says which tokens lost something by it.
    """

    now: int
    tokens: dict[str, TokenWindows] = field(default_factory=dict)
    _firsts: list[int] = field(default_factory=list)
    # By window and bucket: who has something in it.
    _holding: list[defaultdict[int, list[TokenWindows]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._firsts = [window.first(self.now) for window in WINDOWS]
        self._holding = [defaultdict(list) for _ in WINDOWS]

    def open(self, token: TokenWindows) -> None:
        """Follow a token from here on, instead of what was known of it."""
        self.tokens[token.mint] = token

    def close(self, mints: Iterable[str]) -> None:
        """Follow these tokens no more."""
        for mint in mints:
            self.tokens.pop(mint, None)

    def add(self, trade: Trade, *, counted: bool = True) -> None:
        """Take in a trade of a token that is followed.

        Not `counted` are those that the token's totals hold already: when its past is read again.
        """
        token = self.tokens[trade.mint]
        met, token.price = token.price, trade.price
        # Clocks of blocks may step back; what a bucket holds may not.
        moment = token.time = max(token.time, trade.time)
        token.position = trade.position
        if counted:
            token.trades += 1
            token.volume += trade.amount
            token.peak = trade.price if token.peak is None else max(token.peak, trade.price)
        own, other = (token.buyers, token.sellers) if trade.is_buy else (token.sellers, token.buyers)
        previous, opposite = own.get(trade.trader), other.get(trade.trader)
        own[trade.trader] = moment
        washed = opposite is not None and moment - opposite < WASH_SECONDS
        ranked = 0 if washed or trade.amount < DUST else trade.amount
        rate = float(trade.price)
        for place, window in enumerate(WINDOWS):
            ring, first, step = token.rings[place], self._firsts[place], window.step
            start = moment - moment % step
            if start < first:
                ring.before = trade.price
                continue
            bucket = ring.buckets.get(start)
            if bucket is None:
                bucket = ring.buckets[start] = _Bucket(met)
                self._holding[place][start].append(token)
                _widen(ring, met)
            _enter(ring, bucket, trade, ranked, rate)
            if previous is None or (then := previous - previous % step) < first:
                _count(ring, bucket, is_buy=trade.is_buy)
            elif then != start:
                _move(ring.buckets[then], bucket, is_buy=trade.is_buy)

    def advance(self, now: int) -> set[str]:
        """Move on to `now`; the tokens whose figures changed by it."""
        self.now = max(self.now, now)
        touched: set[str] = set()
        for place, window in enumerate(WINDOWS):
            first = window.first(self.now)
            if first <= self._firsts[place]:
                continue
            holding = self._holding[place]
            for start in sorted(start for start in holding if start < first):
                for token in holding.pop(start):
                    token.rings[place].let_go(start)
                    touched.add(token.mint)
            self._firsts[place] = first
        return touched

    def forget_quiet(self) -> list[str]:
        """Let go of tokens that no window holds, and of wallets that did not trade within the longest."""
        quiet = [mint for mint, token in self.tokens.items() if token.is_quiet]
        self.close(quiet)
        oldest = self._firsts[-1]
        for token in self.tokens.values():
            for wallets in (token.buyers, token.sellers):
                gone = [wallet for wallet, moment in wallets.items() if moment < oldest]
                for wallet in gone:
                    del wallets[wallet]
        return quiet


def _widen(ring: _Ring, price: Decimal) -> None:
    if ring.high is not None and price > ring.high:
        ring.high = price
    if ring.low is not None and price < ring.low:
        ring.low = price


def _enter(ring: _Ring, bucket: _Bucket, trade: Trade, ranked: int, rate: float) -> None:
    """Add a trade to a bucket and to the sums of its window."""
    amount, price = trade.amount, trade.price
    bucket.volume += amount
    ring.volume += amount
    bucket.ranked += ranked
    ring.ranked += ranked
    if trade.is_buy:
        bucket.buys += 1
        ring.buys += 1
    else:
        bucket.sells += 1
        ring.sells += 1
    if price > bucket.high:
        bucket.high = price
        if ring.high is not None and price > ring.high:
            ring.high = price
    elif price < bucket.low:
        bucket.low = price
        if ring.low is not None and price < ring.low:
            ring.low = price
    bucket.close = price
    met = bucket.rate
    # The one float: a return is a ratio, no money, and it is an integer again before it is summed.
    squares = round(math.log(rate / met) * _MICRO) ** 2 if met > 0 and rate > 0 else 0
    ring.squares += squares - bucket.squares
    bucket.squares = squares


def _count(ring: _Ring, bucket: _Bucket, *, is_buy: bool) -> None:
    """Count a wallet that had not traded on this side in the window."""
    if is_buy:
        bucket.buyers += 1
        ring.buyers += 1
    else:
        bucket.sellers += 1
        ring.sellers += 1


def _move(before: _Bucket, bucket: _Bucket, *, is_buy: bool) -> None:
    """Count a wallet in the bucket of its newest trade, no longer in that of the one before."""
    if is_buy:
        before.buyers -= 1
        bucket.buyers += 1
    else:
        before.sellers -= 1
        bucket.sellers += 1


assert all(left.seconds < right.seconds for left, right in pairwise(WINDOWS))  # noqa: S101 - the last is the longest
