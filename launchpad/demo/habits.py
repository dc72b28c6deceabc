"""How simulated people decide: what to trade, which way, and how much."""

from random import Random
from typing import Any

from launchpad.demo.people import SOL, Person

_SMALLEST, _LARGEST = SOL // 50, 3 * SOL
_CROWDED_BPS = 8_000  # from here on people rather sell: a complete curve has nothing to trade
_CALM = 0.1  # the mood of a fresh token: slightly for buying
_PARTS = (10, 25, 25, 50, 50, 100)

Token = dict[str, Any]


class Habits:
    """Everybody's decisions; the same for the same `choice` and the same tokens."""

    def __init__(self, choice: Random) -> None:
        self._choice = choice
        self._moods: dict[str, float] = {}

    def favourite(self, tokens: list[Token]) -> Token:
        """One of them; they come newest first, and newer ones are liked better."""
        return self._choice.choices(tokens, weights=[1 / (place + 2) for place in range(len(tokens))])[0]

    def sells(self, person: Person, token: Token) -> bool:
        """Whether he sells what he has. Moods wander, token by token, so that charts have legs."""
        mood = self._moods.get(token["mint"], _CALM) + self._choice.gauss(0, 0.18)
        self._moods[token["mint"]] = max(-0.6, min(0.6, mood))
        pressure = 0.6 * int(token["progress_bps"]) / 10_000  # the fuller the curve, the more take their profit
        return self._choice.random() > person.patience + self._moods[token["mint"]] / 2 - pressure

    def spending(self, person: Person) -> int:
        """Lamports of a buy: mostly small, now and then large."""
        thousandths = int(1000 * person.boldness * self._choice.lognormvariate(-1.6, 0.9))
        return max(_SMALLEST, min(_LARGEST, thousandths * SOL // 1000))

    def part_of(self, held: int) -> int:
        """Base units of a sale out of those held."""
        return max(1, held * self._choice.choice(_PARTS) // 100)


def is_crowded(token: Token) -> bool:
    """Whether the curve is so full that buying more would end it."""
    return int(token["progress_bps"]) > _CROWDED_BPS
