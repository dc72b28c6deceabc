"""Cost basis and profit by average cost: pure integers, lamports and token base units.

A buy adds what was paid, fees included, to the cost of what is held. A sell takes
out the average cost of what it sells (rounded up, so that profit is never
overstated) and realises the rest of what it brought after fees. Tokens that came
by transfer cost nothing; tokens that left by transfer take their cost along.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fill:
    """One trade of a wallet: what moved, and lamports paid (buy) or received (sell) with fees settled."""

    is_buy: bool
    base: int
    lamports: int


@dataclass(slots=True)
class Position:
    """What the fills of one wallet in one token come to."""

    held: int = 0
    cost: int = 0
    realized: int = 0
    bought: int = 0
    spent: int = 0
    sold: int = 0
    received: int = 0

    def apply(self, fill: Fill) -> None:
        """Add one fill, in chain order."""
        if fill.is_buy:
            self._buy(fill)
        else:
            self._sell(fill)

    def _buy(self, fill: Fill) -> None:
        self.held += fill.base
        self.cost += fill.lamports
        self.bought += fill.base
        self.spent += fill.lamports

    def _sell(self, fill: Fill) -> None:
        # More may be sold than was ever bought: the rest came by transfer and cost nothing.
        known = min(fill.base, self.held)
        cost = -(-self.cost * known // self.held) if self.held else 0
        self.held -= known
        self.cost -= cost
        self.realized += fill.lamports - cost
        self.sold += fill.base
        self.received += fill.lamports

    def cost_of(self, balance: int) -> int:
        """The cost basis of what the wallet now holds, rounded up; transfers in cost nothing."""
        if balance >= self.held:
            return self.cost
        return -(-self.cost * balance // self.held)


def fold(fills: Iterable[Fill]) -> Position:
    """The position that `fills`, in chain order, come to."""
    position = Position()
    for fill in fills:
        position.apply(fill)
    return position
