"""Small pictures of numbers, as SVG: what a page shows before, or without, its scripts.

Coordinates are integers of a fixed box, so no float of money is drawn from: values
are scaled as Decimals and rounded to the pixel.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from web.markup import markup

_FULL_BPS = 10_000


def sparkline(values: Sequence[Decimal | str], change_bps: int, *, width: int = 80, height: int = 24) -> Markup:
    """A line through `values`, toned by the change beside it; a level one where there are fewer than two."""
    points = [Decimal(value) for value in values]
    if len(points) < 2:  # noqa: PLR2004 - a line has two ends
        points = [Decimal(0), Decimal(0)]
    tone = "up" if change_bps > 0 else "down" if change_bps < 0 else "quiet"
    path = " ".join(f"{x},{y}" for x, y in _places(points, width, height - 2))
    return markup(
        '<svg class="sparkline {tone}" viewBox="0 -1 {width} {height}" width="{width}" height="{height}" '
        'aria-hidden="true"><polyline points="{path}"/></svg>',
        tone=tone,
        width=width,
        height=height,
        path=path,
    )


def area(values: Sequence[Decimal | str], *, width: int = 600, height: int = 160) -> Markup:
    """A line with the surface under it, stretched to its box."""
    points = [Decimal(value) for value in values]
    if len(points) < 2:  # noqa: PLR2004 - a line has two ends
        points = [*points, *points] or [Decimal(0), Decimal(0)]
    line = " ".join(f"{x},{y}" for x, y in _places(points, width, height - 8))
    return markup(
        '<svg class="area" viewBox="0 -4 {w} {h}" preserveAspectRatio="none" aria-hidden="true">'
        '<polygon points="0,{floor} {line} {w},{floor}"/><polyline points="{line}"/></svg>',
        w=width,
        h=height,
        line=line,
        floor=height - 4,
    )


def releases(line: Sequence[tuple[int, int]], now_bps: int, *, width: int = 300, height: int = 64) -> Markup:
    """A rising line through (time, share) in basis points, with an upright one for now."""

    def place(time: int, share: int) -> str:
        return f"{time * width // _FULL_BPS},{height - share * height // _FULL_BPS}"

    path = " ".join(place(time, share) for time, share in line)
    return markup(
        '<svg class="releases" viewBox="0 -2 {w} {h}" preserveAspectRatio="none" aria-hidden="true">'
        '<polygon points="0,{floor} {path} {w},{floor}"/><polyline points="{path}"/>'
        '<line x1="{x}" x2="{x}" y1="0" y2="{floor}"/></svg>',
        w=width,
        h=height + 4,
        floor=height,
        path=path,
        x=now_bps * width // _FULL_BPS,
    )


def bar(bps: int, tone: str = "") -> Markup:
    """A bar filled to `bps` of its width; the number beside it is what is read aloud."""
    part = min(max(bps, 0), _FULL_BPS)
    return markup(
        '<svg class="bar {}" aria-hidden="true"><rect width="{}%" height="100%"/></svg>',
        tone,
        f"{Decimal(part) / 100:f}",
    )


def candles(rows: Sequence[Mapping[str, Any]], *, width: int = 900, height: int = 320) -> Markup:
    """Candles of equal width, oldest left; prices are decimals as text."""
    if not rows:
        return Markup("")
    lows = [Decimal(row["low"]) for row in rows]
    highs = [Decimal(row["high"]) for row in rows]
    low, high = min(lows), max(highs)
    step = width // len(rows) or 1
    body = max(1, step * 7 // 10)

    def levels(row: Mapping[str, Any]) -> list[int]:
        return [_scaled(Decimal(row[name]), low, high, height) for name in ("open", "high", "low", "close")]

    parts = [_candle(i * step + step // 2, body, *levels(row)) for i, row in enumerate(rows)]
    return markup(
        '<svg class="candles" viewBox="0 0 {} {}" aria-hidden="true">{}</svg>', width, height, Markup("").join(parts)
    )


def _candle(x: int, body: int, opened: int, high: int, low: int, closed: int) -> Markup:
    tone = "up" if closed <= opened else "down"  # the screen's y grows downwards
    return markup(
        '<g class="{}"><path d="M{x} {}V{}"/><rect x="{}" y="{}" width="{}" height="{}"/></g>',
        tone,
        high,
        low,
        x - body // 2,
        min(opened, closed),
        body,
        max(1, abs(closed - opened)),
        x=x,
    )


def _places(values: Sequence[Decimal], width: int, height: int) -> list[tuple[int, int]]:
    low, high = min(values), max(values)
    last = len(values) - 1
    return [(i * width // last, _scaled(value, low, high, height)) for i, value in enumerate(values)]


def _scaled(value: Decimal, low: Decimal, high: Decimal, height: int) -> int:
    """The pixel row of `value`, the highest at the top; the middle where all are alike."""
    return height // 2 if high == low else height - int((value - low) * height / (high - low))
