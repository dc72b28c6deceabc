"""How much of a supply is sold and how much is kept for the pool, where it is left to the curve."""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol, TypeVar

from launchpad.chain.curve_math import BPS, Segment
from launchpad.chain.launcher_events import Allocations
from launchpad.chain.launching import LaunchParams

# Terms in prices need two rounds; a raise moves the prices with what is sold, and needs a few more.
_ROUNDS = 12


class Compiled(Protocol):
    """A curve as segments, whatever else is known of it."""

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The pieces, in order."""


C = TypeVar("C", bound=Compiled)


def fitted(params: LaunchParams, curve_of: Callable[[LaunchParams], C]) -> tuple[LaunchParams, C]:
    """The same, selling the most that leaves enough for a pool at the curve's last price; and that curve.

    The flatter a curve, the more its pool needs. `curve_of` gives the curve that sells the public
    allocation of the params that it is called with; what it raises is raised.
    """
    curve = curve_of(params)
    for _ in range(_ROUNDS):
        needed, sold = params.liquidity_needed(curve.segments), params.amounts.public
        if needed <= params.amounts.liquidity:
            break
        share = min(BPS * sold // (sold + needed), params.allocations.public_bps - 1)
        params = replace(params, allocations=Allocations(share, BPS - share, 0, 0, 0))
        curve = curve_of(params)
    return params, curve
