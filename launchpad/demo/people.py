"""Who takes part: each with a wallet of his own, kept between runs, and a temperament."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from launchpad.chain import keys

SOL = 1_000_000_000


@dataclass(frozen=True)
class Person:
    """One simulated person. `boldness` scales his trades, `patience` (0 to 1) is how seldom he sells."""

    name: str
    boldness: float
    patience: float
    talkative: bool
    keypair: Any

    @property
    def address(self) -> str:
        """His wallet."""
        return keys.address_of(self.keypair)

    @property
    def display_name(self) -> str:
        """What others see; it says what he is."""
        return f"{self.name} (simulated)"


_TEMPERAMENTS = (
    ("Maya", 1.0, 0.7, True),
    ("Anton", 2.2, 0.4, True),
    ("Ines", 0.5, 0.8, True),
    ("Kofi", 1.4, 0.5, True),
    ("Lena", 0.8, 0.6, True),
    ("Ravi", 3.0, 0.3, False),
    ("Sofia", 0.4, 0.9, True),
    ("Tomas", 1.2, 0.5, False),
    ("Yuki", 0.7, 0.7, True),
    ("Zoe", 1.8, 0.4, False),
)


def gather_people(folder: Path) -> list[Person]:
    """Everybody, with the keys in `folder`, made where they are missing."""
    return [
        Person(name, boldness, patience, talkative, _keypair(folder / f"{name.lower()}.json"))
        for name, boldness, patience, talkative in _TEMPERAMENTS
    ]


def _keypair(path: Path) -> Any:
    if not path.exists():
        keys.save(keys.generate(), path)
    return keys.load(path)
