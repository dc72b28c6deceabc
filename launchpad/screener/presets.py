"""Screens that need no expression: each is one, with an order."""

from dataclasses import dataclass
from typing import Literal

PresetName = Literal["all", "trending", "new", "graduating", "graduated"]


@dataclass(frozen=True, slots=True)
class Preset:
    """A screen by name: the filter that it stands for, its order, and its words."""

    name: PresetName
    title: str
    filter: str
    sort: str
    explains: str
    empty: str


PRESETS: dict[PresetName, Preset] = {
    preset.name: preset
    for preset in (
        Preset("all", "All", "", "volume_24h", "Every token.", "Nobody has launched a token yet."),
        Preset(
            "trending",
            "Trending",
            "trades_1h > 0",
            "score",
            "Traded within the hour, by ranking.",
            "Nothing was traded within the hour.",
        ),
        Preset(
            "new",
            "New",
            "age < 24h",
            "launched_at",
            "Launched within a day, newest first.",
            "Nothing was launched within a day.",
        ),
        Preset(
            "graduating",
            "Graduating",
            "status = trading and progress >= 50%",
            "progress",
            "At least half sold, nearest to a sold-out curve first.",
            "No curve is half sold at the moment.",
        ),
        Preset(
            "graduated",
            "Graduated",
            "status = graduated",
            "market_cap",
            "Trading in their pools, by market value.",
            "No curve has sold out yet.",
        ),
    )
}
