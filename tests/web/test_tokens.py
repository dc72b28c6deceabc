"""The colours can be read: every pair that the pages use keeps its contrast in both themes."""

import re
from itertools import product
from pathlib import Path

import pytest

CSS = (Path(__file__).parents[2] / "web/static/css/tokens.css").read_text(encoding="utf-8")
TEXTS = ("text-1", "text-2", "text-3", "accent", "up", "down", "warn", "danger")
SURFACES = ("surface-0", "surface-1", "surface-2")
FILLS = [
    ("on-accent", "accent-fill"),
    ("on-accent", "accent-fill-hover"),
    ("on-trade", "up-fill"),
    ("on-trade", "up-fill-hover"),
    ("on-trade", "down-fill"),
    ("on-trade", "down-fill-hover"),
    *[(role, f"{role}-soft") for role in ("accent", "up", "down", "warn", "danger")],
    *[("text-1", f"{role}-soft") for role in ("accent", "up", "down", "warn", "danger")],
    *[("text-2", f"{role}-soft") for role in ("accent", "up", "down", "warn", "danger")],
    ("text-1", "surface-3"),
    ("text-2", "surface-3"),
    ("chart-text", "chart-surface"),
    *[(f"chart-line-{number}", "chart-surface") for number in range(1, 6)],
    *[(f"chart-{role}", "chart-surface") for role in ("own", "maker", "large", "event", "drawing")],
]


def themes() -> dict[str, dict[str, str]]:
    colour = r"(#[0-9a-f]{6})"
    both = re.findall(rf"--([\w-]+): light-dark\({colour}, {colour}\);", CSS)
    same = dict(re.findall(rf"--([\w-]+): {colour};", CSS))
    return {
        "light": same | {name: light for name, light, _ in both},
        "dark": same | {name: dark for name, _, dark in both},
    }


def luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize(("text", "surface"), [*product(TEXTS, SURFACES), *FILLS])
def test_text_can_be_read_on_what_lies_under_it(theme, text, surface):
    colours = themes()[theme]
    assert contrast(colours[text], colours[surface]) >= 4.5


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("surface", SURFACES)
def test_the_bounds_of_controls_can_be_seen(theme, surface):
    colours = themes()[theme]
    assert contrast(colours["line"], colours[surface]) >= 3
