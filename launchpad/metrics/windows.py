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
from itertools import pairwise
from typing import NamedTuple

from launchpad.chain.curve_math import BPS

# A trade of less does not count for ranked volume (lamports).
DUST = 1_000_000
# Nor does the way back of a wallet that traded the other way so few seconds before.
WASH_SECONDS = 60
_MICRO = 1_000_000
# Prices are whole numbers here: as many decimal places as are stored of one.
PRICE_PLACES = 20
_UNKNOWN = -1


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
_STEPS = tuple(window.step for window in WINDOWS)
# What has to be read to know everything about the longest window.
HORIZON = LONGEST.seconds + WASH_SECONDS


class Trade(NamedTuple):
    """What windows need of a trade. Lamports; 1e-20 lamports per base unit; Unix seconds."""

    mint: str
    trader: str
    is_buy: bool
    amount: int
    price: int
    time: int
    position: int = 0


class Figures(NamedTuple):
    """The figures of one window, in the order of their columns; prices in 1e-20 lamports per base unit."""

    volume: int
    ranked_volume: int
    buys: int
    sells: int
    buyers: int
    sellers: int
    change_bps: int
    high: int
    low: int
    volatility_bps: int


class _Bucket:
    """One token in one step. `met` is the price that the first trade met, `squares` the squared log return in 1e-12."""

    __slots__ = ("buyers", "buys", "close", "high", "low", "met", "ranked", "sellers", "sells", "squares", "volume")

    def __init__(self, met: int, price: int, amount: int, ranked: int, buys: int, sells: int, squares: int) -> None:
        self.met, self.close = met, price
        self.high, self.low = (price, met) if price > met else (met, price)
        self.volume, self.ranked = amount, ranked
        self.buys, self.sells = buys, sells
        self.buyers = self.sellers = 0
        self.squares = squares

    def add(self, price: int, amount: int, ranked: int, buys: int, sells: int) -> int:
        """Take in one more trade; by how much the squared log return changed."""
        self.volume += amount
        self.ranked += ranked
        self.buys += buys
        self.sells += sells
        self.close = price
        if price > self.high:
            self.high = price
        elif price < self.low:
            self.low = price
        before, self.squares = self.squares, _squared_return(self.met, price)
        return self.squares - before


class _Ring:
    """One window of one token: its buckets, their sums, and the price that stood when it began."""

    __slots__ = (
        *("before", "buckets", "buyers", "buys", "high", "low", "ranked", "sellers", "sells", "squares", "volume"),
    )

    def __init__(self, before: int) -> None:
        self.before = before
        self.buckets: dict[int, _Bucket] = {}
        self.volume = self.ranked = self.buys = self.sells = self.buyers = self.sellers = self.squares = 0
        # Of the buckets; unknown when the one that had it is gone.
        self.high = self.low = _UNKNOWN

    def figures(self, price: int) -> Figures:
        """The window's figures while the token costs `price`."""
        if self.high < 0:
            self._measure()
        before, high, low = self.before, self.high, self.low
        return Figures(
            self.volume,
            self.ranked,
            self.buys,
            self.sells,
            self.buyers,
            self.sellers,
            _change_bps(before, price),
            max(high, before, price),
            min(low, before, price),
            math.isqrt(self.squares) * BPS // _MICRO,
        )

    def _measure(self) -> None:
        buckets = self.buckets.values()
        self.high = max((bucket.high for bucket in buckets), default=self.before)
        self.low = min((bucket.low for bucket in buckets), default=self.before)

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
            self.high = self.low = _UNKNOWN


class TokenWindows:
    """All windows of one token. `trades` and `volume` count its whole life."""

    __slots__ = ("buyers", "mint", "peak", "position", "price", "rings", "sellers", "time", "trades", "volume")

    def __init__(self, mint: str, before: int, trades: int = 0, volume: int = 0) -> None:
        self.mint = mint
        self.price = before
        self.trades, self.volume = trades, volume
        # Of the newest trade.
        self.position = self.time = 0
        # The highest price since somebody took it.
        self.peak: int | None = None
        self.rings = [_Ring(before) for _ in WINDOWS]
        # When each wallet traded last, by side.
        self.buyers: dict[str, int] = {}
        self.sellers: dict[str, int] = {}

    def figures(self, price: int | None = None) -> list[Figures]:
        """The figures of every window, shortest first, while the token costs `price`; after its last trade if None."""
        stands = self.price if price is None else price
        return [ring.figures(stands) for ring in self.rings]

    @property
    def is_quiet(self) -> bool:
        """Whether no window holds anything."""
        return not self.rings[-1].buckets

    def take_peak(self) -> int | None:
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
        previous, opposite = own.get(trade.trader, _UNKNOWN), other.get(trade.trader, _UNKNOWN)
        own[trade.trader] = moment
        washed = moment - opposite < WASH_SECONDS
        ranked = 0 if washed or trade.amount < DUST else trade.amount
        self._enter(token, trade, met, ranked, previous)

    def _enter(self, token: TokenWindows, trade: Trade, met: int, ranked: int, previous: int) -> None:
        """Add a trade to the windows; its wallet traded on this side at `previous`, if ever."""
        amount, price, moment = trade.amount, trade.price, token.time
        buys, sells = (1, 0) if trade.is_buy else (0, 1)
        most, least = (price, met) if price > met else (met, price)
        # What a bucket has that begins with this trade.
        squares = _squared_return(met, price)
        for ring, first, step, holding in zip(token.rings, self._firsts, _STEPS, self._holding, strict=True):
            start = moment - moment % step
            if start < first:
                # Nothing is in the window yet: what was measured of it is the price before this one.
                ring.before, ring.high, ring.low = price, _UNKNOWN, _UNKNOWN
                continue
            bucket = ring.buckets.get(start)
            if bucket is None:
                bucket = ring.buckets[start] = _Bucket(met, price, amount, ranked, buys, sells, squares)
                holding[start].append(token)
                ring.squares += squares
            else:
                ring.squares += bucket.add(price, amount, ranked, buys, sells)
            ring.volume += amount
            ring.ranked += ranked
            ring.buys += buys
            ring.sells += sells
            if ring.high >= 0:
                ring.high = max(ring.high, most)
                ring.low = min(ring.low, least)
            then = previous - previous % step
            if then != start:
                _count(ring, bucket, ring.buckets[then] if then >= first else None, buys, sells)

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


def _count(ring: _Ring, bucket: _Bucket, before: _Bucket | None, buys: int, sells: int) -> None:
    """Count a wallet in the bucket of its newest trade on a side, no longer in that of the one before."""
    bucket.buyers += buys
    bucket.sellers += sells
    if before is None:
        ring.buyers += buys
        ring.sellers += sells
    else:
        before.buyers -= buys
        before.sellers -= sells


def _change_bps(before: int, after: int) -> int:
    """By how many basis points a price moved, rounded toward zero; 0 where there was no price."""
    if not before:
        return 0
    moved = (after - before) * BPS
    return moved // before if moved >= 0 else -(-moved // before)


def _squared_return(met: int, price: int) -> int:
    """The squared logarithm of what became of a price, in 1e-12."""
    if price == met or not met or not price:
        return 0
    # The one float: a return is a ratio, no money, and it is an integer again before it is summed.
    return int(round(math.log(price / met) * _MICRO) ** 2)


assert all(left.seconds < right.seconds for left, right in pairwise(WINDOWS))  # noqa: S101 - the last is the longest
