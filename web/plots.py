"""Charts of a page, as still SVG: columns over time, a Lorenz curve, a price along a road of buys.

Coordinates are whole numbers of a fixed box; values come in as integers or Decimals. What a chart says is told
in words beside it, so that the drawing itself is hidden from screen readers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from web.markup import markup

WIDTH = 600
_BPS = 10_000


@dataclass(frozen=True, slots=True)
class Column:
    """One bucket: what rises above the line, what hangs below it, and what its title says.

    `plain` rises where it is not known which part is which.
    """

    up: int
    down: int
    title: str
    plain: int = 0


def columns(buckets: Sequence[Column], *, height: int = 150) -> Markup:
    """Columns above and below a line, both to one scale; the line is low where nothing hangs."""
    most_up = max((max(bucket.up, bucket.plain) for bucket in buckets), default=0)
    most_down = max((bucket.down for bucket in buckets), default=0)
    scale = most_up + most_down or 1
    line = height * most_up // scale if most_up + most_down else height
    step = Decimal(WIDTH) / max(len(buckets), 1)
    parts = [
        _column(bucket, int(step * i), int(step * (i + 1)), line, height, scale) for i, bucket in enumerate(buckets)
    ]
    return markup(
        '<svg class="plot columns" viewBox="0 0 {w} {h}" preserveAspectRatio="none" aria-hidden="true">'
        '{parts}<line x1="0" x2="{w}" y1="{line}" y2="{line}"/></svg>',
        w=WIDTH,
        h=height,
        line=line,
        parts=Markup("").join(parts),
    )


def _column(bucket: Column, left: int, right: int, line: int, height: int, scale: int) -> Markup:
    wide = max(1, right - left - 1)
    # What is there at all is seen.
    up, down, plain = (
        max(1, value * height // scale) if value else 0 for value in (bucket.up, bucket.down, bucket.plain)
    )
    box = '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>'
    shapes = [markup(box, "reach", left, 0, max(1, right - left), height)]
    shapes += [markup(box, "plain", left, line - plain, wide, plain)] if plain else []
    shapes += [markup(box, "up", left, line - up, wide, up)] if up else []
    shapes += [markup(box, "down", left, line, wide, down)] if down else []
    return markup("<g><title>{}</title>{}</g>", bucket.title, Markup("").join(shapes))


def lorenz(points: Sequence[tuple[int, int]], *, size: int = 240) -> Markup:
    """The curve through (wallets, held) in basis points under the line of equal shares."""
    path = " ".join(f"{x * size // _BPS},{size - y * size // _BPS}" for x, y in points)
    return markup(
        '<svg class="plot lorenz" viewBox="-2 -2 {m} {m}" aria-hidden="true"><polygon points="{path}"/>'
        '<line x1="0" y1="{s}" x2="{s}" y2="0"/><polyline points="{path}"/></svg>',
        m=size + 4,
        s=size,
        path=path,
    )


def road(points: Sequence[tuple[int, Decimal]], marks: Sequence[int] = (), *, height: int = 200) -> Markup:
    """A rising line through (x, value), from nothing up, with the surface under it and upright lines at `marks`."""
    if len(points) < 2:  # noqa: PLR2004 - a line has two ends
        return Markup("")
    furthest = points[-1][0] or 1
    highest = max(value for _, value in points) or Decimal(1)
    path = " ".join(f"{x * WIDTH // furthest},{height - int(value * height / highest)}" for x, value in points)
    lines = Markup("").join(
        markup('<line x1="{x}" x2="{x}" y1="0" y2="{h}"/>', x=mark * WIDTH // furthest, h=height)
        for mark in marks
        if mark <= furthest
    )
    return markup(
        '<svg class="plot road" viewBox="0 -4 {w} {full}" preserveAspectRatio="none" aria-hidden="true">'
        '<polygon points="0,{h} {path} {w},{h}"/>{lines}<polyline points="{path}"/></svg>',
        w=WIDTH,
        full=height + 4,
        h=height,
        path=path,
        lines=lines,
    )


def ribbon(values: Sequence[Decimal | int | None], *, height: int = 60) -> Markup:
    """A line from nothing up, from the first known value on, level where one is not known; nothing without any."""
    known = [value for value in values if value is not None]
    if not known:
        return Markup("")
    highest, level = max(known) or 1, None
    last = max(len(values) - 1, 1)
    points = []
    for i, value in enumerate(values):
        level = value if value is not None else level
        if level is not None:
            points.append((i * WIDTH // last, height - int(level * (height - 4) / highest)))
    if len(points) == 1:
        # One value is a level of one step.
        points.insert(0, (points[0][0] - WIDTH // last, points[0][1]))
    line = " ".join(f"{x},{y}" for x, y in points)
    return markup(
        '<svg class="plot ribbon" viewBox="0 0 {w} {h}" preserveAspectRatio="none" aria-hidden="true">'
        '<polygon points="{x},{h} {line} {w},{h}"/><polyline points="{line}"/></svg>',
        w=WIDTH,
        h=height,
        line=line,
        x=points[0][0],
    )
