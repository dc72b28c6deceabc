"""How much of a supply is sold and how much is kept for the pool, where the creator leaves it to the curve."""

from dataclasses import replace

from launchpad.chain.event_types import Allocations
from launchpad.chain.launching import BPS, LaunchParams
from launchpad.tokens import shaping
from launchpad.tokens.launch_schemas import CurveIn

# Terms in prices need two rounds; a raise moves the prices with what is sold, and needs a few more.
_ROUNDS = 12


def fitted(params: LaunchParams, curve: CurveIn) -> LaunchParams:
    """The same, selling the most that leaves enough for a pool at the curve's last price.

    The flatter a curve, the more its pool needs. Segments that the caller brought say themselves
    what they sell. Raises what `shaping.segments` raises.
    """
    if curve.kind == "segments":
        return params
    for _ in range(_ROUNDS):
        segments, _ = shaping.segments(curve, params)
        needed, sold = params.liquidity_needed(segments), params.amounts.public
        if needed <= params.amounts.liquidity:
            break
        share = min(BPS * sold // (sold + needed), params.allocations.public_bps - 1)
        params = replace(params, allocations=Allocations(share, BPS - share, 0, 0, 0))
    return params
