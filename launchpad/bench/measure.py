"""One figure with its unit and, where there is one, its aim."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Measure:
    """A figure, for people and for JSON.

    `at_most` or `at_least` is its aim; `places` is how many decimals are shown.
    """

    value: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None
    places: int = 0

    @property
    def met(self) -> bool:
        """Whether it has no aim, or meets it."""
        below = self.at_most is None or self.value <= self.at_most
        return below and (self.at_least is None or self.value >= self.at_least)

    @property
    def aim_text(self) -> str:
        """The aim for people; empty where there is none."""
        if self.at_most is not None:
            return f"≤ {self.at_most:,g}"
        return f"≥ {self.at_least:,g}" if self.at_least is not None else ""

    def as_json(self) -> dict[str, Any]:
        """The figure for build/bench.json."""
        shown: dict[str, Any] = {"value": round(self.value, 3), "unit": self.unit}
        aims = {"at_most": self.at_most, "at_least": self.at_least}
        return shown | {name: aim for name, aim in aims.items() if aim is not None} | {"met": self.met}


Measures = dict[str, Measure]


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share (0 to 1) of `values` lies, by nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
