"""Indicators worked out anew, by their definitions: what the charts' scripts are measured against."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random

DAY = 86_400
Series = list[float | None]


@dataclass(frozen=True)
class Bar:
    """One candle, with volume in SOL and in tokens."""

    time: int
    open: float
    high: float
    low: float
    close: float
    volume: float
    base: float


def bars(count: int, *, step: int = 900, seed: int = 7) -> list[Bar]:
    """A fixed walk of prices, with gaps in time and a flat stretch."""
    random, price, found, moment = Random(seed), 2.5e-8, [], 1_790_000_100 // step * step
    for place in range(count):
        move = 1.0 if 40 <= place < 48 else random.uniform(0.93, 1.08)
        after = price * move
        high, low = max(price, after) * random.uniform(1, 1.02), min(price, after) * random.uniform(0.98, 1)
        volume = random.uniform(0.01, 12)
        found.append(Bar(moment, price, high, low, after, volume, volume / ((high + low) / 2)))
        price, moment = after, moment + step * random.choice((1, 1, 1, 4))
    return found


def simple(closes: Sequence[float], length: int) -> Series:
    """The mean of the last `length` closes."""
    return [
        None if place + 1 < length else sum(closes[place + 1 - length : place + 1]) / length
        for place in range(len(closes))
    ]


def exponential(values: Sequence[float], length: int) -> Series:
    """Weights 2 / (length + 1), begun with the mean of the first `length`."""
    found: Series = [None] * min(length - 1, len(values))
    if len(values) < length:
        return found
    mean = sum(values[:length]) / length
    found.append(mean)
    for value in values[length:]:
        mean = value * 2 / (length + 1) + mean * (1 - 2 / (length + 1))
        found.append(mean)
    return found


def strength(closes: Sequence[float], length: int) -> Series:
    """Wilder's index: 100 - 100 / (1 + mean gain / mean loss)."""
    changes = [after - before for before, after in pairwise(closes)]
    found: Series = [None] * min(length, len(closes))
    for end in range(length, len(changes) + 1):
        if end == length:
            gain = sum(max(change, 0) for change in changes[:length]) / length
            loss = sum(max(-change, 0) for change in changes[:length]) / length
        else:
            gain = (gain * (length - 1) + max(changes[end - 1], 0)) / length
            loss = (loss * (length - 1) + max(-changes[end - 1], 0)) / length
        found.append(50.0 if gain == loss == 0 else 100.0 if loss == 0 else 100 - 100 / (1 + gain / loss))
    return found


def convergence(closes: Sequence[float], fast: int, slow: int, signal: int) -> tuple[Series, Series, Series]:
    """The line, its signal and the distance between them."""
    pairs = zip(exponential(closes, fast), exponential(closes, slow), strict=True)
    line: Series = [None if quick is None or late is None else quick - late for quick, late in pairs]
    known = [value for value in line if value is not None]
    mean: Series = [None] * (len(line) - len(known)) + exponential(known, signal)
    distance: Series = [
        None if value is None or other is None else value - other for value, other in zip(line, mean, strict=True)
    ]
    return line, mean, distance


def weighted(candles: Sequence[Bar]) -> Series:
    """SOL by tokens of every candle of the same day in UTC, up to this one."""
    found: Series = []
    for place, candle in enumerate(candles):
        day = [bar for bar in candles[: place + 1] if bar.time // DAY == candle.time // DAY]
        found.append(sum(bar.volume for bar in day) / sum(bar.base for bar in day))
    return found


def profile(candles: Sequence[Bar], rows: int) -> list[tuple[float, float]]:
    """Volume of risen and fallen candles in equal rows from the lowest price to the highest."""
    low, high = min(bar.low for bar in candles), max(bar.high for bar in candles)
    size = (high - low) / rows
    found = []
    for row in range(rows):
        bottom, top = low + row * size, low + (row + 1) * size
        sides = [0.0, 0.0]
        for bar in candles:
            overlap = max(0.0, min(bar.high, top) - max(bar.low, bottom))
            sides[bar.close < bar.open] += bar.volume * overlap / (bar.high - bar.low)
        found.append((sides[0], sides[1]))
    return found
